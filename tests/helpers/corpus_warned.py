"""Corpus: documents that are accepted although something costs points."""

from typing import Final

from qpp.codes import Code
from tests.helpers.corpus_case import Case, warns
from tests.helpers.corpus_sheet import NPI
from tests.helpers.corpus_values import minutes, rate, rates, share, six, yes

CASES: Final[tuple[Case, ...]] = (
    # Identity and fields that do not count.
    warns(
        "submission.fields-of-an-answer-and-nulls-dropped",
        lambda s: s.individual(
            s.quality(
                *six(
                    m236=rate(
                        "236",
                        85,
                        15,
                        reportingRate=100,
                        eligiblePopulationException=None,
                    )
                ),
                submitterType="organization",
                measureSet=None,
            ),
            id="00000000-0000-4000-8000-000000000000",
            createdAt="2025-02-13T18:45:58Z",
        ),
        Code.FIELD_DROPPED,
    ),
    warns(
        "submission.empty-npi-of-a-group-dropped",
        lambda s: s.group(s.ia(), **{NPI: ""}),
        Code.FIELD_DROPPED,
    ),
    warns(
        "submission.npi-check-digit-wrong",
        lambda s: s.individual(
            s.ia(), **{NPI: f"{s.npi[:-1]}{(int(s.npi[-1]) + 1) % 10}"}
        ),
        Code.NPI_CHECK_DIGIT,
    ),
    # Periods.
    warns(
        "submission.quality-period-nine-months",
        lambda s: s.individual(s.quality(*six(), performanceEnd=f"{s.year}-09-30")),
        Code.QUALITY_PERIOD_SHORT,
    ),
    warns(
        "submission.pi-period-179-days",
        lambda s: s.individual(
            s.quality(*six()), s.pi(performanceStart=f"{s.year}-07-06")
        ),
        Code.PI_PERIOD_SHORT,
    ),
    warns(
        "submission.ia-period-89-days",
        lambda s: s.individual(
            s.quality(*six()), s.ia(performanceStart=f"{s.year}-10-04")
        ),
        Code.IA_PERIOD_SHORT,
    ),
    # Quality measures that earn little.
    warns(
        "submission.completeness-of-74.9-percent",
        lambda s: s.individual(s.quality(*six(m236=rate("236", 700, 49, 1000)))),
        Code.COMPLETENESS_LOW,
    ),
    warns(
        "submission.completeness-of-74.996-percent-is-not-rounded-up",
        lambda s: s.individual(s.quality(*six(m236=rate("236", 18000, 749, 25000)))),
        Code.COMPLETENESS_LOW,
    ),
    warns(
        "submission.19-cases",
        lambda s: s.individual(s.quality(*six(m236=rate("236", 18, 1)))),
        Code.CASES_BELOW_MINIMUM,
    ),
    warns(
        "submission.too-few-cases-and-too-few-of-them-reported",
        lambda s: s.individual(s.quality(*six(m236=rate("236", 8, 1, 19)))),
        Code.COMPLETENESS_LOW,
        Code.CASES_BELOW_MINIMUM,
    ),
    warns(
        "submission.no-benchmark-for-a-simple-average-of-a-qcdr",
        lambda s: s.individual(
            s.quality(
                *six(
                    m418=rates(
                        "AJRR7", {"hip": (40, 10), "knee": (60, 40)}, performanceRate=70
                    )
                )
            )
        ),
        Code.QCDR_VENDOR_NOT_JUDGED,
        Code.NO_BENCHMARK,
    ),
    warns(
        "submission.no-benchmark-for-a-measured-value",
        lambda s: s.individual(s.quality(*six(m418=minutes("483", 81.5, 120)))),
        Code.NO_BENCHMARK,
    ),
    warns(
        "submission.new-measure-without-benchmark",
        lambda s: s.individual(s.quality(*six(m418=rate(s.facts.new, 80, 20)))),
        Code.NO_BENCHMARK,
    ),
    warns(
        "submission.suppressed-measure",
        lambda s: s.individual(
            s.quality(*six(m418=rate(str(s.facts.suppressed), 80, 20)))
        ),
        Code.SUPPRESSED_MEASURE,
        when=lambda facts: facts.suppressed,
    ),
    warns(
        "submission.nobody-met-or-failed-the-measure",
        lambda s: s.individual(
            s.quality(*six(m236=rate("236", 0, 0, 30, eligiblePopulationException=30)))
        ),
        Code.NO_PERFORMANCE_RATE,
    ),
    warns(
        "submission.six-process-measures-and-no-outcome",
        lambda s: s.individual(
            s.quality(
                *(
                    rate(name, 90, 10)
                    for name in ("039", "418", "438", "118", "326", "117")
                )
            )
        ),
        Code.NO_OUTCOME_MEASURE,
    ),
    warns(
        "submission.five-measures",
        lambda s: s.individual(s.quality(*six()[:5])),
        Code.FEWER_MEASURES,
    ),
    warns(
        "submission.rate-of-a-qcdr-that-its-counts-do-not-give",
        lambda s: s.individual(
            s.quality(*six(m418=rate("ACEP22", 70, 30, performanceRate=80)))
        ),
        Code.QCDR_VENDOR_NOT_JUDGED,
        Code.RATE_DIFFERS,
    ),
    # Promoting Interoperability.
    warns(
        "submission.pi-required-measure-missing",
        lambda s: s.individual(s.pi(*s.pi_rest("PI_PEA_1"), yes("PI_HIE_5"))),
        Code.PI_MEASURE_MISSING,
    ),
    warns(
        "submission.pi-attestation-answered-no",
        lambda s: s.individual(
            s.quality(*six()),
            s.pi(
                *s.pi_rest("PI_PPHI_1"), yes("PI_PPHI_1", answer=False), yes("PI_HIE_5")
            ),
        ),
        Code.PI_ANSWERED_FALSE,
    ),
    warns(
        "submission.pi-case-reporting-answered-no",
        lambda s: s.individual(
            s.pi(
                *s.pi_rest("PI_PHCDRR_3", "PI_PHCDRR_3_PROD"),
                yes("PI_PHCDRR_3", answer=False),
                yes("PI_HIE_5"),
            )
        ),
        Code.PI_ANSWERED_FALSE,
        when=lambda facts: not facts.ecr_counts_anyhow,
    ),
    warns(
        "submission.pi-level-of-engagement-missing",
        lambda s: s.individual(
            s.quality(*six()), s.pi(*s.pi_rest("PI_PHCDRR_1_PROD"), yes("PI_HIE_5"))
        ),
        Code.ENGAGEMENT_LEVEL_MISSING,
    ),
    warns(
        "submission.pi-numerator-of-zero",
        lambda s: s.individual(
            s.pi(*s.pi_rest("PI_PEA_1"), share("PI_PEA_1", 0, 50), yes("PI_HIE_5"))
        ),
        Code.PI_NUMERATOR_ZERO,
    ),
    # Improvement activities.
    warns(
        "submission.activity-not-performed",
        lambda s: s.individual(
            s.ia() | {"measurements": [yes("IA_BE_4", answer=False), yes("IA_BE_6")]}
        ),
        Code.ACTIVITY_NOT_PERFORMED,
    ),
    warns(
        "submission.activity-suspended-before-its-period",
        lambda s: s.individual(
            s.ia("IA_PM_26", "IA_BE_6")
            | {
                "performanceStart": f"{s.year}-07-01",
                "performanceEnd": f"{s.year}-12-31",
            }
        ),
        Code.ACTIVITY_SUSPENDED,
        when=lambda facts: facts.year == 2025,
    ),
    warns(
        "submission.activity-of-mvps-only",
        lambda s: s.individual(s.ia("IA_MVP", "IA_BE_6")),
        Code.ACTIVITY_NOT_IN_PROGRAM,
    ),
    warns(
        "measurement-set.several-warnings-at-once",
        lambda s: s.nested(
            s.quality(rate("236", 8, 1, 9), performanceEnd=f"{s.year}-11-30")
        ),
        Code.QUALITY_PERIOD_SHORT,
        Code.FEWER_MEASURES,
        Code.CASES_BELOW_MINIMUM,
    ),
)
