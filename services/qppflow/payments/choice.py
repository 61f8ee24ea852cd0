"""Which of all scores that name a clinician pays her, and why the others do not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

from qpp.eligibility import EligibilityRules, Ruling, pays
from qpp.eligibility.outcome import ELIGIBILITY_NOT_DECLARED as NOT_DECLARED
from qpp.eligibility.outcome import EXCLUDED, UNKNOWN
from qpp.inputs import GROUP, INDIVIDUAL
from qpp.mips import choice
from qpp.trace import Silent
from qppflow.runtime.law import law_of

JsonObject: TypeAlias = dict[str, Any]

TWO_VIRTUAL_GROUPS: Final = "two-virtual-groups"


class Known(NamedTuple):
    """What is known of a clinician's own eligibility."""

    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Clinician:
    """What is remembered of one clinician in one practice (TIN/NPI) and year.

    ``candidates`` maps an entity's token and program to what it said last, its
    ``revision`` with it, and ``since``, the place of its first word among all;
    ``eligibility`` maps who said so to what the clinician herself is, ``amount`` is
    what she was paid, ``closing`` by what her year is closed. ``revision`` counts what
    was published; ``last`` is the content of the last payment and ``standing`` its
    event's id; ``last_id`` is the id of whatever was published last; ``state`` is
    ``none``, ``paid``, ``held`` or ``retracted``, the last for ``reason``.
    """

    candidates: Mapping[str, JsonObject] = field(default_factory=dict)
    eligibility: Mapping[str, JsonObject] = field(default_factory=dict)
    revision: int = 0
    state: str = "none"
    reason: str | None = None
    last: JsonObject | None = None
    last_id: str | None = None
    standing: str | None = None
    amount: JsonObject | None = None
    closing: JsonObject | None = None


class Decision(NamedTuple):
    """The score that pays, or None; why not, then, and what the others lack.

    ``assumptions`` are what the decision takes for granted beyond the score's own.
    """

    paying: JsonObject | None
    why_not: str
    others: list[JsonObject]
    assumptions: frozenset[str]


def decide(clinician: Clinician) -> Decision:
    """Decide among all scores that stand: who may be paid at all, then the order."""
    standing = {
        (item["score"]["candidate"], item["score"]["program"]): item
        for item in clinician.candidates.values()
        if item["score"] is not None
    }
    if not standing:
        return Decision(None, "", [], frozenset())
    rules = law_of(next(iter(standing.values()))["score"]["performanceYear"]).rules
    group = _group_outcome(standing.values())
    able: list[choice.Candidate] = []
    others: list[JsonObject] = []
    assumed: dict[tuple[str, str], frozenset[str]] = {}
    for key, item in sorted(standing.items()):
        score = item["score"]
        ruling = _ruling(score, clinician, group, rules.eligibility)
        if ruling.pays is False:
            others.append(_other(score, ruling.reason))
            continue
        unknown = {NOT_DECLARED} if ruling.pays is None else set()
        assumed[key] = ruling.assumptions | unknown
        able.append(_candidate(item))
    trace = Silent()
    found = choice.pays(able, rules.payment, trace)
    others += [
        _other(_score(standing, item.candidate), item.reason) for item in found.losers
    ]
    if found.winner is None:
        return Decision(None, others[0]["reason"], others, frozenset())
    taken = assumed[_key(found.winner)] | trace.assumptions
    if found.conflict:
        taken |= {TWO_VIRTUAL_GROUPS}
    return Decision(_score(standing, found.winner), "", others, taken)


def _ruling(
    score: JsonObject,
    clinician: Clinician,
    group: str | None,
    rules: EligibilityRules,
) -> Ruling:
    """Say whether a score may pay the clinician."""
    kind, herself = score["entityType"], _herself(clinician)
    if kind != INDIVIDUAL:
        barred = rules.unpaid_reasons
        if herself is not None and herself.reason in barred.value:
            # So it is whatever is known of the entity.
            return Ruling(
                pays=False,
                reason=herself.reason,
                citation=barred.citation,
                assumptions=frozenset(),
            )
        return pays(kind, _outcome(score), herself, rules, group_outcome=group)
    # Her own score says what she was when it was made. What she became since forbids
    # a payment at once, and allows one only with the score that is on its way.
    made = Known(_outcome(score), (score.get("eligibility") or {}).get("reason", ""))
    own = clinician.eligibility.get(score["candidate"])
    since = own is not None and own["revision"] > score["revision"]
    # An APM entity of hers may say that she is out of MIPS, whoever reports for her.
    said = [
        Known(item["outcome"], item["reason"])
        for name, item in sorted(clinician.eligibility.items())
        if (since if name == score["candidate"] else item["outcome"] == EXCLUDED)
    ]
    rulings = [pays(kind, one.outcome, one, rules) for one in (*said, made)]
    return next((item for item in rulings if item.pays is False), rulings[-1])


def _herself(clinician: Clinician) -> Known | None:
    """Give what the clinician is herself; None where nobody said.

    What takes her out of MIPS goes before whatever else is known of her.
    """
    said = [item for _, item in sorted(clinician.eligibility.items())]
    said = [item for item in said if item["outcome"] != UNKNOWN]
    said.sort(key=lambda item: item["outcome"] != EXCLUDED)
    return Known(said[0]["outcome"], said[0]["reason"]) if said else None


def _outcome(score: JsonObject) -> str:
    """Give what is known of the entity whose score it is."""
    return str((score.get("eligibility") or {}).get("outcome", UNKNOWN))


def _group_outcome(items: Iterable[JsonObject]) -> str | None:
    """Give what the clinician's TIN is as a group; None where no group's score is."""
    found = [
        _outcome(item["score"])
        for item in items
        if item["score"]["entityType"] == GROUP
    ]
    return found[0] if found else None


def _candidate(item: JsonObject) -> choice.Candidate:
    """Write a candidate as the law compares it."""
    score = item["score"]
    return choice.Candidate(
        entity_type=score["entityType"],
        program=score["program"],
        subject=score["candidate"],
        score=Decimal(score["finalScore"]),
        since=item["since"],
    )


def _key(candidate: choice.Candidate) -> tuple[str, str]:
    """Name a candidate: an entity in a program."""
    return candidate.subject, candidate.program


def _score(
    standing: Mapping[tuple[str, str], JsonObject], candidate: choice.Candidate
) -> JsonObject:
    """Give the score of a candidate."""
    score: JsonObject = standing[_key(candidate)]["score"]
    return score


def _other(score: JsonObject, reason: str) -> JsonObject:
    """Write why a score does not pay."""
    return {
        "entityType": score["entityType"],
        "subject": score["candidate"],
        "program": score["program"],
        "reason": reason,
    }


def holding(candidates: Mapping[str, JsonObject]) -> JsonObject | None:
    """Give the hold that stands in the way, the oldest candidate's first."""
    held = [item["hold"] for _, item in sorted(candidates.items()) if item["hold"]]
    return held[0] if held else None
