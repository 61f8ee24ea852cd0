"""Every kind of entity in every program: what the document alone tells."""

from dataclasses import replace
from typing import Any

import pytest

from qpp import library
from qpp.catalogue import Mvp
from qpp.checks import check_submission
from qpp.codes import Code
from qpp.findings import Finding, rejects
from qpp.mips.rules import MipsRules
from tests.helpers.submissions import (
    CEHRT,
    NPI,
    TIN,
    Json,
    finding_rules,
    measurement,
    measurement_set,
    pi_set,
    places,
)

IDS = ("subgroup", "virtualGroup", "apm")
SET = "/measurementSets/0"
MVP_MEASURES = ("404", "430", "463", "477")


def check(document: Json, rules: MipsRules | None = None) -> list[Finding]:
    """Check a document by the rules and the whole catalogue of 2025."""
    return check_submission(
        document, rules or library.rules(2025), library.catalogue(2025), finding_rules()
    )


def entity(kind: str, *sets: Json, **more: object) -> Json:
    """Make the submission of an entity that has an entity id."""
    return {
        "entityType": kind,
        "entityId": "SG-00000001",
        "performanceYear": 2025,
        "measurementSets": list(sets),
        **more,
    }


def activities(*names: str, **more: object) -> Json:
    """Make a set of activities that were performed."""
    listed = [measurement(name, value=True) for name in names or ("IA_BE_6",)]
    return measurement_set("ia", listed) | more


def quality(*names: str, program: str) -> Json:
    """Make a quality set of sound single rates."""
    value = {
        "isEndToEndReported": False,
        "performanceMet": 90,
        "performanceNotMet": 10,
        "eligiblePopulation": 100,
    }
    listed = [{"measureId": name, "value": value} for name in names]
    return measurement_set("quality", listed, programName=program)


def with_rule(name: str, value: object) -> MipsRules:
    """Change one value of the rules of submissions."""
    rules = library.rules(2025)
    old: Any = getattr(rules.submission, name)
    changed: Any = {name: replace(old, value=value)}
    return replace(rules, submission=replace(rules.submission, **changed))


@pytest.mark.parametrize("kind", IDS)
def test_an_entity_with_an_entity_id_reports_like_any_other(kind: str) -> None:
    """It has neither TIN nor NPI; a subgroup and an APM Entity also report the APP."""
    program = "mips" if kind == "virtualGroup" else "app1"

    assert check(entity(kind, activities(programName=program))) == []


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"entityId": None}, Code.IDENTIFIER_MISSING, "/entityId"),
        ({"entityId": ""}, Code.IDENTIFIER_MISSING, "/entityId"),
        (
            {"taxpayerIdentificationNumber": TIN},
            Code.IDENTIFIER_NOT_ALLOWED,
            "/taxpayerIdentificationNumber",
        ),
        (
            {"nationalProviderIdentifier": NPI},
            Code.IDENTIFIER_NOT_ALLOWED,
            "/nationalProviderIdentifier",
        ),
    ],
)
def test_its_identifiers_are_checked(
    kind: str, changed: Json, code: Code, pointer: str
) -> None:
    """The entity id is needed, and anything else is refused."""
    program = "mips" if kind == "virtualGroup" else "app1"

    found = check(entity(kind, activities(programName=program), **changed))

    assert places(found) == [(code, pointer)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("A", []),
        ("~" * 64, []),
        ("~" * 65, [Code.ENTITY_ID_MALFORMED]),
        ("A 1", [Code.ENTITY_ID_MALFORMED]),
        ("A\n", [Code.ENTITY_ID_MALFORMED]),
        ("é1", [Code.ENTITY_ID_MALFORMED]),
        (5, []),
    ],
)
def test_an_entity_id_is_printable_and_of_64_characters_at_most(
    text: object, codes: list[Code]
) -> None:
    """What is no text is the schema's finding; no finding shows the id."""
    found = check(entity("apm", activities(), entityId=text))

    assert [item.code for item in found] == codes
    assert str(text) not in str(found)


