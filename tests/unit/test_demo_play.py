"""The demonstration plays its messages, waits until all is done, and counts."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

import pytest
from aiokafka.errors import KafkaConnectionError

from qppflow.cli import demo as command
from qppflow.cli.exits import Exit
from qppflow.demo import play as playing
from qppflow.demo import sending
from qppflow.demo.latest import Latest
from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message
from qppflow.demo.play import LOOK_SECONDS, STALL_SECONDS, Outcome, StalledError, play
from qppflow.demo.stages import SHOWN, Stage, Stages, drained
from qppflow.demo.tally import Conservation
from qppflow.local.errors import LocalError
from qppflow.local.processes import ProcessId
from qppflow.local.stack_plan import StackConfig
from qppflow.local.status import SupervisorStatus
from qppflow.runtime import contracts
from qppflow.runtime.contracts import Names
from qppflow.runtime.events import encode
from qppflow.runtime.faults import BrokerError
from qppflow.runtime.records import Place, Record
from tests.helpers.cli import accepted, put, run, too_wide
from tests.helpers.kafka_fakes import FakeLog

PREFIX = "try-"
NAMES = Names(PREFIX)
MESSAGES = [
    Message(SUBMISSIONS, b"k", b"{}", (("ce_id", b"1"),), "submission"),
    Message(SUBMISSIONS, None, b"{", (), "undecipherable"),
    Message(FEEDS, None, b"{}", (), "feed"),
]


def place(topic: str, partition: int = 0) -> Place:
    """Name a partition as the broker does."""
    return Place(NAMES.physical(topic), partition)


class FakeReader:
    """Reads a log as the real reader does; groups have done all, or nothing."""

    def __init__(self, log: FakeLog) -> None:
        self.log = log
        self.done = False

    async def ends(self, places: Iterable[Place]) -> dict[Place, int]:
        """Give the end of each partition."""
        return {spot: len(self.log.places.get(spot, [])) for spot in places}

    async def committed(self, _group: str) -> dict[Place, int]:
        """Give what groups have committed."""
        return await self.ends(self.log.places) if self.done else {}

    async def read_topic(
        self, name: str, starts: Mapping[Place, int]
    ) -> AsyncIterator[list[Record]]:
        """Give the records of a topic behind *starts*."""
        for spot, start in starts.items():
            assert spot.topic == name
            yield self.log.places.get(spot, [])[start:]


@dataclass
class World:
    """A stream in memory: each step runs when somebody sleeps, and time passes."""

    log: FakeLog = field(default_factory=FakeLog)
    steps: list[Callable[[], object]] = field(default_factory=list)
    time: float = 100.0
    shown: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the reader of the log."""
        self.reader = FakeReader(self.log)

    def now(self) -> float:
        """Give the time."""
        return self.time

    def monotonic(self) -> float:
        """Give the time."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Let time pass and the stream do its next step."""
        self.time += seconds
        await asyncio.sleep(0)
        if self.steps:
            self.steps.pop(0)()

    def show(self, _stages: list[Stage], seconds: float) -> None:
        """Note when something was shown."""
        self.shown.append(seconds)

    def finish(self) -> None:
        """Have every group commit all it reads."""
        self.reader.done = True

    async def send(
        self,
        _servers: str,
        messages: Iterable[Message],
        names: Names,
        sent: Callable[[int], None],
    ) -> int:
        """Put messages into the log, the first partition of each topic."""
        taken = list(messages)
        for message in taken:
            spot = Place(names.physical(message.topic), 0)
            self.log.append(spot, message.key, message.value, message.headers)
        sent(len(taken))
        return len(taken)

    def answer(self, topic: str, offset: int, fate: str) -> None:
        """Answer one record of an input topic."""
        origin = f"{NAMES.physical(topic)}/0/{offset}"
        payload: dict[str, Any] = {
            "fate": fate,
            "effect": None,
            "submission": {"origin": origin},
            "findings": [],
        }
        self.log.append(place("qpp-submission-results"), None, encode(payload))

    def park(self, topic: str, offset: int) -> None:
        """Park one record of an input topic."""
        origin = f"{NAMES.physical(topic)}/0/{offset}".encode()
        letter = (("dlq-place", origin),)
        self.log.append(place("qpp-dead-letters"), None, b"{", letter)

    def publish(self, topic: str, subject: str, revision: int, partition: int) -> None:
        """Publish a revision of a score or payment."""
        payload = {"subject": subject, "program": "mips", "revision": revision}
        headers = (("ce_type", b"qppflow.final-score.v1"),)
        self.log.append(place(topic, partition), None, encode(payload), headers)

    def play(self) -> Outcome:
        """Play the messages."""
        return asyncio.run(play("nowhere:1", MESSAGES, self, self.show, PREFIX))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Give a stream in memory, in place of Kafka."""
    made = World()

    @asynccontextmanager
    async def connected(_servers: str) -> AsyncIterator[FakeReader]:
        yield made.reader

    monkeypatch.setattr("qppflow.demo.play.AioLogReader.connected", connected)
    monkeypatch.setattr(playing, "send", made.send)
    return made


def test_a_run_ends_by_itself_and_counts_what_came_of_it(world: World) -> None:
    """Records from before the run are none of its own."""
    world.log.append(place(SUBMISSIONS), None, b"before")
    world.steps = [
        lambda: world.answer(SUBMISSIONS, 1, "accepted"),
        lambda: world.park(SUBMISSIONS, 2),
        lambda: world.answer(FEEDS, 0, "rejected"),
        world.finish,
    ]

    found = world.play()

    assert found.conservation == Conservation(3, 1, 1, 1, (), (), ())
    assert found.conservation.holds
    assert found.effects == {"accepted": 1, "rejected": 1}
    assert [s.records for s in found.stages if s.topic in {SUBMISSIONS, FEEDS}] == [
        2,
        1,
    ]
    assert drained(found.stages)
    assert not world.steps
    assert found.seconds == world.shown[-1] == world.time - 100.0


def test_a_dropped_record_is_found(world: World) -> None:
    """All groups say they are done, and one answer is missing all the same."""
    world.steps = [
        lambda: world.answer(SUBMISSIONS, 0, "accepted"),
        lambda: world.answer(FEEDS, 0, "accepted"),
        world.finish,
    ]

    found = world.play()

    assert found.conservation.lost == (f"{PREFIX}{SUBMISSIONS}/0/1",)
    assert not found.conservation.holds


def test_the_latest_revision_of_each_subject_counts(world: World) -> None:
    """Partitions are read one after the other, so order alone decides nothing."""
    world.finish()
    for revision, partition in ((2, 0), (3, 1), (1, 2)):
        publish = partial(world.publish, "qpp-final-scores", "s", revision, partition)
        world.steps.append(publish)
    world.steps.append(lambda: world.publish("qpp-payment-adjustments", "p", 1, 0))
    world.steps.append(lambda: world.publish("qpp-eligibility", "e", 1, 0))

    found = world.play().latest

    event = {"subject": "s", "program": "mips", "revision": 3, "kind": "final-score.v1"}
    assert found.scores == {("s", "mips"): event}
    assert found.payments.keys() == {"p"}
    assert found.eligibility.keys() == {"e"}


def test_a_quiet_moment_is_not_the_end(world: World) -> None:
    """What appears after one empty look is waited for."""
    world.finish()
    world.steps = [
        lambda: None,
        lambda: world.answer(SUBMISSIONS, 0, "accepted"),
        lambda: None,
        lambda: world.answer(SUBMISSIONS, 1, "accepted"),
    ]

    found = world.play()

    assert not world.steps
    assert found.conservation.accepted == 2


def test_a_stream_that_stands_still_is_given_up(world: World) -> None:
    """The message names the topics that wait."""
    with pytest.raises(StalledError, match=f"{SUBMISSIONS}: 2, {FEEDS}: 1"):
        world.play()

    assert STALL_SECONDS < world.shown[-1] < STALL_SECONDS + 3 * LOOK_SECONDS


def test_movement_puts_the_end_off(world: World) -> None:
    """A slow stream is not a dead one."""
    pause = [lambda: None] * int(STALL_SECONDS / LOOK_SECONDS - 2)
    world.steps = [
        *pause,
        lambda: world.answer(SUBMISSIONS, 0, "accepted"),
        *pause,
        world.finish,
    ]

    assert world.play().conservation.accepted == 1
    assert world.time - 100.0 > STALL_SECONDS


def test_who_cannot_send_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends with the sender's error, not with a balance of nothing."""

    async def refuse(*_arguments: object) -> int:
        message = "gone"
        raise BrokerError(message)

    monkeypatch.setattr(playing, "send", refuse)

    with pytest.raises(BrokerError, match="gone"):
        world.play()


