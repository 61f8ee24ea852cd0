"""The pump of services with a memory: state and position move together.

The store is the authority on position; what Kafka has committed serves lag only. A
process whose epoch is not the newest (a zombie) changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from qppflow.runtime.faults import RuleBookMissingError, StopServiceError, WorldError
from qppflow.runtime.guard import Decided
from qppflow.runtime.memory import Memory, Recall
from qppflow.runtime.ports import Consumer
from qppflow.runtime.pump import Pump, Tools
from qppflow.runtime.records import Place, Record
from qppflow.runtime.store import Store
from qppflow.runtime.store_tables import Claim, LogView, Move

S = TypeVar("S")

log = structlog.get_logger()


@dataclass(slots=True)
class Held:
    """A claimed partition: under which epoch, and how far its state is."""

    epoch: int
    position: int


class StatefulPump(Pump, Generic[S]):
    """Claim, load, decide, send, save, commit."""

    def __init__(self, memory: Memory[S], store: Store, tools: Tools) -> None:
        super().__init__(tools)
        self._memory = memory
        self._store = store
        self._held: dict[Place, Held] = {}

    def forget(self, places: Iterable[Place]) -> None:
        """Drop claims too: the next batch of each partition claims it anew."""
        given = tuple(places)
        super().forget(given)
        for place in given:
            self._held.pop(place, None)

    def _give_back(
        self, runs: dict[Place, list[Record]], consumer: Consumer, error: WorldError
    ) -> None:
        # Whether the store has written is unknown, so each partition is claimed anew.
        for place in runs:
            self._held.pop(place, None)
        super()._give_back(runs, consumer, error)

    async def _handle(
        self, runs: dict[Place, list[Record]], consumer: Consumer
    ) -> None:
        held, ready = await self._ours(runs, consumer)
        if not ready:
            return
        recall = Recall(self._memory, self._guard)
        wanted = recall.subjects(record for run in ready.values() for record in run)
        claims = {p: Claim(held[p].epoch, held[p].position) for p in ready}
        recall.remember(await self._store.load(wanted, claims))
        done: dict[Place, list[Decided]] = {}
        stuck: list[tuple[Record, RuleBookMissingError]] = []
        for place, run in ready.items():
            decided, waits = _decide_run(recall, run)
            if decided:
                done[place] = decided
            if waits is not None:
                stuck.append(waits)
        if done:
            await self._send([one for run in done.values() for one in run])
            await self._save(held, done, recall)
            await consumer.commit({p: held[p].position for p in done})
            self._report(done)
        for record, error in stuck:
            self._wait_for_rules(consumer, record, error)

    async def _save(
        self,
        held: dict[Place, Held],
        done: dict[Place, list[Decided]],
        recall: Recall[S],
    ) -> None:
        ends = {place: run[-1].record.offset + 1 for place, run in done.items()}
        moves = [
            Move(place, held[place].epoch, held[place].position, end)
            for place, end in ends.items()
        ]
        await self._store.save(moves, recall.changed)
        for place, end in ends.items():
            held[place].position = end

    async def _ours(
        self, runs: dict[Place, list[Record]], consumer: Consumer
    ) -> tuple[dict[Place, Held], dict[Place, list[Record]]]:
        """Give the claims and, of each run, what follows the store's position."""
        claims: dict[Place, Held] = {}
        ready: dict[Place, list[Record]] = {}
        for place, run in runs.items():
            held = self._held.get(place)
            if held is None:
                held = await self._claim(place, consumer)
                if run[0].offset != held.position:
                    consumer.seek(place, held.position)
                    continue
            rest = [record for record in run if record.offset >= held.position]
            if rest and rest[0].offset > held.position:
                await self._explain_gap(place, held, consumer)
            if rest:
                claims[place], ready[place] = held, rest
        return claims, ready

    async def _claim(self, place: Place, consumer: Consumer) -> Held:
        view = LogView(
            await consumer.cluster_id(),
            await consumer.committed(place),
            await consumer.bounds(place),
        )
        claim = await self._store.claim(place, view)
        if (view.committed or 0) < claim.position:
            # A process was killed between its store and its commit. Where no record
            # follows, nobody else would ever bring the group's offset up to date.
            await consumer.commit({place: claim.position})
        held = self._held[place] = Held(claim.epoch, claim.position)
        log.info(
            "claimed",
            topic=place.topic,
            partition=place.partition,
            epoch=claim.epoch,
            position=claim.position,
        )
        return held

    async def _explain_gap(self, place: Place, held: Held, consumer: Consumer) -> None:
        """Stop if the log was cut below us; markers in the log make small gaps too."""
        bounds = await consumer.bounds(place)
        if bounds.low > held.position:
            reason = "the position is outside the log"
            raise StopServiceError(reason, self._store.remedy)


def _decide_run(
    recall: Recall[S], run: Sequence[Record]
) -> tuple[list[Decided], tuple[Record, RuleBookMissingError] | None]:
    """Decide one partition's records up to the first that must wait."""
    decided: list[Decided] = []
    for record in run:
        try:
            decided.append(recall.decide(record))
        except RuleBookMissingError as error:
            return decided, (record, error)
    return decided, None
