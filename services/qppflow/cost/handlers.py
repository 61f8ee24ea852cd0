"""What `cost` decides: the points of its category."""

from typing import Final

from qpp.mips.scoring import cost_part
from qpp.submission import COST
from qppflow.runtime.stages import holding, scoring

STAGE: Final = "cost"

decide = scoring(STAGE, lambda _event, entity, law: cost_part(entity, law))
on_parked = holding(STAGE, COST)
