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
NAMES: Final = (PROFILE, *MEASURES.values(), REWEIGHTING, PRIOR, BONUS, ADVANCED_APM)

# The law reads these fields of a set; no other, least of all who it is about.
LAW_FIELDS: Final = (
    "category",
    "submissionMethod",
    "programName",
    "performanceStart",
    "performanceEnd",
    "measurements",
)
# Whom a feed is about, and which one it is.
ENVELOPE: Final = frozenset(
    {
        "feed",
        "performanceYear",
        "entityType",
        "taxpayerIdentificationNumber",
        "nationalProviderIdentifier",
    }
)


def law_set(document: Json) -> dict[str, Any]:
    """Keep of a measurement set what the law reads; no identifier is among it."""
    return {
        name: document[name] for name in LAW_FIELDS if document.get(name) is not None
    }


def compose(
    performance_year: int,
    entity_type: str,
    sets: Sequence[Json],
    feeds: Mapping[str, Json],
    *,
    with_mock_benchmarks: bool = False,
) -> dict[str, Any]:
    """Write a score input (see ``qpp.inputs.read_input``) without identifiers.

    *sets* are sets as ``law_set`` keeps them; *feeds* maps a feed's name to the
    document it last sent.
    """
    profile = feeds.get(PROFILE)
    reweighting = feeds.get(REWEIGHTING)
    written: dict[str, Any] = {
        "performanceYear": performance_year,
        "entityType": entity_type,
        "measurementSets": list(sets),
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
    written["withMockBenchmarks"] = with_mock_benchmarks
    return written


def _figures(feed: Json | None) -> dict[str, Any] | None:
    """Give a feed's own fields, without whom it is about."""
    if feed is None:
        return None
    return {name: value for name, value in feed.items() if name not in ENVELOPE}
