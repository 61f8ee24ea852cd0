"""What an entity is in a year, joined into what it is scored on."""

from collections.abc import Mapping, Sequence
from typing import Any

from qpp.eligibility import determine, united
from qpp.feeds import ELECTION, PROFILE, compose
from qpp.mips.rules import MipsRules
from qpp.submission import Json


def score_input_of(  # noqa: PLR0913 - one argument a part of what is scored
    entity_type: str,
    sets: Sequence[Json],
    feeds: Mapping[str, Json],
    rules: MipsRules,
    *,
    program_name: str | None = None,
    with_mock_benchmarks: bool = False,
) -> dict[str, Any]:
    """Write a score input (see ``qpp.inputs.read_input``) without identifiers.

    As ``qpp.feeds.compose``, and with the entity's eligibility and the special statuses
    that its facts show beside those that CMS gave.
    """
    written = compose(
        rules.year,
        entity_type,
        sets,
        feeds,
        program_name=program_name,
        with_mock_benchmarks=with_mock_benchmarks,
    )
    profile = feeds.get(PROFILE)
    if profile is None:
        return written
    facts, election = profile.get("eligibility"), feeds.get(ELECTION)
    found = determine(entity_type, facts, election, rules.eligibility, year=rules.year)
    statuses = united(
        written["profile"]["specialStatuses"], found.statuses, rules.eligibility
    )
    written["profile"] = {"specialStatuses": sorted(statuses.names)}
    written["eligibility"] = found.outcome
    written["assumptions"] = sorted(found.assumptions | statuses.assumptions)
    return written
