"""Weights: what holds for every table and every entity, and what each decision does."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpp.inputs import Decision, ScoreInput
from qpp.mips.reweighting_rules import REASONS
from qpp.mips.rules import MipsRules
from qpp.mips.weights import Weights, table_of, weigh
from qpp.parts import Summary
from qpp.submission import CATEGORIES, COST, IA, PI, QUALITY
from qpp.trace import Trace, tracing
from tests.helpers.law import YEARS, amended, book

KINDS = ("individual", "group", "subgroup", "virtualGroup", "apm")
PROGRAMS = ("mips", "app1", "appPlus", "G0059")
HALF = Decimal(50)
SMALL = frozenset({"smallPractice"})


def summary(
    *,
    percent: Decimal | None = HALF,
    data: bool = False,
    enough: bool = False,
    status: str = "",
) -> Summary:
    """Sum up a category."""
    return Summary(percent, data, enough, status, (), {})


def whoever(
    *decisions: Decision,
    kind: str = "individual",
    program: str = "mips",
    statuses: frozenset[str] = frozenset(),
) -> ScoreInput:
    """Make an entity that these decisions are about."""
    return ScoreInput(
        2025, kind, program, (), special_statuses=statuses, reweighted=decisions
    )


def weights(
    who: ScoreInput,
    parts: Mapping[str, Summary] | None = None,
    *,
    rules: MipsRules | None = None,
    trace: Trace | None = None,
) -> Weights:
    """Weigh categories; those not given have a score and no data."""
    every = dict.fromkeys(CATEGORIES, summary()) | dict(parts or {})
    return weigh(every, who, rules or book(2025), trace or Trace())


def tables(rules: MipsRules) -> Mapping[str, Mapping[str, Mapping[str, Decimal]]]:
    """Give every table of weights."""
    return {
        "usual": rules.final_score.redistribution.value,
        "small": rules.final_score.redistribution_small_practice.value,
        "app": rules.reweighting.redistribution_app.value,
        "apm": rules.reweighting.redistribution_apm_entity.value,
    }


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("name", ["usual", "small", "app", "apm"])
def test_every_row_sums_to_100(year: int, name: str) -> None:
    """And gives nothing to the categories that its name says are missing."""
    rows = tables(book(year))[name]

    assert {sum(row.values()) for row in rows.values()} == {100}
    for key, row in rows.items():
        missing = set(key.split("+")) - {"none"}
        assert set(row) == set(CATEGORIES)
        assert all(row[category] == 0 for category in missing)


SUMMARIES = st.builds(
    summary,
    percent=st.none() | st.just(HALF),
    data=st.booleans(),
    enough=st.booleans(),
    status=st.sampled_from(["", "hospitalBased"]),
)
DECISIONS = st.builds(
    Decision,
    st.sampled_from(CATEGORIES),
    st.sampled_from([*REASONS, "holiday"]),
    st.none() | st.just("A-1"),
)


ENTITIES = st.builds(
    lambda decisions, kind, program, statuses: whoever(
        *decisions, kind=kind, program=program, statuses=statuses
    ),
    st.lists(DECISIONS, max_size=5),
    st.sampled_from(KINDS),
    st.sampled_from(PROGRAMS),
    st.sampled_from([frozenset(), SMALL]),
)


@given(
    st.sampled_from(YEARS),
    ENTITIES,
    st.fixed_dictionaries(dict.fromkeys(CATEGORIES, SUMMARIES)),
)
def test_weights_sum_to_100_or_to_nothing(
    year: int, who: ScoreInput, parts: dict[str, Summary]
) -> None:
    """What has a reason has no weight; silence weighs and assumes alike."""
    told, silent = Trace(), tracing(explain=False)

    found = weights(who, parts, rules=book(year), trace=told)

    assert sum(found.percent.values()) in {0, 100}
    assert all(found.percent[name] == 0 for name in found.missing)
    assert weights(who, parts, rules=book(year), trace=silent) == found
    assert silent.assumptions == told.assumptions
    assert silent.steps == []


@pytest.mark.parametrize("year", YEARS)
def test_an_entity_finds_its_table(year: int) -> None:
    """The program's goes before the entity's, and that before a small practice's."""
    rules = book(year)
    own, usual = rules.reweighting, rules.final_score

    def table(
        kind: str, program: str, statuses: frozenset[str] = frozenset()
    ) -> object:
        """Find the table of an entity."""
        return table_of(whoever(kind=kind, program=program, statuses=statuses), rules)

    for program in ("mips", "G0059"):
        assert table("group", program) is usual.redistribution
        assert table("group", program, SMALL) is usual.redistribution_small_practice
        assert table("apm", program, SMALL) is own.redistribution_apm_entity
    for program in ("app1", "appPlus"):
        assert table("apm", program, SMALL) is own.redistribution_app
        assert table("individual", program, SMALL) is own.redistribution_app


def test_an_assumed_table_is_declared_where_it_was_used() -> None:
    """An APM entity's rows are our reading; so its score says so, and no other."""
    name = "unverified:reweighting.redistribution_apm_entity"
    entity, group = Trace(), Trace()

    weights(whoever(kind="apm"), trace=entity)
    weights(whoever(kind="group"), trace=group)

    assert name in entity.assumptions
    assert name not in group.assumptions


def test_a_row_for_activities_in_the_app_would_be_used() -> None:
    """The decision stands in the table alone: a row more, and there is a score."""
    rules = book(2025)
    rows = rules.reweighting.redistribution_app.value
    more = {"ia": {QUALITY: HALF, COST: Decimal(0), IA: Decimal(0), PI: HALF}}
    changed = amended(rules, reweighting__redistribution_app={**rows, **more})
    who = whoever(Decision(IA, "extremeAndUncontrollable"), program="app1")

    before, after = weights(who), weights(who, rules=changed)

    assert set(before.percent.values()) == {0}
    assert after.percent == more["ia"]
