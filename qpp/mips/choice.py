"""Which final score pays a clinician (TIN/NPI), and why the others do not."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from qpp.mips.final_rules import ChoiceRules
from qpp.rulebook import Provision
from qpp.trace import Trace

VIRTUAL_GROUP_PAYS = "virtual-group-pays"
ANOTHER_VIRTUAL_GROUP = "another-virtual-group"
LOWER_SCORE = "lower-score"
LOWER_SCORE_OF_PROGRAM = "lower-score-of-another-program"
TIE = "tie"


class Candidate(NamedTuple):
    """A final score that may pay a clinician.

    ``subject`` is the entity's token; ``since`` counts the facts that made it a
    candidate: the lower one was there first.
    """

    entity_type: str
    program: str
    subject: str
    score: Decimal
    since: int


class Loser(NamedTuple):
    """A score that does not pay, a code that says why, and the rule it rests on."""

    candidate: Candidate
    reason: str
    rule: Provision[object]


class Choice(NamedTuple):
    """The score that pays, if any; the others in order; ``conflict``: see ``pays``."""

    winner: Candidate | None
    losers: tuple[Loser, ...]
    conflict: bool = False


def pays(candidates: Iterable[Candidate], rules: ChoiceRules, trace: Trace) -> Choice:
    """Choose among all scores of one clinician in one practice.

    A virtual group's score always pays; otherwise the highest does. The order of
    *candidates* is moot. ``conflict`` says that two virtual groups name the clinician.
    """
    ranked = sorted(candidates, key=lambda item: _rank(item, rules))
    first = [item for item in ranked if item.entity_type == rules.paid_first.value]
    if not first:
        return _choose(ranked, (), rules, trace)
    kept = _kept_group(first, rules)
    foreign = [item for item in first if item.subject != kept]
    others = [item for item in ranked if item.entity_type != rules.paid_first.value]
    trace.say(rules.paid_first, "the virtual group's score pays its members")
    lost: list[Loser] = []
    if foreign:
        trace.say(
            rules.virtual_group_conflict,
            "two virtual groups name the clinician: the {} one counts",
            rules.virtual_group_conflict.value,
        )
        why = rules.virtual_group_conflict
        lost += [Loser(item, ANOTHER_VIRTUAL_GROUP, why) for item in foreign]
    lost += [Loser(item, VIRTUAL_GROUP_PAYS, rules.paid_first) for item in others]
    own = [item for item in first if item.subject == kept]
    return _choose(own, lost, rules, trace)._replace(conflict=bool(foreign))


def _rank(item: Candidate, rules: ChoiceRules) -> tuple[object, ...]:
    """Order scores: the highest, then the kind of entity, then by token and program.

    When they came is moot, so that the same scores always pay the same.
    """
    order = rules.paid_by_ties.value
    kind = item.entity_type
    place = order.index(kind) if kind in order else len(order)
    return -item.score, place, item.subject, item.program


def _kept_group(groups: Sequence[Candidate], rules: ChoiceRules) -> str:
    """Give the one virtual group that a clinician can be a member of."""
    by_age = sorted(groups, key=lambda item: (item.since, item.subject))
    earlier = rules.virtual_group_conflict.value == "earlier"
    return by_age[0 if earlier else -1].subject


def _choose(
    ranked: Sequence[Candidate],
    lost: Iterable[Loser],
    rules: ChoiceRules,
    trace: Trace,
) -> Choice:
    """Let the first of *ranked* pay, and say why the rest does not."""
    if not ranked:
        return Choice(None, tuple(lost))
    winner, *rest = ranked
    losers = [_loser(item, winner, rules) for item in rest]
    for loser in losers:
        trace.use(loser.rule)
    if losers:
        trace.say(
            rules.paid_by, "the {} score of {} pays", winner.entity_type, winner.score
        )
    return Choice(winner, (*losers, *lost))


def _loser(item: Candidate, winner: Candidate, rules: ChoiceRules) -> Loser:
    """Say why a score does not pay beside the winner."""
    if item.score == winner.score:
        return Loser(item, TIE, rules.paid_by_ties)
    if item.program != winner.program:
        return Loser(item, LOWER_SCORE_OF_PROGRAM, rules.paid_by_across_programs)
    return Loser(item, LOWER_SCORE, rules.paid_by)
