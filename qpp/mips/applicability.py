"""Whether fewer measures than six are enough, § 414.1335: CMS's applicability check."""

from collections.abc import Iterable, Sequence
from typing import Final

from qpp.catalogue import Catalogue, Cluster
from qpp.mips.quality_choice import Candidate, Demand
from qpp.mips.quality_scale import Scale
from qpp.mips.rules import QualityRules
from qpp.trace import Trace

TOPIC: Final = "clinicalTopic"


def demand_of(
    candidates: Sequence[Candidate], usual: Demand, scale: Scale, trace: Trace
) -> Demand:
    """Ask for the usual measures, one of them an outcome; for less if no more applied.

    Judged only where fewer were sent, or none that meets the outcome rule. Each
    measure sent must belong to a clinical topic, or to a small specialty set, that
    was reported in full by its collection type.
    """
    rules = scale.rules
    names = {score.measure_id for score, _ in candidates}
    enough = len(names) >= usual.required and _has_outcome(candidates, rules)
    if enough or not names:
        return usual
    if scale.plan.kind not in rules.ema_programs.value:
        trace.say(rules.ema_programs, "no reduction in this kind of program")
        return usual
    if _cancelled(candidates, rules, trace):
        return usual
    groups = [_groups(item, scale.catalogue, rules) for item in candidates]
    full = [
        [group for group in listed if group.measures <= _sent(item, candidates)]
        for item, listed in zip(candidates, groups, strict=True)
    ]
    reach = any if trace.use(rules.ema_scope) == "any_full_group" else all
    if reach(full):
        trace.say(
            rules.ema_scope,
            "no more applied: all of {} was sent, so {} measures are enough",
            _titles(full),
            len(names),
        )
        enough_now = min(usual.required, len(names))
        return usual._replace(required=enough_now, outcome=False)
    return _partial(groups, names, usual, rules, trace)


def _has_outcome(candidates: Sequence[Candidate], rules: QualityRules) -> bool:
    """Say whether a measure was sent that can meet the outcome rule."""
    types = rules.outcome_types.value
    for _, measure in candidates:
        if measure.is_high_priority or measure.measure_type in types:
            return True
    return False


def _cancelled(
    candidates: Sequence[Candidate], rules: QualityRules, trace: Trace
) -> bool:
    """Say what rules out a reduction: QCDR, other collection types, a mixture."""
    methods = {item.score.submission_method for item in candidates}
    other = sorted(methods - trace.use(rules.ema_methods))
    qcdr = sorted({i.measure.measure_id for i in candidates if i.measure.is_qcdr})
    if other:
        trace.say(
            rules.ema_methods, "measures by {}: nothing is reduced", ", ".join(other)
        )
    elif trace.use(rules.ema_cancelled_by_qcdr) and qcdr:
        trace.say(
            rules.ema_cancelled_by_qcdr,
            "QCDR measure {}: nothing is reduced",
            ", ".join(qcdr),
        )
    elif len(methods) > 1 and trace.use(rules.ema_mixed) == "no_reduction":
        trace.say(
            rules.ema_mixed,
            "measures by {} together: nothing is reduced",
            " and ".join(sorted(methods)),
        )
    else:
        return False
    return True


def _groups(
    item: Candidate, catalogue: Catalogue, rules: QualityRules
) -> list[Cluster]:
    """Give the clinical topics and small specialty sets of a measure."""
    key = item.measure.measure_id, item.score.submission_method
    below = rules.ema_specialty_set_below.value
    return [
        group
        for group in catalogue.clusters.get(key, ())
        if group.kind == TOPIC or len(group.measures) < below
    ]


def _sent(item: Candidate, candidates: Sequence[Candidate]) -> set[str]:
    """Name the measures sent by the same collection type as *item*."""
    method = item.score.submission_method
    return {
        other.measure.measure_id
        for other in candidates
        if other.score.submission_method == method
    }


def _partial(
    groups: Sequence[Sequence[Cluster]],
    names: set[str],
    usual: Demand,
    rules: QualityRules,
    trace: Trace,
) -> Demand:
    """Ask for all six where more could have been reported, and say what is missing."""
    whole = frozenset[str]().union(*[item.measures for row in groups for item in row])
    missing = sorted(whole - names)
    if not missing:
        trace.say(
            rules.ema_scope,
            "not every measure sent belongs to a topic or small set sent in full:"
            " nothing is reduced",
        )
        return usual
    word = trace.say(
        rules.ema_partial,
        "of {} more could have been sent: {}",
        _titles(groups),
        ", ".join(missing),
    )
    if word == "full_denominator":
        return usual
    return usual._replace(required=min(usual.required, len(whole | names)))


def _titles(groups: Iterable[Iterable[Cluster]]) -> str:
    """Name topics and sets, each once, in order."""
    return ", ".join(sorted({item.name for row in groups for item in row}))
