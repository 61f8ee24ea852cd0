"""The loop that all services share: decide, send, wait, commit; rewind on a fault.

A service brings a pure decision. Whatever a decision raises costs its one record,
which is parked; only faults of the world stop a batch, and then nothing has moved.
"""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

import structlog

from qppflow.runtime.faults import (
    RuleBookMissingError,
    StopServiceError,
    WorldError,
)
from qppflow.runtime.guard import Decided, Guard
from qppflow.runtime.holds import Holds
from qppflow.runtime.ports import Consumer
from qppflow.runtime.producer import Producer, RefusedError
from qppflow.runtime.progress import Progress
from qppflow.runtime.records import Decision, Place, Record

log = structlog.get_logger()


class Tools(NamedTuple):
    """What every pump works with, made once by the service's composition root."""

    guard: Guard
    producer: Producer
    holds: Holds
    progress: Progress


class Pump:
    """What both kinds of pump share; ``stopped`` is set when neither may go on."""

    def __init__(self, tools: Tools) -> None:
        self._guard = tools.guard
        self._producer = tools.producer
        self._holds = tools.holds
        self._progress = tools.progress
        self.stopped = asyncio.Event()
        self.stop_error: StopServiceError | None = None

    async def run(self, records: Sequence[Record], consumer: Consumer) -> None:
        """Handle one batch, or put it back; only cancellation comes out of here."""
        runs = by_place(records)
        handled = False
        try:
            await self._handle(runs, consumer)
            handled = True
        except RefusedError as error:
            log.warning("refused", found=error.found, topic=error.topic)
            self._rewind(runs, consumer)
            handled = True
        except WorldError as error:
            self._give_back(runs, consumer, error)
            handled = True
        except StopServiceError as error:
            self._rewind(runs, consumer)
            self._stop(error)
            handled = True
        finally:
            if not handled:
                # Cancelled, or a fault of the pump itself: nothing has moved, and
                # nothing may move past these records in this process.
                self._rewind(runs, consumer)
                self.stopped.set()

    def forget(self, places: Iterable[Place]) -> None:
        """Drop what is known of partitions that come or go in a rebalance."""
        given = tuple(places)
        self._holds.forget(given)
        for place in given:
            self._progress.lost(place)

    async def close(self) -> None:
        """Let go of everything that waits."""
        await self._holds.close()

    async def _handle(
        self, runs: dict[Place, list[Record]], consumer: Consumer
    ) -> None:
        raise NotImplementedError

    def _rewind(self, runs: dict[Place, list[Record]], consumer: Consumer) -> None:
        for place, run in runs.items():
            consumer.seek(place, run[0].offset)

    def _give_back(
        self, runs: dict[Place, list[Record]], consumer: Consumer, error: WorldError
    ) -> None:
        self._rewind(runs, consumer)
        for run in runs.values():
            self._pause(consumer, run[0], type(error).__name__)

    def _pause(self, consumer: Consumer, record: Record, reason: str) -> None:
        seconds = self._holds.hold(consumer, record.place)
        self._progress.paused(record.place, record.offset, reason)
        log.warning(
            "paused",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            reason=reason,
            seconds=seconds,
        )

    def _stop(self, error: StopServiceError) -> None:
        log.error("stopped", reason=error.reason, remedy=error.remedy)
        self.stop_error = error
        self.stopped.set()

    def _wait_for_rules(
        self, consumer: Consumer, record: Record, error: RuleBookMissingError
    ) -> None:
        """Stay at the record until a build that has its rule book takes over."""
        log.error(
            "rule-book-missing",
            rule_book=error.rule_book,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
        )
        consumer.seek(record.place, record.offset)
        self._pause(consumer, record, "rule-book-missing")

    async def _send(self, decided: Sequence[Decided]) -> None:
        outputs = [output for one in decided for output in one.outputs]
        try:
            await self._producer.send(outputs)
        except RefusedError as error:
            for one in decided:
                if any(output is error.outgoing for output in one.outputs):
                    self._guard.refuse(one.record)
            raise

    def _report(self, done: dict[Place, list[Decided]]) -> None:
        for place, decided in done.items():
            self._holds.succeeded(place)
            parked = sum(one.parked for one in decided)
            position = decided[-1].record.offset + 1
            self._progress.advanced(place, position, len(decided), parked)


class StatelessPump(Pump):
    """For services without memory: decide, send, wait, commit."""

    def __init__(self, decide: Decision, tools: Tools) -> None:
        super().__init__(tools)
        self._decide = decide

    async def _handle(
        self, runs: dict[Place, list[Record]], consumer: Consumer
    ) -> None:
        done: dict[Place, list[Decided]] = {}
        stuck: list[tuple[Record, RuleBookMissingError]] = []
        for place, run in runs.items():
            decided: list[Decided] = []
            for record in run:
                try:
                    one = self._guard.decide(record, partial(self._decide, record))
                except RuleBookMissingError as missing:
                    stuck.append((record, missing))
                    break
                decided.append(one)
            if decided:
                done[place] = decided
        await self._send([one for decided in done.values() for one in decided])
        ends = {place: one[-1].record.offset + 1 for place, one in done.items()}
        if ends and not await consumer.commit(ends):
            # The new owner does these records again; the ids will be the same.
            log.info("partitions-lost", count=len(ends))
            return
        self._report(done)
        for record, error in stuck:
            self._wait_for_rules(consumer, record, error)


def by_place(records: Iterable[Record]) -> dict[Place, list[Record]]:
    """Split a batch by partition, each in log order."""
    runs: dict[Place, list[Record]] = {}
    for record in records:
        runs.setdefault(record.place, []).append(record)
    return runs
