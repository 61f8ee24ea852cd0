"""Is this a measure of the year, of this category, by this method, in this program?"""

from collections.abc import Mapping
from typing import Final, Protocol, TypeAlias

from qpp.catalogue import Catalogue
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.identifiers import shown
from qpp.submission import IA, PI, QUALITY


class Listed(Protocol):
    """What all kinds of measures have in common."""

    @property
    def allowed_programs(self) -> frozenset[str]:
        """The programs it may be sent for."""


Measures: TypeAlias = Mapping[str, Listed]

NAMES: Final = {
    QUALITY: "quality",
    PI: "Promoting Interoperability",
    IA: "improvement activities",
    "cost": "cost",
}


def measures_of(category: str | None, catalogue: Catalogue) -> Measures | None:
    """Give the measures that a set of *category* may hold; None for other sets."""
    if category == QUALITY:
        return catalogue.quality
    if category == PI:
        return catalogue.interoperability
    return catalogue.activities if category == IA else None


def check_known(
    measure_id: str,
    at: str,
    measures: Measures | None,
    report: Report,
) -> bool:
    """Say whether the measure belongs into its set; *at* points to the measurement."""
    if measures is not None and measure_id in measures:
        if measure_id not in report.context.from_cms_only:
            return True
        home: str | None = QUALITY
    else:
        home = report.context.catalogue.category_of(measure_id)
    pointer = f"{at}/measureId"
    year = report.context.rules.submission.performance_year
    if home is None:
        report.add(
            Code.MEASURE_UNKNOWN,
            pointer,
            shown(measure_id),
            f"the id of a measure of {year.value}",
            year,
        )
    elif measure_id in report.context.from_cms_only:
        report.add(
            Code.MEASURE_FROM_CMS_ONLY,
            pointer,
            shown(measure_id),
            "measures that clinicians report; CMS has this one from its own claims or "
            "from a survey vendor",
        )
    elif measures is not None:
        report.add(
            Code.MEASURE_WRONG_CATEGORY,
            pointer,
            f"{shown(measure_id)}, a measure of category {home} ({NAMES[home]})",
            "the measure in a set of its own category",
        )
    return False


def check_program(
    measure_id: str,
    at: str,
    measure: Listed,
    program: str | None,
    report: Report,
) -> None:
    """Check that the measure is open to the set's program."""
    if program is None or program in measure.allowed_programs:
        return
    activities = report.context.rules.improvement_activities
    if measure_id in activities.not_outside_an_mvp.value:
        report.add(
            Code.ACTIVITY_NOT_IN_PROGRAM,
            f"{at}/measureId",
            f"{shown(measure_id)} in program {shown(program)}",
            "this activity only in the set of an MVP; here it is not counted",
            activities.not_outside_an_mvp,
        )
        return
    report.add(
        Code.MEASURE_PROGRAM,
        f"{at}/measureId",
        f"{shown(measure_id)} in program {shown(program)}",
        "a measure that is open to the program of its set",
    )


def check_repeated(
    measure_id: str, at: str, seen: dict[str, str], report: Report
) -> bool:
    """Say whether the measure stands in its set for the first time."""
    first = seen.setdefault(measure_id, at)
    if first == at:
        return True
    report.add(
        Code.MEASURE_DUPLICATE,
        f"{at}/measureId",
        f"{shown(measure_id)} again",
        f"each measure once in a set; the first is {first}",
    )
    return False
