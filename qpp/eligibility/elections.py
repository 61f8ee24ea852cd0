"""Elections of an entity: which one stands, § 414.1310(b)."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from qpp.eligibility.rules import EligibilityRules
from qpp.submission import Json
from qpp.trace import Trace

OPT_IN: Final = "optIn"
VOLUNTARILY: Final = "voluntary"
AS_PARTIAL_QP: Final = "participateAsPartialQp"
NOT_AS_PARTIAL_QP: Final = "declineAsPartialQp"


class Standing(NamedTuple):
    """The election that counts, None where there is none; what that rests on."""

    election: Json | None
    assumptions: frozenset[str]


def standing(elections: Iterable[Json], rules: EligibilityRules) -> Standing:
    """Find which of an entity's elections counts: the last, unless one cannot change.

    *elections* are documents of the election feed in the order they came; the days on
    which they were made go before that.
    """
    trace = Trace()
    stands: Json | None = None
    for made in sorted(elections, key=lambda one: str(one["electedOn"])):
        changes = stands is not None and stands["election"] != made["election"]
        if (
            stands is not None
            and changes
            and stands["election"] in rules.irrevocable_elections.value
        ):
            trace.use(rules.irrevocable_elections)
        else:
            stands = made
    return Standing(stands, frozenset(trace.assumptions))


def word_of(election: Json | None) -> str | None:
    """Give the word of an election: ``optIn``, ``voluntary``, …; None without one."""
    return None if election is None else str(election["election"])
