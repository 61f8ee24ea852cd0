#!/usr/bin/env python3
"""Says whether the service of this container lives: its progress file is fresh.

A service writes the file every second, also while it waits for broker or database. An
old file is an event loop that hangs; being behind is no matter of health but of lag.
"""

import os
import sys
import time
from pathlib import Path
from typing import Final

FRESH_SECONDS: Final = 20.0


def is_alive(folder: Path, now: float) -> bool:
    """Say whether a progress file in the state folder is fresh.

    ``now`` is in seconds since 1970.
    """
    files = (folder / "progress").glob("*.json")
    return any(now - file.stat().st_mtime < FRESH_SECONDS for file in files)


if __name__ == "__main__":
    sys.exit(not is_alive(Path(os.environ["QPPFLOW_STATE_FOLDER"]), time.time()))
