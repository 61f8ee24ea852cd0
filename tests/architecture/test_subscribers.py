"""Every subscription spells out group, acknowledgement and where it starts."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SERVICES: Final = sorted((ROOT / "services").rglob("*.py"))
# Left out, the framework acknowledges before the work is done, and reads as nobody.
NEEDED: Final = frozenset({"group_id", "ack_policy", "auto_offset_reset"})


def subscriptions(source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each ``.subscriber(`` call: its line, and what it leaves out."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "subscriber"
        ):
            given = {keyword.arg for keyword in node.keywords}
            yield node.lineno, sorted(NEEDED - given)


def test_every_subscription_is_explicit() -> None:
    """The framework's defaults lose records, so none of them is relied upon."""
    found = {
        f"{file.relative_to(ROOT)}:{line}": missing
        for file in SERVICES
        for line, missing in subscriptions(file.read_text("utf-8"))
    }

    assert found, "a walk over nothing proves nothing"
    assert {place: missing for place, missing in found.items() if missing} == {}


@pytest.mark.parametrize(
    ("call", "missing"),
    [
        ("@broker.subscriber('t')", sorted(NEEDED)),
        (
            "@router.subscriber('t', group_id='g', **defaults)",
            ["ack_policy", "auto_offset_reset"],
        ),
        (
            "@broker.subscriber('t', ack_policy=MANUAL, auto_offset_reset='earliest')",
            ["group_id"],
        ),
    ],
)
def test_an_omission_is_caught(call: str, missing: list[str]) -> None:
    """Its twin: what is left out, or hidden in ``**``, is named with its line."""
    found = list(subscriptions(f"{call}\nasync def on_batch(batch): ..."))

    assert found == [(1, missing)]
