"""All quality measures of a submission together, § 414.1335(a)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qpp.catalogue import QualityMeasure
from qpp.checks.entities import is_mvp
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


def check_portfolio(portfolio: Portfolio, program: str, report: Report) -> None:
    """Warn of too few measures of a program, and of none that the outcome rule needs.

    The APP has a list of measures in place of a number and an outcome rule.
    """
    measures = portfolio.measures
    of_mvp = is_mvp(program, report)
    submission = report.context.rules.submission
    if not measures or not (of_mvp or program == submission.default_program.value):
        return
    rules = report.context.rules.quality
    needed = (
        submission.measures_expected_in_an_mvp if of_mvp else rules.measures_required
    )
    if len(measures) < needed.value:
        report.add(
            Code.FEWER_MEASURES,
            f"{portfolio.at}/measurements",
            f"{len(measures)} of {needed.value} quality measures"
            + (f" of the MVP {program}" if of_mvp else ""),
            f"{needed.value}; each one missing earns 0 points of "
            f"{plain(rules.measure_maximum.value)}, for a small practice as for any "
            + (
                "other, unless an outcomes-based claims measure was chosen for it at "
                "registration, or the practice reports by claims"
                if of_mvp
                else "other, unless CMS finds that no more measures apply"
            ),
            needed,
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
            f"without it one of the {needed.value} measures earns 0 "
            f"points of {plain(rules.measure_maximum.value)}, for a small practice as "
            "for any other",
            rules.outcome_required,
        )
