"""State and position in one transaction; the store is the authority on position."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Concatenate, NoReturn, ParamSpec, TypeVar

from sqlalchemy import Connection, and_, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from qppflow.runtime.faults import FencedError, StopServiceError, StoreError
from qppflow.runtime.records import Place
from qppflow.runtime.store_tables import Claim, LogView, Move, connect, tables

P = ParamSpec("P")
T = TypeVar("T")

# Fewer than the 32,766 variables of an SQLite statement.
LARGEST_QUERY = 10_000


class Store:
    """The memory of one service, in SQLite or PostgreSQL by URL."""

    def __init__(self, url: str, service: str) -> None:
        self.remedy = f"qppflow state rebuild {service}"
        self._tables = tables(service)
        self._engine = connect(url)
        self._insert = (
            sqlite.insert
            if self._engine.dialect.name == "sqlite"
            else postgresql.insert
        )

    async def open(self) -> None:
        """Create what is missing.

        Raises:
            StoreError: The database cannot be reached; try again later.
        """
        await self._run(self._tables.metadata.create_all, self._engine)

    async def close(self) -> None:
        """Close the connections."""
        await asyncio.to_thread(self._engine.dispose)

    async def claim(self, place: Place, view: LogView) -> Claim:
        """Take a partition: raise its epoch and give the position to go on from.

        Raises:
            StopServiceError: The store and the log do not belong together.
            StoreError: The database did not answer.
        """
        return await self._transact(self._claim, place, view)

    async def load(
        self, subjects: Iterable[str], claims: Mapping[Place, Claim]
    ) -> dict[str, bytes]:
        """Give the stored states of many subjects, in one query.

        A zombie must not even read: it would decide an old record on a newer state
        and send a second, different event under an id that exists already.

        Raises:
            FencedError: A partition has another owner, or is not where we are.
            StoreError: The database did not answer.
        """
        return await self._transact(self._load, list(subjects), claims)

    async def save(self, moves: Sequence[Move], states: Mapping[str, bytes]) -> None:
        """Move positions and write states, both or neither.

        Raises:
            FencedError: A partition has another owner; nothing was written.
            StoreError: The database did not answer; whether it wrote is unknown.
        """
        await self._transact(self._save, sorted(moves), states)

    async def restart(self, starts: Mapping[Place, int], cluster_id: str) -> None:
        """Forget all states and go to the given positions, with epochs raised."""
        await self._transact(self._restart, starts, cluster_id)

    async def page(self, after: str, count: int) -> list[tuple[str, bytes]]:
        """Give up to *count* states in the order of subjects, for snapshots."""
        return await self._transact(self._page, after, count)

    async def _transact(
        self,
        work: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        def transact() -> T:
            with self._engine.begin() as connection:
                return work(connection, *args, **kwargs)

        return await self._run(transact)

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        # In a thread, so that the heartbeats to Kafka go on meanwhile.
        try:
            return await asyncio.to_thread(work, *args, **kwargs)
        except SQLAlchemyError as error:
            # The message may quote a row; the class says enough.
            raise StoreError(type(error).__name__) from None

    def _claim(self, connection: Connection, place: Place, view: LogView) -> Claim:
        table = self._tables.positions
        here = and_(table.c.topic == place.topic, table.c.partition == place.partition)
        found = connection.execute(
            select(table.c.position, table.c.cluster_id).where(here).with_for_update()
        ).one_or_none()
        if found is None:
            if view.committed is not None:
                self._refuse("no position while Kafka has a commit")
            if view.bounds.low > 0:
                self._refuse("no position, and the log's beginning is deleted")
            row = {
                "topic": place.topic,
                "partition": place.partition,
                "epoch": 0,
                "position": view.bounds.low,
                "cluster_id": view.cluster_id,
            }
            insert = self._insert(table).values(row)
            connection.execute(insert.on_conflict_do_nothing())
        else:
            self._compare(found.position, found.cluster_id, view)
        raised = connection.execute(
            update(table)
            .where(here)
            .values(epoch=table.c.epoch + 1)
            .returning(table.c.epoch, table.c.position)
        ).one()
        return Claim(raised.epoch, raised.position)

    def _compare(self, position: int, cluster_id: str, view: LogView) -> None:
        if cluster_id != view.cluster_id:
            self._refuse("the store belongs to another cluster")
        if not view.bounds.low <= position <= view.bounds.high:
            self._refuse("the position is outside the log")

    def _refuse(self, reason: str) -> NoReturn:
        raise StopServiceError(reason, self.remedy)

    def _load(
        self,
        connection: Connection,
        wanted: list[str],
        claims: Mapping[Place, Claim],
    ) -> dict[str, bytes]:
        table = self._tables.states
        found: dict[str, bytes] = {}
        for first in range(0, len(wanted), LARGEST_QUERY):
            part = wanted[first : first + LARGEST_QUERY]
            rows = connection.execute(
                select(table.c.subject, table.c.state).where(table.c.subject.in_(part))
            )
            found.update((subject, state) for subject, state in rows)
        # After the states: an owner raises the epoch before it writes any.
        self._check(connection, claims)
        return found

    def _check(self, connection: Connection, claims: Mapping[Place, Claim]) -> None:
        table = self._tables.positions
        rows = connection.execute(
            select(
                table.c.topic, table.c.partition, table.c.epoch, table.c.position
            ).where(table.c.topic.in_({place.topic for place in claims}))
        )
        now = {Place(row[0], row[1]): Claim(row[2], row[3]) for row in rows}
        for place, claim in claims.items():
            if now.get(place) != claim:
                raise FencedError(place)

    def _save(
        self,
        connection: Connection,
        moves: list[Move],
        states: Mapping[str, bytes],
    ) -> None:
        table = self._tables.positions
        for move in moves:
            moved = connection.execute(
                update(table)
                .where(
                    table.c.topic == move.place.topic,
                    table.c.partition == move.place.partition,
                    table.c.epoch == move.epoch,
                    table.c.position == move.start,
                )
                .values(position=move.end)
            )
            if moved.rowcount != 1:
                raise FencedError(move.place)
        if states:
            self._write(connection, states)

    def _write(self, connection: Connection, states: Mapping[str, bytes]) -> None:
        table = self._tables.states
        insert = self._insert(table)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=[table.c.subject],
                set_={"state": insert.excluded.state},
            ),
            # Sorted, so that two writers in PostgreSQL lock rows in one order.
            [{"subject": name, "state": states[name]} for name in sorted(states)],
        )

    def _restart(
        self, connection: Connection, starts: Mapping[Place, int], cluster_id: str
    ) -> None:
        table = self._tables.positions
        connection.execute(delete(self._tables.states))
        for place, position in sorted(starts.items()):
            insert = self._insert(table).values(
                topic=place.topic,
                partition=place.partition,
                epoch=1,
                position=position,
                cluster_id=cluster_id,
            )
            connection.execute(
                insert.on_conflict_do_update(
                    index_elements=[table.c.topic, table.c.partition],
                    set_={
                        "epoch": table.c.epoch + 1,
                        "position": position,
                        "cluster_id": cluster_id,
                    },
                )
            )

    def _page(
        self, connection: Connection, after: str, count: int
    ) -> list[tuple[str, bytes]]:
        table = self._tables.states
        rows = connection.execute(
            select(table.c.subject, table.c.state)
            .where(table.c.subject > after)
            .order_by(table.c.subject)
            .limit(count)
        )
        return [(subject, state) for subject, state in rows]
