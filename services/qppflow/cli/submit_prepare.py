"""From a document to the record that is sent: its id, key and headers. Pure."""

import re
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import uuid5

import orjson

from qpp.codes import Code
from qpp.finding_rules import report
from qpp.findings import Finding
from qpp.identifiers import looks_like_identifier
from qppflow.cli.document_bytes import Start
from qppflow.cli.documents import Document
from qppflow.runtime.headers import JSON, LONGEST_ATTRIBUTE
from qppflow.runtime.ids import NAMESPACE, digest
from qppflow.runtime.records import Outgoing, size
from qppflow.runtime.resources import finding_rules

SUBMISSIONS: Final = "qpp-submissions"
FEEDS: Final = "qpp-cms-feeds"
TYPES: Final = {
    SUBMISSIONS: "qppflow.submission-sent.v1",
    FEEDS: "qppflow.feed-sent.v1",
}
LONGEST_PREFIX: Final = 200
_READABLE: Final = re.compile(r"[!-~]+")
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+")


class Sender(NamedTuple):
    """Who sends where: ``topic`` is the contract's name, ``prefix`` starts each id."""

    source: str
    prefix: str
    topic: str


class Prepared(NamedTuple):
    """A document ready to send, named as it was read."""

    document: str
    sha256: str
    id: str
    outgoing: Outgoing


def fault_in_headers(source: str, prefix: str) -> str | None:
    """Say why a source or prefix cannot stand in a header; None if both can.

    Headers are read by everybody on the way, so they never hold an identifier.
    """
    for option, text, longest in (
        ("--source", source, LONGEST_ATTRIBUTE),
        ("--id-prefix", prefix or "-", LONGEST_PREFIX),
    ):
        if _READABLE.fullmatch(text) is None:
            return f"{option} takes printable ASCII without blanks, such as urn:acme:qa"
        if len(text) > longest:
            return f"{option} takes at most {longest} characters"
        if looks_like_identifier(text):
            return f"{option} has a run of digits that could be a TIN or NPI"
    if _URI.fullmatch(source) is None:
        return "--source takes a URI, such as urn:acme:registry or https://acme.example"
    return None


def prepare(document: Document, sender: Sender) -> Prepared:
    """Make the record of a document; the same document always gets the same id.

    The id is made of the source, the document's name and the hash of its bytes; the
    key is a hash of source and id, so that neither says anything of the content.
    """
    hashed = sha256(document.body).hexdigest()
    named = orjson.dumps(["submit", sender.source, document.name, hashed]).decode()
    event_id = f"{sender.prefix}{uuid5(NAMESPACE, named)}"
    headers = (
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_source", sender.source.encode()),
        ("ce_type", TYPES[sender.topic].encode()),
        ("content-type", JSON.encode()),
    )
    key = digest(["submit", sender.source, event_id]).encode()
    outgoing = Outgoing(sender.topic, key, document.body, headers)
    return Prepared(document.name, hashed, event_id, outgoing)


def too_large(prepared: Prepared, limit: int) -> Finding | None:
    """Find a record larger than *limit* bytes, as the front door would find it."""
    found = size(prepared.outgoing)
    if found <= limit:
        return None
    body = prepared.outgoing.value
    if isinstance(body, Start):
        if body.length is None:
            return report(
                finding_rules(), Code.TOO_LARGE, "", f"more than {limit} bytes"
            )
        found += body.length - len(body)
    told = f"{found} bytes with its headers, more than {limit}"
    return report(finding_rules(), Code.TOO_LARGE, "", told)
