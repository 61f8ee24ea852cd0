"""What a figure was measured on: enough to compare by, nothing that names anyone."""

import os
import platform
from contextlib import suppress
from pathlib import Path
from typing import Final

import qpp
from benchmarks.ratio import Figure
from qppflow.local.pins import KAFKA_VERSION

_CPUS: Final = Path("/proc/cpuinfo")


def facts() -> dict[str, Figure]:
    """Give cores, processor, Python and versions; how busy the machine is already."""
    found: dict[str, Figure] = {
        "cores": len(cores()),
        "processor": processor(),
        "system": platform.system(),
        "python": platform.python_version(),
        "qppflow": qpp.__version__,
        "kafka": KAFKA_VERSION,
    }
    if hasattr(os, "getloadavg"):
        found["load_before"] = round(os.getloadavg()[0], 2)
    return found


def cores() -> tuple[int, ...]:
    """Give the numbers of the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return tuple(sorted(os.sched_getaffinity(0)))
    return tuple(range(os.cpu_count() or 1))


def processor() -> str:
    """Name the processor's model, as far as the system tells."""
    with suppress(OSError):
        for line in _CPUS.read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
