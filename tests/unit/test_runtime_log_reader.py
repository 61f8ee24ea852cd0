"""Reading the log without a group: to an end, within bounds, and the whole of it."""

import asyncio
import itertools
from collections.abc import Callable
from typing import ClassVar

import pytest
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    KafkaConnectionError,
    KafkaError,
    NotCoordinatorForGroupError,
)

from qppflow.runtime import bounded, groups, log_client, log_reader
from qppflow.runtime.faults import BrokerError
from qppflow.runtime.log_client import LogClient
from qppflow.runtime.records import Place, Record
from tests.helpers.kafka_fakes import FakeLog
from tests.helpers.log_fakes import FakeAdmin, FakeFollower

FULL, EMPTY = Place("t", 0), Place("t", 1)
COMMITS = {FULL: 7}


def a_log(records: int) -> FakeLog:
    """Make a log of one full partition and an empty one."""
    log = FakeLog(places={FULL: [], EMPTY: []})
    for number in range(records):
        log.append(FULL, None, b"%d" % number)
    return log


def read(client: FakeFollower, starts: dict[Place, int]) -> list[bytes | None]:
    """Read to where the log ends now."""
    ends = {place: len(client.log.places[place]) for place in starts}

    async def collect() -> list[Record]:
        between = log_reader.read_between(client, starts, ends)
        return [record async for batch in between for record in batch]

    return [record.value for record in asyncio.run(collect())]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no bound take its time."""
    monkeypatch.setattr(bounded, "STOP_SECONDS", 0.01)
    monkeypatch.setattr(groups, "POLL_SECONDS", 0.0)


def test_partitions_without_anything_to_read_are_never_assigned() -> None:
    """A client that is stopped right after an assignment would hang in its stop."""
    client = FakeFollower(a_log(0))

    assert read(client, {FULL: 0, EMPTY: 0}) == []
    assert client.followed == []


def test_reading_takes_what_is_wanted_and_leaves_out_the_rest() -> None:
    """From the start that was given, and no partition that is at its end."""
    client = FakeFollower(a_log(4))

    assert read(client, {FULL: 2, EMPTY: 0}) == [b"2", b"3"]
    assert client.followed == [{FULL: 2}]


def test_records_that_come_while_reading_are_left_out() -> None:
    """Else a flood would never let it end."""
    log = a_log(2)

    class Flooded(FakeFollower):
        async def poll(self) -> list[Record]:
            self.log.append(FULL, None, b"late")
            return await super().poll()

    assert read(Flooded(log), {FULL: 0}) == [b"0", b"1"]


def test_a_mark_at_the_end_is_passed_without_a_record() -> None:
    """Kafka gives no record where a transaction has its mark."""
    client = FakeFollower(a_log(3))
    client.marks = {2}

    assert read(client, {FULL: 0}) == [b"0", b"1"]


def test_a_log_that_gives_nothing_more_is_a_fault_and_no_wait_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The broker went away in the middle."""
    client = FakeFollower(a_log(3))
    client.broken = True
    times = itertools.count(0.0, log_reader.STALL_SECONDS / 2)
    monkeypatch.setattr(log_reader, "monotonic", lambda: next(times))

    with pytest.raises(BrokerError, match="no record came for 20 s"):
        read(client, {FULL: 0})


def test_who_takes_a_batch_may_take_longer_than_the_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Deciding and storing a batch is no silence of the broker."""
    client = FakeFollower(a_log(3))
    client.marks = {1}
    now = [0.0]
    monkeypatch.setattr(log_reader, "monotonic", lambda: now[0])

    async def collect() -> list[bytes | None]:
        found: list[bytes | None] = []
        async for batch in log_reader.read_between(client, {FULL: 0}, {FULL: 3}):
            found += [record.value for record in batch]
            now[0] += 10 * log_reader.STALL_SECONDS
        return found

    assert asyncio.run(collect()) == [b"0", b"2"]


class Raw:
    """A client of aiokafka that says what it was made with, and what was done."""

    made: ClassVar[list["Raw"]] = []

    def __init__(self, **settings: object) -> None:
        self.settings = settings
        self.open = False
        self.made.append(self)

    async def start(self) -> None:
        """Connect."""
        self.open = True

    async def stop(self) -> None:
        """Disconnect."""
        self.open = False

    close = stop


def test_a_reader_never_goes_on_elsewhere_when_records_were_deleted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The client's own ways are to jump to the end, or to where the log begins now."""
    monkeypatch.setattr(Raw, "made", [])
    monkeypatch.setattr(log_client, "AIOKafkaConsumer", Raw)
    monkeypatch.setattr(log_client, "AIOKafkaAdminClient", Raw)

    async def connect() -> list[bool]:
        async with LogClient.connected("nowhere:1"):
            return [one.open for one in Raw.made]

    assert asyncio.run(connect()) == [True, True]
    assert [one.open for one in Raw.made] == [False, False]
    assert [one.settings.get("auto_offset_reset") for one in Raw.made][-1] == "none"


