"""Publishes what is accepted: each schema in use becomes a file of its own version.

``python -m tests.contracts.publishing_schemas`` compares every schema below
``schemas/mips`` whose version is not published yet with the newest one that is, keeps
a copy below ``schemas/published`` that never changes, and locks it.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from jsonschema import Draft202012Validator

from qppflow.runtime import resources
from qppflow.runtime.compatibility import Direction
from qppflow.runtime.compatibility_gate import Waiver, families
from qppflow.runtime.contracts import Schema, Version, version
from tests.contracts.publishing import PublishError, lock, refuse_breaks, waivers

PREFIX = "urn:qppflow:schemas:"


class InUse(NamedTuple):
    """A schema that documents are judged by now."""

    file: Path
    family: str
    version: Version
    schema: Schema


def in_use(folder: Path) -> Iterator[InUse]:
    """Read the schemas that documents are judged by; each names its version."""
    for file in sorted((folder / "mips").rglob("*.schema.json")):
        schema = json.loads(file.read_bytes())
        family, _, number = schema["$id"].rpartition(":")
        yield InUse(file, family, version(number), schema)


def place_of(one: InUse, folder: Path) -> Path:
    """Say where a schema's version is kept for good."""
    steps = one.family.removeprefix(PREFIX).split(":")
    return folder.joinpath("published", *steps, f"{one.version}.schema.json")


def unpublished(folder: Path) -> list[str]:
    """List what is in use and is not, byte for byte, the newest published version.

    What was published once and is in use no more would reject what was accepted.
    """
    known = families(folder / "published")
    using = list(in_use(folder))
    gone = sorted(known.keys() - {one.family for one in using})
    found = [f"{family} is in use no more" for family in gone]
    for one in using:
        place, name = place_of(one, folder), one.schema["$id"]
        if not place.exists():
            found.append(f"{name} is not published")
        elif place.read_bytes() != one.file.read_bytes():
            found.append(f"{name} changed under its old version")
        elif one.version != list(known[one.family])[-1]:
            found.append(f"{name} is not the newest published version")
    return found


def publish_all(folder: Path, agreed: Sequence[Waiver]) -> list[Path]:
    """Publish what is in use and new; gives the files.

    Raises:
        PublishError: a schema changed under its old version, is older than a
            published one, or accepts less; or a published file changed.
    """
    known = families(folder / "published")
    made = {}
    for one in in_use(folder):
        place, before = place_of(one, folder), known.get(one.family, {})
        if one.version in before:
            continue
        Draft202012Validator.check_schema(one.schema)
        if before:
            newest = list(before)[-1]
            if one.version <= newest:
                message = f"{one.schema['$id']} is not newer than {newest}"
                raise PublishError(message)
            refuse_breaks(before[newest], one.schema, Direction.ACCEPTED, agreed)
        made[place] = one.file.read_bytes()
    for place, content in made.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    if lines := unpublished(folder):
        raise PublishError("; ".join(lines))
    lock(folder)
    return list(made)


if __name__ == "__main__":
    publish_all(resources.schemas(), waivers(resources.contracts()))
