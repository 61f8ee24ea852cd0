"""The JSON record of a run, compact enough to be committed and compared.

``benchmarks/records/reference.json`` is the one that is kept in the repository; others
stay where they were measured.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from benchmarks.ratio import Figure, Ratio

FOLDER: Final = Path(__file__).parent / "records"
FORMAT: Final = 1


def record(
    at: datetime, machine: Mapping[str, Figure], ratios: Iterable[Ratio]
) -> dict[str, Any]:
    """Write down what was measured when, on what, and how it compares."""
    return {
        "format": FORMAT,
        "at": at.isoformat(timespec="seconds"),
        "machine": dict(machine),
        "ratios": [
            {
                "part": one.part,
                "title": one.title,
                "value": round(one.value, 4),
                "target": one.target,
                "verdict": one.verdict or None,
                "figures": dict(one.figures),
            }
            for one in ratios
        ],
    }


def file_of(at: datetime) -> Path:
    """Name a run's own file by its time in UTC."""
    return FOLDER / f"{at:%Y-%m-%dT%H%MZ}.json"


def write(file: Path, written: Mapping[str, Any]) -> None:
    """Keep a record, readable by people too."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(orjson.dumps(written, option=orjson.OPT_INDENT_2) + b"\n")
