"""The table of bad input: each kind has one fate and one code, here and over Kafka.

What is allowed but costs points stands in it as well: accepted, with one warning.
Beside it are canaries: right documents with an identifier where none may be.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from qpp.codes import Code
from qppflow.runtime.judging import ACCEPTED
from qppflow.runtime.records import Headers
from tests.helpers import corpus_bad_more as more
from tests.helpers.corpus_bad_documents import BYTES, COSTLY, DOCUMENTS
from tests.helpers.corpus_bad_feeds import ROWS
from tests.helpers.corpus_bad_row import (
    FEEDS,
    SOURCE,
    SUBMISSIONS,
    BadInput,
    feed,
    right,
    row,
    sheet,
)
from tests.helpers.corpus_sheet import NPI, TIN, Sheet
from tests.helpers.corpus_values import Json, six

Path: TypeAlias = tuple[str | int, ...]

_UNNAMED: Final = (Code.SOURCE_MISSING, ACCEPTED)
# Headers of senders who cannot be told apart: accepted all the same, with a warning.
HEADERS: Final = tuple(
    row(name, right(name), *_UNNAMED, headers=headers, key=key)
    for name, headers, key in (
        ("missing ce_source", (("ce_id", b"1"),), b"registry"),
        ("missing ce_id", (SOURCE,), None),
        ("no headers", (), None),
        ("null headers", (("ce_source", None), ("ce_id", None)), None),
        ("empty headers", (("ce_source", b""), ("ce_id", b"1")), b""),
        (
            "binary headers",
            (("ce_source", b"\xff\xfe\x00"), ("ce_id", b"\x80"), ("x", b"\x00\xff")),
            b"\x00\xff",
        ),
    )
)
# The table, as the issue orders it: a group is sent between two right submissions.
GROUPS: Final[Mapping[str, tuple[BadInput, ...]]] = {
    "bytes": (*BYTES, *more.BYTES),
    "documents": (*DOCUMENTS, *more.DOCUMENTS),
    "scored by a later version": more.UNSCORED,
    "allowed but costly": COSTLY,
    "headers": (*HEADERS, *more.HEADERS),
    "feeds": ROWS,
}
TABLE: Final[tuple[BadInput, ...]] = tuple(
    row for rows in GROUPS.values() for row in rows
)
# Nothing is wrong with right documents, and nobody asks for their code.
_NO_CODE: Final = Code.EMPTY


def good(name: str) -> BadInput:
    """Write a right submission; only whom it is about differs from the others."""
    paper = sheet(name)
    sets = (paper.quality(*six()), paper.pi(), paper.ia())
    return row(name, paper.individual(*sets), _NO_CODE, ACCEPTED)


def profile(name: str) -> BadInput:
    """Write the right profile of a right submission's clinician."""
    paper = sheet(name)
    about = {"entityType": "individual", NPI: paper.npi, "specialStatuses": []}
    value = {**feed(name, "profile"), **about}
    return row(f"profile of {name}", value, _NO_CODE, ACCEPTED, topic=FEEDS)


def in_order() -> Iterator[BadInput]:
    """Give the table in one order, right documents before and behind each group."""
    yield good("good, first")
    yield profile("good, first")
    for name, rows in GROUPS.items():
        yield from rows
        yield good(f"good, behind {name}")
        yield profile(f"good, behind {name}")


