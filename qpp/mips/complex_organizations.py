"""The complex organization adjustment, § 414.1380(b)(1)(vii)(C)."""

from decimal import Decimal
from typing import Final

from qpp.inputs import ScoreInput
from qpp.mips.quality_choice import Choice
from qpp.mips.quality_words import ELECTRONIC, ELECTRONIC_OVER
from qpp.mips.rules import QualityRules
from qpp.numbers import HUNDRED, ZERO
from qpp.trace import Trace

# Outcomes of measures that had enough data and cases, with or without benchmark.
ENOUGH: Final = ("scored", "no benchmark")


def complex_organization(
    choice: Choice,
    possible: Decimal,
    entity: ScoreInput,
    rules: QualityRules,
    trace: Trace,
) -> Decimal:
    """Give virtual groups and APM entities a point for each electronic measure.

    No measure gets above its maximum by it, and all together no more than a share
    of the points available.
    """
    if entity.entity_type not in rules.coa_entities.value or not rules.coa_points.value:
        return ZERO
    sent = choice.used
    if trace.use(rules.coa_scope) == "every_submitted":
        sent += choice.unused
    most = rules.measure_maximum.value
    electronic = [
        item
        for item in sent
        if item.submission_method in rules.coa_methods.value and item.outcome in ENOUGH
    ]
    if not electronic:
        return ZERO
    each = trace.use(rules.coa_points)
    total = sum([min(each, most - item.points) for item in electronic], ZERO)
    share = trace.use(rules.coa_maximum)
    limit = share * possible / HUNDRED
    trace.say(rules.coa_points, ELECTRONIC, len(electronic), each, total)
    if limit < total:
        over = total - limit
        trace.say(
            rules.coa_maximum, ELECTRONIC_OVER, total, share, possible, limit, over
        )
    return min(total, limit)
