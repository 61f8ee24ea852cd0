"""Texts and documents from outside, made fit to be shown: no identifier, no control.

Whatever is shown of a document goes through here: TIN, NPI and whatever looks like
one are put into words, and nothing can steer the terminal.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from qpp.findings import Finding, Severity
from qpp.identifiers import described, masked, shown
from qppflow.runtime import contracts
from qppflow.runtime.decode import named
from qppflow.runtime.schemas import field_names

# Fields whose text is never shown, whatever it looks like.
HIDDEN: Final = frozenset(
    {
        "taxpayerIdentificationNumber",
        "nationalProviderIdentifier",
        "entityId",
        "practiceId",
        "practiceDetails",
        "submitterId",
        "cehrtId",
        "roster",
    }
)
SHORT: Final = 80


def safe(text: str | None) -> str:
    """Give a short text of a sender's for people: masked, and printable only."""
    if text is None:
        return "-"
    return cut(masked(printable(text)), SHORT)


def printable(text: str) -> str:
    """Put a question mark for each sign that could steer a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def cut(text: str, width: int) -> str:
    """Shorten a text to a width; what is cut ends in an ellipsis."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def masked_document(value: object) -> object:
    """Copy a decoded document, every identifier and long text put into words.

    A field that no schema knows keeps its name only if that is safe to repeat, and
    nothing below it is shown.
    """
    if isinstance(value, Mapping):
        found: dict[str, object] = {}
        for field, inner in value.items():
            name = named(field)
            while name in found:
                name += "'"
            found[name] = _field(field, inner)
        return found
    if isinstance(value, list):
        return [masked_document(item) for item in value]
    return _scalar(value)


def _field(field: str, inner: object) -> object:
    if field in HIDDEN or field not in _known():
        return f"<{_hidden(inner)}>"
    return masked_document(inner)


@cache
def _known() -> frozenset[str]:
    """Give the fields that what we accept and what we publish may have."""
    ours = (
        contracts.event_schema(name, str(version))
        for name in contracts.event_names()
        for version in contracts.event_versions(name)
    )
    return field_names().union(*map(_fields, ours))


def _fields(schema: object) -> frozenset[str]:
    """Give every field that a schema names, at any depth."""
    found: frozenset[str] = frozenset()
    if isinstance(schema, Mapping):
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            found |= frozenset(properties)
        return found.union(*map(_fields, schema.values()))
    return found.union(*map(_fields, schema)) if isinstance(schema, list) else found


def _hidden(value: object) -> str:
    """Describe a value of a hidden field, also where it holds others."""
    return shown(value) if isinstance(value, Mapping | list) else described(value)


def _scalar(value: object) -> object:
    """Give a value back, or in words what must not be shown."""
    if isinstance(value, bool) or value is None:
        return value
    told = shown(value)
    if isinstance(value, str):
        return value if told == f'"{value}"' else f"<{told}>"
    if told != str(value):
        return f"<{told}>"
    return value if isinstance(value, int) else told


def findings_of(told: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Read the findings of an answer, to be shown as our own are."""
    return tuple(
        Finding(
            pointer=item["pointer"],
            code=item["code"],
            severity=Severity(item["severity"]),
            found=item["found"],
            needed=item["needed"],
            citation=item["citation"],
        )
        for item in told
    )
