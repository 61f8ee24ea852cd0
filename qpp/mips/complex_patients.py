"""The complex patient bonus, § 414.1380(c)(3): given in points, or from indicators."""

from decimal import Decimal

from qpp.inputs import Indicator, ScoreInput
from qpp.mips.final_rules import ComplexPatientRules
from qpp.mips.final_words import COMPLEX, NO_SPREAD, RISK
from qpp.numbers import ZERO, clamp
from qpp.trace import Trace


def complex_patient_bonus(
    entity: ScoreInput,
    rules: ComplexPatientRules,
    trace: Trace,
    *,
    has_data: bool,
    facility_based: bool = False,
) -> Decimal:
    """Give the bonus in points; it needs data of a category, or a facility's score."""
    given, risk = entity.complex_patient_bonus, entity.patient_risk
    if given is None and risk is None:
        return ZERO
    if facility_based and not has_data:
        has_data = trace.use(rules.complex_patient_bonus_facility_is_data)
    if not has_data and trace.use(rules.complex_patient_bonus_needs_data):
        trace.say(rules.complex_patient_bonus_needs_data, "no data, so no bonus")
        return ZERO
    if given is None and risk is not None:
        given = _from_indicators(risk, rules, trace)
    if given is None:
        return ZERO
    low = rules.complex_patient_bonus_minimum.value
    high = rules.complex_patient_bonus_maximum.value
    bonus = clamp(given, low, high)
    rule = rules.complex_patient_bonus_maximum
    trace.say(rule, COMPLEX, given, low, high, bonus)
    return bonus


def _from_indicators(
    indicators: tuple[Indicator, ...], rules: ComplexPatientRules, trace: Trace
) -> Decimal | None:
    """Add the medical and the social component; None where no indicator is high."""
    high = [item.value >= item.median for item in indicators]
    enough = all(high) if _both_must_be_high(rules, trace) else any(high)
    if not enough:
        trace.say(
            rules.complex_patient_indicator,
            "no bonus: {} of {} risk indicators at or above the median",
            sum(high),
            len(high),
        )
        return None
    low_ones_too = trace.use(rules.complex_patient_components) == "both_added"
    return sum(
        [
            _component(item, rules, trace)
            for item, is_high in zip(indicators, high, strict=True)
            if is_high or low_ones_too
        ],
        ZERO,
    )


def _both_must_be_high(rules: ComplexPatientRules, trace: Trace) -> bool:
    """Say whether one indicator at or above its median is too few."""
    return trace.use(rules.complex_patient_indicator) == "both_at_or_above_median"


def _component(item: Indicator, rules: ComplexPatientRules, trace: Trace) -> Decimal:
    """Score one indicator by its distance from the mean, in standard deviations."""
    base = rules.complex_patient_component_base.value
    factor = rules.complex_patient_component_factor
    if not item.deviation:
        # Where all are alike nobody is apart from the mean. Feeds with a standard
        # deviation of 0 are refused, so that only a caller of the law comes here.
        return trace.say(rules.complex_patient_component_base, NO_SPREAD, base, base)
    points = base + factor.value * (item.value - item.mean) / item.deviation
    figures = base, factor.value, item.value, item.mean, item.deviation
    trace.say(factor, RISK, *figures, points)
    return points
