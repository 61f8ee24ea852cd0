"""What excludes an entity whatever its volume, § 414.1305 and .1310(b)."""

from datetime import date
from typing import Final, NamedTuple

from qpp.eligibility import outcome as words
from qpp.eligibility.elections import NOT_AS_PARTIAL_QP
from qpp.eligibility.outcome import TYPE_NOT_DECLARED
from qpp.eligibility.rules import EligibilityRules
from qpp.inputs import INDIVIDUAL
from qpp.submission import Json
from qpp.trace import Trace

PARTIAL_QP: Final = "partialQp"


class Excluding(NamedTuple):
    """What is known of an entity, to be asked for a reason to exclude it."""

    facts: Json
    elected: str | None
    rules: EligibilityRules
    year: int
    trace: Trace

    def reason(self, entity_type: str) -> str | None:
        """Say what excludes it; None if nothing does."""
        personal = self._person() if entity_type == INDIVIDUAL else None
        return self._qualifying_participant() if personal is None else personal

    def _person(self) -> str | None:
        """Judge a clinician's profession, and whether she is new to Medicare."""
        kind, rules = self.facts.get("clinicianType"), self.rules
        if kind is not None:
            eligible = kind in rules.clinician_types.value
            sentence = "{} is {} of this year's types of eligible clinicians"
            told = "one" if eligible else "none"
            self.trace.say(rules.clinician_types, sentence, kind, told)
            if not eligible:
                return words.CLINICIAN_TYPE
        elif self.facts:
            self.trace.assume(TYPE_NOT_DECLARED)
        enrolled = self.facts.get("medicareEnrollmentDate")
        if enrolled is None or date.fromisoformat(enrolled).year < self.year:
            return None
        sentence = "first enrolled in Medicare on {}"
        new = self.trace.say(rules.newly_enrolled_excluded, sentence, enrolled)
        return words.NEWLY_ENROLLED if new else None

    def _qualifying_participant(self) -> str | None:
        """Judge what taking part in an Advanced APM excludes from."""
        status, rules = self.facts.get("qpStatus"), self.rules
        if status in rules.qp_statuses_excluded.value:
            self.trace.say(rules.qp_statuses_excluded, "a qualifying APM participant")
            return words.QP
        if status != PARTIAL_QP:
            return None
        rule = rules.partial_qp_participates_by
        if self.elected in rule.value:
            self.trace.say(rule, "a partial QP that elected to take part")
            return None
        if self.elected == NOT_AS_PARTIAL_QP:
            self.trace.say(rule, "a partial QP that elected not to take part")
            return words.PARTIAL_QP_DECLINED
        self.trace.say(rule, "a partial QP that did not elect to take part")
        return words.PARTIAL_QP_NOT_ELECTED
