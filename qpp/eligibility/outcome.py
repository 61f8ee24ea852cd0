"""What became of an entity: its outcome, why, and its special statuses."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from qpp.parts import JsonObject

# Outcomes.
REQUIRED: Final = "required"
OPT_IN_ELIGIBLE: Final = "optInEligible"
OPTED_IN: Final = "optedIn"
VOLUNTARY: Final = "voluntary"
VOLUNTARY_REPORTER: Final = "voluntaryReporter"
EXCLUDED: Final = "excluded"
UNKNOWN: Final = "unknown"
OUTCOMES: Final = (
    REQUIRED,
    OPT_IN_ELIGIBLE,
    OPTED_IN,
    VOLUNTARY,
    VOLUNTARY_REPORTER,
    EXCLUDED,
    UNKNOWN,
)

# Reasons: what the outcome rests on. A voluntary reporter's is why she need not report.
ABOVE_LOW_VOLUME: Final = "aboveLowVolume"
LOW_VOLUME: Final = "lowVolume"
NOT_ELECTED: Final = "notElected"
ELECTED: Final = "electedOptIn"
IN_VIRTUAL_GROUP: Final = "virtualGroup"
CLINICIAN_TYPE: Final = "clinicianType"
NEWLY_ENROLLED: Final = "newlyEnrolled"
QP: Final = "qp"
PARTIAL_QP_NOT_ELECTED: Final = "partialQpNotElected"
PARTIAL_QP_DECLINED: Final = "partialQpDeclined"
NOT_DECLARED: Final = "notDeclared"

# Assumptions that no rule file holds.
ELIGIBILITY_NOT_DECLARED: Final = "eligibility-not-declared"
TYPE_NOT_DECLARED: Final = "clinician-type-not-declared"
CLINICIAN_NOT_DECLARED: Final = "clinician-eligibility-not-declared"
GROUP_NOT_DECLARED: Final = "group-eligibility-not-declared"


class Eligibility(NamedTuple):
    """The outcome of an entity in a year.

    ``statuses`` are the special statuses that its facts show, without those that CMS
    gave; ``reasons`` are JSON objects as ``qpp.parts.reason`` writes them.
    """

    outcome: str
    reason: str
    statuses: frozenset[str]
    reasons: list[JsonObject]
    assumptions: frozenset[str]

    def as_json(self) -> JsonObject:
        """Write it as a JSON object."""
        return {
            "outcome": self.outcome,
            "reason": self.reason,
            "statuses": sorted(self.statuses),
            "reasons": self.reasons,
            "assumptions": sorted(self.assumptions),
        }

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Eligibility":
        """Read what ``as_json`` wrote."""
        return cls(
            written["outcome"],
            written["reason"],
            frozenset(written["statuses"]),
            list(written["reasons"]),
            frozenset(written["assumptions"]),
        )
