"""A rate judged without a detour is judged as all other rates are."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpp.catalogue import QualityMeasure
from qpp.mips.rates import assess
from qpp.mips.rules import QualityRules
from qpp.mips.usual_rates import assess_usual
from qpp.submission import CLAIMS, ELECTRONIC, REGISTRY, Counts
from qpp.trace import Trace
from tests.helpers.law import YEARS, amended, book, measure

MEASURES = (
    measure("one"),
    measure("own", metric_type="registrySinglePerformanceRate", is_qcdr=True),
    measure("less", metric_type="registrySinglePerformanceRate"),
)
RULES = (
    *(book(year).quality for year in YEARS),
    amended(book(2025), quality__qcdr_rate="computed").quality,
    amended(book(2025), quality__completeness_on="rounded").quality,
    amended(book(2025), quality__performance_rate_rounding="half_even").quality,
)
amounts = st.integers(0, 400) | st.integers(0, 2**63 - 1)
counted = st.builds(
    Counts,
    amounts,
    amounts,
    amounts,
    amounts,
    amounts,
    performance_rate=st.none() | st.decimals(0, 100, places=3),
)


@given(
    counted,
    st.sampled_from(MEASURES),
    st.sampled_from(RULES),
    st.sampled_from([REGISTRY, ELECTRONIC, CLAIMS]),
)
def test_the_short_way_judges_as_the_long_way_does(
    counts: Counts, item: QualityMeasure, rules: QualityRules, method: str
) -> None:
    """Figures and assumptions are the same, or the short way leaves it alone."""
    trace = Trace()
    expected = assess(counts, item, rules, method, trace)
    found, assumptions = assess_usual(counts, item, rules)

    if found is not None:
        assert found == expected
        assert assumptions == trace.assumptions


@pytest.mark.parametrize("item", MEASURES, ids=lambda item: item.measure_id)
@pytest.mark.parametrize("rate", [None, Decimal("12.5")], ids=["none", "sent"])
def test_most_rates_go_the_short_way(
    item: QualityMeasure, rate: Decimal | None
) -> None:
    """It is not skipped without being noticed."""
    counts = Counts(30, 10, 0, 0, 50, performance_rate=rate)

    found, _ = assess_usual(counts, item, book(2025).quality)

    assert found is not None
    assert found.complete
