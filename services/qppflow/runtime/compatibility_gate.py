"""The gate over everything published: each version against the one before it."""

import json
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from qppflow.runtime.compatibility import Direction, breaks
from qppflow.runtime.contracts import Schema, Version, version


class Waiver(NamedTuple):
    """One break that was agreed on, until a day and not longer."""

    schema: str
    pointer: str
    keyword: str
    reason: str
    until: date


def families(folder: Path) -> Mapping[str, Mapping[Version, Schema]]:
    """Group the schemas of a folder by ``$id`` without its version, oldest first.

    Raises:
        ValueError: two files have one ``$id``; only one of them can be published.
    """
    found: dict[str, dict[Version, Schema]] = {}
    for file in sorted(folder.rglob("*.schema.json")):
        schema: Schema = json.loads(file.read_bytes())
        family, _, numbers = schema["$id"].rpartition(":")
        if not numbers[:1].isdigit():
            continue
        versions = found.setdefault(family, {})
        if version(numbers) in versions:
            message = f"{schema['$id']} is the $id of two files"
            raise ValueError(message)
        versions[version(numbers)] = schema
    return {family: dict(sorted(items.items())) for family, items in found.items()}


def gate(
    folder: Path, direction: Direction, waivers: tuple[Waiver, ...], today: date
) -> list[str]:
    """List every break between neighbouring versions that no waiver of today covers.

    A new major version of an event may break: old and new run side by side. What
    was accepted stays accepted, whatever the version is called.
    """
    waived = {item[:3] for item in waivers if today <= item.until}
    lines = []
    for family, found in families(folder).items():
        numbers = list(found)
        for old, new in pairwise(numbers):
            if direction is Direction.PROMISED and old.major != new.major:
                continue
            name = f"{family}:{new}"
            lines += [
                f"{name} {pointer or '/'} {keyword}: {why}"
                for pointer, keyword, why in breaks(found[old], found[new], direction)
                if (name, pointer, keyword) not in waived
            ]
    return lines
