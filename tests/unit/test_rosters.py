"""Who belongs to an entity in a year: by any day, or by the days of a snapshot."""

from dataclasses import replace

import pytest

from qpp import library
from qpp.rosters import NPI, TIN, members

LAW = library.rules(2025).entities
WHO = {TIN: "000000001", NPI: "0000000002"}
OTHER = {TIN: "000000001", NPI: "0000000001"}


def counts(entity_type: str, **dates: str) -> bool:
    """Say whether somebody with these dates is a member in 2025."""
    return members([{**WHO, **dates}], entity_type, 2025, LAW) == [WHO]


@pytest.mark.parametrize(
    ("dates", "belongs"),
    [
        ({}, True),
        ({"to": "2024-12-31"}, False),
        ({"to": "2025-01-01"}, True),
        ({"from": "2025-12-31"}, True),
        ({"from": "2026-01-01"}, False),
        ({"from": "2025-05-05", "to": "2025-05-05"}, True),
        ({"from": "2020-01-01", "to": "2030-01-01"}, True),
        ({"from": "2024-01-01", "to": "2024-12-31"}, False),
    ],
)
@pytest.mark.parametrize("entity_type", ["group", "subgroup", "virtualGroup"])
def test_one_day_of_the_year_makes_a_member(
    entity_type: str,
    dates: dict[str, str],
    belongs: bool,  # noqa: FBT001 - a case
) -> None:
    """Both ends of a membership count."""
    assert counts(entity_type, **dates) is belongs


@pytest.mark.parametrize("day", ["03-31", "06-30", "08-31", "12-31"])
def test_each_snapshot_day_makes_a_member_of_an_apm_entity(day: str) -> None:
    """Whoever is there on one of the four counts for the year."""
    assert counts("apm", **{"from": f"2025-{day}"}, to=f"2025-{day}")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-01-01", "2025-03-30"),
        ("2025-04-01", "2025-06-29"),
        ("2025-07-01", "2025-08-30"),
        ("2025-09-01", "2025-12-30"),
    ],
)
def test_a_membership_between_two_snapshots_makes_none(start: str, end: str) -> None:
    """From the day after one to the day before the next."""
    assert not counts("apm", **{"from": start}, to=end)
    assert counts("group", **{"from": start}, to=end)


def test_open_ends_reach_the_ends_of_the_year() -> None:
    """Who has no dates was there all year, as a snapshot sees it too."""
    assert counts("apm")
    assert counts("apm", to="2025-03-31")
    assert not counts("apm", to="2025-03-30")
    assert counts("apm", **{"from": "2025-12-31"})


def test_each_clinician_stands_once_in_the_order_of_her_identifiers() -> None:
    """Two memberships of one year are one member."""
    listed = [
        {**WHO, "to": "2025-02-01"},
        {**OTHER, "from": "2025-01-01"},
        {**WHO, "from": "2025-11-01"},
    ]

    assert members(listed, "group", 2025, LAW) == [OTHER, WHO]


def test_nobody_is_a_member_of_an_empty_roster() -> None:
    """It is a roster all the same: who was paid before is paid no more."""
    assert members([], "group", 2025, LAW) == []


def test_what_makes_a_member_stands_in_the_rule_file() -> None:
    """A day between two snapshots counts in an APM entity once its word is any day."""
    words = {**LAW.membership.value, "apm": LAW.membership.value["group"]}
    other = replace(LAW, membership=replace(LAW.membership, value=words))
    day = {**WHO, "from": "2025-05-05", "to": "2025-05-05"}

    assert members([day], "apm", 2025, LAW) == []
    assert members([day], "apm", 2025, other) == [WHO]