def test_a_sender_that_hangs_is_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent after the run was given up."""
    ended: list[str] = []

    async def hang(*_arguments: object) -> int:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")
        return 0

    monkeypatch.setattr(playing, "send", hang)

    async def give_up() -> list[str]:
        with pytest.raises(StalledError):
            await play("nowhere:1", MESSAGES, world, world.show, PREFIX)
        await asyncio.sleep(0)
        return list(ended)

    assert asyncio.run(give_up()) == ["cancelled"]


def test_stages_tell_what_each_topics_slowest_reader_has_to_do() -> None:
    """A group that has gone on since the end was read makes up for no other."""

    class Slow(FakeReader):
        async def committed(self, _group: str) -> dict[Place, int]:
            return {place(SUBMISSIONS, 0): 9, place(SUBMISSIONS, 1): 1}

    log = FakeLog()
    stages = Stages(Slow(log), contracts.topics(), NAMES)  # type: ignore[arg-type]  # a fake
    asyncio.run(stages.begin())
    for partition, count in ((0, 5), (1, 4), (2, 2)):
        for _ in range(count):
            log.append(place(SUBMISSIONS, partition), None, b"")

    first, *others = asyncio.run(stages.now())

    assert first == Stage(SUBMISSIONS, SHOWN[SUBMISSIONS], 11, 3 + 2)
    assert not any(stage.records for stage in others)
    assert not drained([first])
    assert drained(others)


class FakeAioProducer:
    """What aiokafka offers a sender; the test says where it fails."""

    made: "list[FakeAioProducer]"
    fails: str = ""

    def __init__(self, **settings: object) -> None:
        self.settings = settings
        self.sent: list[tuple[object, ...]] = []
        self.stopped = False
        self.made.append(self)

    async def start(self) -> None:
        """Connect."""
        if self.fails == "start":
            raise KafkaConnectionError

    async def send(
        self,
        topic: str,
        value: bytes | None,
        *,
        key: bytes | None,
        headers: list[tuple[str, bytes | None]],
    ) -> "asyncio.Future[object]":
        """Take a record, and acknowledge it."""
        self.sent.append((topic, key, value, headers))
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        if self.fails == "send":
            future.set_exception(KafkaConnectionError())
        else:
            future.set_result(None)
        return future

    async def stop(self) -> None:
        """Disconnect."""
        self.stopped = True


@pytest.fixture
def producer(monkeypatch: pytest.MonkeyPatch) -> type[FakeAioProducer]:
    """Give the producer that is used in place of aiokafka's."""

    class Fresh(FakeAioProducer):
        made: "list[FakeAioProducer]" = []  # noqa: RUF012 - one list for one test

    monkeypatch.setattr(sending, "AIOKafkaProducer", Fresh)
    monkeypatch.setattr(sending, "WINDOW", 2)
    return Fresh


