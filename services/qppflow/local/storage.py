"""The broker's data folder: its cluster's id, and formatting it the first time."""

import base64
import shutil
import uuid
from pathlib import Path
from typing import Final

from qppflow.local.errors import StartError
from qppflow.local.files import tail
from qppflow.local.java import format_command
from qppflow.local.launching import Program, run, server_environment

NAME: Final = "Apache Kafka"
FORMAT_SECONDS: Final = 60.0
ID_LINE: Final = "cluster.id="


def stored_cluster_id(data: Path) -> str | None:
    """Give the id of the cluster that the data belong to; None if unformatted."""
    try:
        text = (data / "meta.properties").read_text(encoding="utf-8")
    except OSError:
        return None
    lines = (line for line in text.splitlines() if line.startswith(ID_LINE))
    return next((line.removeprefix(ID_LINE) for line in lines), None)


def format_storage(class_path: str, folder: Path, cluster_id: str) -> None:
    """Format the empty data folder of the ``server.properties`` in *folder*.

    Raises:
        StartError: The storage tool failed or took too long; nothing is left behind.
    """
    log = folder / "java.log"
    command = format_command(class_path, folder, cluster_id)
    program = Program(command, folder, log, server_environment())
    try:
        code = run(program, FORMAT_SECONDS)
    except StartError:
        shutil.rmtree(folder / "data", ignore_errors=True)
        raise
    if code != 0:
        shutil.rmtree(folder / "data", ignore_errors=True)
        problem = f"could not format its data folder (code {code})"
        raise StartError(NAME, problem, tail(log))


def new_cluster_id() -> str:
    """Give a fresh cluster id: 16 random bytes as Kafka writes them."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # A leading dash would be read as an option of the storage tool.
        if not text.startswith("-"):
            return text
