"""The short-lived helper of ``launch_alone``: starts one program and leaves.

Run as ``python -m qppflow.local.detach ORDER``, ORDER being JSON. It prints the
number of the started process.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from qppflow.local.launching import Program, launch


def main(arguments: Sequence[str]) -> None:
    """Start the ordered program with our standard input, and print its number."""
    order = json.loads(arguments[0])
    program = Program(
        argv=order["argv"],
        folder=Path(order["folder"]),
        log=Path(order["log"]),
        environment=order["environment"],
        owner=tuple(order["owner"]) if order["owner"] else None,
    )
    process = launch(program, stdin=sys.stdin.fileno())
    # Whoever adopts the process collects its exit code; we shall not.
    process.returncode = 0
    sys.stdout.write(f"{process.pid}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