def test_messages_are_sent_in_order_and_acknowledged(
    producer: type[FakeAioProducer],
) -> None:
    """By the deployment's names, and never more than a window ahead."""
    told: list[int] = []

    count = asyncio.run(sending.send("host:1", MESSAGES, NAMES, told.append))

    [used] = producer.made
    assert (count, told) == (3, [2, 3])
    assert used.sent == [
        (NAMES.physical(m.topic), m.key, m.value, list(m.headers)) for m in MESSAGES
    ]
    assert used.settings["acks"] == "all"
    assert used.stopped


@pytest.mark.parametrize("where", ["start", "send"])
def test_a_broker_that_is_away_is_told_and_left(
    producer: type[FakeAioProducer], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The connection is given back all the same."""
    monkeypatch.setattr(producer, "fails", where)

    with pytest.raises(BrokerError, match="KafkaConnectionError"):
        asyncio.run(sending.send("host:1", MESSAGES, NAMES, lambda _count: None))

    assert producer.made[0].stopped


class FakeStack:
    """A stack that starts nothing; it keeps what it was asked for."""

    asked: "list[StackConfig]"
    error: LocalError | None = None
    bootstrap_servers = "host:1"

    def __init__(self, config: StackConfig, say: Callable[[str], None]) -> None:
        self.asked.append(config)
        say("starting [nothing]")

    def __enter__(self) -> Self:
        """Start."""
        if self.error is not None:
            raise self.error
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop."""


@dataclass
class Theatre:
    """What the command was given to play, and what it gets back."""

    outcome: Outcome | Exception
    stack: type[FakeStack]
    played: list[Message] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)


