"""Corpus: accepted documents at the turns of scoring, for rates, cases and choices."""

from typing import Final

from qpp.codes import Code
from tests.helpers.corpus_case import Case, passes, warns
from tests.helpers.corpus_sheet import Sheet
from tests.helpers.corpus_values import (
    EHR,
    Json,
    minutes,
    rate,
    rates,
    share,
    six,
    six_ecqms,
    yes,
)


def _with(sheet: Sheet, measurement: Json) -> Json:
    """Write six registry measures, *measurement* in the place of 236."""
    return sheet.individual(sheet.quality(*six(m236=measurement)))


LADDER: Final[tuple[Case, ...]] = (
    passes("submission.rate-on-the-edge-of-a-decile", lambda s: _with(s, _236(50))),
    passes("submission.rate-half-way-through-a-decile", lambda s: _with(s, _236(55))),
    passes("submission.rate-in-the-tenth-decile", lambda s: _with(s, _236(90))),
    passes("submission.rate-below-the-first-percentile", lambda s: _with(s, _236(0))),
    passes(
        "submission.rate-of-21-of-32-rounds-half-to-even",
        lambda s: _with(s, rate("236", 21, 11)),
    ),
    passes(
        "submission.inverse-rate-on-the-edge-of-a-decile",
        lambda s: s.individual(s.quality(*six(m001=rate("001", 50, 50)))),
    ),
    passes(
        "submission.inverse-rate-above-the-last-percentile",
        lambda s: s.individual(s.quality(*six(m001=rate("001", 100, 0)))),
    ),
)


def _236(met: int) -> Json:
    """Report 236 for 100 patients; its benchmark by registry has even deciles."""
    return rate("236", met, 100 - met)


CASES_AND_COMPLETENESS: Final[tuple[Case, ...]] = (
    passes(
        "submission.exceptions-leave-the-rate-but-count-as-reported",
        lambda s: _with(s, rate("236", 60, 20, 100, eligiblePopulationException=20)),
    ),
    passes(
        "submission.exclusions-of-an-ecqm-count-as-reported",
        lambda s: s.individual(
            s.quality(
                *six_ecqms(
                    m236=rate(
                        "236",
                        60,
                        20,
                        100,
                        eligiblePopulationExclusion=15,
                        eligiblePopulationException=5,
                    )
                ),
                method=EHR,
            )
        ),
    ),
    warns(
        "submission.exclusions-of-a-qcdr-are-no-cases",
        lambda s: _with(
            s,
            rate(
                "ACEP22",
                15,
                5,
                40,
                eligiblePopulationExclusion=20,
                performanceRate=75,
            ),
        ),
        Code.QCDR_VENDOR_NOT_JUDGED,
    ),
    passes(
        "submission.empty-stratum-left-out-of-a-simple-average",
        lambda s: _with(
            s, rates("052", {"spirometry": (80, 20), "bronchodilator": (0, 0)})
        ),
    ),
    warns(
        "submission.exceptions-of-a-measured-value-count-as-reported",
        lambda s: _with(
            s,
            minutes(
                "ACEP50", 181, 100, observationInstances=70, denominatorException=5
            ),
        ),
        Code.QCDR_VENDOR_NOT_JUDGED,
    ),
)

CHOICE: Final[tuple[Case, ...]] = (
    passes(
        "submission.nine-measures-from-registry-and-ehr",
        lambda s: s.individual(
            s.quality(*six()),
            s.quality(
                rate("134", 60, 40),
                rate("309", 62, 38),
                rate("318", 91, 9),
                method=EHR,
            ),
        ),
    ),
    passes(
        "submission.outcome-measure-takes-its-slot-with-few-points",
        lambda s: s.individual(
            s.quality(
                rate("236", 5, 95),
                rate("438", 88, 12),
                rate("039", 90, 10),
                rate("418", 40, 60),
                rate("118", 99, 1),
                rate("326", 99, 1),
                rate("117", 99, 1),
            )
        ),
    ),
    passes(
        "submission.low-score-of-all-categories",
        lambda s: s.individual(
            s.quality(
                rate("236", 12, 88),
                rate("001", 88, 12),
                rate("039", 5, 95),
                rate("418", 3, 97),
                rate("438", 20, 80),
                rate("441", 10, 90),
            ),
            s.pi(*s.pi_rest("PI_PEA_1"), share("PI_PEA_1", 1, 30), yes("PI_HIE_5")),
            s.ia("IA_BE_4"),
        ),
    ),
    passes(
        "submission.perfect-score-of-all-categories",
        lambda s: s.individual(
            s.quality(
                rate("236", 100, 0),
                rate("001", 0, 100),
                rate("039", 100, 0),
                rate("418", 100, 0),
                rate("438", 100, 0),
                rate("441", 100, 0),
            ),
            s.pi(),
            s.ia(),
        ),
    ),
    passes(
        "submission.quality-and-pi-without-ia",
        lambda s: s.individual(s.quality(*six()), s.pi()),
    ),
    passes(
        "submission.quality-and-ia-without-pi",
        lambda s: s.individual(s.quality(*six()), s.ia()),
    ),
    passes(
        "submission.pi-and-ia-without-quality",
        lambda s: s.individual(s.pi(), s.ia()),
    ),
)

CASES: Final = (*LADDER, *CASES_AND_COMPLETENESS, *CHOICE)