Ask = Callable[[FakeAdmin], object]


def of_places(admin: FakeAdmin) -> dict[Place, int]:
    """Ask for the commits of two partitions by name."""
    return asyncio.run(groups.committed(admin, "g", [FULL, EMPTY]))


def of_all(admin: FakeAdmin) -> dict[Place, int]:
    """Ask for all commits."""
    return asyncio.run(groups.committed(admin, "g"))


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("ask", [of_places, of_all])
@pytest.mark.parametrize("loading", [0, 1, 4])
def test_commits_are_asked_for_until_the_broker_has_loaded_them(
    ask: Ask, loading: int
) -> None:
    """While it loads, aiokafka gives none, as if nothing had been committed."""
    assert ask(FakeAdmin(COMMITS, loading)) == COMMITS


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("ask", [of_places, of_all])
def test_a_group_that_never_committed_has_nothing(ask: Ask) -> None:
    """That is an answer, too; nobody waits for another."""
    assert ask(FakeAdmin({})) == {}


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    "error", [GroupCoordinatorNotAvailableError(), NotCoordinatorForGroupError()]
)
def test_a_group_without_a_coordinator_yet_is_asked_again(error: Exception) -> None:
    """A cluster that has just started elects one."""
    admin = FakeAdmin(COMMITS, loading=3)
    admin.error = error

    assert of_places(admin) == COMMITS


@pytest.mark.usefixtures("hurried")
def test_members_are_counted_once_the_coordinator_knows_them() -> None:
    """No member is what a loading broker says of every group."""
    admin = FakeAdmin(COMMITS, loading=2)
    admin.joined = 3

    assert asyncio.run(groups.members(admin, "g")) == 3


@pytest.mark.usefixtures("hurried")
def test_a_coordinator_that_stays_away_is_named_in_the_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An operator reads what was waited for."""
    monkeypatch.setattr(bounded, "ANSWER_SECONDS", 0.01)

    with pytest.raises(BrokerError, match="TimeoutError, waiting for the coordinator"):
        of_places(FakeAdmin(COMMITS, loading=10**9))


@pytest.mark.usefixtures("hurried")
def test_another_fault_of_the_broker_is_not_waited_for() -> None:
    """It is told at once."""
    admin = FakeAdmin(COMMITS, loading=1)
    admin.error = KafkaConnectionError()

    with pytest.raises(BrokerError, match="KafkaConnectionError"):
        of_places(admin)


class Deaf:
    """A client whose stop swallows some cancellations, or fails."""

    def __init__(self, deaf: int = 0, error: Exception | None = None) -> None:
        self.deaf = deaf
        self.error = error
        self.stopped = False

    async def stop(self) -> None:
        """Wait for what never comes."""
        if self.error is not None:
            raise self.error
        for _ in range(self.deaf):
            try:
                await asyncio.sleep(5)
            except asyncio.CancelledError:
                continue
        self.stopped = True


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("deaf", [0, 1])
def test_a_client_that_loses_a_cancellation_is_stopped_by_the_next(deaf: int) -> None:
    """The rest of its stop, which closes connections, is still done."""

    async def stop() -> bool:
        client = Deaf(deaf)
        await bounded.stop_client(client)
        return client.stopped

    assert asyncio.run(stop())


@pytest.mark.usefixtures("hurried")
def test_a_client_that_never_stops_is_left_behind_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The command ends; the log says why a connection is still there."""
    client = Deaf(2)

    asyncio.run(bounded.stop_client(client))

    assert "does not stop" in caplog.text


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("error", [KafkaError(), ConnectionResetError()])
def test_a_broker_that_is_away_at_the_end_changes_nothing(error: Exception) -> None:
    """What was read was read."""
    client = Deaf(error=error)

    asyncio.run(bounded.stop_client(client))

    assert not client.stopped


@pytest.mark.usefixtures("hurried")
def test_a_bug_in_a_stop_is_not_hidden() -> None:
    """It is no fault of the world."""
    with pytest.raises(ZeroDivisionError):
        asyncio.run(bounded.stop_client(Deaf(error=ZeroDivisionError())))