def outcome(*, lost: tuple[str, ...] = ()) -> Outcome:
    """Make the outcome of a run of one record."""
    balance = Conservation(1, 0 if lost else 1, 0, 0, lost, (), ())
    return Outcome(balance, [], {"applied": 1}, Latest(), [], 1.0)


@pytest.fixture
def theatre(monkeypatch: pytest.MonkeyPatch) -> Theatre:
    """Give the command a stack and a run that need no Kafka."""

    class Fresh(FakeStack):
        asked: "list[StackConfig]" = []  # noqa: RUF012 - one list for one test

    made = Theatre(outcome(), Fresh)

    async def pretend(
        _servers: str,
        messages: Iterable[Message],
        _clock: object,
        show: Callable[[list[Stage], float], None],
        prefix: str,
    ) -> Outcome:
        made.played += messages
        made.prefixes.append(prefix)
        show([], 0.0)
        if isinstance(made.outcome, Exception):
            raise made.outcome
        return made.outcome

    for name in ("QPPFLOW_BOOTSTRAP_SERVERS", "QPPFLOW_TOPIC_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(command, "Stack", Fresh)
    monkeypatch.setattr(command, "play", pretend)
    return made


def test_the_command_plays_a_population_and_says_how_to_go_on(
    theatre: Theatre, tmp_path: Path
) -> None:
    """The same seed, the same population."""
    state = tmp_path / "s"

    ended = run("demo", "--size", 3, "--seed", 5, "--processes", 1, "--state", state)

    assert ended.exit_code == Exit.OK
    assert "1 received = 1 accepted + 0 rejected + 0 parked: holds" in ended.stdout
    assert "qppflow submit FILE --source URI" in ended.stdout
    assert "starting [nothing]" in ended.stderr
    assert too_wide(ended.stdout) == []
    assert theatre.stack.asked[0] == StackConfig(state=state, processes=1)
    assert theatre.prefixes == [""]
    first = list(theatre.played)
    theatre.played.clear()
    run("demo", "--size", 3, "--seed", 5, "--state", state, "--json")
    assert theatre.played == first


def test_a_lost_record_fails_the_command(theatre: Theatre, tmp_path: Path) -> None:
    """What was promised does not hold, so the exit code is not 0."""
    theatre.outcome = outcome(lost=("qpp-submissions/0/0",))

    ended = run("demo", "--size", 1, "--state", tmp_path / "s", "--json")

    assert ended.exit_code == Exit.NOT_ACCEPTED
    found = json.loads(ended.stdout)
    assert found["conservation"] is False
    assert found["lost"] == ["qpp-submissions/0/0"]


def test_documents_of_a_folder_are_played_instead(
    theatre: Theatre, tmp_path: Path
) -> None:
    """Each once, the first one too."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    put(folder, "a.json", accepted())
    put(folder, "b.json", accepted(2024))

    ended = run("demo", "--input", folder, "--state", tmp_path / "s")

    assert ended.exit_code == Exit.OK
    assert [json.loads(m.value or b"")["performanceYear"] for m in theatre.played] == [
        2025,
        2024,
    ]


def test_a_folder_without_documents_is_told_before_anything_starts(
    theatre: Theatre, tmp_path: Path
) -> None:
    """And before what the last run left is deleted."""
    state = ours(tmp_path / "s", "kafka")

    ended = run("demo", "--input", tmp_path / "missing", "--state", state)

    assert ended.exit_code == Exit.USAGE
    assert "No such file" in " ".join(ended.stderr.split())
    assert theatre.stack.asked == []
    assert (state / "kafka").is_dir()


@pytest.mark.parametrize("error", [BrokerError("away"), StalledError("still")])
def test_a_stream_that_does_not_answer_has_its_own_exit_code(
    theatre: Theatre, tmp_path: Path, error: Exception
) -> None:
    """It says nothing about the documents."""
    theatre.outcome = error

    ended = run("demo", "--size", 1, "--state", tmp_path / "s")

    assert ended.exit_code == Exit.UNREACHABLE
    assert str(error) in ended.stderr
    assert not ended.stdout


def test_a_stack_that_does_not_start_has_the_same(
    theatre: Theatre, tmp_path: Path
) -> None:
    """Its text says what to do."""
    theatre.stack.error = LocalError("no room")

    ended = run("demo", "--size", 1, "--state", tmp_path / "s")

    assert ended.exit_code == Exit.UNREACHABLE
    assert "no room" in ended.stderr
    assert theatre.played == []


@pytest.mark.parametrize("given", ["", "mine-"])
def test_each_run_on_a_given_kafka_has_topics_of_its_own(
    theatre: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    """Unless a prefix was given: then that one is used."""
    monkeypatch.setenv("QPPFLOW_BOOTSTRAP_SERVERS", "elsewhere:9092")
    monkeypatch.setenv("QPPFLOW_TOPIC_PREFIX", given)

    for _ in range(2):
        run("demo", "--size", 1, "--state", tmp_path / "s")

    first, second = theatre.prefixes
    assert [config.topic_prefix for config in theatre.stack.asked] == [first, second]
    if given:
        assert first == second == given
    else:
        assert first != second
        assert first.startswith("demo-")


def ours(folder: Path, *names: str) -> Path:
    """Make a folder as a stack leaves it."""
    folder.mkdir()
    (folder / ".gitignore").write_bytes(b"*\n")
    for name in names:
        (folder / name).mkdir()
    return folder


@pytest.mark.parametrize("names", [[], ["kafka", "logs"], ["stack.json", "keys"]])
def test_what_a_run_left_is_forgotten(tmp_path: Path, names: list[str]) -> None:
    """With a Kafka of its own, with one elsewhere, or after a start that failed."""
    state = ours(tmp_path / "s", *names)

    command.make_fresh(state)

    assert not state.exists()


def test_an_empty_or_missing_folder_is_fresh(tmp_path: Path) -> None:
    """There is nothing to lose in it."""
    (tmp_path / "empty").mkdir()

    command.make_fresh(tmp_path / "empty")
    command.make_fresh(tmp_path / "missing")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("note", [None, b"*\n", b"*.pyc\n"])
def test_a_folder_of_somebody_else_is_left_alone(
    tmp_path: Path, note: bytes | None
) -> None:
    """Neither a folder named kafka nor a note that ignores all is enough alone."""
    state = tmp_path / "project"
    state.mkdir()
    (state / "work.txt").write_text("precious")
    if note is not None:
        (state / ".gitignore").write_bytes(note)
    if note != b"*\n":
        (state / "kafka").mkdir()

    with pytest.raises(LocalError, match="nothing was deleted"):
        command.make_fresh(state)

    assert (state / "work.txt").read_text() == "precious"


def test_a_file_in_the_folders_place_is_left_alone(
    theatre: Theatre, tmp_path: Path
) -> None:
    """The command says so instead of failing."""
    state = put(tmp_path, "s", "precious")

    ended = run("demo", "--size", 1, "--state", state)

    assert ended.exit_code == Exit.UNREACHABLE
    assert state.read_text() == "precious"
    assert theatre.stack.asked == []


@pytest.mark.parametrize("alive", [True, False])
def test_a_stream_that_runs_is_left_alone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    alive: bool,  # noqa: FBT001 - a parameter of pytest's
) -> None:
    """The message says how to stop it; one that has ended is in nobody's way."""
    state = ours(tmp_path / "s", "kafka")
    status = SupervisorStatus(ProcessId(1, "x"), alive, ())
    monkeypatch.setattr(command, "read_status", lambda _state: status)

    if alive:
        with pytest.raises(LocalError, match="runs: qppflow down --state"):
            command.make_fresh(state)
    else:
        command.make_fresh(state)

    assert state.exists() is alive
