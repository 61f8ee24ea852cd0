"""Rosters and registrations as far as one document tells."""

from dataclasses import replace

import pytest

from qpp import library
from qpp.checks import check_feed
from qpp.codes import Code
from qpp.findings import Finding, rejects
from tests.helpers.submissions import NPI, TIN, Json, finding_rules, places

TIN_FIELD, NPI_FIELD = "taxpayerIdentificationNumber", "nationalProviderIdentifier"
OTHER_TIN = "000999999"
OTHER_NPI = "1234567802"
WRONG_NPI = "1234567890"


def check(document: Json) -> list[Finding]:
    """Check a feed by the rules and the whole catalogue of 2025."""
    return check_feed(
        document, library.rules(2025), library.catalogue(2025), finding_rules()
    )


def member(npi: object = NPI, tin: object = TIN, **dates: object) -> Json:
    """Make a member; ``start`` and ``to`` are its days."""
    made = {TIN_FIELD: tin, NPI_FIELD: npi, **dates}
    if "start" in made:
        made["from"] = made.pop("start")
    return made


def roster(*members: object, **more: object) -> Json:
    """Make the only chunk of an APM Entity's roster."""
    return {
        "feed": "roster",
        "performanceYear": 2025,
        "entityType": "apm",
        "entityId": "A1",
        "rosterId": "1",
        "chunk": 1,
        "chunks": 1,
        "members": list(members),
        **more,
    }


def of_group(*members: object) -> Json:
    """Make a group's roster."""
    about = {"entityType": "group", "entityId": None, TIN_FIELD: TIN}
    return roster(*members, **about)


def of_subgroup(*members: object, group: object) -> Json:
    """Make a subgroup's roster."""
    return roster(*members, entityType="subgroup", affiliatedGroup=group)


@pytest.mark.parametrize(
    "document",
    [
        roster(member(), member(OTHER_NPI)),
        roster(member(), member(tin=OTHER_TIN)),
        roster(member(start="2025-01-01", to="2025-01-01")),
        roster(member(to="2025-01-01"), member(OTHER_NPI, start="2025-12-31")),
        roster(member(start="2019-01-01", to="2030-01-01")),
        roster(5, {}, member(5, 5, start=5, to="soon"), member(None)),
        roster(chunk="1", chunks=None),
        roster(chunk=2, chunks=2),
        of_group(member(), member(OTHER_NPI)),
        of_subgroup(member(), group={TIN_FIELD: TIN}),
        of_subgroup(member(), group={}),
        of_subgroup(member(), group=None),
    ],
)
def test_a_right_roster_has_no_findings(document: Json) -> None:
    """What has a wrong type is the schema's finding."""
    assert check(document) == []


@pytest.mark.parametrize(
    ("document", "code", "pointer"),
    [
        (roster(chunk=3, chunks=2), Code.CHUNK_ABOVE_CHUNKS, "/chunk"),
        (roster(member(), member()), Code.MEMBER_DUPLICATE, "/members/1"),
        (
            roster(member(start="2025-03-02", to="2025-03-01")),
            Code.MEMBER_DATES_REVERSED,
            "/members/0/to",
        ),
        (
            roster(member(start="2024-01-01", to="2024-12-31")),
            Code.MEMBER_OUTSIDE_YEAR,
            "/members/0/to",
        ),
        (
            roster(member(start="2026-01-01")),
            Code.MEMBER_OUTSIDE_YEAR,
            "/members/0/from",
        ),
        (
            of_group(member(), member(OTHER_NPI, OTHER_TIN)),
            Code.MEMBER_OF_ANOTHER_TIN,
            f"/members/1/{TIN_FIELD}",
        ),
        (
            of_subgroup(member(), group={TIN_FIELD: OTHER_TIN}),
            Code.MEMBER_OF_ANOTHER_TIN,
            f"/members/0/{TIN_FIELD}",
        ),
        (
            roster(member(WRONG_NPI), member(WRONG_NPI, OTHER_TIN)),
            Code.NPI_CHECK_DIGIT,
            f"/members/0/{NPI_FIELD}",
        ),
    ],
)
def test_a_roster_is_checked(document: Json, code: Code, pointer: str) -> None:
    """The finding points to what is wrong, and shows no identifier."""
    found = check(document)

    assert places(found) == [(code, pointer)]
    assert rejects(found) is (code != Code.NPI_CHECK_DIGIT)
    assert not [text for text in (TIN, NPI, OTHER_TIN, WRONG_NPI) if text in str(found)]


