"""Who reports: clinicians, groups and what they join, and what CMS knows of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from qpp.inputs import APM_ENTITY, GROUP, INDIVIDUAL, SUBGROUP
from qppflow.demo.offer import MIPS
from qppflow.demo.specialties import Specialty
from qppflow.demo.standings import USUAL, Standing

SMALL_UP_TO: Final = 15


class Member(NamedTuple):
    """One clinician (NPI) under one TIN."""

    tin: str
    npi: str


@dataclass(frozen=True, slots=True)
class Practice:
    """One reporting entity of a performance year, as reported and as it truly is.

    It is known by ``tin``, by ``tin`` and ``npi``, or by ``entity_id``; ``group_tin``
    is a subgroup's group. ``clinicians`` work there; ``members`` are those whom its
    score may pay, none for an individual. ``program`` is ``mips``, ``app1``,
    ``appPlus`` or an MVP; in ``also_traditional`` it sends traditional MIPS as well.
    ``skill`` is a number from 0 to 1.
    """

    office: int
    year: int
    entity_type: str
    specialty: Specialty
    clinicians: int
    statuses: tuple[str, ...]
    skill: float
    tin: str | None = None
    npi: str | None = None
    entity_id: str | None = None
    group_tin: str | None = None
    members: tuple[Member, ...] = ()
    program: str = MIPS
    also_traditional: bool = False
    standing: Standing = USUAL

    @property
    def is_group(self) -> bool:
        """Whether several clinicians report together, in whatever way."""
        return self.entity_type != INDIVIDUAL

    @property
    def is_tin(self) -> bool:
        """Whether it is a group, which is known by its TIN alone."""
        return self.entity_type == GROUP

    @property
    def sends_no_interoperability(self) -> bool:
        """Whether its members, or its group, have the category in its place."""
        return self.entity_type in {SUBGROUP, APM_ENTITY}

    @property
    def needs_no_interoperability(self) -> bool:
        """Whether CMS takes Promoting Interoperability out of its score."""
        if self.is_group and "ascBased" in self.statuses:
            return "smallPractice" in self.statuses
        exempt = {"smallPractice", "hospitalBased", "nonPatientFacing", "ascBased"}
        return not exempt.isdisjoint(self.statuses)


def first(size: int, units: Iterator[Sequence[Practice]]) -> Iterator[Practice]:
    """Give the first *size* entities of offices that stand side by side."""
    left = size
    for unit in units:
        yield from unit[:left]
        left -= len(unit[:left])
        if not left:
            return
