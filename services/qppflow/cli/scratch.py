"""A database for the length of a block: what a command gathers, not in memory.

It lies in a folder that only its owner can read, since events have TIN and NPI, and
that then goes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def scratch(tables: str) -> Iterator[sqlite3.Connection]:
    """Give a database with these tables; it outlives no crash, and need not."""
    with TemporaryDirectory(prefix="qppflow-") as folder:
        base = sqlite3.connect(Path(folder, "scratch.sqlite3"), isolation_level=None)
        with closing(base):
            base.execute("PRAGMA journal_mode = OFF")
            base.execute("PRAGMA synchronous = OFF")
            base.executescript(tables)
            yield base