@pytest.mark.parametrize(
    ("program", "pointer"),
    [
        ({}, SET),
        ({"programName": ""}, f"{SET}/programName"),
        ({"programName": None}, f"{SET}/programName"),
        ({"programName": "mips"}, f"{SET}/programName"),
    ],
)
def test_a_subgroup_reports_no_traditional_mips(program: Json, pointer: str) -> None:
    """Whether the program is named, or left out so that there is no field."""
    found = check(entity("subgroup", activities() | program))

    assert places(found) == [(Code.SUBGROUP_OUTSIDE_AN_MVP, pointer)]
    assert rejects(found)


@pytest.mark.parametrize("program", ["app1", "appPlus", "G0059"])
def test_a_virtual_group_reports_traditional_mips_alone(program: str) -> None:
    """The finding names the program and the kind of entity."""
    found = check(entity("virtualGroup", activities(programName=program)))

    assert places(found) == [(Code.ENTITY_NOT_IN_PROGRAM, f"{SET}/programName")]
    assert found[0].found == f'program "{program}" in a set of a virtual group'
    assert rejects(found)


def test_which_programs_a_virtual_group_may_not_report_is_a_rule() -> None:
    """A lawyer who reads the change log to the letter opens the APP Plus to it."""
    document = entity("virtualGroup", activities(programName="appPlus"))

    found = check(document, with_rule("programs_refused", {"virtualGroup": ("app1",)}))

    assert found == []


@pytest.mark.parametrize("kind", [*IDS, "individual", "group"])
def test_promoting_interoperability_of_any_entity_is_taken(kind: str) -> None:
    """A virtual group's in traditional MIPS is in doubt, which is a warning."""
    program = "mips" if kind in ("virtualGroup", "group") else "G0059"
    item = pi_set(programName=program, cehrtId=CEHRT)
    document = entity(kind, item)
    if kind in ("individual", "group"):
        document |= {"entityId": None, "taxpayerIdentificationNumber": TIN}
    if kind == "individual":
        document |= {"nationalProviderIdentifier": NPI}

    found = [place for place in places(check(document)) if place[0][5:8] != "PIN"]
    doubts = [item for item in check(document) if item.code == Code.PI_ENTITY_IN_DOUBT]

    assert found == []
    assert len(doubts) == (kind == "virtualGroup")
    assert not rejects(doubts)


def test_who_sends_promoting_interoperability_is_a_rule() -> None:
    """The alternative was that only individuals and groups do."""
    rules = with_rule("pi_entity_types", ("individual", "group"))

    found = check(entity("apm", pi_set()), rules)

    assert (Code.ENTITY_NOT_IN_PROGRAM, f"{SET}/category") in places(found)


def test_whose_promoting_interoperability_is_in_doubt_is_a_rule() -> None:
    """Without the entry nothing is said."""
    rules = with_rule("pi_entity_types_in_doubt", ())

    found = check(entity("virtualGroup", pi_set()), rules)

    assert Code.PI_ENTITY_IN_DOUBT not in [item.code for item in found]


def test_a_kind_of_entity_that_nobody_knows_is_left_to_the_schema() -> None:
    """So is one that is no text."""
    documents = [
        entity(kind, activities(programName="app1"), entityId=None)  # type: ignore[arg-type]  # broken on purpose
        for kind in ("hospital", 5)
    ]

    assert [check(document) for document in documents] == [[], []]


