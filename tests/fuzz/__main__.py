"""``python -m tests.fuzz``: strange inputs for intake, in the hundreds of thousands."""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.fuzz import branches
from tests.fuzz.door import Door
from tests.fuzz.guided import Result, guided
from tests.fuzz.seeds import FOUND, ROOT, seeds
from tests.helpers.quiet_logs import logs_dropped

CLEAN, BROKEN, NO_ENGINE = 0, 1, 2
TOLD_EVERY_SECONDS: Final = 2.0
RECORD: Final = ROOT / "docs" / "fuzzing.json"
EPILOG: Final = """\
What breaks is kept in tests/fuzz/found/ under the hash of its bytes, and is a test
from then on: tests/unit/test_fuzz.py puts every file of that folder in.
Exit codes: 0 nothing broke, 1 something did, 2 the engine is not installed.
"""


def main() -> int:
    """Run what was asked for, tell how far it is, and keep what broke."""
    asked = arguments()
    if asked.engine == "atheris" and not branches.available():
        sys.stderr.write(
            "atheris has no wheel for this machine; --engine guided needs none\n"
        )
        return NO_ENGINE
    began = time.monotonic()
    tell = Teller(asked.inputs, began)
    run = _watched if asked.engine == "atheris" else _guided
    result = run(asked.inputs, asked.seed, tell)
    figures = {
        "engine": asked.engine,
        "seed": asked.seed,
        "inputs": result.inputs,
        "fates": dict(sorted(result.fates.items())),
        "distinctAnswers": len(result.features),
        "broken": sorted(result.broken),
        "seconds": round(time.monotonic() - began),
    }
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    if asked.record:
        asked.record.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    for data in result.broken.values():
        name = FOUND / f"{sha256(data).hexdigest()[:16]}.bin"
        name.write_bytes(data)
        sys.stderr.write(f"kept {name.relative_to(ROOT)}\n")
    return BROKEN if result.broken else CLEAN


def arguments() -> argparse.Namespace:
    """Read what to run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz",
        description="Put strange inputs into intake and see that nothing breaks.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--engine",
        choices=("atheris", "guided"),
        default="atheris",
        help="atheris sees branches; guided needs nothing, and sees only answers",
    )
    parser.add_argument(
        "--record",
        type=Path,
        metavar="FILE",
        help="keep the figures, such as docs/fuzzing.json",
    )
    return parser.parse_args()


class Teller:
    """Says how far a run is: one line that changes, or a JSON line now and then."""

    def __init__(self, wanted: int, began: float) -> None:
        self._wanted = wanted
        self._began = began
        self._told = began
        self._terminal = sys.stderr.isatty()

    def __call__(self, result: Result) -> None:
        """Tell, unless it was told a moment ago."""
        now = time.monotonic()
        if now - self._told < TOLD_EVERY_SECONDS:
            return
        self._told = now
        if self._terminal:
            rate = result.inputs / max(now - self._began, 1)
            sys.stderr.write(
                f"\r{result.inputs:,} of {self._wanted:,} inputs, {rate:,.0f}/s, "
                f"{len(result.broken)} broken \x1b[K"
            )
        else:
            told = {"inputs": result.inputs, "broken": len(result.broken)}
            sys.stderr.write(json.dumps(told) + "\n")


def _guided(inputs: int, seed: int, tell: Callable[[Result], None]) -> Result:
    logs_dropped()
    return guided(Door().put, seeds(), inputs, seed, tell)


def _watched(inputs: int, seed: int, tell: Callable[[Result], None]) -> Result:
    """Run atheris in a process of its own, started again should it end too soon."""
    total = Result()
    with TemporaryDirectory(prefix="qppflow-fuzz-") as folder:
        turn = 0
        while total.inputs < inputs:
            record = Path(folder) / f"{turn}.json"
            _one_process(seed + turn, inputs - total.inputs, record, total, tell)
            done = branches.read(record)
            if done.inputs == 0:
                msg = "atheris ended before its first report"
                raise RuntimeError(msg)
            total = total.with_more(done)
            turn += 1
    return total


def _one_process(
    seed: int,
    inputs: int,
    record: Path,
    before: Result,
    tell: Callable[[Result], None],
) -> None:
    command = [sys.executable, "-m", "tests.fuzz.branches", str(seed), str(inputs)]
    with subprocess.Popen(
        [*command, str(record)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as child:
        while child.poll() is None:
            time.sleep(0.5)
            tell(before.with_more(branches.read(record)))


if __name__ == "__main__":
    raise SystemExit(main())
