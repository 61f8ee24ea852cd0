"""What `quality` decides: the points of the quality category."""

from typing import Final

from qpp.inputs import ScoreInput
from qpp.mips.completeness import read_assessed
from qpp.mips.scoring import Law, quality_part
from qpp.results import CategoryScore
from qpp.submission import QUALITY
from qppflow.runtime.events import Payload
from qppflow.runtime.stages import holding, scoring

STAGE: Final = "quality"


def score(event: Payload, entity: ScoreInput, law: Law) -> CategoryScore:
    """Score quality from what `completeness` found."""
    assessed = [read_assessed(item) for item in event["assessed"]]
    return quality_part(assessed, entity, law)


decide = scoring(STAGE, score, "quality-assessed.v1")
on_parked = holding(STAGE, QUALITY)
