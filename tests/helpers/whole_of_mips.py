"""What is told of each way to report and to be counted, one office or more for each."""

from typing import Any, Final, TypeAlias

from qpp.library import rules
from tests.helpers.corpus_entities import FOUR, MVP, of_app, of_mvp, withdrawn
from tests.helpers.corpus_sheet import Sheet
from tests.helpers.corpus_values import EHR, Json, rate, six, six_ecqms
from tests.helpers.law import a_set
from tests.helpers.offices import FIRST, OTHER, Office
from tests.helpers.practice import ABOVE, BELOW, MAY_OPT_IN
from tests.schemas.feed_cases import INDICATORS, POPULATION, SCORES, hospital
from tests.schemas.feed_cases_apm import share

# A year, a reason, a category, and whether data came in spite of the decision.
Decided: TypeAlias = tuple[int, str, str, bool]

YEARS: Final = (2024, 2025, 2026)
# What is known before anybody reports, what is reported, what changes, what is mended.
KNOWN, REPORTED, CHANGED, MENDED = 1, 2, 3, 4


def quality(sheet: Sheet, met: int = 85) -> Json:
    """Write six measures, one of them as good as wanted."""
    return sheet.quality(*six(m236=rate("236", met, 100 - met)))


def eligibility() -> Office:
    """Tell of one who falls below, one who opts in late, one who volunteers."""
    office = Office("eligibility")
    falls, opts, volunteers = (office.alone(number) for number in range(3))
    office.tell(KNOWN, office.profile(falls), office.profile(opts, MAY_OPT_IN))
    office.tell(KNOWN, office.profile(volunteers, BELOW))
    office.tell(KNOWN, office.elects(volunteers, "voluntary"))
    for who in (falls, opts, volunteers):
        office.tell(REPORTED, office.reports(who, quality(office.sheet)))
    office.tell(CHANGED, office.profile(falls, BELOW), office.elects(opts, "optIn"))
    office.tell(MENDED, office.profile(falls), office.reports(opts, office.sheet.ia()))
    office.tell(MENDED, office.reports(falls, office.sheet.ia()))
    return office


def entities() -> Office:
    """Tell of a practice in a virtual group and an APM entity, with a subgroup."""
    office, sheet = Office("entities"), Office("entities").sheet
    virtual, apm = office.entity("virtualGroup"), office.entity("apm")
    part = office.entity("subgroup")
    for who in (office.group, virtual, apm, *map(office.alone, range(4))):
        office.tell(KNOWN, office.profile(who))
    office.tell(KNOWN, office.roster(office.group, 0, 1, chunks=2))
    office.tell(KNOWN, office.roster(virtual, 1), office.roster(apm, 3))
    office.tell(KNOWN, office.roster(part, 2), office.registered(part, MVP))
    office.tell(REPORTED, office.roster(office.group, 2, 3, chunk=2, chunks=2))
    office.tell(REPORTED, office.reports(office.group, quality(sheet), sheet.pi()))
    office.tell(REPORTED, office.reports(office.alone(0), quality(sheet, 10)))
    office.tell(REPORTED, office.reports(virtual, quality(sheet, 5)))
    office.tell(REPORTED, office.reports(apm, *of_app(sheet)[::2]))
    pathway = sheet.quality(*FOUR, programName=MVP)
    office.tell(REPORTED, office.reports(part, pathway))
    office.tell(CHANGED, office.roster(office.group, 1, 2, 3, name="r2"))
    return office


def pathways() -> list[Office]:
    """Tell of the anesthesia MVP in each year, registered and not, and of 424."""
    offices = []
    for year in YEARS:
        office = Office(f"pathway {year}", year)
        sheet = office.sheet
        for number in range(3):
            office.tell(KNOWN, office.profile(office.alone(number)))
        chosen = {"populationHealthMeasure": "484"}
        office.tell(KNOWN, office.registered(office.alone(), MVP, **chosen))
        office.tell(REPORTED, office.reports(office.alone(), *of_mvp(sheet)))
        office.tell(REPORTED, office.reports(office.alone(1), *of_mvp(sheet)))
        with_424 = sheet.quality(*FOUR[:3], rate("424", 97, 3), programName=MVP)
        office.tell(REPORTED, office.reports(office.alone(2), with_424))
        offices.append(office)
    return offices


def performance_pathway() -> list[Office]:
    """Tell of APM entities in the APP, in APP Plus too where the year has it."""
    offices = []
    for year in YEARS:
        office = Office(f"app {year}", year)
        apm = office.entity("apm")
        office.tell(KNOWN, office.profile(apm), office.profile(office.alone()))
        office.tell(KNOWN, office.roster(apm, 0))
        programs = ["app1", "appPlus"] if year > YEARS[0] else ["app1"]
        sets = [item for name in programs for item in of_app(office.sheet, name)]
        office.tell(REPORTED, office.reports(apm, *sets))
        offices.append(office)
    return offices


def anesthesiologists() -> list[Office]:
    """Tell of a topic sent in full, and of one that lacks a measure."""
    offices = []
    whole = {2024: ("404", "424", "430", "463"), 2025: ("404", "424", "430", "463")}
    for year in YEARS:
        office = Office(f"anesthesia {year}", year)
        names = whole.get(year, ("404", "430", "463", "477"))
        for number, sent in enumerate((names, (*names[:2], names[3]))):
            who = office.alone(number)
            measures = [rate(name, 97, 3) for name in sent]
            office.tell(KNOWN, office.profile(who))
            office.tell(REPORTED, office.reports(who, office.sheet.quality(*measures)))
        offices.append(office)
    return offices