def registered(*entries: object, **more: object) -> Json:
    """Make the registrations of an APM Entity."""
    return {
        "feed": "registration",
        "performanceYear": 2025,
        "entityType": "apm",
        "entityId": "A1",
        "registrations": list(entries),
        **more,
    }


def program(name: object, **more: object) -> Json:
    """Make one registration."""
    return {"programName": name, **more}


@pytest.mark.parametrize(
    "document",
    [
        registered(),
        registered(program("G0059", populationHealthMeasure="479"), program("app1")),
        registered(program("G0055", outcomesMeasure="492")),
        registered(program("G0059", registeredOn="2025-04-01")),
        registered(program("G0059", registeredOn="2025-11-30")),
        registered(5, {}, program(5), program("app1", registeredOn="soon")),
        registered(program("app1"), entityType=5),
    ],
)
def test_a_right_registration_has_no_findings(document: Json) -> None:
    """What has a wrong type is the schema's finding."""
    assert check(document) == []


@pytest.mark.parametrize(
    ("entry", "code", "name"),
    [
        (program("mips"), Code.REGISTRATION_UNKNOWN, "programName"),
        (program("M1498"), Code.REGISTRATION_UNKNOWN, "programName"),
        (
            program("M1498", outcomesMeasure="1"),
            Code.REGISTRATION_UNKNOWN,
            "programName",
        ),
        (
            program("G0059", populationHealthMeasure="236"),
            Code.REGISTRATION_MEASURE,
            "populationHealthMeasure",
        ),
        (
            program("G0055", outcomesMeasure="479"),
            Code.REGISTRATION_MEASURE,
            "outcomesMeasure",
        ),
        (
            program("app1", populationHealthMeasure="479"),
            Code.REGISTRATION_MEASURE,
            "populationHealthMeasure",
        ),
        (
            program("G0059", registeredOn="2025-03-31"),
            Code.REGISTRATION_DAY,
            "registeredOn",
        ),
        (
            program("G0059", registeredOn="2025-12-01"),
            Code.REGISTRATION_DAY,
            "registeredOn",
        ),
    ],
)
def test_a_registration_is_checked(entry: Json, code: Code, name: str) -> None:
    """The finding points to the program, the measure or the day."""
    found = check(registered(entry))

    assert places(found) == [(code, f"/registrations/0/{name}")]
    assert rejects(found) is (code != Code.REGISTRATION_DAY)


def test_each_program_is_registered_for_once() -> None:
    """Two choices for one program contradict each other."""
    found = check(registered(program("G0059"), program("app1"), program("G0059")))

    assert places(found) == [
        (Code.REGISTRATION_DUPLICATE, "/registrations/2/programName")
    ]


def test_a_virtual_group_registers_for_nothing() -> None:
    """It reports traditional MIPS, which needs no registration."""
    found = check(registered(program("G0059"), entityType="virtualGroup"))

    assert places(found) == [
        (Code.ENTITY_NOT_IN_PROGRAM, "/registrations/0/programName")
    ]


def test_which_measures_are_of_population_health_is_a_rule() -> None:
    """Every other claims measure of an MVP is an outcomes-based one."""
    rules = library.rules(2025)
    health = replace(rules.submission.population_health_measures, value=("492",))
    changed = replace(
        rules,
        submission=replace(rules.submission, population_health_measures=health),
    )
    document = registered(program("G0055", populationHealthMeasure="492"))

    found = check_feed(document, changed, library.catalogue(2025), finding_rules())

    assert found == []
    assert rejects(check(document))
