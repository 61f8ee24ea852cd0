"""The shell spells out what FastStream's defaults would lose records by."""

import ast
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from faststream.kafka import KafkaMessage
from faststream.kafka.message import FakeConsumer

from qppflow.runtime.subscription import tolerant_parser

SERVICES = Path(__file__).parents[2] / "services" / "qppflow"
SPELT_OUT = {
    "group_id",
    "ack_policy",
    "auto_offset_reset",
    "isolation_level",
    "batch",
    "max_records",
    "parser",
    "decoder",
}


def omissions(source: str) -> set[str]:
    """Give the settings that a subscriber call in *source* leaves to the framework."""
    missing: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = {word.arg for word in node.keywords}
            if node.func.attr == "subscriber":
                missing |= SPELT_OUT - {name for name in given if name}
    return missing


def test_every_subscriber_spells_out_how_it_reads() -> None:
    """Group, acknowledgement, reset: the defaults are at most once and no group."""
    sources = [file.read_text() for file in SERVICES.rglob("*.py")]

    assert any(".subscriber(" in source for source in sources)
    assert set().union(*(omissions(source) for source in sources)) == set()


def test_an_omission_is_seen() -> None:
    """The check fails on a subscriber as a newcomer would write it."""
    assert omissions("@broker.subscriber('t', group_id='g')\ndef f(): ...") == (
        SPELT_OUT - {"group_id"}
    )


def test_only_the_shell_knows_the_framework() -> None:
    """A service that subscribes on its own would miss the pump's promises."""
    users = {
        file.relative_to(SERVICES).as_posix()
        for file in SERVICES.rglob("*.py")
        if "faststream" in file.read_text() and "import" in file.read_text()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("faststr")
    }

    assert users == {"runtime/shell.py", "runtime/subscription.py"}


@dataclass(frozen=True)
class RawRecord:
    """What the client hands over, as far as the parser looks."""

    offset: int
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None


@pytest.mark.parametrize("value", [None, b"\xff", b"{}"])
def test_headers_that_cannot_be_decoded_pass_the_parser(value: bytes | None) -> None:
    """A null or binary header would otherwise cost the whole batch."""
    bad = RawRecord(0, (("x", None), ("y", b"\xff")), value)
    batch = (bad, replace(bad, offset=1))

    async def original(records: Sequence[RawRecord]) -> KafkaMessage:
        for record in records:
            for _, given in record.headers:
                assert given is not None
                given.decode()
        return KafkaMessage(
            body=[], raw_message=tuple(records), consumer=FakeConsumer()
        )

    message = asyncio.run(tolerant_parser(batch, original))

    assert message.raw_message == batch
