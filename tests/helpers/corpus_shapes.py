"""Corpus: a right value of every shape, by every algorithm over several rates."""

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
    six,
    six_ecqms,
)


def _one_of_six(measurement: Json) -> list[Json]:
    """Put a measurement in the place of one of six registry measures."""
    return six(m418=measurement)


def _ecqm_of_six(measurement: Json) -> list[Json]:
    """Put a measurement in the place of one of six eCQMs."""
    return six_ecqms(m117=measurement)


def _with(sheet: Sheet, measurement: Json) -> Json:
    """Write an individual's quality submission by registry with one measurement."""
    return sheet.individual(sheet.quality(*_one_of_six(measurement)))


def _with_ecqm(sheet: Sheet, measurement: Json) -> Json:
    """Write an individual's quality submission from the EHR with one measurement."""
    return sheet.individual(sheet.quality(*_ecqm_of_six(measurement), method=EHR))


CASES: Final[tuple[Case, ...]] = (
    passes(
        "submission.simple-average-of-a-registry-measure",
        lambda s: _with(
            s, rates("052", {"spirometry": (80, 20), "bronchodilator": (70, 10)})
        ),
    ),
    passes(
        "submission.simple-average-of-an-ecqm",
        lambda s: _with_ecqm(
            s, rates("009", {"84Days": (80, 20), "180Days": (60, 40)})
        ),
    ),
    passes(
        "submission.weighted-average-of-a-registry-measure",
        lambda s: _with(
            s,
            rates(
                "497",
                {
                    "influenza": (10, 40),
                    "pneumococcal": (20, 30),
                    "mammogram": (10, 10),
                    "colorectal": (15, 15),
                    "BMI": (20, 20),
                    "tobacco": (30, 10),
                    "HBP": (25, 25),
                },
            ),
        ),
    ),
    passes(
        "submission.weighted-average-of-an-ecqm",
        lambda s: _with_ecqm(
            s, rates("370", {"adolescents": (5, 15), "adults": (10, 50)})
        ),
    ),
    passes(
        "submission.overall-stratum-only-of-a-registry-measure",
        lambda s: _with(
            s,
            rates(
                "398",
                {
                    "overall": (80, 20),
                    f"pedCtrlNo{s.facts.exact}Risk": (20, 5),
                    f"adultCtrlNo{s.facts.exact}Risk": (20, 5),
                    "pedsWellCtrl": (10, 2),
                    "adultsWellCtrl": (10, 3),
                    f"pedsNoRisk{s.facts.exact}": (10, 2),
                    f"adultsNoRisk{s.facts.exact}": (10, 3),
                },
            ),
        ),
    ),
    passes(
        "submission.overall-stratum-only-of-an-ecqm",
        lambda s: _with_ecqm(
            s, rates("366", {"30Days": (10, 30), "overall": (50, 50)})
        ),
    ),
    passes(
        "submission.two-of-three-strata-of-238-by-registry",
        lambda s: _with(
            s, rates("238", {"overall": (0, 50), "appropriateDiagnosis": (0, 20)})
        ),
    ),
    passes(
        "submission.split-strata-of-a-registry-measure",
        lambda s: _with(
            s,
            rates(
                "431",
                {
                    "reporting": (90, 10),
                    "performance": (45, 5),
                    "combinedPopulations": (80, 20),
                },
            ),
        ),
    ),
    passes(
        "submission.split-strata-of-an-ecqm",
        lambda s: _with_ecqm(
            s,
            rates(
                "226",
                {
                    "reporting": (90, 10),
                    "performance": (20, 10),
                    "combinedPopulations": (70, 30),
                },
            ),
        ),
    ),
    warns(
        "submission.rate-that-a-qcdr-computed",
        lambda s: _with(
            s,
            rate(
                "ACEP22",
                60,
                20,
                85,
                eligiblePopulationExclusion=5,
                numeratorExclusion=0,
                performanceRate=75,
            ),
        ),
        Code.QCDR_VENDOR_NOT_JUDGED,
    ),
    warns(
        "submission.rate-of-a-qcdr-by-its-overall-stratum",
        lambda s: _with(
            s,
            rates(
                "AQI48",
                {"surveyed": (180, 20), "overall": (95, 5)},
                performanceRate=95.0,
            ),
        ),
        Code.QCDR_VENDOR_NOT_JUDGED,
    ),
    warns(
        "submission.rate-of-a-qcdr-by-weighted-average",
        lambda s: _with(
            s,
            rates(
                "ACRAD34",
                {"abdomen": (30, 10), "chest": (40, 0), "head": (20, 0)},
                performanceRate=90,
            ),
        ),
        Code.QCDR_VENDOR_NOT_JUDGED,
    ),
    warns(
        "submission.minutes-of-a-measure-that-is-no-proportion",
        lambda s: _with(s, minutes("ACEP50", 150.5, 400)),
        Code.QCDR_VENDOR_NOT_JUDGED,
    ),
)
