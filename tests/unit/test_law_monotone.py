"""Better never scores worse: rates, measures and ladders."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpp.deciles import place
from qpp.mips.scoring import (
    PARTS,
)
from tests.golden.quality_cases import quality_case
from tests.helpers.law import (
    LADDERS,
    cuts,
)

quick = settings(max_examples=40, deadline=None)

TENTHS = st.integers(20, 100).map(lambda tenths: str(Decimal(tenths) / 10))
LINE = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["outcome", "process"]),
        "high_priority": st.booleans(),
        "earns": TENTHS,
    }
)
LINES = st.lists(LINE, max_size=8)


def quality_percent(lines: list[dict[str, Any]], **given_: object) -> Decimal:
    """Score quality lines and give the percent."""
    named = [line | {"id": f"M{n}"} for n, line in enumerate(lines)]
    who, law = quality_case({"measures": named} | given_)
    found = PARTS["quality"](who, law).percent
    assert found is not None
    return found


@quick
@given(LINES, st.integers(0, 7), TENTHS, st.sampled_from([[], ["smallPractice"]]))
def test_a_better_rate_never_lowers_the_percent(
    lines: list[dict[str, Any]], which: int, points: str, statuses: list[str]
) -> None:
    """Quality climbs, or stays, when one direct measure's rate rises."""
    raised = [
        line | {"earns": max(line["earns"], points, key=Decimal)}
        if n == which
        else line
        for n, line in enumerate(lines)
    ]

    assert quality_percent(raised, statuses=statuses) >= quality_percent(
        lines, statuses=statuses
    )


@quick
@given(LINES, LINE)
def test_one_more_measure_never_lowers_the_percent(
    lines: list[dict[str, Any]], more: dict[str, Any]
) -> None:
    """Except an outcome measure, which may have to take the required slot."""
    more = more | {"type": "process"}

    assert quality_percent([*lines, more]) >= quality_percent(lines)


def test_one_more_outcome_measure_may_lower_the_percent() -> None:
    """The exception above is real: the outcome rule forces a weak measure in."""
    six = [{"type": "process", "high_priority": True, "earns": "10"}] * 6

    assert quality_percent(six) == 100
    assert quality_percent([*six, {"type": "outcome", "earns": "4"}]) == 90


@pytest.mark.parametrize("inverse", [False, True])
def test_points_never_fall_on_the_way_to_better(*, inverse: bool) -> None:
    """A quarter of a percent better never earns less, on any ladder."""
    for name in LADDERS:
        ladder = cuts(name)
        worst_first = sorted(
            {Decimal(n) / 4 for n in range(401)} | set(ladder), reverse=inverse
        )
        found = [
            place(
                rate, ladder, inverse=inverse, floor=Decimal(1), maximum=Decimal(10)
            ).points
            for rate in worst_first
        ]

        assert found == sorted(found)
        assert 1 <= found[0] <= found[-1] == 10
