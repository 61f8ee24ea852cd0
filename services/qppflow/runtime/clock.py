"""Time, injected: the pump's back-off and the reports of progress read it here."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What the shell asks of time; no event's value ever depends on it."""

    def now(self) -> float:
        """Give the seconds since 1970, for people."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never run backwards, for waits and durations."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait without stopping anyone else."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Give the seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Give seconds that never run backwards."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait without stopping anyone else."""
        await asyncio.sleep(seconds)
