"""Several practices as one: virtual groups, and APM entities with participants."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from qpp.inputs import APM_ENTITY, VIRTUAL_GROUP
from qppflow.demo import standings
from qppflow.demo.chance import Draw, around, draw, happens
from qppflow.demo.offer import APP, APP_PLUS, MIPS, offers
from qppflow.demo.offices import LARGEST, Office, group, individual, office, reporting
from qppflow.demo.plain import is_plain
from qppflow.demo.practices import SMALL_UP_TO, Practice, first
from qppflow.demo.specialties import Specialty

# No larger practice joins a virtual group. Of an APM entity each member is asked for
# her data, so a few large ones would be most of what streams.
_LARGEST_IN: Final = {VIRTUAL_GROUP: 10, APM_ENTITY: 8}
_VIRTUAL_GROUPS: Final = 0.045
_APM_ENTITIES: Final = 0.055


def practices(
    size: int, seed: int, years: Sequence[int], *, plain: bool = False
) -> Iterator[Practice]:
    """Draw *size* reporting entities; a larger population begins with the same ones.

    All of them are *plain* if asked for (see ``qppflow.demo.plain``).
    """
    units: Iterator[Sequence[Practice]] = _units(seed, years)
    if plain:
        units = ([one for one in unit if is_plain(one)] for unit in units)
    return first(size, units)


def _units(seed: int, years: Sequence[int]) -> Iterator[list[Practice]]:
    """Draw offices alone or joined, one after another, without end."""
    number = 0
    while True:
        chance = draw(seed, "office", number)
        year = chance.choice(years)
        kind, offices = "", 1
        lot = chance.random()
        if lot < _VIRTUAL_GROUPS:
            kind, offices = VIRTUAL_GROUP, chance.randint(2, 4)
        elif lot < _VIRTUAL_GROUPS + _APM_ENTITIES:
            kind, offices = APM_ENTITY, chance.randint(2, 4)
        most = _LARGEST_IN.get(kind, LARGEST)
        found = [
            office(number + one, year, chance, most=most) for one in range(offices)
        ]
        if kind == VIRTUAL_GROUP:
            yield list(_virtual_group(found, chance))
        elif kind == APM_ENTITY:
            yield list(_apm_entity(found, chance))
        else:
            yield list(reporting(found[0], chance))
        number += offices


def _virtual_group(found: list[Office], chance: Draw) -> Iterator[Practice]:
    """Draw a virtual group, which pays its members whatever else they report."""
    yield replace(
        _joined(found, f"VG-{found[0].number:05d}", VIRTUAL_GROUP, chance),
        standing=standings.of_practice(chance)._replace(election=None),
    )
    for one in found:
        if happens(chance, 0.25):
            yield _alone(one, chance, MIPS)


def _apm_entity(found: list[Office], chance: Draw) -> Iterator[Practice]:
    """Draw an APM entity, and those of its practices that report as well."""
    year = found[0].year
    program = chance.choices((APP, APP_PLUS, MIPS), (4, 5, 2))[0]
    if not offers(year, program):
        program = APP
    yield replace(
        _joined(found, f"APM-{found[0].number:05d}", APM_ENTITY, chance),
        program=program,
        standing=standings.of_apm_entity(chance),
    )
    for one in found:
        # Their Promoting Interoperability is what the entity has in it.
        if happens(chance, 0.55):
            yield _alone(one, chance, chance.choice((MIPS, MIPS, APP)))


def _joined(
    found: list[Office], entity_id: str, entity_type: str, chance: Draw
) -> Practice:
    """Join offices under an id; what is true of all of them is true of the whole."""
    members = tuple(member for one in found for member in one.members)
    shared = set(found[0].statuses).intersection(*(one.statuses for one in found))
    if len(members) > SMALL_UP_TO:
        shared.discard("smallPractice")
    return Practice(
        office=found[0].number,
        year=found[0].year,
        entity_type=entity_type,
        specialty=_common(found),
        clinicians=len(members),
        statuses=tuple(name for name in found[0].statuses if name in shared),
        skill=around(chance, found[0].skill, 25),
        entity_id=entity_id,
        members=members,
    )


def _common(found: list[Office]) -> Specialty:
    """Give the specialty of the largest of some offices: it reports for all."""
    return max(found, key=lambda one: len(one.npis)).specialty


def _alone(one: Office, chance: Draw, program: str) -> Practice:
    """Let an office of an alliance report for itself."""
    if len(one.npis) > 1:
        return group(one, chance, program)
    return individual(one, 0, chance, program)
