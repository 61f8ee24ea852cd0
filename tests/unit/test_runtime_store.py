"""The store's promises, on SQLite and on PostgreSQL alike."""

import asyncio
import os
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import pytest

from qppflow.local.postgres import LocalPostgres, PostgresSettings
from qppflow.local.postgres_files import closed_parts
from qppflow.runtime.faults import FencedError, StopServiceError, StoreError
from qppflow.runtime.ports import Bounds
from qppflow.runtime.records import Place
from qppflow.runtime.store import Store
from qppflow.runtime.store_tables import Claim, LogView, Move

T = TypeVar("T")
P0, P1 = Place("in", 0), Place("in", 1)
VIEW = LogView("cluster", None, Bounds(0, 100))


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a PostgreSQL for this module."""
    state = tmp_path_factory.mktemp("store")
    if os.geteuid() == 0:
        # PostgreSQL does not run as root, so others must be able to enter.
        for folder in closed_parts(state.parent):
            folder.chmod(0o711)
    with LocalPostgres(PostgresSettings(state=state, durable=False)) as server:
        yield server.url


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite3'}"
    found: str = request.getfixturevalue("postgres")
    return found


@pytest.fixture
def name() -> str:
    """Give a service name of the test's own, since PostgreSQL is shared."""
    return f"s{uuid4().hex[:12]}"


@pytest.fixture
def store(url: str, name: str) -> Iterator[Store]:
    """Open a store."""
    opened = Store(url, name)
    do(opened.open())
    yield opened
    do(opened.close())


def do(work: Coroutine[object, object, T]) -> T:
    """Run one step."""
    return asyncio.run(work)


def test_a_first_claim_starts_at_the_log_s_beginning(store: Store) -> None:
    """Epochs count from one."""
    assert do(store.claim(P0, VIEW)) == Claim(1, 0)


def test_a_first_claim_of_a_log_without_its_beginning_stops(
    store: Store, name: str
) -> None:
    """Kafka forgets a commit in time; what was known must not be forgotten with it."""
    view = VIEW._replace(bounds=Bounds(7, 100))

    with pytest.raises(StopServiceError, match="beginning is deleted") as stopped:
        do(store.claim(P0, view))

    assert stopped.value.remedy == f"qppflow state rebuild {name}"


def test_each_claim_raises_the_epoch_and_keeps_the_position(store: Store) -> None:
    """The newest claim is the owner's."""
    first = do(store.claim(P0, VIEW))
    do(store.save([Move(P0, first.epoch, 0, 5)], {}))

    assert do(store.claim(P0, VIEW._replace(committed=3))) == Claim(2, 5)


def test_state_and_position_move_together(store: Store) -> None:
    """Both are there afterwards, new and replaced."""
    claim = do(store.claim(P0, VIEW))
    do(store.save([Move(P0, 1, 0, 5)], {"a": b"1", "b": b"1"}))
    do(store.save([Move(P0, 1, 5, 9)], {"b": b"2", "c": b"\x00\xff"}))

    found = do(store.load(["a", "b", "c", "d"], {P0: Claim(claim.epoch, 9)}))

    assert found == {"a": b"1", "b": b"2", "c": b"\x00\xff"}


@pytest.mark.parametrize(
    "move", [Move(P1, 1, 0, 5), Move(P1, 2, 1, 5), Move(Place("in", 9), 1, 0, 5)]
)
def test_a_zombie_writes_nothing_at_all(store: Store, move: Move) -> None:
    """An old epoch, another position, no row: the other partition stays as well."""
    do(store.claim(P0, VIEW))
    do(store.claim(P1, VIEW))
    do(store.claim(P1, VIEW))

    with pytest.raises(FencedError) as fenced:
        do(store.save([Move(P0, 1, 0, 5), move], {"a": b"1"}))

    assert fenced.value.place == move.place
    assert do(store.load(["a"], {P0: Claim(1, 0)})) == {}


@pytest.mark.parametrize("claim", [Claim(1, 0), Claim(2, 5)])
def test_a_zombie_does_not_even_read(store: Store, claim: Claim) -> None:
    """It would decide an old record on a newer state."""
    do(store.claim(P0, VIEW))
    do(store.claim(P0, VIEW))

    with pytest.raises(FencedError):
        do(store.load(["a"], {P0: claim}))
    assert do(store.load(["a"], {P0: Claim(2, 0)})) == {}