def submitters() -> Office:
    """Tell of two who report for one practice, one of whom takes back."""
    office = Office("submitters")
    sheet, who = office.sheet, office.group
    ecqms = sheet.quality(*six_ecqms(), method=EHR)
    office.tell(KNOWN, office.profile(who), office.roster(who, 0))
    office.tell(KNOWN, office.profile(office.alone()))
    office.tell(REPORTED, office.reports(who, sheet.quality(*six()[:4])))
    office.tell(CHANGED, office.reports(who, ecqms), source=OTHER)
    back = withdrawn(submissionMethod=EHR)
    office.tell(MENDED, office.reports(who, back), source=OTHER)
    return office


def reweightings() -> dict[Decided, tuple[Office, Json]]:
    """Tell of each reason of each year, by category, without and with data in it."""
    found: dict[Decided, tuple[Office, Json]] = {}
    for year in YEARS:
        book = rules(year).reweighting
        for reason, kinds in sorted(book.entity_types.value.items()):
            rule = book.reason(reason)
            assert rule is not None
            for category in sorted(rule.value & {"quality", "ia", "pi"}):
                for with_data in (False, True):
                    name = year, reason, category, with_data
                    found[name] = _reweighted(name, kind=max(kinds))
    return found


def _reweighted(name: Decided, *, kind: str) -> tuple[Office, Json]:
    """Tell of one decision and of what is submitted beside it."""
    year, reason, category, with_data = name
    office = Office(f"reweighted {year} {reason} {category} {with_data}", year)
    whoever = {"individual": office.alone(), "group": office.group}
    who = whoever.get(kind) or office.entity(kind)
    sheet = office.sheet
    sets = {"quality": quality(sheet), "pi": sheet.pi(), "ia": sheet.ia()}
    if not with_data:
        del sets[category]
    decisions = [{"category": category, "reason": reason, "approved": True}]
    office.tell(KNOWN, office.feed("reweighting", who, decisions=decisions))
    office.tell(KNOWN, office.profile(who))
    office.tell(REPORTED, office.reports(who, *sets.values()))
    return office, who


def additions() -> Office:
    """Tell of improvement, the bonus by indicators, and a facility's scores."""
    office = Office("additions")
    sheet = office.sheet
    better, complex_one, facility = (office.alone(number) for number in range(3))
    for who in (better, complex_one, facility):
        statuses = ("facilityBased",) if who is facility else ()
        office.tell(KNOWN, office.profile(who, ABOVE, *statuses))
    costs = [{"measureId": "TPCC_1", "score": "1500.00", "caseCount": 40}]
    office.tell(KNOWN, office.feed("cost-attribution", better, measures=costs))
    prior = {"qualityAchievementPercent": "40", "costPercent": "30"}
    match = {"identifierMatch": "sameIdentifier"}
    office.tell(KNOWN, office.feed("prior-scores", better, **prior, **match))
    risk = {"indicators": INDICATORS, "population": POPULATION}
    office.tell(KNOWN, office.feed("complex-patient-bonus", complex_one, **risk))
    known = {"hospitals": [hospital()], **SCORES}
    office.tell(KNOWN, office.feed("facility-based", facility, **known))
    for who in (better, complex_one, facility):
        office.tell(REPORTED, office.reports(who, quality(sheet, 60), sheet.ia()))
    return office


def first_year() -> Office:
    """Tell of a submission of 2017: quality end to end, advancing care, activities."""
    office = Office("first year", FIRST)
    share_of: Json = {"numerator": 47, "denominator": 100}
    answers: dict[str, Any] = {
        "ACI_INFBLO_1": True,
        "ACI_ONCDIR_1": True,
        "ACI_TRANS_PPHI_1": True,
        **{f"ACI_TRANS_{n}_1": share_of for n in ("EP", "PEA", "HIE")},
    }
    days = {"performanceStart": f"{FIRST}-01-01", "performanceEnd": f"{FIRST}-12-31"}
    care = a_set("pi", answers) | days
    measures = office.sheet.quality(rate("001", 20, 80, isEndToEndReported=True))
    who = office.group
    office.tell(KNOWN, office.profile(who), office.roster(who, 0))
    office.tell(KNOWN, office.profile(office.alone()))
    sets = (measures, care, office.sheet.ia("IA_BE_4"))
    office.tell(REPORTED, office.reports(who, *sets))
    return office


def advanced_apm() -> Office:
    """Tell of an APM entity whose members become QPs, which then is mended."""
    office = Office("advanced")
    apm = office.entity("apm")
    office.tell(KNOWN, office.profile(apm), office.roster(apm, 0, 1))
    office.tell(KNOWN, *(office.profile(office.alone(one)) for one in range(2)))
    office.tell(REPORTED, office.reports(apm, *of_app(office.sheet)))
    for wave, dollars, patients in ((CHANGED, "900.00", 180), (MENDED, "10.00", 2)):
        snapshot = {"date": "2025-06-30", "medicare": share(dollars, patients)}
        office.tell(wave, office.feed("advanced-apm", apm, snapshots=[snapshot]))
    return office
