"""What CMS says of an entity (feeds), and how it joins the sets into a score input."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from qpp.submission import Json

PROFILE: Final = "profile"
COSTS: Final = "cost-attribution"
MEASURES: Final = {
    "costs": COSTS,
    "administrativeClaims": "administrative-claims",
    "cahps": "cahps",
}
REWEIGHTING: Final = "reweighting"
PRIOR: Final = "prior-scores"
BONUS: Final = "complex-patient-bonus"
ADVANCED_APM: Final = "advanced-apm"
ELECTION: Final = "election"
FACILITY: Final = "facility-based"
ROSTER: Final = "roster"
REGISTRATION: Final = "registration"
PAID_AMOUNT: Final = "paid-amount"
REVIEW: Final = "targeted-review"
NAMES: Final = (
    PROFILE,
    *MEASURES.values(),
    REWEIGHTING,
    PRIOR,
    BONUS,
    ROSTER,
    REGISTRATION,
    PAID_AMOUNT,
    REVIEW,
    ELECTION,
    FACILITY,
    ADVANCED_APM,
)
# The mark of a set that takes back an older one.
WITHDRAWN: Final = "withdrawn"
# Which hospitals a percentile comes from is no business of the law.
FACILITY_FIELDS: Final = (
    "hospitalPercentile",
    "qualityScoreAtPercentile",
    "costScoreAtPercentile",
)

# The law reads these fields of a set; no other, least of all who it is about.
LAW_FIELDS: Final = (
    "category",
    "submissionMethod",
    "programName",
    "performanceStart",
    "performanceEnd",
    "measurements",
    WITHDRAWN,
)
# What is chosen with a registration for an MVP.
CHOICES: Final = ("populationHealthMeasure", "outcomesMeasure")
# Whom a feed is about, and which one it is.
ENVELOPE: Final = frozenset(
    {
        "feed",
        "performanceYear",
        "entityType",
        "entityId",
        "taxpayerIdentificationNumber",
        "nationalProviderIdentifier",
    }
)


def law_set(document: Json) -> dict[str, Any]:
    """Keep of a measurement set what the law reads; no identifier is among it."""
    return {
        name: document[name] for name in LAW_FIELDS if document.get(name) is not None
    }


def compose(  # noqa: PLR0913 - one argument a part of the score input
    performance_year: int,
    entity_type: str,
    sets: Sequence[Json],
    feeds: Mapping[str, Json],
    *,
    program_name: str | None = None,
    with_mock_benchmarks: bool = False,
) -> dict[str, Any]:
    """Write a score input (see ``qpp.inputs.read_input``) without identifiers.

    *sets* are sets as ``law_set`` keeps them; those that are withdrawn are left out.
    *feeds* maps a feed's name to the document it last sent. *program_name* is what the
    score is for; without one it is the default program.
    """
    profile = feeds.get(PROFILE)
    reweighting = feeds.get(REWEIGHTING)
    written: dict[str, Any] = {
        "performanceYear": performance_year,
        "entityType": entity_type,
        "programName": program_name,
        "measurementSets": [item for item in sets if not item.get(WITHDRAWN)],
        "profile": (
            None
            if profile is None
            else {"specialStatuses": sorted(profile.get("specialStatuses") or ())}
        ),
    }
    for name, feed in MEASURES.items():
        given = feeds.get(feed)
        written[name] = None if given is None else {"measures": given["measures"]}
    written["reweighting"] = (
        None if reweighting is None else {"decisions": reweighting["decisions"]}
    )
    written["priorScores"] = _figures(feeds.get(PRIOR))
    written["complexPatientBonus"] = _figures(feeds.get(BONUS))
    written["registration"] = registration_for(program_name, feeds.get(REGISTRATION))
    written["withMockBenchmarks"] = with_mock_benchmarks
    facility = feeds.get(FACILITY)
    if facility is not None:
        written["facility"] = {name: facility[name] for name in FACILITY_FIELDS}
    return written


def registration_for(
    program_name: str | None, feed: Json | None
) -> dict[str, Any] | None:
    """Give what an entity chose when it registered for a program; None for neither.

    The choices are null where none was made.
    """
    for entry in (feed or {}).get("registrations", ()):
        if entry["programName"] == program_name:
            return {name: entry.get(name) for name in CHOICES}
    return None


def _figures(feed: Json | None) -> dict[str, Any] | None:
    """Give a feed's own fields, without whom it is about."""
    if feed is None:
        return None
    return {name: value for name, value in feed.items() if name not in ENVELOPE}
