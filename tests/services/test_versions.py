"""An event of another major version is parked, whatever its bytes look like."""

from typing import Final

import pytest

from qppflow.demo.population import population
from qppflow.runtime.contracts import topics
from qppflow.runtime.events import kind_of
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Outgoing, Record
from qppflow.services import SERVICES
from tests.helpers.chain import Chain, services

# Who reads what we wrote; `intake` reads what others write, of whatever kind.
READERS: Final = [name for name in SERVICES if name != "intake"]


@pytest.fixture(scope="module")
def chain() -> Chain:
    """Carry a few documents through all services."""
    made = Chain()
    for message in population(4, 3, (2024, 2025)):
        made.send(message.topic, message.value, message.headers)
    return made


def read_by(chain: Chain, name: str) -> list[Record]:
    """Give every record that a service reads."""
    return [
        record
        for topic, records in chain.log.items()
        if name in topics()[topic].groups
        for record in records
    ]


def decided(name: str, record: Record) -> list[Outgoing]:
    """Have a service that remembers nothing decide one record."""
    decide, _ = services()[name]
    return list(decide(record))


def of_kind(record: Record, kind: str) -> Record:
    """Give the record under the name of another kind."""
    own = b"qppflow." + kind.encode()
    headers = tuple((n, own if n == "ce_type" else v) for n, v in record.headers)
    return record._replace(headers=headers)


@pytest.mark.parametrize("name", READERS)
def test_another_major_version_is_parked(chain: Chain, name: str) -> None:
    """Each kind that a service reads, with the bytes of the version it knows."""
    first = {kind_of(record): record for record in reversed(read_by(chain, name))}

    for kind, record in first.items():
        decided(name, record)
        event, _ = kind.rsplit(".", 1)
        with pytest.raises(ParkError, match="unknown-event"):
            decided(name, of_kind(record, f"{event}.v2"))

    assert len(first) > 0


@pytest.mark.parametrize("name", READERS)
def test_an_event_of_another_kind_is_parked(chain: Chain, name: str) -> None:
    """As is one that does not name its kind."""
    record = read_by(chain, name)[0]

    for other in (of_kind(record, "score-held.v1"), record._replace(headers=())):
        with pytest.raises(ParkError, match="unknown-event"):
            decided(name, other)
