"""Corpus: submissions that are rejected, and every code that rejects one."""

from typing import Any, Final

from qpp.codes import Code
from tests.helpers.corpus_sheet import (
    CEHRT,
    EHR,
    NPI,
    TIN,
    Case,
    Json,
    Sheet,
    counts,
    fails,
    rate,
    rates,
    share,
    six,
    six_ecqms,
    yes,
)


def _without(document: Json, *names: str) -> Json:
    """Leave fields out of an object."""
    return {name: value for name, value in document.items() if name not in names}


def _quality(sheet: Sheet, *measurements: Json, **changed: Any) -> Json:  # noqa: ANN401 - fields of the set
    """Write an individual's submission of one quality set."""
    return sheet.individual(sheet.quality(*measurements, **changed))


def _value(name: str, value: object) -> Json:
    """Report a value of any shape, right or wrong."""
    return {"measureId": name, "value": value}


STRUCTURE: Final[tuple[Case, ...]] = (
    fails(
        "submission.eligible-population-missing",
        lambda s: _quality(
            s,
            *six(
                m236=_value("236", {"isEndToEndReported": False, "performanceMet": 80})
            ),
        ),
        Code.FIELD_MISSING,
    ),
    fails(
        "submission.misspelt-field",
        lambda s: _quality(s, *six(m236=rate("236", 85, 15, performanceMett=85))),
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
        lambda s: _quality(s, *six(m236=rate("236", 85, 15, performanceMet="85"))),
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
        lambda s: _quality(s, *six(m236=rate("236", 85, -15, 100))),
        Code.OUT_OF_RANGE,
    ),
    fails(
        "submission.rate-of-a-qcdr-above-100",
        lambda s: _quality(s, *six(m418=rate("ACEP22", 70, 30, performanceRate=100.5))),
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
        lambda s: _quality(s, *six(m236=yes("236"))),
        Code.WRONG_VALUE_SHAPE,
    ),
    fails(
        "submission.counts-for-a-measure-with-strata",
        lambda s: _quality(s, *six(m418=rate("431", 80, 20))),
        Code.WRONG_VALUE_SHAPE,
    ),
)

