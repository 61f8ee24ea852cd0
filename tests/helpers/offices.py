"""Offices of which every document may be told, in the order a test needs.

An office has identifiers of its own, so that many can be in one stream. Documents go
in waves: those of a wave are all done before the next one is sent, since nothing else
orders a feed before a submission.
"""

from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from tests.helpers.corpus_sheet import NPI, TIN, YEARS, Facts, Sheet
from tests.helpers.corpus_values import Json
from tests.helpers.practice import ABOVE

REGISTRY, OTHER = "urn:registry:one", "urn:registry:two"
FIRST: Final = 2017
FACTS: Final[dict[int, Facts]] = {
    **{facts.year: facts for facts in YEARS},
    # What the first year has beside its number, no sheet here asks for.
    FIRST: replace(YEARS[0], year=FIRST),
}


class Told(NamedTuple):
    """A document, in which wave it is told and by whom."""

    wave: int
    source: str
    document: Json


@dataclass
class Office:
    """One practice and all that is told of it."""

    name: str
    year: int = 2025
    told: list[Told] = field(default_factory=list)

    @property
    def sheet(self) -> Sheet:
        """Give the sheet that its sets are written on."""
        return Sheet(FACTS[self.year], f"office {self.name}")

    def npi(self, number: int = 0) -> str:
        """Give the NPI of one of its clinicians."""
        return Sheet(FACTS[self.year], f"office {self.name} {number}").npi

    def alone(self, number: int = 0) -> Json:
        """Name a clinician."""
        return {**self.group, "entityType": "individual", NPI: self.npi(number)}

    @property
    def group(self) -> Json:
        """Name the practice."""
        return {"entityType": "group", TIN: self.sheet.tin}

    def entity(self, kind: str, number: int = 0) -> Json:
        """Name an entity that is known by an id."""
        return {"entityType": kind, "entityId": f"W{self.sheet.tin[3:]}{number}"}

    def tell(self, wave: int, *documents: Json, source: str = REGISTRY) -> None:
        """Tell documents in a wave."""
        self.told += [Told(wave, source, document) for document in documents]

    def feed(self, kind: str, who: Json, **fields: object) -> Json:
        """Write a feed about an entity."""
        return {"feed": kind, "performanceYear": self.year, **who, **fields}

    def reports(self, who: Json, *sets: Json) -> Json:
        """Write a submission of an entity."""
        return {**who, "performanceYear": self.year, "measurementSets": list(sets)}

    def profile(self, who: Json, facts: Json = ABOVE, *statuses: str) -> Json:
        """Write a profile with facts that decide on eligibility."""
        alone = NPI in who
        kind = {"clinicianType": "physician"} if alone else {}
        known = {**kind, **facts}
        return self.feed("profile", who, specialStatuses=[*statuses], eligibility=known)

    def member(self, number: int = 0) -> Json:
        """Write a member of a roster."""
        return {TIN: self.sheet.tin, NPI: self.npi(number)}

    def roster(
        self,
        who: Json,
        *numbers: int,
        name: str = "r1",
        chunk: int = 1,
        chunks: int = 1,
    ) -> Json:
        """Write a chunk of a roster, by default the only one."""
        listed = [self.member(number) for number in numbers]
        made: Json = {"rosterId": name, "chunk": chunk, "chunks": chunks}
        if who["entityType"] == "subgroup":
            made["affiliatedGroup"] = {TIN: self.sheet.tin}
        return self.feed("roster", who, **made, members=listed)

    def registered(self, who: Json, *programs: str, **more: object) -> Json:
        """Write registrations."""
        listed = [{"programName": name, **more} for name in programs]
        return self.feed("registration", who, registrations=listed)

    def elects(self, who: Json, word: str) -> Json:
        """Write an election."""
        day = f"{self.year}-11-30"
        return self.feed("election", who, election=word, electedOn=day)
