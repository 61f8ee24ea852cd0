"""The two tables of a service with memory; no other service may touch them."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from qppflow.runtime.ports import Bounds
from qppflow.runtime.records import Place


class LogView(NamedTuple):
    """What Kafka says of a partition when it is claimed."""

    cluster_id: str
    committed: int | None
    bounds: Bounds


class Claim(NamedTuple):
    """The right to write a partition's state, until somebody raises the epoch."""

    epoch: int
    position: int


class Move(NamedTuple):
    """One partition's step from ``start`` to ``end``, under an epoch."""

    place: Place
    epoch: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tables:
    """``positions``: one row a partition. ``states``: one row a subject."""

    metadata: MetaData
    positions: Table
    states: Table


def tables(service: str) -> Tables:
    """Describe the tables of one service; their names carry their owner's."""
    metadata = MetaData()
    positions = Table(
        f"{service}_positions",
        metadata,
        Column("topic", String(249), primary_key=True),
        Column("partition", Integer, primary_key=True, autoincrement=False),
        Column("epoch", BigInteger, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("cluster_id", String(64), nullable=False),
    )
    states = Table(
        f"{service}_states",
        metadata,
        Column("subject", String(200), primary_key=True),
        Column("state", LargeBinary, nullable=False),
    )
    return Tables(metadata, positions, states)


def connect(url: str) -> Engine:
    """Open a database by its URL; every wait in it has a bound.

    SQLite keeps one file a service, in WAL mode. ``synchronous=NORMAL`` may forget
    the last transactions when the machine loses power, but state and position go
    back together, so the log makes the same events again.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 5})
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    bounds = "-c statement_timeout=15000 -c lock_timeout=10000"
    return create_engine(
        url,
        pool_size=2,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": bounds},
    )


def _configure_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN is deferred: two writers would deadlock at COMMIT.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
