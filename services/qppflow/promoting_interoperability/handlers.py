"""What `promoting_interoperability` decides: the points of its category."""

from typing import Final

from qpp.inputs import ScoreInput
from qpp.mips.scoring import Law, interoperability_part
from qpp.promoting_interoperability.period import read_period
from qpp.results import CategoryScore
from qpp.submission import PI
from qppflow.runtime.events import Payload
from qppflow.runtime.stages import holding, scoring

STAGE: Final = "promoting_interoperability"


def score(event: Payload, entity: ScoreInput, law: Law) -> CategoryScore:
    """Score Promoting Interoperability from what `pi_period` found."""
    periods = [read_period(item) for item in event["periods"]]
    return interoperability_part(periods, entity, law)


decide = scoring(STAGE, score, "pi-assessed.v1")
on_parked = holding(STAGE, PI)
