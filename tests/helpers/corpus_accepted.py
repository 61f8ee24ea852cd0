"""Corpus: documents that nothing is wrong with, and what each of them shows."""

from typing import Final

from tests.helpers.corpus_case import Case, passes
from tests.helpers.corpus_sheet import Sheet
from tests.helpers.corpus_values import EHR, Json, rate, share, six, six_ecqms, yes


def _with(sheet: Sheet, measurement: Json) -> Json:
    """Write an individual's quality submission by registry with one measurement."""
    return sheet.individual(sheet.quality(*six(m418=measurement)))


FORMS: Final[tuple[Case, ...]] = (
    passes(
        "submission.individual-with-six-registry-measures-pi-and-ia",
        lambda s: s.individual(s.quality(*six()), s.pi(), s.ia()),
    ),
    passes(
        "submission.individual-with-six-ecqms-pi-and-ia",
        lambda s: s.individual(
            s.quality(*six_ecqms(), method=EHR),
            s.pi(submissionMethod=EHR),
            s.ia(submissionMethod=EHR),
        ),
    ),
    passes(
        "submission.group-with-six-registry-measures-pi-and-ia",
        lambda s: s.group(s.quality(*six()), s.pi(), s.ia()),
    ),
    passes(
        "submission.group-with-six-ecqms",
        lambda s: s.group(s.quality(*six_ecqms(), method=EHR)),
    ),
    passes("submission.quality-alone", lambda s: s.individual(s.quality(*six()))),
    passes("submission.pi-alone", lambda s: s.individual(s.pi())),
    passes("submission.ia-alone", lambda s: s.individual(s.ia())),
    passes(
        "submission.one-measure-by-registry-and-from-the-ehr",
        lambda s: s.individual(
            s.quality(*six()), s.quality(rate("236", 90, 10), method=EHR)
        ),
    ),
    passes(
        "submission.program-left-out",
        lambda s: s.individual(
            {k: v for k, v in s.quality(*six()).items() if k != "programName"}
        ),
    ),
    passes(
        "submission.counts-written-as-decimals-that-are-whole",
        lambda s: s.individual(
            s.quality(*six(m236=rate("236", 85, 15, performanceMet=85.0)))
        ),
    ),
    passes(
        "measurement-set.quality-by-registry", lambda s: s.nested(s.quality(*six()))
    ),
    passes(
        "measurement-set.quality-from-the-ehr",
        lambda s: s.nested(s.quality(*six_ecqms(), method=EHR)),
    ),
    passes("measurement-set.pi", lambda s: s.nested(s.pi())),
    passes("measurement-set.ia", lambda s: s.nested(s.ia())),
    passes(
        "measurement-set.quality-of-a-group",
        lambda s: s.nested(s.quality(*six()), group=True),
    ),
)

LIMITS: Final[tuple[Case, ...]] = (
    passes(
        "submission.completeness-of-exactly-75-percent",
        lambda s: _with(s, rate("130", 60, 15, 100)),
    ),
    passes("submission.20-cases", lambda s: _with(s, rate("130", 19, 1))),
    passes(
        "submission.nobody-eligible-for-a-registry-measure",
        lambda s: s.individual(s.quality(*six(), rate("118", 0, 0))),
    ),
    passes(
        "submission.capped-measure-at-100-percent",
        lambda s: _with(s, rate("130", 100, 0)),
    ),
    passes(
        "submission.inverse-measure-at-0-percent",
        lambda s: s.individual(s.quality(*six(m001=rate("001", 0, 100)))),
    ),
    passes(
        "submission.seven-measures-of-which-six-count",
        lambda s: s.individual(s.quality(*six(), rate("118", 50, 50))),
    ),
    passes(
        "submission.pi-period-180-days-inclusive",
        lambda s: s.individual(s.pi(performanceStart=f"{s.year}-07-05")),
    ),
    passes(
        "submission.ia-period-90-days-inclusive",
        lambda s: s.individual(s.ia(performanceStart=f"{s.year}-10-03")),
    ),
    passes(
        "submission.cehrt-id-of-the-2015-edition",
        lambda s: s.individual(s.pi(cehrtId="AB15C0123456789")),
    ),
    passes(
        "submission.cehrt-id-not-needed-for-ecqms",
        lambda s: s.individual(
            {
                key: item
                for key, item in s.quality(*six_ecqms(), method=EHR).items()
                if key != "cehrtId"
            }
        ),
        when=lambda facts: not facts.ecqm_needs_cehrt,
    ),
)

