"""The offices: one TIN each, those who report under it, and the groups' subgroups."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from qpp.inputs import GROUP, INDIVIDUAL, SUBGROUP
from qppflow.demo import standings
from qppflow.demo.chance import Draw, around, happens
from qppflow.demo.offer import MIPS, pathway
from qppflow.demo.people import npi, tin
from qppflow.demo.practices import SMALL_UP_TO, Member, Practice
from qppflow.demo.specialties import SPECIALTIES, Specialty

_SKILL: Final = 0.65
_WRONG_NPIS: Final = 0.02
LARGEST: Final = 26
_A_FEW: Final = 9
# A group of fewer hardly divides itself.
DIVIDES_FROM: Final = 8


class Office(NamedTuple):
    """One TIN: its clinicians, by NPI, and what is true of all of them."""

    number: int
    year: int
    specialty: Specialty
    npis: tuple[str, ...]
    statuses: tuple[str, ...]
    skill: float

    @property
    def members(self) -> tuple[Member, ...]:
        """Give its clinicians with its TIN."""
        return tuple(Member(tin(self.number), found) for found in self.npis)


def office(number: int, year: int, chance: Draw, most: int = LARGEST) -> Office:
    """Draw an office of at most so many clinicians."""
    weights = [item.common for item in SPECIALTIES]
    specialty = chance.choices(SPECIALTIES, weights)[0]
    clinicians = min(_clinicians(chance), most)
    npis = [
        npi(number, place, sound=not happens(chance, _WRONG_NPIS))
        for place in range(clinicians)
    ]
    statuses = statuses_of(specialty, clinicians, chance)
    skill = around(chance, _SKILL, 7)
    return Office(number, year, specialty, tuple(npis), statuses, skill)


def reporting(found: Office, chance: Draw) -> Iterator[Practice]:
    """Draw who reports under a TIN: the group, its subgroups, clinicians alone."""
    clinicians = len(found.npis)
    as_group = clinicians > 1 and happens(chance, 0.7)
    if as_group:
        yield group(found, chance)
        if clinicians >= DIVIDES_FROM and happens(chance, 0.3):
            yield from _subgroups(found, chance)
    alone = 1 if clinicians == 1 else min(clinicians, 1 + int(chance.expovariate(1.2)))
    # In a group that reports, few report for themselves as well.
    for place in range(alone if not as_group or happens(chance, 0.12) else 0):
        yield individual(found, place, chance)


def group(found: Office, chance: Draw, program: str | None = None) -> Practice:
    """Draw the group of an office; without a *program* that is drawn, too."""
    drawn = program or _program(found, chance)
    return Practice(
        office=found.number,
        year=found.year,
        entity_type=GROUP,
        specialty=found.specialty,
        clinicians=len(found.npis),
        statuses=found.statuses,
        skill=around(chance, found.skill, 25),
        tin=tin(found.number),
        members=found.members,
        program=drawn,
        also_traditional=drawn != MIPS and happens(chance, 0.2),
        standing=standings.of_practice(chance),
    )


def individual(
    found: Office, place: int, chance: Draw, program: str | None = None
) -> Practice:
    """Draw a clinician of an office who reports alone."""
    drawn = program or _program(found, chance)
    return Practice(
        office=found.number,
        year=found.year,
        entity_type=INDIVIDUAL,
        specialty=found.specialty,
        clinicians=len(found.npis),
        statuses=found.statuses,
        skill=around(chance, found.skill, 25),
        tin=tin(found.number),
        npi=found.npis[place],
        program=drawn,
        also_traditional=drawn != MIPS and happens(chance, 0.2),
        standing=standings.of_clinician(found.specialty.name, chance),
    )


def _subgroups(found: Office, chance: Draw) -> Iterator[Practice]:
    """Draw one or two subgroups of a group; they report an MVP and nothing else."""
    program = pathway(found.year, found.specialty)
    if program is None:
        return
    members = found.members
    size = len(members) // 3
    for number in range(chance.choice((1, 1, 2))):
        yield Practice(
            office=found.number,
            year=found.year,
            entity_type=SUBGROUP,
            specialty=found.specialty,
            clinicians=size,
            statuses=found.statuses,
            skill=around(chance, found.skill, 25),
            entity_id=f"SG-{found.number:05d}-{number + 1}",
            group_tin=tin(found.number),
            members=members[number * size : (number + 1) * size],
            program=program,
        )


def _program(found: Office, chance: Draw) -> str:
    """Draw what is reported: traditional MIPS, an MVP, or the APP."""
    if happens(chance, 0.015):
        return "app1"
    if happens(chance, 0.10):
        return pathway(found.year, found.specialty) or MIPS
    return MIPS


def _clinicians(chance: Draw) -> int:
    """Draw how many clinicians bill under a TIN."""
    if happens(chance, 0.26):
        return 1
    if happens(chance, 0.55):
        return chance.randint(2, _A_FEW)
    if happens(chance, 0.4):
        return chance.randint(_A_FEW, SMALL_UP_TO)
    return chance.randint(SMALL_UP_TO + 1, LARGEST)


def statuses_of(specialty: Specialty, clinicians: int, chance: Draw) -> tuple[str, ...]:
    """Draw the special statuses of those who work together."""
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
