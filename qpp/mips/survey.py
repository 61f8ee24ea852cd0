"""CAHPS for MIPS: a survey's summary measures count as one quality measure."""

from collections.abc import Sequence

from qpp.inputs import SurveyResult
from qpp.mips.quality_choice import Candidate
from qpp.mips.quality_points import ladder_points
from qpp.mips.quality_scale import Scale
from qpp.mips.quality_words import MEAN
from qpp.numbers import ZERO
from qpp.results import MeasureScore
from qpp.submission import SURVEY
from qpp.trace import Trace


def score_survey(
    results: Sequence[SurveyResult], scale: Scale, category: Trace
) -> Candidate | None:
    """Average the summary measures that have a benchmark and enough answers.

    Without any it is out of the denominator, § 414.1380(b)(1)(vii)(B).
    """
    if not results:
        return None
    rules = scale.rules
    trace = Trace(assumptions=category.assumptions)
    rows = [(item, scale.benchmark(item.measure_id, SURVEY)) for item in results]
    points = [
        ladder_points(item.score, row, rules, trace, item.measure_id).points
        for item, row in rows
        if item.counts and row is not None
    ]
    all_count = rules.cahps_aggregation.value == "mean_of_all_summary_measures"
    among = len(results) if all_count else len(points)
    mean = sum(points, ZERO) / among if points else ZERO
    trace.say(
        rules.cahps_aggregation,
        MEAN,
        len(points),
        len(results),
        mean,
        rules.measure_maximum.value,
    )
    score = MeasureScore(
        measure_id=rules.cahps_container.value,
        submission_method=SURVEY,
        points=mean,
        possible=rules.measure_maximum.value if points else ZERO,
        outcome="scored" if points else "below minimum",
        used=True,
        steps=tuple(trace.steps),
    )
    return Candidate(score, scale.catalogue.quality[rules.cahps_container.value])