ANSWERS: Final[tuple[Case, ...]] = (
    passes(
        "submission.pi-exchange-by-both-referral-measures",
        lambda s: s.individual(
            s.pi(*s.pi_rest(), share("PI_HIE_1", 50, 100), share("PI_HIE_4", 100, 100))
        ),
    ),
    passes(
        "submission.pi-exchange-under-tefca",
        lambda s: s.individual(s.pi(*s.pi_rest(), yes("PI_HIE_6"))),
    ),
    passes(
        "submission.pi-every-exclusion-claimed",
        lambda s: s.individual(
            s.pi(
                *s.pi_rest(
                    "PI_EP_1",
                    "PI_EP_2",
                    "PI_PHCDRR_1",
                    "PI_PHCDRR_1_PROD",
                    "PI_PHCDRR_3",
                    "PI_PHCDRR_3_PROD",
                ),
                yes("PI_LVPP_1"),
                yes("PI_EP_2_EX_1"),
                yes("PI_LVOTC_1"),
                yes("PI_LVITC_2"),
                yes("PI_PHCDRR_1_EX_1"),
                yes("PI_PHCDRR_3_EX_2"),
            )
        ),
    ),
    passes(
        "submission.pi-monitoring-query-excluded",
        lambda s: s.individual(
            s.pi(*s.pi_rest("PI_EP_2"), yes("PI_EP_2_EX_1"), yes("PI_HIE_5"))
        ),
    ),
    passes(
        "submission.pi-bonus-registries",
        lambda s: s.individual(
            s.pi(
                *s.pi_rest("PI_PEA_1"),
                share("PI_PEA_1", 4, 5),
                yes("PI_HIE_5"),
                yes("PI_PHCDRR_2"),
                yes("PI_PHCDRR_2_PRE"),
                yes("PI_PHCDRR_5"),
                yes("PI_PHCDRR_5_PROD"),
            )
        ),
    ),
    passes(
        "submission.pi-numerator-of-one",
        lambda s: s.individual(
            s.pi(*s.pi_rest("PI_PEA_1"), share("PI_PEA_1", 1, 900), yes("PI_HIE_5"))
        ),
    ),
    passes(
        "submission.pi-two-sets-of-which-the-better-counts",
        lambda s: s.individual(
            s.pi(),
            s.pi(
                *s.pi_rest("PI_PEA_1"),
                share("PI_PEA_1", 1, 2),
                yes("PI_HIE_5"),
                submissionMethod=EHR,
            ),
        ),
    ),
    passes(
        "submission.pi-case-reporting-answered-no-in-its-suppressed-year",
        lambda s: s.individual(
            s.pi(
                *s.pi_rest("PI_PHCDRR_3", "PI_PHCDRR_3_PROD"),
                yes("PI_PHCDRR_3", answer=False),
                yes("PI_HIE_5"),
            )
        ),
        when=lambda facts: facts.ecr_counts_anyhow,
    ),
    passes(
        "submission.ia-patient-centered-medical-home",
        lambda s: s.individual(s.ia("IA_PCMH")),
    ),
    passes("submission.ia-one-activity", lambda s: s.individual(s.ia("IA_BE_4"))),
    passes(
        "submission.ia-two-sets-united",
        lambda s: s.individual(
            s.ia("IA_BE_4"), s.ia("IA_BE_4", "IA_EPA_2", submissionMethod=EHR)
        ),
    ),
)

CASES: Final = (*FORMS, *LIMITS, *ANSWERS)