class Canary(NamedTuple):
    """A record with an identifier in one place; ``place`` says which, without it."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Headers
    place: str


def canaries(tin: str, npi: str) -> Iterator[Canary]:
    """Plant *tin* and *npi* in every field, field name, key and header in turn.

    The documents are a submission with every category, and feeds with a roster and
    with measures; planted in its own field an identifier may be right.
    """
    for topic, document in _hosts():
        body = json.dumps(document).encode()
        for text in (tin, npi, f"{tin[:2]}-{tin[2:]}"):
            yield from _around(topic, body, text.encode())
            for number, path in enumerate(_paths(document)):
                value = f"field {number}"
                yield Canary(topic, None, _put(document, path, text), (SOURCE,), value)
                if isinstance(path[-1], str):
                    changed = _rename(document, path, text)
                    yield Canary(topic, None, changed, (SOURCE,), f"name {number}")
        for number, path in enumerate(_paths(document)):
            changed = _put(document, path, int(npi))
            yield Canary(topic, None, changed, (SOURCE,), f"number {number}")


def _hosts() -> Iterator[tuple[str, Json]]:
    """Give right documents to plant in."""
    paper = sheet("canary")
    yield (
        SUBMISSIONS,
        paper.individual(paper.quality(*six()[:2]), paper.pi(), paper.ia()),
    )
    yield SUBMISSIONS, paper.nested(paper.ia())
    yield (
        FEEDS,
        feed(
            "canary",
            "profile",
            specialStatuses=["smallPractice"],
            roster=[{NPI: paper.npi}],
        ),
    )
    cost = {"measureId": "TPCC_1", "score": "1500.00", "caseCount": 40}
    survey = {"measureId": "CAHPS_1", "score": "87.5", "mask": False}
    decision = {"category": "pi", "reason": "hardship", "approved": True}
    yield FEEDS, feed("canary", "cost-attribution", measures=[cost])
    yield FEEDS, feed("canary", "administrative-claims", measures=[cost])
    yield FEEDS, feed("canary", "cahps", measures=[survey])
    yield FEEDS, feed("canary", "reweighting", decisions=[decision])
    prior = {"costPercent": "71.25", "identifierMatch": "sameIdentifier"}
    yield FEEDS, feed("canary", "prior-scores", **prior)
    yield FEEDS, feed("canary", "complex-patient-bonus", points="3.75")
    yield from _more_hosts(paper)


def _more_hosts(paper: Sheet) -> Iterator[tuple[str, Json]]:
    """Give right feeds about who takes part, who belongs together, and money."""
    segment = {"segment": 1, "allowedCharges": "200000.00", "beneficiaries": 300}
    facts = {"segments": [{**segment, "coveredServices": 400}]}
    standing = {"specialStatuses": [], "eligibility": facts}
    yield FEEDS, feed("canary", "profile", **standing)
    members = [{TIN: paper.tin, NPI: paper.npi, "to": f"{paper.year}-12-31"}]
    chunk = {"rosterId": "r1", "chunk": 1, "chunks": 1, "members": members}
    yield FEEDS, feed("canary", "roster", **chunk)
    listed = [{"programName": "G0059", "populationHealthMeasure": "484"}]
    yield FEEDS, feed("canary", "registration", registrations=listed)
    elected = {"election": "voluntary", "electedOn": f"{paper.year}-11-30"}
    yield FEEDS, feed("canary", "election", **elected)
    review = {"decision": "upheld", "decidedOn": "2026-10-01", "reference": "TR-17"}
    yield FEEDS, feed("canary", "targeted-review", **review)


def _around(topic: str, body: bytes, text: bytes) -> Iterator[Canary]:
    """Plant a text in the key, in each header and in the name of one."""
    binary = b"\xff\x00" + text + b"\xfe"
    for key in (text, binary):
        yield Canary(topic, key, body, (SOURCE,), "key")
    for name in ("ce_source", "ce_id", "ce_type", "ce_subject", "x-note"):
        for value in (text, binary):
            yield Canary(topic, None, body, ((name, value),), f"header {name}")
    yield Canary(topic, None, body, ((text.decode(), b"1"),), "name of a header")
    for broken in _broken(body, text):
        yield Canary(topic, text, broken, ((text.decode(), text),), "broken bytes")
        named = (SOURCE, ("ce_id", text), ("x-note", binary))
        yield Canary(topic, binary, broken, named, "broken bytes")


def _broken(body: bytes, text: bytes) -> Iterator[bytes]:
    """Break a document with an identifier at the place that a reader would quote."""
    yield body[:-9] + text
    yield body.replace(b"{", b"[", 1)
    yield text
    yield body + b"\xff" + text
    yield b'{"%s": 1, "%s": 2}' % (text, text)
    yield b'{"%s": NaN}' % text
    yield b'{"id": %s1e999}' % text.replace(b"-", b"")
    yield b'<id root="%s"/>' % text


def _paths(node: object, at: Path = ()) -> Iterator[Path]:
    """Give the path to every field and list item below *node*."""
    listed: Any = ()
    if isinstance(node, dict):
        listed = node.items()
    elif isinstance(node, list):
        listed = enumerate(node)
    for step, item in listed:
        yield (*at, step)
        yield from _paths(item, (*at, step))


def _put(document: Json, path: Path, value: object) -> bytes:
    """Write a document with another value at *path*."""
    changed: Any = copy.deepcopy(document)
    node = changed
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return json.dumps(changed).encode()


def _rename(document: Json, path: Path, name: str) -> bytes:
    """Write a document with another name for the field at *path*."""
    changed: Any = copy.deepcopy(document)
    node = changed
    for step in path[:-1]:
        node = node[step]
    node[name] = node.pop(path[-1])
    return json.dumps(changed).encode()
