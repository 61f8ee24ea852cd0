"""What `pi_period` decides: is each Promoting Interoperability period long enough."""

from collections.abc import Iterable
from typing import Final

from qpp.mips.scoring import assess_periods_part
from qpp.promoting_interoperability.period import write_period
from qpp.submission import PI
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.stages import INPUT, Says, holding, opened

STAGE: Final = "pi_period"
SAYS: Final = Says(STAGE, "qpp-pi-assessed", "pi-assessed.v1")


def decide(record: Record) -> Iterable[Outgoing]:
    """Assess the period of every Promoting Interoperability set of a revision."""
    event, entity, law = opened(record, INPUT)
    periods = [write_period(item) for item in assess_periods_part(entity, law)]
    sets = event["input"]["measurementSets"]
    rest = {
        **event["input"],
        "measurementSets": [s for s in sets if s["category"] == PI],
    }
    more = {"input": rest, "periods": periods}
    return [SAYS.of(event, more, record)]


on_parked = holding(STAGE, PI)
