"""What `completeness` decides: is each quality measurement complete enough to score."""

from collections.abc import Iterable
from typing import Final

from qpp.mips.completeness import write_assessed
from qpp.mips.scoring import assess_part
from qpp.submission import QUALITY
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.stages import INPUT, Says, holding, opened

STAGE: Final = "completeness"
SAYS: Final = Says(STAGE, "qpp-quality-assessed", "quality-assessed.v1")


def decide(record: Record) -> Iterable[Outgoing]:
    """Assess every quality measurement of a revision."""
    event, entity, law = opened(record, INPUT)
    assessed = [write_assessed(item) for item in assess_part(entity, law)]
    # What quality needs beyond this are the statuses and CMS's own results; years with
    # bonuses for measures also ask how each was reported, which its set says.
    asked = law.rules.quality.measure_bonuses is not None
    sets = event["input"].get("measurementSets") or ()
    kept = [item for item in sets if asked and item["category"] == QUALITY]
    rest = {**event["input"], "measurementSets": kept}
    more = {"input": rest, "assessed": assessed}
    return [SAYS.of(event, more, record)]


on_parked = holding(STAGE, QUALITY)
