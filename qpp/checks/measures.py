"""Is this a measure of the year, of this category, by this method, in this program?"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol, TypeAlias

from qpp.catalogue import Catalogue
from qpp.checks.entities import is_mvp
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


def report_out_of_place(
    measure_id: str, at: str, measures: Measures | None, report: Report
) -> None:
    """Say why a measure is not one of *measures*, or not one that anybody sends."""
    home = report.context.catalogue.category_of(measure_id)
    if home is None:
        report.add(
            Code.MEASURE_UNKNOWN,
            f"{at}/measureId",
            shown(measure_id),
            f"the id of a measure of {report.context.rules.year}",
        )
    elif measure_id in report.context.from_cms_only:
        report.add(
            Code.MEASURE_FROM_CMS_ONLY,
            f"{at}/measureId",
            shown(measure_id),
            "measures that clinicians report; CMS has this one from its own claims or "
            "from a survey vendor",
        )
    elif measures is not None:
        report.add(
            Code.MEASURE_WRONG_CATEGORY,
            f"{at}/measureId",
            f"{shown(measure_id)}, a measure of category {home} ({NAMES[home]})",
            "the measure in a set of its own category",
        )


def report_program(measure_id: str, at: str, program: str, report: Report) -> None:
    """Say that a measure is not open to the program of its set."""
    activities = report.context.rules.improvement_activities
    of_mvp = is_mvp(program, report)
    if measure_id in activities.not_outside_an_mvp.value and not of_mvp:
        report.add(
            Code.ACTIVITY_NOT_IN_PROGRAM,
            f"{at}/measureId",
            f"{shown(measure_id)} in program {shown(program)}",
            "this activity only in the set of an MVP; here it is not counted, for a "
            "small practice as for any other",
            activities.not_outside_an_mvp,
        )
        return
    report.add(
        Code.MEASURE_PROGRAM,
        f"{at}/measureId",
        f"{shown(measure_id)} in program {shown(program)}",
        f"a measure of the MVP {program}{_title(program, report)}"
        if of_mvp
        else "a measure that is open to the program of its set",
    )


def _title(program: str, report: Report) -> str:
    """Give the title of an MVP for people, where the catalogue has it."""
    found = report.context.catalogue.mvps.get(program)
    return "" if found is None else f" ({found.title})"


def report_repeated(measure_id: str, at: str, first: str, report: Report) -> None:
    """Say that a measure stands in its set a second time; *first* is the other one."""
    report.add(
        Code.MEASURE_DUPLICATE,
        f"{at}/measureId",
        f"{shown(measure_id)} again",
        f"each measure once in a set; the first is {first}",
    )


def report_vendor(measure_ids: Sequence[str], at: str, report: Report) -> None:
    """Say of a set that nobody has judged whether its sender may send these."""
    others = len(measure_ids) - 1
    report.add(
        Code.QCDR_VENDOR_NOT_JUDGED,
        f"{at}/measurements",
        f"the QCDR measure {shown(measure_ids[0])}"
        + (f" and {others} more" if others else ""),
        "a sender whom the steward of each has approved; this version does not know "
        "which vendor sends, so it scores what CMS may refuse, which would then earn "
        "nothing, for a small practice as for any other",
    )
