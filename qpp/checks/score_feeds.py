"""The checks of feeds that add to a score: bonus, prior scores, facility scores."""

from collections.abc import Mapping
from typing import Final

from qpp.checks.reading import count, rows, table, text, written_number
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.identifiers import shown
from qpp.mips.prior_scores import NO_MATCH
from qpp.numbers import plain

DEVIATIONS: Final = ("hccStandardDeviation", "dualStandardDeviation")
PRIOR_FIGURES: Final = ("qualityAchievementPercent", "costPercent")


def check_bonus_source(document: Mapping[str, object], report: Report) -> None:
    """Check that the bonus is given or can be computed, § 414.1380(c)(3)."""
    rules = report.context.rules.final_score
    sent = [name for name in ("points", "indicators", "population") if name in document]
    if sent not in (["points"], ["indicators", "population"]):
        report.add(
            Code.BONUS_UNCLEAR,
            "",
            " and ".join(sent) or "none of them",
            "points, or indicators and population",
            rules.complex_patient_bonus_maximum,
        )
    population = table(document.get("population")) or {}
    for name in DEVIATIONS:
        figure = written_number(population.get(name))
        if figure is not None and not figure:
            report.add(
                Code.NO_SPREAD,
                f"/population/{name}",
                shown(population[name]),
                "above 0",
                rules.complex_patient_component_factor,
            )


def check_prior_match(document: Mapping[str, object], report: Report) -> None:
    """Check that last year's scores say whose they are; without, they earn nothing."""
    match = text(document.get("identifierMatch")) or NO_MATCH
    figures = [name for name in PRIOR_FIGURES if document.get(name) is not None]
    if match == NO_MATCH and figures:
        rule = report.context.rules.quality.improvement_identifier_match
        report.add(
            Code.PRIOR_WITHOUT_MATCH,
            "/identifierMatch" if "identifierMatch" in document else "",
            "no identifier match",
            f"one of {', '.join(sorted(rule.value))}",
            rule,
        )


def check_facility(document: Mapping[str, object], report: Report) -> None:
    """Check that the percentile is that of the hospital that counts, § 414.1380(e)."""
    stated = written_number(document.get("hospitalPercentile"))
    known = []
    for raw in rows(document.get("hospitals")):
        hospital = table(raw) or {}
        patients = count(hospital.get("medicarePatients"))
        percentile = written_number(hospital.get("percentile"))
        if patients is None or percentile is None:
            return
        known.append((patients, percentile))
    if stated is None or not known:
        return
    _, needed = max(known)
    if stated != needed:
        report.add(
            Code.HOSPITAL_DIFFERS,
            "/hospitalPercentile",
            shown(document["hospitalPercentile"]),
            f"{plain(needed)}, that of the hospital with most Medicare patients",
            report.context.rules.final_score.facility_hospital,
        )
