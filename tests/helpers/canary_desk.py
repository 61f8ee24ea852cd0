"""A whole stream in a folder of its own, and what is planted in it."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message
from qppflow.runtime.contracts import topics
from tests.helpers.bad_inputs import canaries
from tests.helpers.corpus_bad_row import right

COMMAND: Final = Path(sys.executable).with_name("qppflow")
OUTSIDE: Final = frozenset({SUBMISSIONS, FEEDS})
MEMORIES: Final = ("entities", "final_scores", "payments")
A_TIN, AN_NPI = "000451236", "0987654328"
# Marks what somebody else put on a topic that only our services write.
STRAY: Final = ("x-stray", b"1")
# Folders and files of the state folder whose content is no text of ours for people.
NO_TEXT: Final = ("kafka/data", "kafka/tmp", "keys")


class Desk:
    """An operator's folder, and the command run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / ".qppflow"

    def run(self, *words: str) -> bytes:
        """Type a command; gives all that it prints."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("QPPFLOW_")
        }
        done = subprocess.run(
            [str(COMMAND), *words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return done.stdout + done.stderr

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Read every file of text that servers, services and commands wrote."""
        for file in sorted(self.state.rglob("*")):
            name = str(file.relative_to(self.state))
            ours = ".sqlite3" not in name and not name.startswith(NO_TEXT)
            if ours and file.is_file():
                yield name, file.read_bytes()

    def stored(self) -> Iterator[tuple[str, str, bytes]]:
        """Read every stored state: service, subject, state."""
        for service in MEMORIES:
            with closing(sqlite3.connect(self.state / f"{service}.sqlite3")) as store:
                rows = store.execute(f"SELECT subject, state FROM {service}_states")  # noqa: S608 - names of ours
                yield from ((service, subject, state) for subject, state in rows)


def planted() -> Iterator[Message]:
    """Give every canary, and right documents between that are scored and paid."""
    for canary in canaries(A_TIN, AN_NPI):
        yield Message(*canary[:4], kind=canary.place)
    for number in range(5):
        value = json.dumps(right(f"between {number}")).encode()
        yield Message(SUBMISSIONS, None, value, (("x-note", A_TIN.encode()),), "right")


def strays() -> Iterator[Message]:
    """Give records that somebody else put on our own topics, for every service."""
    mark = A_TIN.encode()
    values = (mark, b'{"%s": ' % mark, b'{"%s": 1, "subject": "%s"}' % (mark, mark))
    for name, topic in topics().items():
        if topic.groups and name not in OUTSIDE:
            for value in values:
                named = (("ce_subject", mark), ("ce_type", mark), ("ce_id", mark))
                yield Message(name, mark, value, (*named, (A_TIN, mark), STRAY), name)
