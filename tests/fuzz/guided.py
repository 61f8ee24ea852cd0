"""A run guided by what inputs make intake say: what says something new is kept.

It needs nothing but Python, so the suite can run a short one anywhere; the long run
is atheris', which sees each branch.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.fuzz.door import BrokenError, Passed
from tests.fuzz.mutate import mutated


@dataclass(slots=True)
class Result:
    """What a run did: inputs put in, by fate; what broke, by kind; what was kept."""

    inputs: int = 0
    fates: dict[str, int] = field(default_factory=dict)
    features: set[str] = field(default_factory=set)
    kept: int = 0
    broken: dict[str, bytes] = field(default_factory=dict)

    def put(self, door: Callable[[bytes], Passed], data: bytes) -> bool:
        """Put one input in; True if it said something new."""
        self.inputs += 1
        try:
            passed = door(data)
        except BrokenError as error:
            # The shortest of each kind is the easiest to read.
            before = self.broken.get(str(error))
            if before is None or len(data) < len(before):
                self.broken[str(error)] = data
            return False
        self.fates[passed.fate] = self.fates.get(passed.fate, 0) + 1
        if passed.features <= self.features:
            return False
        self.features |= passed.features
        return True

    def with_more(self, more: "Result") -> "Result":
        """Give this and another run as one."""
        names = sorted({*self.fates, *more.fates})
        fates = {n: self.fates.get(n, 0) + more.fates.get(n, 0) for n in names}
        return Result(
            self.inputs + more.inputs,
            fates,
            self.features | more.features,
            self.kept + more.kept,
            {**self.broken, **more.broken},
        )


def guided(
    door: Callable[[bytes], Passed],
    seeds: Sequence[bytes],
    inputs: int,
    seed: int,
    tell: Callable[[Result], None] = lambda _result: None,
) -> Result:
    """Put *inputs* in, seeds first; the same seed gives the same inputs."""
    chance = random.Random(seed)  # noqa: S311 - a run that can be run again
    result = Result()
    kept = list(seeds)
    for number in range(inputs):
        first = number < len(seeds)
        data = seeds[number] if first else mutated(chance.choice(kept), chance, kept)
        if result.put(door, data) and not first:
            kept.append(data)
        if number % 1000 == 0:
            tell(result)
    result.kept = len(kept) - len(seeds)
    tell(result)
    return result
