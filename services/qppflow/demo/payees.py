"""Who is paid by what, and who is not: counted from what the topics say."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from statistics import mean
from typing import Any, Final, NamedTuple, TypeAlias

from qpp.inputs import APM_ENTITY, GROUP, INDIVIDUAL, SUBGROUP, VIRTUAL_GROUP
from qppflow.demo.latest import HELD, PAID, RELEASED, Latest
from qppflow.demo.offer import APP, APP_PLUS, MIPS

JsonObject: TypeAlias = dict[str, Any]

ENTITIES: Final = (INDIVIDUAL, GROUP, SUBGROUP, VIRTUAL_GROUP, APM_ENTITY)
PROGRAMS: Final = ("mips", "mvp", "app")
_STANDS: Final = frozenset({PAID, RELEASED})


class Scores(NamedTuple):
    """The scores of one kind of entity; an entity has one for each program."""

    entities: int
    scores: int
    mean: Decimal


class Payees(NamedTuple):
    """Clinicians of a practice (TIN/NPI) by what pays them, or why nothing does.

    ``paid`` counts them by kind of entity and of program, ``unpaid`` by reason.
    ``several`` have more than one score that stands; ``others`` counts the scores
    that do not pay, by reason, whether another one pays or none. ``eligibility``
    counts entities by outcome and reason, ``ended`` the scores that were taken back.
    """

    paid: Counter[tuple[str, str]]
    unpaid: Counter[str]
    held: int
    several: int
    others: Counter[str]
    eligibility: Counter[tuple[str, str]]
    scores: dict[str, Scores]
    ended: int

    @property
    def clinicians(self) -> int:
        """How many clinicians anything was said of."""
        return self.paid.total() + self.unpaid.total() + self.held

    def as_json(self) -> JsonObject:
        """Write the numbers for machines."""
        return {
            "clinicians": self.clinicians,
            "paidBy": {
                entity: {kind: self.paid[entity, kind] for kind in PROGRAMS}
                for entity in ENTITIES
            },
            "notPaid": dict(self.unpaid.most_common()),
            "held": self.held,
            "severalScores": self.several,
            "othersDoNotPay": dict(self.others.most_common()),
            "eligibility": {
                f"{outcome}: {reason}": count
                for (outcome, reason), count in self.eligibility.most_common()
            },
            "entities": {
                entity: {
                    "entities": found.entities,
                    "scores": found.scores,
                    "meanFinalScore": f"{found.mean:.2f}",
                }
                for entity, found in self.scores.items()
            },
            "scoresTakenBack": self.ended,
        }


def payees(latest: Latest) -> Payees:
    """Count who is paid by what."""
    events = list(latest.payments.values())
    paid = [event for event in events if event["kind"] in _STANDS]
    held = [event for event in events if event["kind"] == HELD]
    rest = [event for event in events if event["kind"] not in {*_STANDS, HELD}]
    others = [event.get("others") or [] for event in (*paid, *rest)]
    return Payees(
        paid=Counter(_payer(event["decidedBy"]) for event in paid),
        unpaid=Counter(event["reason"] for event in rest),
        held=len(held),
        several=_several(paid, rest),
        others=Counter(item["reason"] for items in others for item in items),
        eligibility=Counter(
            (event["outcome"], event["reason"]) for event in latest.eligibility.values()
        ),
        scores=_scores(latest.standing_scores().values()),
        ended=len(latest.scores) - len(latest.standing_scores()),
    )


def kind_of_program(program: str) -> str:
    """Sort a program: ``mips``, ``app`` (Plus, too), or ``mvp`` for all others."""
    if program == MIPS:
        return "mips"
    return "app" if program in {APP, APP_PLUS} else "mvp"


def _payer(decided_by: JsonObject) -> tuple[str, str]:
    """Name what pays: a kind of entity, and of program."""
    program = decided_by.get("program") or MIPS
    return decided_by["entityType"], kind_of_program(program)


def _several(paid: Iterable[JsonObject], unpaid: Iterable[JsonObject]) -> int:
    """Count clinicians with several scores: the one that pays is none of the others."""
    return sum(bool(event.get("others")) for event in paid) + sum(
        len(event.get("others") or ()) > 1 for event in unpaid
    )


def _scores(events: Iterable[JsonObject]) -> dict[str, Scores]:
    """Sum up scores by the kind of entity."""
    sorted_out: dict[str, list[JsonObject]] = {}
    for event in events:
        sorted_out.setdefault(event["score"]["entityType"], []).append(event)
    return {
        kind: Scores(
            len({event["subject"] for event in sorted_out[kind]}),
            len(sorted_out[kind]),
            mean(Decimal(e["score"]["finalScore"]) for e in sorted_out[kind]),
        )
        for kind in ENTITIES
        if kind in sorted_out
    }
