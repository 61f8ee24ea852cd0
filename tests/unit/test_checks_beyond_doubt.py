"""The short way past the checks finds what the long way finds: nothing, or the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Final
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpp.checks import check_submission, heads, measurements
from qpp.findings import Finding
from qpp.library import catalogue, rules
from tests.helpers.submissions import (
    CEHRT,
    Json,
    finding_rules,
    measurement,
    measurement_set,
    submission,
)

YEAR: Final = 2025
FIELDS: Final = (
    "performanceMet",
    "performanceNotMet",
    "eligiblePopulationExclusion",
    "eligiblePopulationException",
    "eligiblePopulation",
)
METHODS: Final = ("registry", "electronicHealthRecord", "claims", "no such method")
INTEROPERABILITY: Final = sorted(catalogue(YEAR).interoperability)
ACTIVITIES: Final = (*sorted(catalogue(YEAR).activities)[:6], "404", "PI_EP_1")
# A plain one, an inverse one, an eCQM, strata, a QCDR's, one from claims, none at all.
MEASURES: Final = ("404", "001", "130", "226", "AQI49", "479", "COST_1", "999999")

counts = st.one_of(
    st.integers(0, 60), st.sampled_from([-1, 2**63, True, None, "5", 5.0, "absent"])
)


@contextmanager
def the_long_way() -> Iterator[None]:
    """Take no short way."""
    with (
        patch.object(heads, "_sound_program", lambda *_: None),
        patch.object(measurements, "signs_of", lambda _: None),
        patch.object(measurements, "is_rate_sound", lambda *_: False),
    ):
        yield


def found(*sets: Json, **changed: object) -> list[Finding]:
    """Check a submission of these sets."""
    document = submission(*sets, **changed)
    document["performanceYear"] = YEAR
    return check_submission(document, rules(YEAR), catalogue(YEAR), finding_rules())


@st.composite
def rates(draw: st.DrawFn) -> Json:
    """Give counts that add up, mostly."""
    sent = {name: draw(counts) for name in FIELDS}
    if draw(st.booleans()):
        numbers = [draw(st.integers(0, 40)) for _ in range(4)]
        sent = dict(zip(FIELDS, [*numbers, sum(numbers)], strict=True))
        sent["eligiblePopulation"] = sum(numbers) + draw(st.sampled_from([0, 1, 30]))
    return {name: value for name, value in sent.items() if value != "absent"}


@st.composite
def own_rates(draw: st.DrawFn) -> Json:
    """Give what a QCDR counts, mostly with a rate near the one the counts give."""
    sent = draw(rates())
    met, not_met = sent.get("performanceMet"), sent.get("performanceNotMet")
    if type(met) is type(not_met) is int and met + not_met > 0:
        near = Decimal(100 * met) / (met + not_met)
        off = draw(st.sampled_from(["0", "0.004", "0.01", "-0.015", "0.02", "7"]))
        sent["performanceRate"] = round(near, 2) + Decimal(off)
    if draw(st.booleans()):
        sent["performanceRate"] = draw(
            st.sampled_from([None, 50, 50.0, True, "50", Decimal("NaN"), Decimal(0)])
        )
    return sent


@given(
    st.lists(
        st.tuples(st.sampled_from(["AQI49", "AAD12", "404"]), own_rates()),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(METHODS),
)
def test_rates_of_a_qcdr_are_judged_alike(
    sent: list[tuple[str, Json]], method: str
) -> None:
    """Of any rate beside any counts the short way says what the long way says."""
    items = [measurement(name, value) for name, value in sent]
    quality = measurement_set("quality", items, method, cehrtId=CEHRT)
    short = found(quality)

    with the_long_way():
        assert found(quality) == short


@st.composite
def values(draw: st.DrawFn) -> Json:
    """Give the value of a measure with one rate or several, mostly with its strata."""
    if draw(st.booleans()):
        return draw(rates())
    names = list(catalogue(YEAR).quality["226"].strata)
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from([*names, "none of them"]), max_size=4))
    return {"strata": [draw(rates()) | {"stratum": name} for name in names]}


@given(
    st.lists(st.tuples(st.sampled_from(MEASURES), values()), min_size=1, max_size=4),
    st.sampled_from(METHODS),
)
def test_counts_are_judged_alike(sent: list[tuple[str, Json]], method: str) -> None:
    """Of any counts by any method the short way says what the long way says."""
    items = [measurement(name, value) for name, value in sent]
    quality = measurement_set("quality", items, method, cehrtId=CEHRT)
    short = found(quality)

    with the_long_way():
        assert found(quality) == short


ANSWERS = st.one_of(
    st.booleans(),
    st.tuples(st.integers(-1, 3), st.integers(-1, 3)).map(
        lambda pair: {"numerator": pair[0], "denominator": pair[1]}
    ),
    st.sampled_from([None, 1, "yes", {}, {"numerator": 2}]),
)


@given(
    st.lists(st.tuples(st.sampled_from(INTEROPERABILITY), ANSWERS), max_size=12),
    st.lists(st.tuples(st.sampled_from(ACTIVITIES), ANSWERS), max_size=4),
    st.sampled_from(["mips", "", "G0059", "app1", "nonsense", None, 5]),
)
def test_answers_are_judged_alike(
    sent: list[tuple[str, object]],
    activities: list[tuple[str, object]],
    program: object,
) -> None:
    """Of any answers in any program the short way says what the long way says."""
    sets = [
        measurement_set("pi", [measurement(*one) for one in sent], cehrtId=CEHRT),
        measurement_set("ia", [measurement(*one) for one in activities]),
    ]
    for one in sets:
        one["programName"] = program
    short = found(*sets)

    with the_long_way():
        assert found(*sets) == short


@pytest.mark.parametrize(
    "start", ["2025-01-01", "2025-07-06", "2024-12-31", "2025-02-30", 5]
)
@pytest.mark.parametrize("end", ["2025-12-31", "2025-01-01", "soon", None])
@pytest.mark.parametrize("category", ["quality", "pi", "ia", "cost", 7])
def test_heads_are_judged_alike(start: object, end: object, category: object) -> None:
    """Of any period of any category the short way says what the long way says."""
    item = measurement_set("ia", [measurement("IA_BE_6", value=True)])
    item |= {"performanceStart": start, "performanceEnd": end, "category": category}
    short = found(item)

    with the_long_way():
        assert found(item) == short


@pytest.mark.parametrize("program", ["mips", "app1", "G0059", "ssp", None, 7])
@pytest.mark.parametrize("kind", ["group", "subgroup", "virtualGroup", "apm", 7, None])
@pytest.mark.parametrize("category", ["pi", "ia"])
def test_entities_are_judged_alike(
    category: str, kind: object, program: object
) -> None:
    """Of any entity in any program the short way says what the long way says."""
    item = measurement_set(category, [measurement("IA_BE_6", value=True)])
    item |= {"programName": program}
    short = found(item, entityType=kind)

    with the_long_way():
        assert found(item, entityType=kind) == short


def test_a_short_way_that_lies_would_be_seen() -> None:
    """The comparison fails where counts are called sound that are not."""
    wrong = dict(zip(FIELDS, [50, 0, 0, 0, 40], strict=True))
    quality = measurement_set("quality", [measurement("404", wrong)])
    honest = found(quality)

    with patch.object(measurements, "is_rate_sound", lambda *_: True):
        assert found(quality) != honest
