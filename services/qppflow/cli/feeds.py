"""Feeds from files, found again by the entity and year they are about."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, TypeAlias

from qpp.feeds import COSTS, PROFILE
from qppflow.cli.documents import read_documents
from qppflow.runtime.judging import ACCEPTED, Judged, judge_feed

JsonObject: TypeAlias = dict[str, Any]
Entity: TypeAlias = tuple[Any, ...]

WHO: Final = (
    "performanceYear",
    "entityType",
    "taxpayerIdentificationNumber",
    "nationalProviderIdentifier",
)
# What the two options of their own take; every other feed comes by --feed.
OPTIONS: Final = {"--profile": PROFILE, "--costs": COSTS}


class FeedError(Exception):
    """A file holds something else than the feed that was asked for."""

    def __init__(self, message: str, judged: Judged | None = None) -> None:
        super().__init__(message)
        self.judged = judged


class Feeds:
    """Feeds by entity and name; the last one of a name counts."""

    def __init__(self) -> None:
        self._found: dict[Entity, dict[str, JsonObject]] = {}
        self._used: set[Entity] = set()

    def add(self, paths: Iterable[Path], option: str) -> None:
        """Read the feeds of some files.

        Raises:
            FeedError: a document is no valid feed, or not the one *option* takes.
            UnreadableError: a path cannot be read.
        """
        for name, body in read_documents(paths):
            judged = judge_feed(body)
            if judged.fate != ACCEPTED or judged.document is None:
                message = f"{name}: not a valid feed"
                raise FeedError(message, judged)
            kind = judged.document["feed"]
            if kind != OPTIONS.get(option, kind):
                message = f"{name}: {option} takes {OPTIONS[option]}, this is {kind}"
                raise FeedError(message)
            self._found.setdefault(entity(judged.document), {})[kind] = judged.document

    def of(self, document: JsonObject) -> dict[str, JsonObject]:
        """Give the feeds about the entity of a submission, by name."""
        who = entity(document)
        self._used.add(who)
        return self._found.get(who, {})

    @property
    def unused(self) -> int:
        """How many entities the feeds speak of that no submission was about."""
        return len(self._found.keys() - self._used)


def entity(document: JsonObject) -> Entity:
    """Name whom a document is about, for finding what belongs together."""
    return tuple(document.get(name) for name in WHO)
