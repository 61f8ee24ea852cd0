"""Pauses of partitions, each twice as long as the one before."""

import asyncio
from collections.abc import Iterable

from qppflow.runtime.clock import Clock
from qppflow.runtime.ports import Consumer
from qppflow.runtime.records import Place


class Holds:
    """Pauses partitions for a while; polling goes on, so the group keeps us."""

    def __init__(self, clock: Clock, first: float = 0.5, most: float = 30.0) -> None:
        self._clock = clock
        self._first = first
        self._most = most
        self._attempts: dict[Place, int] = {}
        self._waiting: dict[Place, asyncio.Task[None]] = {}

    def hold(self, consumer: Consumer, place: Place) -> float:
        """Pause; each time in a row doubles the seconds. Gives the seconds."""
        attempt = self._attempts.get(place, 0)
        self._attempts[place] = attempt + 1
        # Thirty doublings are beyond any limit and still a small number.
        seconds = min(self._first * 2.0 ** min(attempt, 30), self._most)
        self._cancel(place)
        consumer.pause(place)
        self._waiting[place] = asyncio.create_task(
            self._resume(consumer, place, seconds)
        )
        return seconds

    def succeeded(self, place: Place) -> None:
        """Start again with the shortest pause next time."""
        self._attempts.pop(place, None)

    def forget(self, places: Iterable[Place]) -> None:
        """Drop the pauses of partitions that were given away."""
        for place in places:
            self._cancel(place)
            self._attempts.pop(place, None)

    async def close(self) -> None:
        """Stop waiting."""
        waiting = list(self._waiting.values())
        self.forget(list(self._waiting))
        await asyncio.gather(*waiting, return_exceptions=True)

    def _cancel(self, place: Place) -> None:
        if (task := self._waiting.pop(place, None)) is not None:
            task.cancel()

    async def _resume(self, consumer: Consumer, place: Place, seconds: float) -> None:
        await self._clock.sleep(seconds)
        consumer.resume(place)
        self._waiting.pop(place, None)
