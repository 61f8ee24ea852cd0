"""What ``contracts/`` promises, read once: topics, events and their schemas."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import jsonschema_rs

from qppflow.runtime import resources

Schema: TypeAlias = dict[str, Any]

TYPE_PREFIX: Final = "qppflow."
MILLISECONDS_A_DAY: Final = 24 * 60 * 60 * 1000
# The two spans of the registry, in days.
RETENTION_DAYS: Final = {"six_years": 2190, "fourteen_days": 14}

_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_TYPE: Final = re.compile(r"qppflow\.(?P<event>[a-z-]+)\.v(?P<major>\d+)")


class Version(NamedTuple):
    """A version of a schema; a new major one is a new ``ce_type``."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        """Write it as files have it: ``1.0.0``."""
        return ".".join(map(str, self))


def version(text: str) -> Version:
    """Read a version such as ``1.0.0``.

    Raises:
        ValueError: the text is no version.
    """
    found = _VERSION.fullmatch(text)
    if found is None:
        message = "a version is three numbers with dots between"
        raise ValueError(message)
    return Version(*map(int, found.groups()))


class Parties(NamedTuple):
    """Who writes or reads a topic: our services, and others in words."""

    services: Sequence[str]
    others: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the registry, by its logical name.

    ``events`` are event names, ``schemas`` a folder of ``schemas/`` for an input
    topic; one of the two is empty. ``retention`` is a key of ``RETENTION_DAYS``.
    """

    name: str
    description: str
    owner: str
    pii: str
    breaks: str
    action: str
    key_what: str
    key_why: str
    events: tuple[str, ...]
    schemas: str
    cleanup: str
    retention: str
    partitions: int
    max_message_bytes: int
    timestamp: str
    producers: Parties
    consumers: Parties

    @property
    def groups(self) -> Sequence[str]:
        """Give the consumer groups: the names of the services that read it."""
        return self.consumers.services

    @property
    def retention_ms(self) -> int:
        """Give how long records stay, in milliseconds."""
        return RETENTION_DAYS[self.retention] * MILLISECONDS_A_DAY

    @property
    def broker_settings(self) -> dict[str, str]:
        """Give the topic settings in the broker's own names and form."""
        return {
            "cleanup.policy": self.cleanup,
            "retention.ms": str(self.retention_ms),
            "max.message.bytes": str(self.max_message_bytes),
            "message.timestamp.type": self.timestamp,
        }


def read_topic(text: str) -> Topic:
    """Read one registry file that its metaschema accepts."""
    found = tomllib.loads(text)
    log, value = found["log"], found["value"]
    return Topic(
        **{
            name: found[name]
            for name in ("name", "description", "owner", "pii", "breaks", "action")
        },
        key_what=found["key"]["what"],
        key_why=found["key"]["why"],
        events=tuple(value.get("events", ())),
        schemas=value.get("schemas", ""),
        **log,
        producers=Parties(**found["producers"]),
        consumers=Parties(**found["consumers"]),
    )


def read_topics(folder: Path) -> Mapping[str, Topic]:
    """Read every topic of a registry folder, by logical name, sorted."""
    files = sorted((folder / "topics").glob("*.toml"))
    found = [read_topic(file.read_text("utf-8")) for file in files]
    return {topic.name: topic for topic in found}


@cache
def topics() -> Mapping[str, Topic]:
    """Give every topic of this build, by logical name."""
    return read_topics(resources.contracts())


class Names:
    """Turns a contract's topic names into a deployment's and back."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix

    def physical(self, name: str) -> str:
        """Give the name that the broker knows."""
        return self._prefix + name

    def logical(self, name: str) -> str:
        """Give the contract's name of a broker's topic.

        Raises:
            ValueError: the topic lacks the prefix, so it is none of ours.
        """
        if not name.startswith(self._prefix):
            message = "a topic of another deployment"
            raise ValueError(message)
        return name.removeprefix(self._prefix)


def event_versions(name: str, folder: Path | None = None) -> Mapping[Version, Path]:
    """Give the schema files of an event by version, oldest first."""
    root = (folder or resources.contracts()) / "events" / name
    found = {
        version(file.name.removesuffix(".schema.json")): file
        for file in root.glob("*.schema.json")
    }
    return dict(sorted(found.items()))


def event_names(folder: Path | None = None) -> tuple[str, ...]:
    """Give the names of all events, sorted."""
    root = (folder or resources.contracts()) / "events"
    return tuple(sorted(path.name for path in root.iterdir() if path.is_dir()))


def event_schema(name: str, wanted: str, folder: Path | None = None) -> Schema:
    """Read the schema of one version of an event.

    Raises:
        KeyError: there is no such event or version.
    """
    schema: Schema = json.loads(
        event_versions(name, folder)[version(wanted)].read_bytes()
    )
    return schema


def latest(versions: Iterable[Version]) -> dict[int, Version]:
    """Give the newest version of each major one."""
    return {found.major: found for found in sorted(versions)}


def event_type(name: str, major: int) -> str:
    """Give the ``ce_type`` of an event."""
    return f"{TYPE_PREFIX}{name}.v{major}"


class Problem(NamedTuple):
    """Why a value breaks its schema: where, and which keyword; never its text."""

    pointer: str
    keyword: str


def problems(
    validator: jsonschema_rs.Draft202012Validator, value: object
) -> list[Problem]:
    """List what a compiled schema finds wrong."""
    return [
        Problem(
            "".join(f"/{_escaped(part)}" for part in error.instance_path),
            error.kind.name,
        )
        for error in validator.iter_errors(value)
    ]


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


class Validator:
    """Checks events against their schemas, each compiled once."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def problems(self, ce_type: str, value: object) -> list[Problem]:
        """List what is wrong with a decoded value; of each major the newest counts.

        Raises:
            KeyError: the type is none of the registry's events.
        """
        return problems(self._of(ce_type), value)

    def _of(self, ce_type: str) -> jsonschema_rs.Draft202012Validator:
        if (ready := self._compiled.get(ce_type)) is not None:
            return ready
        named = _TYPE.fullmatch(ce_type)
        if named is None:
            message = "no type of ours"
            raise KeyError(message)
        name, major = named["event"], int(named["major"])
        newest = latest(event_versions(name, self._folder))[major]
        schema = event_schema(name, str(newest), self._folder)
        ready = jsonschema_rs.Draft202012Validator(schema)
        self._compiled[ce_type] = ready
        return ready
