"""CMS's MVP file as the catalogue's MVPs, checked against the measures.

CMS states membership twice: in this file, and as ``allowedPrograms`` of each measure.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final

from qpp.catalogue import Mvp
from qpp.cms_measures import Measures
from qpp.cms_record import Record, records

# What ids of MVPs look like among the names of programs.
MVP_ID: Final = re.compile(r"[GM][0-9]{4}")
SURVEY: Final = "cahps"


def read_mvps(rows: object, measures: Measures, warnings: list[str]) -> dict[str, Mvp]:
    """Read the MVPs of a year; contradictions are added to *warnings*.

    *rows* is None where CMS has no such file, before 2023.

    Raises:
        CmsError: an MVP has no id, title or quality measure, or stands twice.
    """
    found: dict[str, Mvp] = {}
    for record in records("mvp", [] if rows is None else rows):
        mvp_id = record.text("mvpId")
        if mvp_id in found:
            record.refuse("mvpId", "an id of its own")
        mvp = _mvp(record, mvp_id, measures, warnings)
        warnings += _contradictions(record, mvp, measures)
        found[mvp_id] = mvp
    lost = {name for name in measures.programs() if MVP_ID.fullmatch(name)} - set(found)
    if lost:
        warnings.append(f"measures are allowed in MVPs without a record: {_list(lost)}")
    return found


def _mvp(record: Record, mvp_id: str, measures: Measures, warnings: list[str]) -> Mvp:
    """Read one MVP; members the year does not have are left out and reported."""

    def members(name: str, known: Collection[str], kind: str) -> frozenset[str]:
        """Read a list of members, as far as the year knows them."""
        listed = frozenset(record.names(name))
        if unknown := listed.difference(known):
            left = _list(unknown)
            warnings.append(f"MVP {mvp_id}: left out, no {kind} measures: {left}")
        return listed.intersection(known)

    quality = members("qualityMeasureIds", measures.quality, "quality")
    if not quality:
        record.refuse("qualityMeasureIds", "at least one measure of the year")
    return Mvp(
        mvp_id=mvp_id,
        title=record.text("title"),
        quality=quality,
        activities=members("iaMeasureIds", measures.activities, "activity"),
        cost=members("costMeasureIds", measures.cost, "cost"),
        population_health=members(
            "foundationQualityMeasureIds", measures.quality, "population health"
        ),
        outcome_claims=members(
            "administrativeClaimsMeasureIds", measures.quality, "claims"
        ),
    )


def _contradictions(record: Record, mvp: Mvp, measures: Measures) -> Iterable[str]:
    """Say where the record disagrees with itself or with the measures."""
    listed = {*mvp.quality, *mvp.activities, *mvp.cost}
    listed |= mvp.population_health | mvp.outcome_claims
    listed |= frozenset(record.names("foundationPiMeasureIds"))
    allowed = measures.allowed_in(mvp.mvp_id)
    if only_here := listed - allowed:
        yield f"MVP {mvp.mvp_id} lists what does not allow it: {_list(only_here)}"
    if only_there := allowed - listed:
        yield f"MVP {mvp.mvp_id} does not list what allows it: {_list(only_there)}"
    if record.flag("hasOutcomeAdminClaims") != bool(mvp.outcome_claims):
        yield f"MVP {mvp.mvp_id}: hasOutcomeAdminClaims contradicts its measures"
    survey = any(measures.quality[name].metric_type == SURVEY for name in mvp.quality)
    if record.flag("hasCahps") != survey:
        yield f"MVP {mvp.mvp_id}: hasCahps contradicts its measures"


def _list(names: Iterable[str]) -> str:
    """Write names in order."""
    return ", ".join(sorted(names))
