"""Whatever is sent gets an answer, and no identifier in it shows in the answer."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from qpp.codes import Code
from qpp.findings import Finding, Severity, rejects
from qppflow.runtime.reading import Reading, read_document, read_feed
from tests.helpers.documents import (
    Json,
    body,
    feeds,
    measurement_set,
    places,
    submission,
)

PLANTED = ("000456789", "9876543210", "00-045.6789", "000 45 6789", 456789012)
DIGITS = ("000456789", "9876543210", "0456789", "456789012", "876543")


def shows(reading: Reading) -> list[str]:
    """Give what planted identifiers the findings of a reading show."""
    said = json.dumps([item.as_json() for item in reading.findings])
    plain = said.replace("-", "").replace(".", "").replace(" ", "")
    return [digits for digits in DIGITS if digits in said or digits in plain]


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("make", [submission, measurement_set])
def test_no_identifier_planted_anywhere_shows_in_a_finding(
    make: Callable[[], Json], planted: str | int
) -> None:
    """As any value and any field name: findings travel further than documents."""
    document: Any = make()
    count = sum(1 for _ in places(document))
    readings: list[Reading] = []
    for number in range(count):
        for as_name in (False, True):
            changed = copy.deepcopy(document)
            container, key = list(places(changed))[number]
            if as_name and isinstance(container, dict):
                container[str(planted)] = container.pop(key)
            else:
                container[key] = planted
            readings.append(read_document(body(changed)))

    assert [shows(item) for item in readings if shows(item)] == []
    assert sum(rejects(item.findings) for item in readings) > count


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("document", feeds(), ids=lambda item: str(item["feed"]))
def test_no_identifier_planted_in_a_feed_shows_in_a_finding(
    document: Json, planted: str | int
) -> None:
    """Feeds carry whole rosters, and their findings are answered like others."""
    readings = []
    for number in range(sum(1 for _ in places(document))):
        changed = copy.deepcopy(document)
        container, key = list(places(changed))[number]
        container[key] = planted
        readings.append(read_feed(body(changed)))

    assert [shows(item) for item in readings if shows(item)] == []


@pytest.mark.parametrize(
    "template",
    ['{"%s": NaN}', '{"%s": 1e999}', '{"%s": 1, "%s": 2}', '["%s"', '{"data": "%s"}'],
)
def test_no_identifier_in_bytes_that_cannot_be_read_shows_either(template: str) -> None:
    """A JSON reader's own message may quote what it stumbled over."""
    readings = [read_document(template.replace("%s", "000456789").encode())]

    assert readings[0].findings
    assert [shows(item) for item in readings] == [[]]


def test_the_canary_is_seen_when_a_finding_shows_it() -> None:
    """Its twin: also one written in groups is seen."""
    leak = Finding("/000-45-6789", Code.EMPTY, Severity.ERROR, "x", "y", "z")
    shown = Reading("", None, None, None, (leak,))

    assert shows(shown) == ["000456789", "0456789"]


@pytest.mark.parametrize("reader", [read_document, read_feed])
@pytest.mark.parametrize("make", [submission, measurement_set, lambda: feeds()[0]])
def test_any_bytes_are_answered(
    reader: Callable[[bytes], Reading], make: Callable[[], Json]
) -> None:
    """Bytes changed anywhere raise nothing and lead to one fate."""
    chance = random.Random(7)  # noqa: S311 - repeatable, nothing secret
    right = body(make())
    fates = set()
    for _ in range(300):
        sent = bytearray(right)
        for _ in range(chance.randint(1, 3)):
            sent[chance.randrange(len(sent))] = chance.choice(b'0129"[]{},:.-eEN \xff')
        reading = reader(bytes(sent))
        fates.add((reading.parked is not None, rejects(reading.findings)))
        assert (reading.document is None) <= rejects(reading.findings)

    assert {(True, True), (False, True)} <= fates
