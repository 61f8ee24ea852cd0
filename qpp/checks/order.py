"""Put findings into the order in which a reader of the document meets their places."""

from collections.abc import Sequence

from qpp.findings import Finding


def in_document_order(document: object, findings: Sequence[Finding]) -> list[Finding]:
    """Sort by place in *document*: what stands earlier first, parents before parts.

    Findings of one place keep their order; fields that are not there come last.
    """
    if len(findings) <= 1:
        return list(findings)
    return sorted(findings, key=lambda finding: _place(document, finding.pointer))


def _place(document: object, pointer: str) -> tuple[int, ...]:
    """Give the path to a JSON pointer as positions: of a key, of a list item."""
    place: list[int] = []
    node = document
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict):
            names = list(node)
            place.append(names.index(name) if name in node else len(names))
            node = node.get(name)
        else:
            position = int(name) if name.isdecimal() else 0
            place.append(position)
            items = node if isinstance(node, list) else []
            node = items[position] if position < len(items) else None
    return tuple(place)
