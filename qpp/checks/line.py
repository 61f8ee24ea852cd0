"""One measurement while it is checked."""

from dataclasses import dataclass

from qpp.catalogue import QualityMeasure
from qpp.checks.reporting import Report


@dataclass(slots=True)
class Line:
    """A quality measurement at pointer ``at``; ``method`` is None if it cannot be."""

    at: str
    measure: QualityMeasure
    method: str | None
    report: Report
