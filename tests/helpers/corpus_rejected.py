"""Corpus: submissions rejected for what their sets, measures and counts say."""

from typing import Final

from qpp.codes import Code
from tests.helpers.corpus_case import Case, fails
from tests.helpers.corpus_structure import quality_alone, value, without
from tests.helpers.corpus_values import (
    EHR,
    counts,
    rate,
    rates,
    share,
    six,
    six_ecqms,
    yes,
)

SETS: Final[tuple[Case, ...]] = (
    fails(
        "submission.set-twice",
        lambda s: s.individual(s.ia("IA_BE_4"), s.ia("IA_BE_6")),
        Code.SET_DUPLICATE,
    ),
    fails(
        "submission.method-that-has-ended",
        lambda s: quality_alone(s, *six(), method="cmsWebInterface"),
        Code.METHOD_NOT_ALLOWED,
    ),
    fails(
        "submission.claims-from-a-registry",
        lambda s: quality_alone(s, *six(), method="claims"),
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
        lambda s: s.individual(without(s.pi(), "cehrtId")),
        Code.CEHRT_MISSING,
    ),
    fails(
        "submission.ecqms-without-cehrt-id",
        lambda s: s.individual(without(s.quality(*six_ecqms(), method=EHR), "cehrtId")),
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
        lambda s: quality_alone(s, *six(m418=rate(s.facts.unknown, 80, 20))),
        Code.FEWER_MEASURES,
        Code.MEASURE_UNKNOWN,
    ),
    fails(
        "submission.activity-in-a-quality-set",
        lambda s: quality_alone(s, *six(), yes("IA_BE_4")),
        Code.MEASURE_WRONG_CATEGORY,
    ),
    fails(
        "submission.measure-twice",
        lambda s: quality_alone(s, *six(), rate("236", 85, 15)),
        Code.MEASURE_DUPLICATE,
    ),
    fails(
        "submission.ecqm-by-registry",
        lambda s: quality_alone(s, *six(m418=rate("309", 60, 40))),
        Code.MEASURE_METHOD,
    ),
    fails(
        "submission.measure-that-is-not-open-to-traditional-mips",
        lambda s: quality_alone(s, *six(m418=rate("128", 80, 20))),
        Code.MEASURE_PROGRAM,
    ),
    fails(
        "submission.measure-that-cms-computes",
        lambda s: quality_alone(s, *six(), value("479", {"score": 0.15})),
        Code.MEASURE_FROM_CMS_ONLY,
    ),
    fails(
        "submission.stratum-unknown",
        lambda s: quality_alone(
            s, *six(m418=rates("052", {"spirometry": (80, 20), "total": (80, 20)}))
        ),
        Code.STRATUM_MISSING,
        Code.STRATUM_UNKNOWN,
    ),
    fails(
        "submission.stratum-missing",
        lambda s: quality_alone(s, *six(m418=rates("052", {"spirometry": (80, 20)}))),
        Code.STRATUM_MISSING,
    ),
    fails(
        "submission.stratum-twice",
        lambda s: quality_alone(
            s,
            *six(
                m418=value(
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
        lambda s: quality_alone(s, *six(m236=rate("236", 101, 0, 100))),
        Code.MET_ABOVE_POPULATION,
    ),
    fails(
        "submission.populations-above-the-eligible-one",
        lambda s: quality_alone(s, *six(m236=rate("236", 85, 16, 100))),
        Code.POPULATIONS_ABOVE_TOTAL,
    ),
    fails(
        "submission.populations-of-an-ecqm-do-not-add-up",
        lambda s: quality_alone(
            s, *six_ecqms(m236=rate("236", 80, 19, 100)), method=EHR
        ),
        Code.POPULATIONS_UNEQUAL,
    ),
    fails(
        "submission.exclusions-of-a-registry-measure",
        lambda s: quality_alone(
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
        lambda s: s.nested(s.pi(*s.pi_rest(), yes("PI_HIE_5"), yes("PI_LVPP_1"))),
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
            without(s.pi(), "cehrtId"),
            s.ia(performanceEnd=f"{s.year}-02-30"),
        ),
        Code.MET_ABOVE_POPULATION,
        Code.CEHRT_MISSING,
        Code.DATE_IMPOSSIBLE,
    ),
)

CASES: Final = (*SETS, *MEASURES, *COUNTS)
