"""All quality measures of a submission together, § 414.1335(a)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qpp.catalogue import QualityMeasure
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.numbers import plain


@dataclass(slots=True)
class Portfolio:
    """The measures met in the quality sets of one program; ``at`` is the first set."""

    at: str = ""
    measures: dict[str, QualityMeasure] = field(default_factory=dict)

    def add(self, measures: Mapping[str, QualityMeasure], at: str) -> None:
        """Note measures of the set at pointer *at*."""
        self.at = self.at or at
        self.measures.update(measures)


def check_portfolio(portfolio: Portfolio, report: Report) -> None:
    """Warn of too few measures, and of none that the outcome rule asks for."""
    measures = portfolio.measures
    if not measures:
        return
    rules = report.context.rules.quality
    if len(measures) < rules.measures_required.value:
        report.add(
            Code.FEWER_MEASURES,
            f"{portfolio.at}/measurements",
            f"{len(measures)} of {rules.measures_required.value} quality measures",
            f"{rules.measures_required.value}; each one missing earns 0 points of "
            f"{plain(rules.measure_maximum.value)}, for a small practice as for any "
            "other, unless CMS finds that no more measures apply",
            rules.measures_required,
        )
    if rules.outcome_required.value and not any(
        measure.measure_type in rules.outcome_types.value
        or (rules.high_priority_alternative.value and measure.is_high_priority)
        for measure in measures.values()
    ):
        report.add(
            Code.NO_OUTCOME_MEASURE,
            f"{portfolio.at}/measurements",
            "no outcome measure and no other high-priority measure",
            "an outcome measure or, where none applies, another high-priority one; "
            f"without it one of the {rules.measures_required.value} measures earns 0 "
            f"points of {plain(rules.measure_maximum.value)}, for a small practice as "
            "for any other",
            rules.outcome_required,
        )
