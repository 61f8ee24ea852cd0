"""Each value of the rule file on reweighting decides what it says."""

import pytest

from qpp.inputs import Decision
from qpp.mips.reweighting_rules import REASONS
from qpp.submission import CATEGORIES, COST, IA, PI, QUALITY
from qpp.trace import Trace
from tests.helpers.law import YEARS, amended, book
from tests.unit.test_weights import summary, weights, whoever

SENT = summary(data=True, enough=True)
EUC = "extremeAndUncontrollable"
AUTOMATIC = "automaticExtremeAndUncontrollable"
APM = "apmEntityExtremeAndUncontrollable"


@pytest.mark.parametrize("year", YEARS)
def test_every_reason_has_its_categories_and_its_entities(year: int) -> None:
    """A reason without a line in the table of entities would crash a score."""
    rules = book(year).reweighting
    known = {"individual", "group", "subgroup", "virtualGroup", "apm"}

    assert set(rules.entity_types.value) == set(REASONS)
    for name in REASONS:
        reason = rules.reason(name)
        assert reason is not None
        assert reason.value <= set(CATEGORIES)
        assert set(rules.entity_types.value[name]) <= known
    assert rules.reason("holiday") is None


@pytest.mark.parametrize("year", YEARS)
def test_tables_name_reasons_and_entities_that_exist(year: int) -> None:
    """A misspelt word would be a rule that never applies."""
    rules = book(year).reweighting

    assert rules.cost_goes_along.value <= set(REASONS)
    assert rules.reasons_stay_with_data.value <= set(REASONS)
    assert set(rules.reweight_with_data.value) == set(CATEGORIES)


def lost(*decisions: Decision, kind: str = "individual", **changes: object) -> set[str]:
    """Name the categories that lose their weight though everything was submitted."""
    rules = amended(book(2025), **changes)
    who = whoever(*decisions, kind=kind)
    everything = dict.fromkeys(CATEGORIES, SENT)
    return set(weights(who, everything, rules=rules).missing)


@pytest.mark.parametrize(
    ("decision", "kind", "change", "effect"),
    [
        (
            Decision(QUALITY, EUC),
            "group",
            {"reweight_with_data": dict.fromkeys(CATEGORIES, "stays")},
            (set(), {QUALITY}),
        ),
        (
            Decision(QUALITY, "compromisedData"),
            "group",
            {"reasons_stay_with_data": frozenset()},
            ({QUALITY}, set()),
        ),
        (
            Decision(QUALITY, APM),
            "apm",
            {"entity_types_keep_theirs": frozenset()},
            ({QUALITY, COST}, {COST}),
        ),
        (
            Decision(PI, AUTOMATIC),
            "individual",
            {"cost_goes_along": frozenset()},
            ({COST}, set()),
        ),
        (
            Decision(COST, AUTOMATIC),
            "group",
            {"entity_types": {AUTOMATIC: ("individual", "group")}},
            (set(), {COST}),
        ),
        (
            Decision(COST, "thirdPartyIntermediary"),
            "group",
            {"third_party_intermediary": frozenset({COST})},
            (set(), {COST}),
        ),
    ],
    ids=lambda item: next(iter(item)) if isinstance(item, dict) else "",
)
def test_another_value_gives_other_weights(
    decision: Decision,
    kind: str,
    change: dict[str, object],
    effect: tuple[set[str], set[str]],
) -> None:
    """What the rule file says, and what it would do if a lawyer changed it."""
    changed = {f"reweighting__{name}": value for name, value in change.items()}

    assert lost(decision, kind=kind) == effect[0]
    assert lost(decision, kind=kind, **changed) == effect[1]


def steps(decision: Decision) -> list[str]:
    """Tell the reasons of weights in words."""
    trace = Trace()
    weights(whoever(decision), trace=trace)
    return [step.text() for step in trace.steps]


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision(IA, EUC), "ia: extremeAndUncontrollable is approved"),
        (
            Decision(IA, EUC, "A-7"),
            "ia: extremeAndUncontrollable (application A-7) is approved",
        ),
        (
            Decision(IA, EUC, None, "2026-01-05"),
            "ia: extremeAndUncontrollable (approved 2026-01-05) is approved",
        ),
    ],
)
def test_an_approval_is_told_by_what_is_known_of_it(
    decision: Decision, words: str
) -> None:
    """The application and the day, each where CMS sent it."""
    assert steps(decision)[0] == words


def test_cost_that_goes_along_is_told() -> None:
    """The decision names another category, so the reason has two lines for cost."""
    told = steps(Decision(PI, AUTOMATIC))

    assert told[:2] == [
        f"cost: {AUTOMATIC} is approved",
        f"cost: {AUTOMATIC} takes its weight along with any other",
    ]


def test_what_cannot_be_scored_needs_no_decision() -> None:
    """A category without a score has no weight, whatever was approved."""
    nothing = summary(percent=None)
    who = whoever(Decision(COST, EUC))

    found = weights(who, {COST: nothing, QUALITY: nothing})

    assert found.missing == {QUALITY: "no measure to score", COST: "not scored"}


def test_a_status_and_its_data_are_told() -> None:
    """Enough data ends a status; too little is told, and the status stays."""
    rules = book(2025).promoting_interoperability
    enough, little = Trace(), Trace()

    ended = weights(
        whoever(), {PI: summary(data=True, enough=True, status="rule")}, trace=enough
    )
    stays = weights(
        whoever(kind="group"), {PI: summary(data=True, status="rule")}, trace=little
    )

    assert ended.missing == {}
    assert [step.text() for step in enough.steps] == [
        "pi: data was submitted, which ends rule, so its weight stays"
    ]
    assert stays.missing == {PI: "rule"}
    assert [step.rule for step in little.steps][:2] == [
        rules.short_or_incomplete_cancels_reweighting,
        rules.reweighted_group_statuses,
    ]


def test_data_for_cost_is_told_by_the_table_of_effects() -> None:
    """If a lawyer lets data cancel cost, what is too little has a rule as well."""
    rules = amended(
        book(2025),
        reweighting__reweight_with_data=dict.fromkeys(CATEGORIES, "cancelled_by_data"),
    )
    who = whoever(Decision(COST, EUC))

    found = weights(who, {COST: summary(data=True)}, rules=rules)

    assert found.missing == {COST: EUC}
