"""Who must report, who may, and who is excluded: drawn, and written as CMS's facts."""

from typing import Any, Final, NamedTuple, TypeAlias

from qppflow.demo.chance import Draw, happens

JsonObject: TypeAlias = dict[str, Any]

# Volumes over the determination period: above all thresholds, some, or none.
ABOVE: Final = "above"
BETWEEN: Final = "between"
BELOW: Final = "below"
_VOLUMES: Final = (ABOVE, BETWEEN, BELOW)
# Charges in dollars, patients and services, from and to, at each volume.
_FIGURES: Final = {
    ABOVE: ((95_000, 900_000), (210, 2_400), (220, 9_000)),
    BETWEEN: ((95_000, 300_000), (60, 190), (220, 900)),
    BELOW: ((4_000, 80_000), (10, 190), (20, 195)),
}
NOT_QP: Final = "none"
_TYPES: Final = {
    "physical therapy": "physicalTherapist",
    "clinical social work": "clinicalSocialWorker",
}


class Standing(NamedTuple):
    """What decides whether somebody takes part in a year.

    ``election`` is the word of the election feed, None where nothing is elected;
    ``clinician_type`` is empty for all but individuals.
    """

    volume: str = ABOVE
    qp_status: str = NOT_QP
    newly_enrolled: bool = False
    election: str | None = None
    clinician_type: str = ""

    @property
    def is_usual(self) -> bool:
        """Whether it must report, as most must."""
        return self.volume == ABOVE and not self.is_special

    @property
    def is_special(self) -> bool:
        """Whether something else than the volume may exclude it."""
        return (
            self.qp_status != NOT_QP
            or self.newly_enrolled
            or self.clinician_type == "other"
        )


USUAL: Final = Standing()


def of_clinician(specialty: str, chance: Draw) -> Standing:
    """Draw the standing of one who reports alone."""
    volume = chance.choices(_VOLUMES, (88, 8, 4))[0]
    drawn = _elected(Standing(volume), chance)
    return (
        drawn._replace(clinician_type=_type(specialty, chance))
        if (volume != ABOVE or happens(chance, 0.94))
        else _special(specialty, chance)
    )


def of_practice(chance: Draw) -> Standing:
    """Draw the standing of a group, or of several practices together."""
    volume = chance.choices(_VOLUMES, (94, 4, 2))[0]
    return _elected(Standing(volume), chance)


def of_apm_entity(chance: Draw) -> Standing:
    """Draw the standing of an APM entity: many have been partly qualified."""
    if happens(chance, 0.75):
        return USUAL
    return _partial_qp(chance)


def of_member(specialty: str, chance: Draw) -> Standing:
    """Draw the standing of a clinician whose practice reports, where it is unusual."""
    if happens(chance, 0.25):
        volume = chance.choice((BETWEEN, BELOW))
        return Standing(volume, clinician_type=_type(specialty, chance))
    return _special(specialty, chance)


def facts(
    standing: Standing, year: int, segments: list[JsonObject], chance: Draw
) -> JsonObject:
    """Write the eligibility facts of a profile; *segments* lack their volume."""
    written: JsonObject = {
        "segments": [
            {**segment, **_volume(standing.volume, segment, chance)}
            for segment in segments
        ]
    }
    if standing.clinician_type:
        written["clinicianType"] = standing.clinician_type
    if standing.qp_status != NOT_QP:
        written["qpStatus"] = standing.qp_status
    if standing.newly_enrolled:
        month, day = chance.randint(1, 9), chance.randint(1, 28)
        written["medicareEnrollmentDate"] = f"{year}-{month:02d}-{day:02d}"
    return written


def _volume(volume: str, segment: JsonObject, chance: Draw) -> JsonObject:
    """Draw the figures of a segment; services by place are a part of all services."""
    charges, patients, services = (chance.randint(*ends) for ends in _FIGURES[volume])
    more = {
        "allowedCharges": f"{charges}.00",
        "beneficiaries": patients,
        "coveredServices": services,
    }
    place = segment.get("servicesByPlace")
    if place is None:
        return more
    main = services * chance.randint(80, 100) // 100
    return {**more, "servicesByPlace": dict.fromkeys(place, main)}


def _elected(standing: Standing, chance: Draw) -> Standing:
    """Let one who may choose elect something; some forget it."""
    shares = {BETWEEN: (60, 25, 15), BELOW: (0, 60, 40)}.get(standing.volume)
    if shares is None:
        return standing
    elected = chance.choices(("optIn", "voluntary", None), shares)[0]
    return standing._replace(election=elected)


def _special(specialty: str, chance: Draw) -> Standing:
    """Draw what excludes a clinician whatever her volume."""
    kind = _type(specialty, chance)
    which = chance.choices(("qp", "partialQp", "new", "other"), (35, 30, 20, 15))[0]
    if which == "partialQp":
        return _partial_qp(chance)._replace(clinician_type=kind)
    if which == "qp":
        return Standing(qp_status="qp", clinician_type=kind)
    if which == "new":
        return Standing(newly_enrolled=True, clinician_type=kind)
    return Standing(clinician_type="other")


def _partial_qp(chance: Draw) -> Standing:
    """Draw a partial QP, who takes part if it elects to."""
    words = ("participateAsPartialQp", "declineAsPartialQp", None)
    elected = chance.choices(words, (60, 20, 20))[0]
    return Standing(qp_status="partialQp", election=elected)


def _type(specialty: str, chance: Draw) -> str:
    """Draw the profession of a clinician of a specialty."""
    if specialty in _TYPES:
        return _TYPES[specialty]
    if specialty == "anesthesiology" and happens(chance, 0.4):
        return "certifiedRegisteredNurseAnesthetist"
    return chance.choices(
        ("physician", "nursePractitioner", "physicianAssistant"), (80, 12, 8)
    )[0]
