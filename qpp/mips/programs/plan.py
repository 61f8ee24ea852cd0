"""What one program asks for in a year: data from its rule file and the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from qpp.catalogue import Catalogue, Mvp
from qpp.mips.programs.rules import ProgramRules
from qpp.mips.rules import MipsRules
from qpp.submission import CLAIMS


@dataclass(frozen=True, slots=True, eq=False)
class MvpPlan:
    """An MVP: what it lists, and which of its measures can be reported by claims.

    ``claims_outcome`` says whether one of those can meet the outcome rule.
    """

    rules: ProgramRules
    facts: Mvp
    by_claims: frozenset[str]
    claims_outcome: bool


@dataclass(frozen=True, slots=True, eq=False)
class AppPlan:
    """The APP or APP Plus: measure to slot, the slots, and CMS's own measures."""

    rules: ProgramRules
    program: str
    slot_of: Mapping[str, str]
    slots: tuple[str, ...]
    claims: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The program an entity is scored in; traditional MIPS is neither of the two."""

    mvp: MvpPlan | None = None
    app: AppPlan | None = None

    @property
    def kind(self) -> str:
        """Name the kind of program as rule files do: ``mips``, ``mvp`` or ``app``."""
        if self.app is not None:
            return "app"
        return "mips" if self.mvp is None else "mvp"


TRADITIONAL: Final = Plan()


@lru_cache
def plan_of(rules: MipsRules, catalogue: Catalogue, program: str) -> Plan:
    """Give the plan of an MVP, the APP or APP Plus; it is made once for each year.

    Raises:
        KeyError: the year has no such program, which checks should have found.
    """
    slots = rules.programs.app_slots.value.get(program)
    if slots is not None:
        return Plan(app=_app(program, slots, rules.programs))
    return Plan(mvp=_mvp(catalogue.mvps[program], catalogue, rules))


def _app(
    program: str, slots: Mapping[str, tuple[str, ...]], rules: ProgramRules
) -> AppPlan:
    """Turn the lines of the rule file around: from measure to slot."""
    return AppPlan(
        rules=rules,
        program=program,
        slot_of={name: slot for slot, names in slots.items() for name in names},
        slots=tuple(slots),
        claims=frozenset(rules.app_claims_measures.value[program]),
    )


def _mvp(facts: Mvp, catalogue: Catalogue, rules: MipsRules) -> MvpPlan:
    """Find what of an MVP can be reported by claims."""
    measures = [catalogue.quality[name] for name in facts.quality]
    by_claims = [item for item in measures if CLAIMS in item.submission_methods]
    types = rules.quality.outcome_types.value
    return MvpPlan(
        rules=rules.programs,
        facts=facts,
        by_claims=frozenset(item.measure_id for item in by_claims),
        claims_outcome=any(
            item.measure_type in types or item.is_high_priority for item in by_claims
        ),
    )
