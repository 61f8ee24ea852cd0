"""How long to wait before a dead child is started again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Doubling waits between a first and a longest, in seconds.

    A child that has run for ``steady`` seconds is well again: its next death counts
    as the first.
    """

    first: float = 0.5
    longest: float = 30.0
    steady: float = 60.0

    def wait(self, deaths: int) -> float:
        """Give the seconds to wait after the given number of deaths in a row."""
        wait = self.first
        for _ in range(1, deaths):
            if wait >= self.longest:
                break
            wait *= 2
        return min(wait, self.longest)