@pytest.mark.parametrize(
    ("sent", "program", "code"),
    [
        (quality(*MVP_MEASURES, program="G0059"), "G0059", None),
        (quality(*MVP_MEASURES, "236", program="G0059"), "G0059", Code.MEASURE_PROGRAM),
        (activities("IA_ERP_2", programName="G0059"), "G0059", Code.MEASURE_PROGRAM),
        (activities("IA_MVP", programName="G0059"), "G0059", None),
        (activities("IA_MVP"), "mips", Code.ACTIVITY_NOT_IN_PROGRAM),
        (
            activities("IA_MVP", programName="app1"),
            "app1",
            Code.ACTIVITY_NOT_IN_PROGRAM,
        ),
        (quality("001", "134", "236", program="app1"), "app1", None),
        (quality("001", "418", program="app1"), "app1", Code.MEASURE_PROGRAM),
        (quality("001", "112", program="appPlus"), "appPlus", None),
        (quality("001", "112", program="app1"), "app1", Code.MEASURE_PROGRAM),
    ],
)
def test_a_measure_belongs_to_the_program_of_its_set(
    sent: Json, program: str, code: Code | None
) -> None:
    """The finding names the program, and IA_MVP is for MVPs alone."""
    found = check(entity("apm", sent))

    assert [item.code for item in found] == ([] if code is None else [code])
    assert all(program in item.found for item in found)


def test_a_measure_outside_its_mvp_is_told_the_mvp_by_name() -> None:
    """Where the catalogue has the title."""
    empty: frozenset[str] = frozenset()
    mvp = Mvp("G0059", "Anesthesia", empty, empty, empty, empty, empty)
    catalogue = replace(library.catalogue(2025), mvps={"G0059": mvp})
    document = entity("apm", activities("IA_ERP_2", programName="G0059"))

    found = check_submission(document, library.rules(2025), catalogue, finding_rules())

    assert [item.needed for item in found] == [
        "a measure of the MVP G0059 (Anesthesia)"
    ]


@pytest.mark.parametrize(
    ("names", "program", "codes"),
    [
        (MVP_MEASURES[:3], "G0059", [Code.FEWER_MEASURES]),
        (MVP_MEASURES, "G0059", []),
        (("006", "008", "118", "326"), "G0055", [Code.NO_OUTCOME_MEASURE]),
        (("001",), "app1", []),
    ],
)
def test_an_mvp_has_its_own_number_of_measures(
    names: tuple[str, ...], program: str, codes: list[Code]
) -> None:
    """Four, one of them an outcome; the APP has a list in place of a number."""
    found = check(entity("apm", quality(*names, program=program)))

    assert [item.code for item in found] == codes
    assert not rejects(found)


def test_the_measures_of_each_program_are_counted_on_their_own() -> None:
    """Six of traditional MIPS make no measure of an MVP."""
    both = [
        quality("001", "236", "039", "418", "438", "441", program="mips"),
        quality(*MVP_MEASURES[:3], program="G0059"),
    ]

    found = check(entity("apm", *both))

    assert places(found) == [(Code.FEWER_MEASURES, "/measurementSets/1/measurements")]
    assert found[0].found == "3 of 4 quality measures of the MVP G0059"


@pytest.mark.parametrize("year", library.years())
def test_the_programs_are_those_of_the_measures_data(year: int) -> None:
    """Each MVP of the year has a measure, and each program of a measure is known."""
    rules = library.rules(year).submission
    named = {
        program
        for measure in library.catalogue(year).quality.values()
        for program in measure.allowed_programs
    }

    assert set(rules.programs.value) == named - set(rules.programs_not_scored.value)
    assert rules.default_program.value in rules.programs_without_mvp.value


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("ssp", Code.NOT_SCORED_BY_THIS_VERSION),
        ("pcf", Code.NOT_SCORED_BY_THIS_VERSION),
        ("M1498", Code.PROGRAM_UNKNOWN),
        ("M0003", Code.PROGRAM_UNKNOWN),
    ],
)
def test_a_program_that_is_none_of_the_year_is_refused(
    program: str, code: Code
) -> None:
    """One MVP began a year later, the other has ended."""
    found = check(entity("apm", activities(programName=program)))

    assert places(found) == [(code, f"{SET}/programName")]
    assert "G0059" in found[0].needed


def test_the_web_interface_is_told_when_it_ended() -> None:
    """The method is known; claims are told something else."""
    found = check(entity("apm", activities(submissionMethod="cmsWebInterface")))

    assert places(found) == [(Code.METHOD_NOT_ALLOWED, f"{SET}/submissionMethod")]
    assert found[0].needed.endswith("cmsWebInterface ended with performance year 2024")
