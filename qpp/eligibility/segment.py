"""Special statuses that the facts of one segment show, each with its reason."""

from decimal import Decimal
from typing import Final, NamedTuple

from qpp.eligibility.rules import EligibilityRules
from qpp.inputs import SMALL_PRACTICE
from qpp.numbers import ZERO, exactly, percent, plain
from qpp.rulebook import Provision
from qpp.submission import Json
from qpp.trace import Trace

HOSPITAL_BASED: Final = "hospitalBased"
ASC_BASED: Final = "ascBased"
NON_PATIENT_FACING: Final = "nonPatientFacing"
FACILITY_BASED: Final = "facilityBased"
RURAL: Final = "rural"
HPSA: Final = "hpsa"

PLACES: Final = "servicesByPlace"
ENCOUNTERS: Final = "patientFacingEncounters"
MEMBERS: Final = "members"
# How many members of a group are what would make the group so.
MEMBER_COUNTS: Final = {
    HOSPITAL_BASED: "hospitalBasedMembers",
    NON_PATIENT_FACING: "nonPatientFacingMembers",
    ASC_BASED: "ascBasedMembers",
    RURAL: "ruralMembers",
    HPSA: "hpsaMembers",
    FACILITY_BASED: "facilityBasedMembers",
}
LOCATIONS: Final = {RURAL: "inRuralArea", HPSA: "inHpsa"}


class OfSegment(NamedTuple):
    """The facts of one segment, judged status by status."""

    number: str
    segment: Json
    rules: EligibilityRules
    trace: Trace

    def statuses(self, *, individual: bool) -> frozenset[str]:
        """Give all statuses that the segment shows."""
        names = self._practice() | self._locations()
        if individual:
            return names | self._encounters() | self._places()
        return names | self._members()

    def _judged(
        self, status: str, rule: Provision[object], words: str, *, holds: bool
    ) -> frozenset[str]:
        """Give the reason for or against a status."""
        answer = "shown" if holds else "not shown"
        sentence = "segment {}: {} {}: {}"
        self.trace.say(rule, sentence, self.number, status, answer, words)
        return frozenset({status} if holds else ())

    def _practice(self) -> frozenset[str]:
        """Judge the size of the practice."""
        count, rule = (
            self.segment.get("clinicians"),
            self.rules.small_practice_clinicians,
        )
        if count is None:
            return frozenset()
        words = f"{count} clinicians, at most {rule.value} are needed"
        return self._judged(SMALL_PRACTICE, rule, words, holds=count <= rule.value)

    def _encounters(self) -> frozenset[str]:
        """Judge whether a clinician meets patients."""
        count, rule = (
            self.segment.get(ENCOUNTERS),
            self.rules.non_patient_facing_encounters,
        )
        if count is None:
            return frozenset()
        words = f"{count} patient-facing encounters, at most {rule.value} are needed"
        return self._judged(NON_PATIENT_FACING, rule, words, holds=count <= rule.value)

    def _places(self) -> frozenset[str]:
        """Judge where a clinician gives care, by place of service."""
        places = self.segment.get(PLACES)
        if places is None:
            return frozenset()
        rules = self.rules
        return (
            self._share_of(
                HOSPITAL_BASED, rules.hospital_based_places, rules.hospital_based_share
            )
            | self._share_of(ASC_BASED, rules.asc_based_places, rules.asc_based_share)
            | self._facility(places)
        )

    def _share_of(
        self, status: str, at: Provision[frozenset[str]], rule: Provision[Decimal]
    ) -> frozenset[str]:
        """Judge the share of services at some places; reaching it is enough."""
        places = self.segment[PLACES]
        part = sum(places.get(place, 0) for place in self.trace.use(at))
        whole = sum(places.values())
        words = (
            f"{part} of {whole} services at places {', '.join(sorted(at.value))},"
            f" at least {plain(rule.value)} % are needed"
        )
        holds = _share(part, whole) >= rule.value
        return self._judged(status, rule, words, holds=holds)

    def _facility(self, places: Json) -> frozenset[str]:
        """Judge whether a hospital's score may stand for a clinician's."""
        rules = self.rules
        found = self._share_of(
            FACILITY_BASED, rules.facility_based_places, rules.facility_based_share
        )
        if not found:
            return found
        needs = rules.facility_based_needs_one_of
        if not any(places.get(place) for place in needs.value):
            words = f"no service at any of the places {', '.join(sorted(needs.value))}"
            return self._judged(FACILITY_BASED, needs, words, holds=False)
        return self._with_hospital(found)

    def _members(self) -> frozenset[str]:
        """Judge a group by the share of its members."""
        whole = self.segment.get(MEMBERS)
        names: frozenset[str] = frozenset()
        for status, field in MEMBER_COUNTS.items():
            part = self.segment.get(field)
            if whole is not None and part is not None:
                names |= self._member_share(status, part, whole)
        if FACILITY_BASED in names:
            return self._with_hospital(names)
        return names

    def _member_share(self, status: str, part: int, whole: int) -> frozenset[str]:
        """Judge one share of a group's members."""
        rule, limit = self._limit(status)
        above = status in self.trace.use(self.rules.group_share_exceeded)
        words = (
            f"{part} of {whole} members,"
            f" {'more than' if above else 'at least'} {plain(limit)} % are needed"
        )
        share = _share(part, whole)
        holds = share > limit if above else share >= limit
        return self._judged(status, rule, words, holds=holds)

    def _limit(self, status: str) -> tuple[Provision[object], Decimal]:
        """Give the share that makes a group so, and the rule that says it."""
        rules = self.rules
        if status == ASC_BASED:
            return rules.asc_based_group_share, rules.asc_based_group_share.value
        if status in LOCATIONS:
            return rules.location_group_shares, rules.location_group_shares.value[
                status
            ]
        return rules.group_shares, rules.group_shares.value[status]

    def _locations(self) -> frozenset[str]:
        """Judge where the practice is, unless its members were counted."""
        rule = self.rules.location_statuses
        names: frozenset[str] = frozenset()
        for status in sorted(rule.value):
            there = self.segment.get(LOCATIONS[status])
            if there is not None and MEMBER_COUNTS[status] not in self.segment:
                words = f"the practice is {'there' if there else 'elsewhere'}"
                names |= self._judged(status, rule, words, holds=there)
        return names

    def _with_hospital(self, names: frozenset[str]) -> frozenset[str]:
        """Keep a status for which a hospital must be found, which no fact names."""
        sentence = "segment {}: which hospital's score could stand is not told"
        rule = self.rules.facility_based_hospital
        taken = self.trace.say(rule, sentence, self.number) == "assumed"
        return names if taken else names - {FACILITY_BASED}


@exactly
def _share(part: int, whole: int) -> Decimal:
    """Give a part of a whole in percent; of nothing it is nothing."""
    return percent(Decimal(part), Decimal(whole)) if whole else ZERO
