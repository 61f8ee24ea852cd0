"""A run guided by branches: atheris sees which of our code an input goes through.

atheris is libFuzzer for Python. It never returns, so the run is a process of its own,
which writes what it has done to a file as it goes.
"""

import json
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.fuzz.guided import Result
from tests.fuzz.mutate import LONGEST

OURS: Final = ["qpp", "qppflow"]
WRITTEN_EVERY: Final = 500


def available() -> bool:
    """Say whether atheris is installed; it has no wheels for every machine."""
    try:
        import atheris  # noqa: F401 - asked for, not used
    except ImportError:
        return False
    return True


def run(seed: int, inputs: int, record: Path) -> None:
    """Put *inputs* in and end the process; *record* tells how far it is."""
    import atheris

    with atheris.instrument_imports(include=OURS, enable_loader_override=False):
        from tests.fuzz.door import Door
    from tests.fuzz.mutate import mutated
    from tests.fuzz.seeds import seeds
    from tests.helpers.quiet_logs import logs_dropped

    logs_dropped()
    door, known, result = Door().put, seeds(), Result()
    chance = random.Random(seed)  # noqa: S311 - a run that can be run again

    def put(data: bytes) -> None:
        result.put(door, data)
        if result.inputs % WRITTEN_EVERY == 0 or result.inputs >= inputs:
            _write(record, result)
        if result.inputs >= inputs:
            # libFuzzer would go on, or end with a report of its own.
            os._exit(0)

    def change(data: bytes, size: int, _seed: int) -> bytes:
        return mutated(data, chance, known)[:size]

    with TemporaryDirectory(prefix="qppflow-fuzz-") as folder:
        _lay_out(Path(folder), known)
        options = [f"-seed={seed}", f"-max_len={LONGEST}", "-rss_limit_mb=4096"]
        arguments = [sys.argv[0], *options, "-verbosity=0", "-print_final_stats=0"]
        atheris.Setup([*arguments, folder], put, custom_mutator=change)
        atheris.Fuzz()


def read(record: Path) -> Result:
    """Read what the process has written so far; an empty result at its start."""
    try:
        told: dict[str, Any] = json.loads(record.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return Result()
    broken = {name: bytes.fromhex(data) for name, data in told["broken"].items()}
    features = set(told["features"])
    return Result(told["inputs"], told["fates"], features, told["kept"], broken)


def _lay_out(folder: Path, known: Sequence[bytes]) -> None:
    for number, data in enumerate(known):
        (folder / str(number)).write_bytes(data)


def _write(record: Path, result: Result) -> None:
    told = {
        "inputs": result.inputs,
        "fates": result.fates,
        "features": sorted(result.features),
        "kept": result.kept,
        "broken": {name: data.hex() for name, data in result.broken.items()},
    }
    beside = record.with_suffix(".new")
    beside.write_text(json.dumps(told), "utf-8")
    beside.replace(record)


if __name__ == "__main__":
    run(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
