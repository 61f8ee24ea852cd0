"""Which categories carry weight, and how much: § 414.1380(c)(2)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from qpp.inputs import ScoreInput
from qpp.mips.final_words import WEIGHTS
from qpp.mips.reweighting import loss_of
from qpp.mips.reweighting_rules import Table
from qpp.mips.rules import MipsRules
from qpp.numbers import plain
from qpp.parts import Summary
from qpp.submission import CATEGORIES
from qpp.trace import Trace

# The row of a table in which no category is missing.
WHOLE: Final = "none"
NO_PART: Final = "no part of the program"


class Weights(NamedTuple):
    """Weights in percent, and for each category without one the reason."""

    percent: Mapping[str, Decimal]
    missing: Mapping[str, str]


def weigh(
    parts: Mapping[str, Summary],
    entity: ScoreInput,
    rules: MipsRules,
    trace: Trace,
) -> Weights:
    """Take the weight of missing categories away and spread it over the rest."""
    table = table_of(entity, rules)
    whole = table.value[WHOLE]
    outside = {name: NO_PART for name in CATEGORIES if not whole[name]}
    lost = {
        name: reason
        for name in CATEGORIES
        if name not in outside
        and (reason := loss_of(name, parts[name], entity, rules, trace))
    }
    missing = outside | lost
    row = table.value.get("+".join(sorted(lost)) or WHOLE)
    if row is None:
        return Weights(dict.fromkeys(CATEGORIES, Decimal(0)), missing)
    if missing and trace.told:
        weights = [row[name] for name in CATEGORIES]
        trace.say(table, WEIGHTS, *weights, _told(whole, row, lost))
    trace.use(table)
    return Weights(row, missing)


def table_of(entity: ScoreInput, rules: MipsRules) -> Table:
    """Find the table of weights: the program's own, the entity's own, or the usual."""
    book = rules.reweighting
    own = book.table_of_program.value.get(
        entity.program_name
    ) or book.table_of_entity_type.value.get(entity.entity_type)
    if own is not None:
        tables = {
            "app": book.redistribution_app,
            "apm_entity": book.redistribution_apm_entity,
        }
        return tables[own]
    if entity.small_practice:
        return rules.final_score.redistribution_small_practice
    return rules.final_score.redistribution


def _told(
    whole: Mapping[str, Decimal], row: Mapping[str, Decimal], lost: Mapping[str, str]
) -> str:
    """Say what every category weighs, and how much it weighed before."""
    weights = [
        f"{name} {plain(row[name])}"
        + ("" if row[name] == whole[name] else f" (instead of {plain(whole[name])})")
        for name in CATEGORIES
    ]
    without = f"without {', '.join(lost)} " if lost else ""
    return f"{without}the weights are {', '.join(weights)}"
