"""Feeds from files, found again by the entity and year they are about."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, TypeAlias

from qpp.feeds import COSTS, PROFILE
from qppflow.cli.documents import read_documents
from qppflow.cli.judge import judge_as_feed
from qppflow.runtime.decode import SIZE_LIMIT
from qppflow.runtime.judging import ACCEPTED, Judged

JsonObject: TypeAlias = dict[str, Any]
Entity: TypeAlias = tuple[Any, ...]

WHO: Final = (
    "performanceYear",
    "entityType",
    "entityId",
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
        self._seen: set[Entity] = set()
        self.replaced: list[str] = []

    def add(self, paths: Iterable[Path], option: str) -> None:
        """Read the feeds of some files; note which replaces a different one.

        Raises:
            FeedError: a document is no valid feed, or not the one *option* takes.
            UnreadableError: a path cannot be read.
        """
        for document in read_documents(paths, limit=SIZE_LIMIT):
            name, judged = document.name, judge_as_feed(document)
            if judged.fate != ACCEPTED or judged.document is None:
                message = f"{name}: not a valid feed"
                raise FeedError(message, judged)
            kind = judged.document["feed"]
            if kind != OPTIONS.get(option, kind):
                message = f"{name}: {option} takes {OPTIONS[option]}, this is {kind}"
                raise FeedError(message)
            known = self._found.setdefault(entity(judged.document), {})
            if known.get(kind, judged.document) != judged.document:
                self.replaced.append(f"{name}: another {kind} of the same entity")
            known[kind] = judged.document

    def of(self, document: JsonObject) -> dict[str, JsonObject]:
        """Give the feeds about the entity of a submission, by name."""
        return self._found.get(entity(document), {})

    def see(self, document: JsonObject | None) -> None:
        """Note whom a document is about, whatever its fate: its feeds have a use."""
        who = entity(document or {})
        # What was rejected may hold anything in the place of a year or a TIN.
        if all(isinstance(part, str | int | None) for part in who):
            self._seen.add(who)

    @property
    def unused(self) -> int:
        """How many entities the feeds speak of that no document was about."""
        return len(self._found.keys() - self._seen)


def entity(document: JsonObject) -> Entity:
    """Name whom a document is about, for finding what belongs together."""
    return tuple(document.get(name) for name in WHO)
