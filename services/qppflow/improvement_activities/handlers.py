"""What `improvement_activities` decides: the points of its category."""

from typing import Final

from qpp.mips.scoring import activities_part
from qpp.submission import IA
from qppflow.runtime.stages import holding, scoring

STAGE: Final = "improvement_activities"

decide = scoring(STAGE, lambda _event, entity, law: activities_part(entity, law))
on_parked = holding(STAGE, IA)
