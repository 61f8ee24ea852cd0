"""Readers take the next minor version of an event as it is, and park the next major.

Each version is really published here, by the tool, into a copy of the contracts.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from qppflow.runtime.contracts import Validator, topics
from qppflow.runtime.events import decode, encode
from qppflow.runtime.faults import ParkError
from qppflow.runtime.headers import read
from qppflow.runtime.records import Outgoing
from tests.contracts.carrying import carried, renamed, sent_in
from tests.contracts.versions import published

READ: Final = sorted(
    event for topic in topics().values() if topic.groups for event in topic.events
)
YEAR: Final = 2025
PARKED: Final = frozenset({2, 3})
Change = Callable[[Outgoing], Outgoing]


def changed_if(event: str, change: Change) -> Change:
    """Change the records of one event on their way to its readers."""

    def arriving(item: Outgoing) -> Outgoing:
        is_it = read(item.headers).type == f"qppflow.{event}.v1"
        return change(item) if is_it else item

    return arriving


def with_field(name: str, value: object) -> Change:
    """Give one field of a value, new or not."""

    def change(item: Outgoing) -> Outgoing:
        return item._replace(value=encode({**decode(item.value), name: value}))

    return change


def run(change: Change) -> list[tuple[str, Outgoing]]:
    """Give all that is said from intake to billing; cost parks two revisions."""
    return list(carried(sent_in(YEAR), PARKED, arriving=change))


@cache
def usual() -> list[tuple[str, Outgoing]]:
    """Give what is said when every event arrives as it was sent."""
    return run(lambda item: item)


def sent_of(event: str) -> Iterator[Outgoing]:
    """Give the records of an event."""
    for _, item in usual():
        if read(item.headers).type == f"qppflow.{event}.v1":
            yield item


@pytest.mark.parametrize("event", READ)
def test_a_minor_version_changes_nothing_for_those_who_read_the_first(
    event: str, tmp_path: Path
) -> None:
    """The published next version allows both forms, and we say the very same."""
    validator = Validator(published(event, "1.9.0", tmp_path))
    more = with_field("saidLater", "something")
    kind = f"qppflow.{event}.v1"

    said = run(changed_if(event, more))

    assert said == usual()
    before = [decode(item.value) for item in sent_of(event)]
    after = [decode(more(item).value) for item in sent_of(event)]
    assert before
    assert [validator.problems(kind, value) for value in (*before, *after)] == [
        [] for _ in (*before, *after)
    ]
    assert Validator().problems(kind, after[0]) != []


@pytest.mark.parametrize(
    ("event", "name", "value"),
    [
        ("score-part", "category", "cost"),
        ("payment-candidate", "finalScore", "1.00"),
        ("score-expected", "members", []),
    ],
)
def test_a_field_that_is_read_changes_what_is_said(
    event: str, name: str, value: object
) -> None:
    """The comparison above is seen to fail."""
    said = run(changed_if(event, with_field(name, value)))

    assert said != usual()


@pytest.mark.parametrize("event", READ)
def test_a_major_version_that_a_reader_does_not_know_is_parked(
    event: str, tmp_path: Path
) -> None:
    """It was published, and still nobody guesses what it means."""
    validator = Validator(published(event, "2.0.0", tmp_path))
    value = decode(next(sent_of(event)).value)

    with pytest.raises(ParkError, match="unknown-event"):
        run(changed_if(event, lambda item: renamed(item, f"qppflow.{event}.v2")))

    assert validator.problems(f"qppflow.{event}.v2", value) == []
