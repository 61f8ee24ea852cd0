"""Bad input: a row of the table, and documents of which a row spoils one thing."""

import json
from typing import Final, NamedTuple

from qpp.codes import Code
from qppflow.runtime.judging import REJECTED
from qppflow.runtime.records import Headers
from tests.helpers.corpus_sheet import TIN, YEARS, Sheet
from tests.helpers.corpus_values import Json, six

SUBMISSIONS: Final = "qpp-submissions"
FEEDS: Final = "qpp-cms-feeds"
YEAR: Final = 2025
SOURCE: Final = ("ce_source", b"https://registry.example")


class BadInput(NamedTuple):
    """One kind of bad input.

    ``code`` is the only code among its findings, or the reason why it is parked.
    ``refused`` says that a broker with our limits does not take the record at all.
    """

    name: str
    topic: str
    value: bytes | None
    fate: str
    code: Code
    headers: Headers
    key: bytes | None = None
    refused: bool = False


def sheet(name: str) -> Sheet:
    """Give the sheet of a row, so that each is about an entity of its own."""
    facts = next(facts for facts in YEARS if facts.year == YEAR)
    return Sheet(facts, f"bad input: {name}")


def row(  # noqa: PLR0913 - a row of the table
    name: str,
    value: bytes | Json | None,
    code: Code,
    fate: str = REJECTED,
    *,
    topic: str = SUBMISSIONS,
    headers: Headers | None = None,
    key: bytes | None = b"registry",
    refused: bool = False,
) -> BadInput:
    """Write one row; objects are written as JSON."""
    body = json.dumps(value).encode() if isinstance(value, dict) else value
    if headers is None:
        headers = (SOURCE, ("ce_id", name.replace(" ", "-").encode()))
    return BadInput(name, topic, body, fate, code, headers, key, refused)


def quality(name: str, **replaced: Json) -> Json:
    """Write six registry measures, some of them replaced."""
    paper = sheet(name)
    return paper.individual(paper.quality(*six(**replaced)))


def more(name: str, *added: Json) -> Json:
    """Write six registry measures and some more."""
    paper = sheet(name)
    return paper.individual(paper.quality(*six(), *added))


def activities(name: str, *names: str, **changed: object) -> Json:
    """Write one set of activities."""
    paper = sheet(name)
    return paper.individual(paper.ia(*names, **changed))


def pi(name: str, *answers: Json, **changed: object) -> Json:
    """Write one Promoting Interoperability set."""
    paper = sheet(name)
    return paper.individual(paper.pi(*answers, **changed))


def right(name: str) -> Json:
    """Write a submission that nothing is wrong with."""
    return activities(name)


def text(name: str) -> bytes:
    """Write a right submission as bytes, to be spoiled."""
    return json.dumps(right(name), separators=(",", ":")).encode()


def feed(name: str, kind: str, **fields: object) -> Json:
    """Write a feed about a group."""
    return {
        "feed": kind,
        "performanceYear": YEAR,
        "entityType": "group",
        TIN: sheet(name).tin,
        **fields,
    }


def with_wrong_digit(npi: str) -> str:
    """Change the check digit of an NPI."""
    return f"{npi[:-1]}{(int(npi[-1]) + 1) % 10}"
