"""Publishes a version of an event: compared, put in its place, and locked.

``python -m tests.contracts.publishing EVENT DRAFT`` publishes a draft;
without arguments it locks what is not locked yet and writes the AsyncAPI document.
"""

import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from jsonschema import Draft202012Validator

from qppflow.runtime import asyncapi, resources
from qppflow.runtime.compatibility import Direction, breaks
from qppflow.runtime.compatibility_gate import Waiver
from qppflow.runtime.contracts import Schema, event_schema, event_versions, version

LOCK = "published.lock"
# The folders of versions: below contracts/ the first two, below schemas/ the last.
VERSIONED = ("events", "headers", "published")


class PublishError(Exception):
    """The draft may not be published; the message says why."""


def schemas_of(folder: Path) -> Mapping[str, str]:
    """Hash every versioned schema: its path below *folder*, and its SHA-256."""
    found = {}
    for part in VERSIONED:
        for file in sorted((folder / part).rglob("*.schema.json")):
            path = file.relative_to(folder).as_posix()
            found[path] = sha256(file.read_bytes()).hexdigest()
    return found


def locked(folder: Path) -> Mapping[str, str]:
    """Read the lock, in the form that ``sha256sum -c`` reads too."""
    lines = (folder / LOCK).read_text("utf-8").splitlines()
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def changes(folder: Path) -> list[str]:
    """List what differs from the lock: changed, gone, or not locked yet."""
    now, then = schemas_of(folder), locked(folder)
    both = sorted(now.keys() & then.keys())
    return (
        [f"{path} is gone" for path in sorted(then.keys() - now.keys())]
        + [f"{path} is not locked" for path in sorted(now.keys() - then.keys())]
        + [f"{path} changed" for path in both if now[path] != then[path]]
    )


def lock(folder: Path) -> None:
    """Lock what is new.

    Raises:
        PublishError: a locked file changed or is gone; it must be put back.
    """
    lines = changes(folder) if (folder / LOCK).exists() else []
    if broken := [line for line in lines if not line.endswith("not locked")]:
        raise PublishError("; ".join(broken))
    text = "".join(f"{digest}  {path}\n" for path, digest in schemas_of(folder).items())
    (folder / LOCK).write_text(text, "utf-8")


def waivers(folder: Path) -> tuple[Waiver, ...]:
    """Read the breaks that were agreed on.

    Raises:
        TypeError: a waiver lacks a field, its last day above all.
    """
    found = tomllib.loads((folder / "exceptions.toml").read_text("utf-8"))
    return tuple(Waiver(**item) for item in found.get("waiver", ()))


def refuse_breaks(
    old: Schema, new: Schema, direction: Direction, agreed: Sequence[Waiver]
) -> None:
    """Let only a version pass that keeps the promise of the one before.

    Raises:
        PublishError: it breaks the promise, and nobody agreed on that.
    """
    waived = {
        (item.pointer, item.keyword)
        for item in agreed
        if item.schema == new["$id"] and datetime.now(UTC).date() <= item.until
    }
    found = breaks(old, new, direction)
    if broken := [item for item in found if item[:2] not in waived]:
        raise PublishError("; ".join(" ".join(item) for item in broken))


def publish(event: str, draft: Path, folder: Path) -> Path:
    """Publish a draft of an event's next version and lock it; gives its file.

    Raises:
        PublishError: it is no schema, not the next version, or breaks a promise.
    """
    schema = json.loads(draft.read_bytes())
    Draft202012Validator.check_schema(schema)
    family, _, number = schema["$id"].rpartition(":")
    if family != f"urn:qppflow:event:{event}":
        message = f"its $id must be urn:qppflow:event:{event}: and a version"
        raise PublishError(message)
    new, known = version(number), list(event_versions(event, folder))
    # An old major version may still grow while a newer one runs beside it.
    before = [number for number in known if number.major == new.major] or known
    if before and new <= before[-1]:
        message = f"{new} is not newer than {before[-1]}"
        raise PublishError(message)
    if before and new.major == before[-1].major:
        old = event_schema(event, str(before[-1]), folder)
        refuse_breaks(old, schema, Direction.PROMISED, waivers(folder))
    place = folder / "events" / event / f"{new}.schema.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(draft.read_bytes())
    lock(folder)
    return place


def main(arguments: Sequence[str]) -> None:
    """Publish a draft if one is given; then lock and write what is generated."""
    folder = resources.contracts()
    if arguments:
        event, draft = arguments
        publish(event, Path(draft), folder)
    lock(folder)
    (folder / asyncapi.FILE).write_bytes(asyncapi.written(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
