"""Bad input that comes when something right stands already, and must go on standing.

What a document alone can tell is in ``bad_inputs``; here an office has a score and a
payment before the bad document comes.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from qpp.codes import Code
from qppflow.runtime.judging import ACCEPTED, REJECTED
from tests.helpers.corpus_entities import FOUR, MVP
from tests.helpers.corpus_sheet import TIN
from tests.helpers.corpus_values import EHR, Json, rate, six
from tests.helpers.offices import Office
from tests.helpers.whole_of_mips import CHANGED, KNOWN, REPORTED
from tests.schemas.feed_cases_apm import share

MIPS: Final = "mips"
# The MVP of no year, and one of another year than the offices'.
NO_MVP, OTHER_YEAR = "G0056", "M1498"


class Story(NamedTuple):
    """An office, whose score in which program stands, and what the bad input meets."""

    office: Office
    who: Json
    program: str
    fate: str
    code: Code


def stories() -> list[Story]:
    """Give every story; the last document of each is the bad one."""
    return [
        *_of_clinicians(),
        *_of_rosters(),
        *_of_pathways(),
    ]


def _clinician(name: str) -> Office:
    """Tell of a clinician who is paid by her own score."""
    office = Office(f"story: {name}")
    office.tell(KNOWN, office.profile(office.alone()))
    right = office.reports(office.alone(), office.sheet.quality(*six()))
    office.tell(REPORTED, right)
    return office


def _fed(
    name: str, code: Code, feed: str, fate: str = REJECTED, **more: object
) -> Story:
    """Tell of a bad feed about a clinician."""
    office = _clinician(name)
    office.tell(CHANGED, office.feed(feed, office.alone(), **more))
    return Story(office, office.alone(), MIPS, fate, code)


def _sent(name: str, code: Code, *measures: Json, method: str = "registry") -> Story:
    """Tell of a bad submission of a clinician, in the place of the right one."""
    office = _clinician(name)
    bad = office.sheet.quality(*measures, method=method)
    office.tell(CHANGED, office.reports(office.alone(), bad))
    return Story(office, office.alone(), MIPS, REJECTED, code)


def _of_clinicians() -> Iterator[Story]:
    """Tell of figures that cannot be, and of what comes too late to help."""
    prior = {"qualityAchievementPercent": "80"}
    yield _fed(
        "prior scores without identifier match",
        Code.PRIOR_WITHOUT_MATCH,
        "prior-scores",
        ACCEPTED,
        **prior,
        identifierMatch="none",
    )
    yield _fed(
        "prior score above 100 percent",
        Code.WRONG_FORM,
        "prior-scores",
        qualityAchievementPercent="100.01",
        identifierMatch="sameIdentifier",
    )
    decision = {"category": "quality", "reason": "extremeAndUncontrollable"}
    yield _fed(
        "reweighting for a category already submitted",
        Code.REWEIGHTED_WITH_DATA,
        "reweighting",
        ACCEPTED,
        decisions=[{**decision, "approved": True}],
    )
    control = {"category": "pi", "reason": "noControlOverCehrt", "percent": "100.1"}
    yield _fed(
        "share above 100 percent",
        Code.FEED_FIGURE_IMPOSSIBLE,
        "reweighting",
        decisions=[{**control, "approved": True}],
    )
    snapshot = {"date": "2025-06-30", "medicare": share("1000.01", 90)}
    yield _fed(
        "more payments than there were",
        Code.PART_ABOVE_TOTAL,
        "advanced-apm",
        snapshots=[snapshot],
    )
    yield _fed(
        "negative amount",
        Code.FEED_FIGURE_IMPOSSIBLE,
        "paid-amount",
        allowedAmount="-0.01",
    )
    cost = {"measureId": "TPCC_1", "score": "-1", "caseCount": 40}
    yield _fed("negative cost", Code.WRONG_FORM, "cost-attribution", measures=[cost])
    yield _sent(
        "more met than there were",
        Code.MET_ABOVE_POPULATION,
        *six(m236=rate("236", 101, 0, 100)),
    )
    yield _sent(
        "QCDR measure from an EHR",
        Code.MEASURE_METHOD,
        rate("ABG44", 90, 10, performanceRate=90),
        method=EHR,
    )


def _of_rosters() -> Iterator[Story]:
    """Tell of rosters that contradict each other."""
    for name, code in (
        ("another number of chunks", Code.ROSTER_CONTRADICTS),
        ("a member twice", Code.MEMBER_DUPLICATE),
    ):
        office = Office(f"story: {name}")
        who = office.group
        office.tell(KNOWN, office.profile(who), office.profile(office.alone()))
        office.tell(KNOWN, office.roster(who, 0))
        right = office.reports(who, office.sheet.quality(*six()))
        office.tell(REPORTED, right)
        bad = office.roster(who, 1, chunk=2, chunks=2)
        if code is Code.MEMBER_DUPLICATE:
            bad = office.roster(who, 1, 1, name="r2")
        office.tell(CHANGED, bad)
        yield Story(office, who, MIPS, REJECTED, code)
    office = _subgroup("subgroup without its group")
    part = office.entity("subgroup")
    bad = office.roster(part, 1, name="r2")
    del bad["affiliatedGroup"]
    office.tell(CHANGED, bad)
    yield Story(office, part, MVP, REJECTED, Code.FIELD_MISSING)
    office = _subgroup("member of another group in a subgroup")
    part = office.entity("subgroup")
    bad = office.roster(part, 1, name="r2") | {"affiliatedGroup": {TIN: "000000009"}}
    office.tell(CHANGED, bad)
    yield Story(office, part, MVP, REJECTED, Code.MEMBER_OF_ANOTHER_TIN)


def _subgroup(name: str) -> Office:
    """Tell of a subgroup that is registered and has a score."""
    office = Office(f"story: {name}")
    part = office.entity("subgroup")
    office.tell(KNOWN, office.profile(part), office.profile(office.alone()))
    office.tell(KNOWN, office.roster(part, 0), office.registered(part, MVP))
    office.tell(REPORTED, office.reports(part, _four(office)))
    return office


def _four(office: Office, *more: Json, program: str = MVP) -> Json:
    """Write four measures of the anesthesia MVP."""
    return office.sheet.quality(*FOUR, *more, programName=program)


def _of_pathways() -> Iterator[Story]:
    """Tell of MVPs that one is not registered for, and of what is not in them."""
    office = _subgroup("MVP that a subgroup is not registered for")
    part = office.entity("subgroup")
    other = [rate(name, 90, 10) for name in ("006", "008", "118", "326")]
    sets = office.sheet.quality(*other, programName="G0055")
    office.tell(CHANGED, office.reports(part, sets))
    yield Story(office, part, MVP, REJECTED, Code.NOT_REGISTERED)
    for name, code, program, more in (
        ("MVP of no year", Code.PROGRAM_UNKNOWN, NO_MVP, ()),
        ("MVP of another year", Code.PROGRAM_UNKNOWN, OTHER_YEAR, ()),
        (
            "measure outside the MVP",
            Code.MEASURE_PROGRAM,
            MVP,
            (rate("236", 80, 20),),
        ),
    ):
        office = _clinician(name)
        bad = _four(office, *more, program=program)
        office.tell(CHANGED, office.reports(office.alone(), bad))
        yield Story(office, office.alone(), MIPS, REJECTED, code)
    office = _clinician("registration for an MVP of another year")
    office.tell(CHANGED, office.registered(office.alone(), OTHER_YEAR))
    code = Code.REGISTRATION_UNKNOWN
    yield Story(office, office.alone(), MIPS, REJECTED, code)


def two_virtual_groups() -> Office:
    """Tell of a clinician whom a second virtual group names as well, with more."""
    office = Office("story: two virtual groups")
    for wave, number, met in ((KNOWN, 0, 5), (CHANGED, 1, 95)):
        who = office.entity("virtualGroup", number)
        office.tell(wave, office.profile(who), office.roster(who, 0))
        measures = six(m236=rate("236", met, 100 - met))
        office.tell(wave + 1, office.reports(who, office.sheet.quality(*measures)))
    office.tell(KNOWN, office.profile(office.alone()))
    return office
