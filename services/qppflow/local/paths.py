"""Where local servers keep things: one cache for all, one state folder for each use."""

import os
from pathlib import Path
from typing import Final

from qppflow.local.files import make_folder

CACHE_VARIABLE: Final = "QPPFLOW_CACHE"
STATE_FOLDER: Final = Path(".qppflow")


def cache_folder() -> Path:
    """Give the folder of downloads: ``QPPFLOW_CACHE``, or ``~/.cache/qppflow``."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path.home() / ".cache" / "qppflow"


def open_state(state: Path) -> Path:
    """Create the state folder unless it is there, and give its absolute path.

    A version control system is told to look away, since stores hold submissions.
    """
    root = make_folder(state.absolute())
    note = root / ".gitignore"
    if not note.exists():
        note.write_text("*\n", encoding="utf-8")
    return root
