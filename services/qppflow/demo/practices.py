"""Who reports: clinicians and groups, the offices they bill under, what CMS knows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from qpp.inputs import GROUP, INDIVIDUAL
from qppflow.demo.chance import Draw, around, draw, happens
from qppflow.demo.people import npi, tin
from qppflow.demo.specialties import SPECIALTIES, Specialty

SMALL_UP_TO: Final = 15
_SKILL: Final = 0.65
_WRONG_NPIS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Practice:
    """One clinician or group of a performance year, as reported and as it truly is.

    ``clinicians`` bill under the TIN; ``roster`` are their NPIs where a group
    reports. ``skill`` is a number from 0 to 1.
    """

    office: int
    year: int
    entity_type: str
    tin: str
    npi: str | None
    specialty: Specialty
    clinicians: int
    roster: tuple[str, ...]
    statuses: tuple[str, ...]
    skill: float

    @property
    def is_group(self) -> bool:
        """Whether the practice reports as one."""
        return self.entity_type == GROUP

    @property
    def needs_no_interoperability(self) -> bool:
        """Whether CMS takes Promoting Interoperability out of its score."""
        if self.is_group and "ascBased" in self.statuses:
            return "smallPractice" in self.statuses
        exempt = {"smallPractice", "hospitalBased", "nonPatientFacing", "ascBased"}
        return not exempt.isdisjoint(self.statuses)


def practices(size: int, seed: int, years: Sequence[int]) -> Iterator[Practice]:
    """Draw *size* reporting entities; a larger population begins with the same ones."""
    left = size
    office = 0
    while left > 0:
        for practice in _office(office, draw(seed, "office", office), years):
            if left > 0:
                yield practice
                left -= 1
        office += 1


def _office(office: int, chance: Draw, years: Sequence[int]) -> Iterator[Practice]:
    """Draw one TIN and those who report under it."""
    year = chance.choice(years)
    specialty = chance.choices(SPECIALTIES, [item.common for item in SPECIALTIES])[0]
    clinicians = _clinicians(chance)
    statuses = _statuses(specialty, clinicians, chance)
    skill = around(chance, _SKILL, 7)
    as_group = clinicians > 1 and happens(chance, 0.55)
    roster = [
        npi(office, place, sound=not happens(chance, _WRONG_NPIS))
        for place in range(clinicians)
    ]

    def practice(member: int | None) -> Practice:
        return Practice(
            office=office,
            year=year,
            entity_type=GROUP if member is None else INDIVIDUAL,
            tin=tin(office),
            npi=None if member is None else roster[member],
            specialty=specialty,
            clinicians=clinicians,
            roster=tuple(roster) if member is None else (),
            statuses=statuses,
            skill=around(chance, skill, 25),
        )

    if as_group:
        yield practice(None)
    alone = 1 if clinicians == 1 else min(clinicians, 1 + int(chance.expovariate(1)))
    # In a group that reports, few report for themselves as well.
    for member in range(alone if not as_group or happens(chance, 0.12) else 0):
        yield practice(member)


def _clinicians(chance: Draw) -> int:
    """Draw how many clinicians bill under a TIN."""
    if happens(chance, 0.35):
        return 1
    if happens(chance, 0.6):
        return chance.randint(2, SMALL_UP_TO)
    return chance.randint(SMALL_UP_TO + 1, 40)


def _statuses(specialty: Specialty, clinicians: int, chance: Draw) -> tuple[str, ...]:
    """Draw the special statuses CMS gives, by size, specialty and place."""
    shares = {
        "smallPractice": 1.0 if clinicians <= SMALL_UP_TO else 0.0,
        "hospitalBased": specialty.hospital,
        "nonPatientFacing": specialty.faceless,
        "ascBased": 0.03 if "surgery" in specialty.name else 0.0,
        "rural": 0.12,
        "hpsa": 0.08,
        "facilityBased": specialty.hospital / 2,
    }
    return tuple(name for name, share in shares.items() if happens(chance, share))
