"""Profiles and elections from files, joined by the entity and year they are about."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias

from qpp.eligibility import (
    Eligibility,
    EligibilityRules,
    Standing,
    Statuses,
    determine,
    standing,
    united,
)
from qpp.eligibility.outcome import UNKNOWN
from qpp.feeds import ELECTION, PROFILE
from qpp.library import rules
from qpp.submission import Json
from qppflow.cli.eligibility_words import would_change

JsonObject: TypeAlias = dict[str, Any]

WHO: Final = (
    "performanceYear",
    "entityType",
    "taxpayerIdentificationNumber",
    "nationalProviderIdentifier",
    "entityId",
)


class WrongFeedError(Exception):
    """A file holds a feed that says nothing about eligibility."""


@dataclass
class Entity:
    """One entity in one year: its profile, its elections, and what they make of it."""

    year: int
    kind: str
    documents: list[str] = field(default_factory=list)
    profile: JsonObject | None = None
    elections: list[JsonObject] = field(default_factory=list)

    @property
    def rules(self) -> EligibilityRules:
        """Give the law of the year."""
        return rules(self.year).eligibility

    @property
    def given(self) -> frozenset[str]:
        """Give the special statuses that CMS gave."""
        return frozenset((self.profile or {}).get("specialStatuses") or ())

    @cached_property
    def stands(self) -> Standing:
        """Find the election that counts."""
        return standing(self.elections, self.rules)

    @cached_property
    def found(self) -> Eligibility:
        """Judge the entity."""
        return self._judged(self.stands.election)

    @property
    def election_is_moot(self) -> bool:
        """Whether the election changes nothing."""
        if self.stands.election is None or self.found.outcome == UNKNOWN:
            return False
        return self._judged(None)[:2] == self.found[:2]

    @property
    def statuses(self) -> Statuses:
        """Join the statuses that CMS gave with those that the facts show."""
        return united(self.given, self.found.statuses, self.rules)

    @property
    def assumptions(self) -> list[str]:
        """Name everything that is taken for granted."""
        return sorted(
            self.found.assumptions | self.stands.assumptions | self.statuses.assumptions
        )

    def _judged(self, election: Json | None) -> Eligibility:
        """Judge the entity with an election, or without one."""
        facts = (self.profile or {}).get("eligibility")
        return determine(self.kind, facts, election, self.rules, year=self.year)

    def as_json(self) -> JsonObject:
        """Write what became of the entity, without its identifiers."""
        election = self.stands.election
        return {
            "documents": self.documents,
            "performanceYear": self.year,
            "entityType": self.kind,
            "election": None if election is None else election["election"],
            "eligibility": self.found.as_json(),
            "specialStatuses": sorted(self.statuses.names),
            "wouldChange": would_change(self.found, self.rules),
            "assumptions": self.assumptions,
        }


class Entities:
    """Entities in the order in which a file first named them."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], Entity] = {}
        self.replaced: list[str] = []

    def __iter__(self) -> Iterator[Entity]:
        """Give all entities."""
        return iter(self._found.values())

    def add(self, name: str, document: JsonObject) -> None:
        """Take a feed that was accepted; note where a profile replaces another.

        Raises:
            WrongFeedError: it is neither a profile nor an election.
        """
        kind = document["feed"]
        if kind not in {PROFILE, ELECTION}:
            message = f"{name}: eligibility takes profile and election, this is {kind}"
            raise WrongFeedError(message)
        who = tuple(document.get(field) for field in WHO)
        fresh = Entity(document["performanceYear"], document["entityType"])
        entity = self._found.setdefault(who, fresh)
        entity.documents.append(name)
        if kind == ELECTION:
            entity.elections.append(document)
            return
        if entity.profile not in (None, document):
            self.replaced.append(f"{name}: another profile of the same entity")
        entity.profile = document
