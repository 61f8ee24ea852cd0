"""STUB until the real package is merged."""

from typing import Any, Final, NamedTuple

UNKNOWN: Final = "unknown"
OPT_IN_ELIGIBLE: Final = "optInEligible"
OPTED_IN: Final = "optedIn"


class Eligibility(NamedTuple):
    outcome: str
    reason: str = ""
    statuses: frozenset[str] = frozenset()
    reasons: tuple[Any, ...] = ()
    assumptions: frozenset[str] = frozenset()


class Standing(NamedTuple):
    outcome: str
    reason: str


class Ruling(NamedTuple):
    pays: bool | None
    reason: str
    citation: str = ""
    assumptions: frozenset[str] = frozenset()


def determine(
    kind: Any, facts: Any, election: Any, rules: Any, year: int
) -> Eligibility:
    return Eligibility(UNKNOWN if facts is None else facts["outcome"])


def pays(kind: str, outcome: str, herself: Any, rules: Any) -> Ruling:
    if outcome == UNKNOWN:
        return Ruling(None, "")
    return Ruling(outcome in {"required", "optedIn"}, outcome)
