"""What is said of the final score and of the payment, with its figures."""

from typing import Final

from qpp.sayings import Saying
from qpp.submission import CATEGORIES

WEIGHTS: Final = Saying("weights", " ".join((*CATEGORIES, "told")), "{told}")
TOTAL: Final = Saying(
    "total",
    " ".join(
        (
            *[f"{name}{of}" for name in CATEGORIES for of in ("Percent", "Weight")],
            "bonus",
            "most",
            "total",
            "told",
        )
    ),
    "{told} = {total:4}",
)
FEWER: Final = Saying(
    "fixed_total",
    "needed total",
    "fewer than {needed} categories carry weight: the performance threshold, {total}",
)
ROUNDED: Final = Saying(
    "round_total",
    "before decimals score",
    "rounded to {decimals} decimals: {score}",
)
RISK: Final = Saying(
    "component",
    "base factor value mean deviation bonus",
    "{base} + {factor} x ({value} - {mean}) / {deviation} = {bonus:4}",
)
NO_SPREAD: Final = Saying("component", "base bonus", "no spread: {bonus}")
COMPLEX: Final = Saying(
    "complex_patients",
    "found low high bonus",
    "complex patients: {found:4}, {low} at least and {high} at most: {bonus:4}",
)
SMALL_PRACTICE: Final = Saying(
    "small_practice", "bonus", "small practice: {bonus} points"
)
FACILITY: Final = Saying(
    "facility",
    "quality cost",
    "a facility's quality is {quality} and its cost {cost} percent,"
    " without improvement",
)
FACILITY_COUNTS: Final = Saying(
    "facility_counts",
    "own facility",
    "the final score is {own} by submissions and {facility} facility-based:"
    " the facility-based one counts",
)
SUBMISSIONS_COUNT: Final = Saying(
    "submissions_count",
    "own facility",
    "the final score is {own} by submissions and {facility} facility-based:"
    " the submitted one counts",
)
FULL_REDUCTION: Final = Saying(
    "full_reduction",
    "final threshold divisor most percent",
    "{final} is at or below {threshold}/{divisor}: the full reduction,"
    " {percent} percent",
)
REDUCTION: Final = Saying(
    "reduction",
    "final threshold most percent",
    "{final} is below the threshold of {threshold}:"
    " -{most} x ({threshold} - {final}) / {threshold} = {percent:4} percent",
)
NEUTRAL: Final = Saying(
    "neutral", "final threshold percent", "exactly the threshold: no change"
)
INCREASE: Final = Saying(
    "increase",
    "final threshold highest most factor percent",
    "scaling factor {factor} as given: {most} x {factor}"
    " x ({final} - {threshold}) / ({highest} - {threshold}) = {percent:4} percent",
)
PUBLISHED: Final = Saying(
    "increase_published",
    "final threshold highest published percent",
    "{published} percent at the highest score:"
    " {published} x ({final} - {threshold}) / ({highest} - {threshold})"
    " = {percent:4} percent",
)
ESTIMATE: Final = Saying(
    "increase_range",
    "final threshold highest most factor low high",
    "CMS has not published the scaling factor yet: at most {most} x {factor}"
    " x ({final} - {threshold}) / ({highest} - {threshold}) = {high:4} percent",
)
EXCEPTIONAL: Final = Saying(
    "exceptional",
    "final threshold highest least most extra factor",
    "{final} reaches the additional threshold of {threshold}: {least} +"
    " ({most} - {least}) x ({final} - {threshold}) / ({highest} - {threshold})"
    " = {extra:4} percent at a factor of 1, times {factor}",
)
EXCEPTIONAL_RANGE: Final = Saying(
    "exceptional_range",
    "final threshold highest least most extra limit",
    "{final} reaches the additional threshold of {threshold}: {least} +"
    " ({most} - {least}) x ({final} - {threshold}) / ({highest} - {threshold})"
    " = {extra:4} percent at a factor of 1, which is {limit} at most",
)
ADJUSTED: Final = Saying(
    "round_percent",
    "before decimals percent",
    "rounded to {decimals} decimals: {percent} percent",
)
ADJUSTED_RANGE: Final = Saying(
    "round_range",
    "lowest highest decimals low high",
    "rounded to {decimals} decimals: {low} to {high} percent",
)
