"""Corpus: submissions whose structure, scope or identity gets them rejected."""

from typing import Any, Final

from qpp.codes import Code
from tests.helpers.corpus_case import Case, fails
from tests.helpers.corpus_sheet import NPI, TIN, Sheet
from tests.helpers.corpus_values import Json, rate, six, yes


def without(document: Json, *names: str) -> Json:
    """Leave fields out of an object."""
    return {name: value for name, value in document.items() if name not in names}


def quality_alone(sheet: Sheet, *measurements: Json, **changed: Any) -> Json:  # noqa: ANN401 - fields of the set
    """Write an individual's submission of one quality set."""
    return sheet.individual(sheet.quality(*measurements, **changed))


def value(name: str, value: object) -> Json:
    """Report a value of any shape, right or wrong."""
    return {"measureId": name, "value": value}


STRUCTURE: Final[tuple[Case, ...]] = (
    fails(
        "submission.eligible-population-missing",
        lambda s: quality_alone(
            s,
            *six(
                m236=value("236", {"isEndToEndReported": False, "performanceMet": 80})
            ),
        ),
        Code.FIELD_MISSING,
    ),
    fails(
        "submission.misspelt-field",
        lambda s: quality_alone(s, *six(m236=rate("236", 85, 15, performanceMett=85))),
        Code.FIELD_UNKNOWN,
    ),
    fails(
        "submission.program-beside-the-sets",
        lambda s: s.individual(s.ia(), programName="mips"),
        Code.FIELD_UNKNOWN,
    ),
    fails(
        "measurement-set.submission-with-sets-of-its-own",
        lambda s: s.nested(s.ia()) | {"submission": s.individual(s.ia())},
        Code.FIELD_UNKNOWN,
    ),
    fails(
        "submission.numbers-as-text",
        lambda s: quality_alone(s, *six(m236=rate("236", 85, 15, performanceMet="85"))),
        Code.WRONG_TYPE,
    ),
    fails(
        "submission.performance-year-as-text",
        lambda s: s.individual(s.ia(), performanceYear=str(s.year)),
        Code.WRONG_TYPE,
    ),
    fails(
        "submission.category-in-capitals",
        lambda s: s.individual(s.ia(category="IA")),
        Code.NOT_IN_LIST,
    ),
    fails(
        "submission.cost-is-never-submitted",
        lambda s: s.individual(s.ia(), s.ia(category="cost")),
        Code.NOT_IN_LIST,
    ),
    fails(
        "submission.day-written-the-american-way",
        lambda s: s.individual(s.ia(performanceStart=f"01/01/{s.year}")),
        Code.WRONG_FORM,
    ),
    fails(
        "submission.negative-count",
        lambda s: quality_alone(s, *six(m236=rate("236", 85, -15, 100))),
        Code.OUT_OF_RANGE,
    ),
    fails(
        "submission.rate-of-a-qcdr-above-100",
        lambda s: quality_alone(
            s, *six(m418=rate("ACEP22", 70, 30, performanceRate=100.5))
        ),
        Code.QCDR_VENDOR_NOT_JUDGED,
        Code.OUT_OF_RANGE,
    ),
    fails("submission.no-measurement-sets", lambda s: s.individual(), Code.TOO_FEW),
    fails(
        "measurement-set.no-measurements",
        lambda s: s.nested(s.ia(measurements=[])),
        Code.TOO_FEW,
    ),
    fails(
        "submission.101-measurement-sets",
        lambda s: s.individual(*[s.ia("IA_BE_4")] * 101),
        Code.SET_DUPLICATE,
        Code.TOO_MANY,
    ),
    fails(
        "submission.yes-for-a-measure-with-counts",
        lambda s: quality_alone(s, *six(m236=yes("236"))),
        Code.WRONG_VALUE_SHAPE,
    ),
    fails(
        "submission.counts-for-a-measure-with-strata",
        lambda s: quality_alone(s, *six(m418=rate("431", 80, 20))),
        Code.WRONG_VALUE_SHAPE,
    ),
)

SCOPE: Final[tuple[Case, ...]] = (
    fails(
        "submission.year-that-is-not-scored",
        lambda s: s.individual(s.ia(), performanceYear=2019),
        Code.NOT_SCORED_BY_THIS_VERSION,
    ),
    fails(
        "submission.year-that-never-was",
        lambda s: s.individual(s.ia(), performanceYear=1999),
        Code.YEAR_UNKNOWN,
    ),
    fails(
        "submission.program-that-nobody-knows",
        lambda s: s.individual(s.ia(programName="mipss")),
        Code.PROGRAM_UNKNOWN,
    ),
)

IDENTITY: Final[tuple[Case, ...]] = (
    fails(
        "submission.tin-of-eight-digits",
        lambda s: s.individual(s.ia(), **{TIN: s.tin[1:]}),
        Code.TIN_MALFORMED,
    ),
    fails(
        "submission.tin-as-a-number",
        lambda s: s.group(s.ia(), **{TIN: int(s.tin)}),
        Code.TIN_MALFORMED,
    ),
    fails(
        "submission.npi-of-nine-digits",
        lambda s: s.individual(s.ia(), **{NPI: s.npi[1:]}),
        Code.NPI_MALFORMED,
    ),
    fails(
        "submission.individual-without-npi",
        lambda s: without(s.individual(s.ia()), NPI),
        Code.IDENTIFIER_MISSING,
    ),
    fails(
        "measurement-set.group-without-tin",
        lambda s: (
            s.nested(s.ia())
            | {"submission": {"entityType": "group", "performanceYear": s.year}}
        ),
        Code.IDENTIFIER_MISSING,
    ),
    fails(
        "submission.group-with-npi",
        lambda s: s.group(s.ia(), **{NPI: s.npi}),
        Code.IDENTIFIER_NOT_ALLOWED,
    ),
)


CASES: Final = (*STRUCTURE, *SCOPE, *IDENTITY)
