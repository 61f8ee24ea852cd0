"""The command ``qppflow demo`` in this process, on a Kafka that is there.

``python -m tests.helpers.demo_run [SIZE [SEED]]`` runs it on a Kafka of its own and
compares every score with the one of ``qppflow score``.
"""

import asyncio
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeAlias
from unittest.mock import patch
from uuid import uuid4

from qppflow.local.kafka import LocalKafka
from qppflow.local.settings import KafkaSettings
from tests.helpers.cli import lines, run
from tests.helpers.pure_scores import (
    accepted_scores,
    command_scores,
    differing,
    pure_scores,
    streamed_scores,
)
from tests.helpers.stream_log import StreamLog, everything

Json: TypeAlias = dict[str, Any]


class Demonstrated(NamedTuple):
    """How the command ended, what it printed, and what it left in Kafka."""

    exit_code: int
    printed: Json
    log: StreamLog


def demonstrate(servers: str, folder: Path, *arguments: object) -> Demonstrated:
    """Run the command on topics of its own, and read all of them afterwards."""
    prefix = f"shown-{uuid4().hex[:8]}-"
    variables = {
        "QPPFLOW_BOOTSTRAP_SERVERS": servers,
        "QPPFLOW_TOPIC_PREFIX": prefix,
    }
    with patch.dict(os.environ, variables):
        ended = run("demo", *arguments, "--state", folder, "--json")
    assert ended.stdout, ended.stderr
    log = asyncio.run(everything(servers, prefix))
    return Demonstrated(ended.exit_code, lines(ended)[0], log)


def main(size: int = 2000, seed: int = 1) -> int:
    """Compare all scores of a population, say what was found, and fail on any other."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        with LocalKafka(KafkaSettings(state=folder / "kafka")) as broker:
            arguments = ("--size", size, "--seed", seed)
            shown = demonstrate(broker.bootstrap_servers, folder / "demo", *arguments)
        streamed, pure = streamed_scores(shown.log), pure_scores(shown.log)
        by_command = command_scores(shown.log, folder)
    wrong = differing(streamed, pure)
    wrong += [key for key, score in by_command.items() if score != streamed.get(key)]
    counted = accepted_scores(shown.log)
    wrong += [name for name in counted if name not in streamed]
    figures = {
        "scores of accepted submissions": len(counted),
        "scores of all revisions": len(streamed),
        "of them by the command, file by file": len(by_command),
        "different or missing": len(wrong),
    }
    sys.stdout.write(f"{shown.printed}\n{figures}\n")
    return shown.exit_code or bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