def test_no_position_while_kafka_has_a_commit_stops(store: Store, name: str) -> None:
    """The store was lost; starting anew would send everything again."""
    with pytest.raises(StopServiceError, match="no position") as stopped:
        do(store.claim(P0, VIEW._replace(committed=4)))

    assert stopped.value.remedy == f"qppflow state rebuild {name}"


@pytest.mark.parametrize(
    "view",
    [
        VIEW._replace(cluster_id="another"),
        VIEW._replace(bounds=Bounds(6, 100)),
        VIEW._replace(bounds=Bounds(0, 4)),
    ],
)
def test_a_log_that_does_not_fit_stops(store: Store, view: LogView) -> None:
    """Another cluster, a log cut above the position, a log that ends before it."""
    do(store.claim(P0, VIEW))
    do(store.save([Move(P0, 1, 0, 5)], {}))

    with pytest.raises(StopServiceError):
        do(store.claim(P0, view))
    assert do(store.claim(P0, VIEW)) == Claim(2, 5)


def test_a_restart_forgets_states_and_fences_owners(store: Store) -> None:
    """A rebuild begins with nothing, under a new epoch."""
    do(store.claim(P0, VIEW))
    do(store.save([Move(P0, 1, 0, 5)], {"a": b"1"}))

    do(store.restart({P0: 2, P1: 3}, "new"))

    assert do(store.page("", 10)) == []
    with pytest.raises(FencedError):
        do(store.save([Move(P0, 1, 5, 6)], {}))
    view = VIEW._replace(cluster_id="new")
    assert do(store.claim(P0, view)) == Claim(3, 2)
    assert do(store.claim(P1, view)) == Claim(2, 3)


def test_many_states_are_loaded_and_paged(store: Store) -> None:
    """More than one statement may hold, and in the order of subjects."""
    do(store.claim(P0, VIEW))
    states = {f"k{number:05}": b"%d" % number for number in range(12_000)}
    do(store.save([Move(P0, 1, 0, 5)], states))

    assert do(store.load(states, {P0: Claim(1, 5)})) == states
    assert do(store.page("k00003", 2)) == [("k00004", b"4"), ("k00005", b"5")]


def test_two_owners_at_once_get_two_epochs(store: Store, url: str, name: str) -> None:
    """Claims that meet are put in a row by the database."""
    other = Store(url, name)

    async def both() -> set[int]:
        claims = [one.claim(P0, VIEW) for one in (store, other) for _ in range(5)]
        return {claim.epoch for claim in await asyncio.gather(*claims)}

    epochs = do(both())
    do(other.close())

    assert epochs == set(range(1, 11))


def test_services_do_not_share_tables(store: Store, url: str) -> None:
    """Each table has one owner, even in one database."""
    other = Store(url, f"s{uuid4().hex[:12]}")
    do(other.open())
    do(store.claim(P0, VIEW))
    do(store.save([Move(P0, 1, 0, 5)], {"a": b"1"}))

    assert do(other.claim(P0, VIEW)) == Claim(1, 0)
    assert do(other.load(["a"], {})) == {}
    do(other.close())


def test_the_database_works_in_another_thread(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else heartbeats would stop while a transaction waits."""
    seen: list[int] = []
    original = store._save  # noqa: SLF001 where the work is done is what is tested

    def spy(*args: object) -> None:
        seen.append(threading.get_ident())
        original(*args)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(store, "_save", spy)
    do(store.claim(P0, VIEW))
    do(store.save([Move(P0, 1, 0, 5)], {}))

    assert seen
    assert seen[0] != threading.get_ident()


@pytest.mark.parametrize(
    "gone",
    [
        "sqlite:////nowhere/at/all.sqlite3",
        "postgresql+psycopg://x:secret@127.0.0.1:1/x",
    ],
)
def test_a_database_away_is_a_fault_of_the_world(gone: str) -> None:
    """It is waited for, and its message shows no password."""
    away = Store(gone, "gone")

    with pytest.raises(StoreError) as fault:
        do(away.open())

    assert "secret" not in str(fault.value)
    assert fault.value.__cause__ is None
    do(away.close())
