"""Which quality measures count: six, one of them an outcome measure, § 414.1335(a)."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from qpp.catalogue import QualityMeasure
from qpp.mips import quality_words as words
from qpp.mips.rules import QualityRules
from qpp.results import MeasureScore
from qpp.rulebook import Provision
from qpp.sayings import Saying
from qpp.trace import Step, Trace

_MEASURE = attrgetter("score.measure_id")
_POINTS = attrgetter("score.points")


class Candidate(NamedTuple):
    """A scored measurement and the facts that decide its place."""

    score: MeasureScore
    measure: QualityMeasure


class Demand(NamedTuple):
    """How many measures are required, and whether one must be an outcome measure.

    ``rule`` is the program's own on how many, None where it has none.
    """

    required: int
    outcome: bool = True
    rule: Provision[int] | None = None


class Choice(NamedTuple):
    """The measures used, and how many of the required slots count in the denominator.

    ``filled`` says that the outcome (or high-priority) rule is met, and every required
    slot holds a measure or a forgiven one.
    """

    used: tuple[MeasureScore, ...]
    unused: tuple[MeasureScore, ...]
    slots: int
    filled: bool


def choose(
    candidates: Sequence[Candidate],
    rules: QualityRules,
    trace: Trace,
    demand: Demand,
) -> Choice:
    """Choose the required outcome measure and the best of the rest."""
    # Best first; equal points by measure id, since sorting keeps an order it met.
    ranked = list(_once_each(candidates, rules, trace))
    if rules.ties.value == "measure_id":
        ranked.sort(key=_MEASURE)
    ranked.sort(key=_POINTS, reverse=True)
    scored: list[Candidate] = []
    forgiven: list[Candidate] = []
    for item in ranked:
        (scored if item.score.possible else forgiven).append(item)
    required = demand.required
    forced, outcome_met = None, True
    if demand.outcome and rules.outcome_required.value:
        forced, outcome_met = _required_outcome(ranked, rules, trace)
    free = required - (0 if outcome_met else 1)
    if forgiven and trace.use(rules.excluded_slot) == "always":
        taken = min(free, len(forgiven))
        required, free = required - taken, free - taken
    rest = scored
    if forced is not None:
        rest = [forced, *(item for item in scored if item is not forced)]
    chosen, left = rest[:free], rest[free:]
    if left and any(item.score.points == left[0].score.points for item in chosen):
        trace.use(rules.ties)
    if not outcome_met:
        trace.say(
            rules.outcome_required,
            words.NO_OUTCOME,
            required,
            rules.measure_maximum.value,
        )
    empty = free - len(chosen)
    only_empty = rules.excluded_slot.value == "only_if_empty"
    spared = min(empty, len(forgiven)) if only_empty else 0
    if spared:
        trace.say(
            rules.excluded_slot,
            "{} measure(s) out of the denominator leave {} of {} to count",
            spared,
            required - spared,
            required,
        )
    rule = demand.rule or rules.measures_required
    _note_empty(empty - spared, required, rule, rules, trace)
    unused = [*left, *forgiven]
    if left and forgiven:
        unused.sort(key=ranked.index)
    return Choice(
        used=tuple([item.score for item in chosen]),
        unused=tuple(
            [
                set_aside(item.score, trace, rule, words.ASIDE, required)
                if item.score.possible
                else item.score._replace(used=False)
                for item in unused
            ]
        ),
        slots=required - spared,
        filled=outcome_met and empty == spared,
    )


def _note_empty(
    empty: int,
    required: int,
    rule: Provision[int],
    rules: QualityRules,
    trace: Trace,
) -> None:
    """Say what is missed by places that nobody filled and nothing excuses."""
    if empty and trace.told:
        missed = empty * rules.measure_maximum.value
        trace.steps.append(Step(rule, words.EMPTY, (empty, required, missed)))


def set_aside(
    score: MeasureScore,
    trace: Trace,
    rule: Provision[object],
    sentence: Saying,
    *details: object,
) -> MeasureScore:
    """Mark a measure as one that does not count, and say why."""
    if not trace.told:
        return score._replace(used=False)
    steps = (*score.steps, Step(rule, sentence, details))
    return score._replace(used=False, steps=steps)


def worth(item: Candidate, order: Sequence[str]) -> tuple[object, ...]:
    """Order lines of one measure, the better one first; *order* is of methods."""
    method = item.score.submission_method
    place = order.index(method) if method in order else len(order)
    return not item.score.possible, -item.score.points, place


def _once_each(
    candidates: Sequence[Candidate], rules: QualityRules, trace: Trace
) -> Sequence[Candidate]:
    """Keep one line of a measure sent by two collection types: the better one."""
    if len({score.measure_id for score, _ in candidates}) == len(candidates):
        return candidates
    best: dict[str, Candidate] = {}
    order = rules.same_measure_twice.value

    for item in candidates:
        key = item.measure.measure_id
        other = best.get(key)
        if other is not None:
            trace.say(
                rules.same_measure_twice, "{} came twice: the better one counts", key
            )
        if other is None or worth(item, order) < worth(other, order):
            best[key] = item
    return list(best.values())


def _required_outcome(
    ranked: Sequence[Candidate], rules: QualityRules, trace: Trace
) -> tuple[Candidate | None, bool]:
    """Find the measure the outcome rule forces in, and whether the rule is met.

    An excluded outcome measure meets the rule without taking a slot. Where no
    outcome measure was sent, a high-priority one does instead.
    """
    types = rules.outcome_types.value
    kinds = [[item for item in ranked if item.measure.measure_type in types]]
    if rules.high_priority_alternative.value:
        kinds.append([item for item in ranked if item.measure.is_high_priority])
    found: list[Candidate] = []
    for kind in kinds:
        scored = [item for item in kind if item.score.possible]
        if len(scored) < len(kind) and trace.use(rules.excluded_outcome_counts):
            return None, True
        found += scored
        # The best of a kind comes first; one without points gives way only where
        # the rule says so, and then to any better measure that may take the slot.
        if found and (found[0].score.points or trace.use(rules.outcome_forced)):
            return found[0], True
    best = max(found, key=_POINTS, default=None)
    return best, best is not None
