"""Which quality measures count: six, one of them an outcome measure, § 414.1335(a)."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from qpp.catalogue import QualityMeasure
from qpp.mips.rules import QualityRules
from qpp.results import MeasureScore
from qpp.trace import Trace

# Making a copy by name takes twice as long.
_USED = MeasureScore._fields.index("used")
_MEASURE = attrgetter("measure.measure_id")
_POINTS = attrgetter("score.points")


class Candidate(NamedTuple):
    """A scored measurement and the facts that decide its place."""

    score: MeasureScore
    measure: QualityMeasure

    @property
    def excluded(self) -> bool:
        """Whether it is out of the denominator."""
        return not self.score.possible


class Choice(NamedTuple):
    """The measures used, and how many of the required slots count in the denominator.

    ``filled`` says that every required slot holds a measure or a forgiven one;
    ``outcome_met`` that the outcome (or high-priority) rule is met.
    """

    used: tuple[MeasureScore, ...]
    unused: tuple[MeasureScore, ...]
    slots: int
    filled: bool
    outcome_met: bool


def choose(
    candidates: Iterable[Candidate], rules: QualityRules, trace: Trace
) -> Choice:
    """Choose the required outcome measure and the best of the rest."""
    # Best first; equal points by measure id, since sorting keeps an order it met.
    ranked = sorted(_once_each(candidates, rules, trace), key=_MEASURE)
    ranked.sort(key=_POINTS, reverse=True)
    scored = [item for item in ranked if not item.excluded]
    forgiven = [item for item in ranked if item.excluded]
    required = rules.measures_required.value
    forced, outcome_met = _required_outcome(scored, forgiven, rules, trace)
    free = required - (0 if outcome_met else 1)
    rest = [item for item in scored if item not in forced] if forced else scored
    chosen = [*forced, *rest[: free - len(forced)]]
    left = rest[free - len(forced) :]
    if left and any(item.score.points == left[0].score.points for item in chosen):
        trace.use(rules.ties)
    if not outcome_met:
        trace.say(
            rules.outcome_required,
            "no outcome or high-priority measure: one of {} measures is 0 of {}",
            required,
            rules.measure_maximum.value,
        )
    empty = free - len(chosen)
    spared = min(empty, len(forgiven))
    if spared:
        trace.say(
            rules.excluded_slot,
            "{} measure(s) out of the denominator leave {} of {} to count",
            spared,
            required - spared,
            required,
        )
    names = {id(item) for item in chosen}
    return Choice(
        used=tuple(_counted(item.score) for item in chosen),
        unused=tuple(item.score for item in ranked if id(item) not in names),
        slots=required - spared,
        filled=outcome_met and empty == spared,
        outcome_met=outcome_met,
    )


def _counted(score: MeasureScore) -> MeasureScore:
    """Mark a measure as one that counts."""
    before, after = score[:_USED], score[_USED + 1 :]
    return MeasureScore._make((*before, True, *after))


def _once_each(
    candidates: Iterable[Candidate], rules: QualityRules, trace: Trace
) -> list[Candidate]:
    """Keep one line of a measure sent by two collection types: the better one."""
    best: dict[str, Candidate] = {}
    order = rules.same_measure_twice.value

    def worth(item: Candidate) -> tuple[object, ...]:
        """Order lines of one measure, the better one first."""
        method = item.score.submission_method
        place = order.index(method) if method in order else len(order)
        return item.excluded, -item.score.points, place

    for item in candidates:
        key = item.measure.measure_id
        other = best.get(key)
        if other is not None:
            trace.say(
                rules.same_measure_twice, "{} came twice: the better one counts", key
            )
        if other is None or worth(item) < worth(other):
            best[key] = item
    return list(best.values())


def _required_outcome(
    scored: Sequence[Candidate],
    forgiven: Sequence[Candidate],
    rules: QualityRules,
    trace: Trace,
) -> tuple[list[Candidate], bool]:
    """Find the measure the outcome rule forces in, and whether the rule is met.

    An excluded outcome measure meets the rule without taking a slot. Where no
    outcome measure was sent, a high-priority one does instead.
    """
    if not rules.outcome_required.value:
        return [], True
    outcomes = rules.outcome_types.value

    def is_outcome(item: Candidate) -> bool:
        """Say whether a measure is an outcome measure."""
        return item.measure.measure_type in outcomes

    def is_high_priority(item: Candidate) -> bool:
        """Say whether a measure is of high priority."""
        return item.measure.is_high_priority

    kinds = [is_outcome]
    if rules.high_priority_alternative.value:
        kinds.append(is_high_priority)
    found: list[Candidate] = []
    for kind in kinds:
        if any(map(kind, forgiven)) and trace.use(rules.excluded_outcome_counts):
            return [], True
        found += filter(kind, scored)
        # The best of a kind comes first; one without points gives way only where
        # the rule says so, and then to any better measure that may take the slot.
        if found and (found[0].score.points or trace.use(rules.outcome_forced)):
            return found[:1], True
    best = max(found, key=lambda item: item.score.points, default=None)
    return ([], False) if best is None else ([best], True)
