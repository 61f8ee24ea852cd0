"""Whether a score of an entity adjusts a clinician's payments, § 414.1310."""

from typing import Final, NamedTuple, Protocol

from qpp.eligibility import outcome as words
from qpp.eligibility.outcome import (
    CLINICIAN_NOT_DECLARED,
    ELIGIBILITY_NOT_DECLARED,
    GROUP_NOT_DECLARED,
)
from qpp.eligibility.rules import EligibilityRules
from qpp.inputs import APM_ENTITY, INDIVIDUAL, VIRTUAL_GROUP
from qpp.rulebook import Provision
from qpp.trace import Trace

# Why a score pays, where the outcome alone does not say it.
BROUGHT_IN: Final = "broughtInByGroup"
GROUP_ABOVE: Final = "groupAboveLowVolume"


class Outcome(Protocol):
    """What is asked of a clinician's own eligibility."""

    @property
    def outcome(self) -> str:
        """One of ``OUTCOMES``."""

    @property
    def reason(self) -> str:
        """What the outcome rests on."""


class Ruling(NamedTuple):
    """Whether a clinician is paid by a score: True, False, or None if nobody knows.

    ``reason`` is a reason or an outcome of ``qpp.eligibility.outcome``, or
    ``broughtInByGroup`` or ``groupAboveLowVolume``.
    """

    pays: bool | None
    reason: str
    citation: str
    assumptions: frozenset[str]


def pays(
    entity_type: str,
    entity_outcome: str,
    clinician: Outcome | None,
    rules: EligibilityRules,
    *,
    group_outcome: str | None = None,
) -> Ruling:
    """Say whether a score of an entity adjusts a clinician's (TIN/NPI) payments.

    *clinician* is what she is alone, *group_outcome* what her TIN is as a group; that
    is asked for under an APM entity alone. None is whatever nobody declared. For an
    individual *entity_outcome* is her own and *clinician* may be left out.
    """
    trace = Trace()
    made = _Asked(entity_type, entity_outcome, clinician, group_outcome, rules, trace)
    verdict, why, rule = made.ruling()
    return Ruling(verdict, why, rule.citation, frozenset(trace.assumptions))


_Verdict = tuple[bool | None, str, Provision[object]]


class _Asked(NamedTuple):
    """Everything that one ruling rests on."""

    entity_type: str
    entity_outcome: str
    clinician: Outcome | None
    group_outcome: str | None
    rules: EligibilityRules
    trace: Trace

    def ruling(self) -> _Verdict:
        """Ask for the entity first, then for the clinician within it."""
        paid = self.rules.paid_outcomes
        if self.entity_outcome == words.UNKNOWN:
            self.trace.assume(ELIGIBILITY_NOT_DECLARED)
            return None, words.NOT_DECLARED, paid
        if self.entity_outcome not in self.trace.use(paid):
            return False, self._why_unpaid(), paid
        if self.entity_type == INDIVIDUAL:
            return True, self.entity_outcome, paid
        return self._within()

    def _why_unpaid(self) -> str:
        """Say why a score pays nobody: an individual's own reason says most."""
        if self.entity_type == INDIVIDUAL and self.clinician is not None:
            return self.clinician.reason
        return self.entity_outcome

    def _within(self) -> _Verdict:
        """Judge the clinician under an entity whose score pays."""
        one, rules = self.clinician, self.rules
        if one is None or one.outcome == words.UNKNOWN:
            self.trace.assume(CLINICIAN_NOT_DECLARED)
            return True, self.entity_outcome, rules.paid_outcomes
        if one.reason in self.trace.use(rules.unpaid_reasons):
            return False, one.reason, rules.unpaid_reasons
        if one.outcome in rules.paid_outcomes.value:
            return True, one.outcome, rules.paid_outcomes
        if self.entity_type == APM_ENTITY:
            return self._in_apm_entity()
        rule: Provision[object] = rules.group_brings_in_low_volume
        if self.entity_type == VIRTUAL_GROUP:
            rule = rules.virtual_group_election
            brought = self.trace.use(rules.virtual_group_election) == "opts_in"
        else:
            brought = self.trace.use(rules.group_brings_in_low_volume)
        return (True, BROUGHT_IN, rule) if brought else (False, one.reason, rule)

    def _in_apm_entity(self) -> _Verdict:
        """Judge one below the threshold alone: her group's volume is enough."""
        rule = self.rules.apm_low_volume
        if self.trace.use(rule) == "not_judged":
            return True, BROUGHT_IN, rule
        if self.group_outcome in {None, words.UNKNOWN}:
            self.trace.assume(GROUP_NOT_DECLARED)
            return None, words.LOW_VOLUME, rule
        if self.group_outcome in self.rules.paid_outcomes.value:
            return True, GROUP_ABOVE, rule
        return False, words.LOW_VOLUME, rule