SCOPE: Final[tuple[Case, ...]] = (
    fails(
        "submission.alternative-payment-model-pathway",
        lambda s: s.individual(s.ia(programName="app1")),
        Code.NOT_SCORED_BY_THIS_VERSION,
    ),
    fails(
        "submission.value-pathway",
        lambda s: s.individual(s.ia("IA_BE_6", programName="G0057")),
        Code.NOT_SCORED_BY_THIS_VERSION,
    ),
    *(
        fails(
            f"submission.entity-type-{kind}",
            lambda s, kind=kind: _without(
                s.individual(s.ia(), entityType=kind, entityId="X12345"), TIN, NPI
            ),
            Code.NOT_SCORED_BY_THIS_VERSION,
        )
        for kind in ("subgroup", "virtualGroup", "apm")
    ),
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
        lambda s: _without(s.individual(s.ia()), NPI),
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

SETS: Final[tuple[Case, ...]] = (
    fails(
        "submission.set-twice",
        lambda s: s.individual(s.ia("IA_BE_4"), s.ia("IA_BE_6")),
        Code.SET_DUPLICATE,
    ),
    fails(
        "submission.method-that-has-ended",
        lambda s: _quality(s, *six(), method="cmsWebInterface"),
        Code.METHOD_NOT_ALLOWED,
    ),
    fails(
        "submission.claims-from-a-registry",
        lambda s: _quality(s, *six(), method="claims"),
        Code.CLAIMS_FROM_REGISTRY,
    ),
    fails(
        "submission.day-that-does-not-exist",
        lambda s: s.individual(s.ia(performanceEnd=f"{s.year}-02-30")),
        Code.DATE_IMPOSSIBLE,
    ),
    fails(
        "submission.period-reversed",
        lambda s: s.individual(
            s.ia(performanceStart=f"{s.year}-12-31", performanceEnd=f"{s.year}-01-01")
        ),
        Code.PERIOD_REVERSED,
    ),
    fails(
        "submission.period-starts-in-the-year-before",
        lambda s: s.individual(s.ia(performanceStart=f"{s.year - 1}-12-31")),
        Code.PERIOD_OUTSIDE_YEAR,
    ),
    fails(
        "submission.pi-without-cehrt-id",
        lambda s: s.individual(_without(s.pi(), "cehrtId")),
        Code.CEHRT_MISSING,
    ),
    fails(
        "submission.ecqms-without-cehrt-id",
        lambda s: s.individual(
            _without(s.quality(*six_ecqms(), method=EHR), "cehrtId")
        ),
        Code.CEHRT_MISSING,
        when=lambda facts: facts.ecqm_needs_cehrt,
    ),
    fails(
        "submission.cehrt-id-of-the-2014-edition",
        lambda s: s.individual(s.pi(cehrtId="0015EABCDEFGHIJ")),
        Code.CEHRT_MALFORMED,
    ),
)

MEASURES: Final[tuple[Case, ...]] = (
    fails(
        "submission.measure-of-another-year",
        lambda s: _quality(s, *six(m418=rate(s.facts.unknown, 80, 20))),
        Code.FEWER_MEASURES,
        Code.MEASURE_UNKNOWN,
    ),
    fails(
        "submission.activity-in-a-quality-set",
        lambda s: _quality(s, *six(), yes("IA_BE_4")),
        Code.MEASURE_WRONG_CATEGORY,
    ),
    fails(
        "submission.measure-twice",
        lambda s: _quality(s, *six(), rate("236", 85, 15)),
        Code.MEASURE_DUPLICATE,
    ),
    fails(
        "submission.ecqm-by-registry",
        lambda s: _quality(s, *six(m418=rate("309", 60, 40))),
        Code.MEASURE_METHOD,
    ),
    fails(
        "submission.measure-that-is-not-open-to-traditional-mips",
        lambda s: _quality(s, *six(m418=rate("128", 80, 20))),
        Code.MEASURE_PROGRAM,
    ),
    fails(
        "submission.measure-that-cms-computes",
        lambda s: _quality(s, *six(), _value("479", {"score": 0.15})),
        Code.MEASURE_FROM_CMS_ONLY,
    ),
    fails(
        "submission.stratum-unknown",
        lambda s: _quality(
            s, *six(m418=rates("052", {"spirometry": (80, 20), "total": (80, 20)}))
        ),
        Code.STRATUM_MISSING,
        Code.STRATUM_UNKNOWN,
    ),
    fails(
        "submission.stratum-missing",
        lambda s: _quality(s, *six(m418=rates("052", {"spirometry": (80, 20)}))),
        Code.STRATUM_MISSING,
    ),
    fails(
        "submission.stratum-twice",
        lambda s: _quality(
            s,
            *six(
                m418=_value(
                    "052",
                    {
                        "isEndToEndReported": False,
                        "strata": [
                            {**counts(80, 20), "stratum": name}
                            for name in ("spirometry", "bronchodilator", "spirometry")
                        ],
                    },
                )
            ),
        ),
        Code.STRATUM_DUPLICATE,
    ),
)

COUNTS: Final[tuple[Case, ...]] = (
    fails(
        "submission.more-met-than-eligible",
        lambda s: _quality(s, *six(m236=rate("236", 101, 0, 100))),
        Code.MET_ABOVE_POPULATION,
    ),
    fails(
        "submission.populations-above-the-eligible-one",
        lambda s: _quality(s, *six(m236=rate("236", 85, 16, 100))),
        Code.POPULATIONS_ABOVE_TOTAL,
    ),
    fails(
        "submission.populations-of-an-ecqm-do-not-add-up",
        lambda s: _quality(s, *six_ecqms(m236=rate("236", 80, 19, 100)), method=EHR),
        Code.POPULATIONS_UNEQUAL,
    ),
    fails(
        "submission.exclusions-of-a-registry-measure",
        lambda s: _quality(
            s, *six(m236=rate("236", 80, 15, 100, eligiblePopulationExclusion=5))
        ),
        Code.EXCLUSION_NOT_ZERO,
    ),
    fails(
        "submission.numerator-above-denominator",
        lambda s: s.individual(
            s.pi(*s.pi_rest("PI_PEA_1"), share("PI_PEA_1", 11, 10), yes("PI_HIE_5"))
        ),
        Code.NUMERATOR_ABOVE_DENOMINATOR,
    ),
    fails(
        "measurement-set.measure-and-its-exclusion",
        lambda s: s.nested(
            s.pi(*s.pi_rest(), yes("PI_HIE_5"), yes("PI_LVPP_1"), cehrtId=CEHRT)
        ),
        Code.MEASURE_AND_EXCLUSION,
    ),
    fails(
        "submission.measure-and-its-substitute",
        lambda s: s.individual(s.pi(*s.pi_rest(), yes("PI_HIE_5"), yes("PI_HIE_6"))),
        Code.MEASURE_AND_SUBSTITUTE,
    ),
    fails(
        "submission.several-errors-are-told-together",
        lambda s: s.individual(
            s.quality(*six(m236=rate("236", 101, 0, 100))),
            _without(s.pi(), "cehrtId"),
            s.ia(performanceEnd=f"{s.year}-02-30"),
        ),
        Code.MET_ABOVE_POPULATION,
        Code.CEHRT_MISSING,
        Code.DATE_IMPOSSIBLE,
    ),
)

CASES: Final = (*STRUCTURE, *SCOPE, *IDENTITY, *SETS, *MEASURES, *COUNTS)
