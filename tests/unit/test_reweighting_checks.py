"""What CMS decides on reweighting must agree with the reasons of the year."""

import pytest

from qpp.checks import check_feed
from qpp.codes import Code
from qpp.findings import Finding
from tests.helpers.submissions import (
    Json,
    catalogue_of,
    feed,
    finding_rules,
    rules_of,
)

INDIVIDUAL = "individual"
APM = "apmEntityExtremeAndUncontrollable"


def check(
    *decisions: object, kind: object = "group", year: int = 2025
) -> list[Finding]:
    """Check a feed of these decisions."""
    document = feed("reweighting", decisions=list(decisions)) | {"entityType": kind}
    rules, facts = rules_of(year), catalogue_of(year)
    found = check_feed(document, rules, facts, finding_rules())
    # Who the feed is about is not what these tests ask.
    return [item for item in found if item.pointer.startswith("/decisions")]


def decision(category: object, reason: object, **more: object) -> Json:
    """Write one decision."""
    return {"category": category, "reason": reason, "approved": True, **more}


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (decision("pi", "hardship"), "group"),
        (decision("pi", "noInternet"), "virtualGroup"),
        (decision("cost", "extremeAndUncontrollable"), "subgroup"),
        (decision("cost", "automaticExtremeAndUncontrollable"), INDIVIDUAL),
        (decision("quality", "thirdPartyIntermediary"), "group"),
        (decision("ia", APM, percent="75.01"), "apm"),
        (decision("pi", "apmEntityClinicians", percent="100"), "apm"),
        (decision("pi", "noControlOverCehrt", percent="50"), "group"),
        (decision("pi", "noControlOverCehrt", percent="50.1"), "group"),
        (decision("pi", "decertifiedCehrt", years=4), "group"),
        (decision("pi", "decertifiedCehrt", years=5), "group"),
        (decision("pi", "hardship", percent="0"), "group"),
        (decision("ia", "newlyFormedPractice", joinedOn="2025-10-01"), INDIVIDUAL),
        (decision("ia", "newlyFormedPractice", joinedOn="2025-10-02"), INDIVIDUAL),
        (decision("ia", "newlyFormedPractice", joinedOn="2025-12-31"), INDIVIDUAL),
        # The JSON Schema's business.
        (decision("pi", "holiday"), "group"),
        (decision("pi", 5), "group"),
        (decision(None, "hardship"), "group"),
        (decision("pi", "hardship"), None),
        (decision("pi", "decertifiedCehrt", years="many"), "group"),
        (decision("pi", "noControlOverCehrt", percent=[]), "group"),
        (decision("ia", "newlyFormedPractice", joinedOn="2025-13-01"), INDIVIDUAL),
        (decision("ia", "newlyFormedPractice", joinedOn=5), INDIVIDUAL),
        (5, "group"),
    ],
)
def test_what_agrees_with_the_reasons_has_no_findings(
    item: object, kind: object
) -> None:
    """Each reason for its categories and entities, on its ground or without one."""
    assert check(item, kind=kind) == []


@pytest.mark.parametrize(
    ("item", "kind", "code", "pointer"),
    [
        (
            decision("quality", "noInternet"),
            "group",
            Code.REASON_NOT_FOR_CATEGORY,
            "category",
        ),
        (
            decision("cost", "thirdPartyIntermediary"),
            "group",
            Code.REASON_NOT_FOR_CATEGORY,
            "category",
        ),
        (
            decision("pi", "automaticExtremeAndUncontrollable"),
            "group",
            Code.REASON_NOT_FOR_ENTITY,
            "reason",
        ),
        (
            decision("pi", "extremeAndUncontrollable"),
            "apm",
            Code.REASON_NOT_FOR_ENTITY,
            "reason",
        ),
        (decision("pi", APM), "group", Code.REASON_NOT_FOR_ENTITY, "reason"),
        (
            decision("pi", "noControlOverCehrt", percent="49.9"),
            "group",
            Code.REASON_WITHOUT_GROUND,
            "percent",
        ),
        (
            decision("ia", APM, percent="75"),
            "apm",
            Code.REASON_WITHOUT_GROUND,
            "percent",
        ),
        (
            decision("pi", "apmEntityClinicians", percent="74.9"),
            "apm",
            Code.REASON_WITHOUT_GROUND,
            "percent",
        ),
        (
            decision("pi", "decertifiedCehrt", years=6),
            "group",
            Code.REASON_WITHOUT_GROUND,
            "years",
        ),
        (
            decision("ia", "newlyFormedPractice", joinedOn="2025-09-30"),
            INDIVIDUAL,
            Code.REASON_WITHOUT_GROUND,
            "joinedOn",
        ),
        (
            decision("ia", "newlyFormedPractice", joinedOn="2026-01-01"),
            INDIVIDUAL,
            Code.REASON_WITHOUT_GROUND,
            "joinedOn",
        ),
        (
            decision("pi", "noControlOverCehrt", percent="100.1"),
            "group",
            Code.FEED_FIGURE_IMPOSSIBLE,
            "percent",
        ),
        (
            decision("pi", "noControlOverCehrt", percent="-1"),
            "group",
            Code.FEED_FIGURE_IMPOSSIBLE,
            "percent",
        ),
    ],
)
def test_what_the_reasons_do_not_allow_is_one_finding(
    item: Json, kind: str, code: Code, pointer: str
) -> None:
    """It stands where the mistake is, and cites the paragraph."""
    found = check(item, kind=kind)

    assert [(one.code, one.pointer) for one in found] == [
        (code, f"/decisions/0/{pointer}")
    ]
    assert found[0].citation.startswith("42 CFR 414.1")


def test_a_third_party_is_no_reason_before_2025() -> None:
    """The finding names the year, and the reason's own rule."""
    item = decision("quality", "thirdPartyIntermediary")

    before, after = check(item, year=2024), check(item)

    assert [one.code for one in before] == [Code.REASON_NOT_OF_YEAR]
    assert before[0].needed == "a reason that 2024 has"
    assert after == []


def test_a_decision_stands_once() -> None:
    """Another reason for the same category is another decision."""
    first = decision("pi", "hardship")
    found = check(first, decision("pi", "noInternet"), first)

    assert [(one.code, one.pointer) for one in found] == [
        (Code.DECISION_DUPLICATE, "/decisions/2")
    ]
    assert "/decisions/0" in found[0].needed


def test_several_mistakes_are_all_told() -> None:
    """A wrong category does not hide a wrong entity, nor that a wrong figure."""
    item = decision("ia", "noControlOverCehrt", percent="10")

    found = check(item, kind="apm")

    assert {one.code for one in found} == {
        Code.REASON_NOT_FOR_CATEGORY,
        Code.REASON_NOT_FOR_ENTITY,
        Code.REASON_WITHOUT_GROUND,
    }
