"""Promoting Interoperability of an APM entity, § 414.1317(b)(1): a mean of members."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpp.promoting_interoperability.roll_up import MemberScore, RollUp, roll_up

NOTHING = MemberScore(None, excepted=False)
EXCEPTED = MemberScore(None, excepted=True)


def has(percent: str) -> MemberScore:
    """Give the score of one who submitted."""
    return MemberScore(Decimal(percent), excepted=False)


@pytest.mark.parametrize(
    ("members", "mean", "counted", "excepted"),
    [
        ([[has("80"), NOTHING]], "80", 1, 0),
        ([[has("80"), has("90")]], "90", 1, 0),
        ([[has("90"), has("80")]], "90", 1, 0),
        ([[has("80"), NOTHING], [NOTHING, has("100")]], "90", 2, 0),
        ([[has("80"), NOTHING], [NOTHING, NOTHING]], "40", 2, 0),
        ([[has("80"), NOTHING], [EXCEPTED, NOTHING]], "80", 1, 1),
        ([[has("80"), NOTHING], [NOTHING, EXCEPTED]], "80", 1, 1),
        ([[EXCEPTED, has("60")]], "60", 1, 0),
        ([[MemberScore(Decimal(0), excepted=True), EXCEPTED]], "0", 1, 0),
    ],
    ids=[
        "her-own",
        "her-group-is-higher",
        "her-own-is-higher",
        "one-by-herself-one-by-her-group",
        "who-sent-nothing-counts-nothing",
        "excepted-is-left-out",
        "excepted-by-her-group-is-left-out",
        "excepted-and-her-group-sent",
        "excepted-and-sent-something-worth-nothing",
    ],
)
def test_the_mean_over_the_members(
    members: list[list[MemberScore]], mean: str, counted: int, excepted: int
) -> None:
    """Each brings her own score and her group's."""
    assert roll_up(members) == RollUp(Decimal(mean), counted, excepted)


@pytest.mark.parametrize("members", [[], [[EXCEPTED, NOTHING]]])
def test_nobody_left_has_no_mean(members: list[list[MemberScore]]) -> None:
    """A category without a member to average has no score at all."""
    assert roll_up(members) is None


def test_a_mean_that_no_decimal_ends_is_not_rounded_to_few_digits() -> None:
    """Whoever writes it for people rounds it there."""
    found = roll_up([[has("100")], [NOTHING], [NOTHING]])

    assert found is not None
    assert str(found.percent).startswith("33.33333333333333333333")


@given(
    st.lists(
        st.lists(st.sampled_from([has("0"), has("50"), has("99.5"), NOTHING, EXCEPTED]),
                 min_size=1, max_size=2),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_the_mean_lies_between_nothing_and_everything(
    members: list[list[MemberScore]],
) -> None:
    """Every member is counted or excepted, whatever they sent and in which order."""
    found = roll_up(members)

    again = roll_up(list(reversed(members)))
    assert found == again
    if found is not None:
        assert 0 <= found.percent <= 100
        assert found.counted + found.excepted == len(members)
