"""What is said of a quality measure's points, with figures to compute them again."""

from typing import Final

from qpp.sayings import Saying

COMPLETENESS: Final = Saying(
    "completeness",
    "reported population percent needed",
    "{reported} of {population} eligible patients reported = {percent:2} percent,"
    " {needed} percent needed",
)
CASES: Final = Saying("cases", "cases needed", "{cases} cases, {needed} needed")
INSTEAD: Final = Saying("fixed", "points maximum", "{points} points instead")
INSTEAD_SMALL: Final = Saying(
    "fixed",
    "points usual maximum",
    "{points} points instead, as a small practice; others get {usual}",
)
NEW: Final = Saying(
    "fixed", "age points maximum", "in its {age} year in MIPS: {points} points"
)
NEW_AT_LEAST: Final = Saying(
    "at_least",
    "age before least points",
    "in its {age} year in MIPS: at least {least} points",
)
AT_LEAST: Final = Saying("at_least", "before least points", "at least {least} points")
CAP: Final = Saying(
    "at_most",
    "before most points",
    "topped out two years running: at most {most} points, not {before:4}",
)
ROUNDED: Final = Saying(
    "rounded",
    "before decimals points",
    "rounded to {decimals} decimals: {points} points",
)
MEAN: Final = Saying(
    "mean",
    "counted sent points maximum",
    "{counted} of {sent} summary measures count; their mean is {points:4} points",
)
ASIDE: Final = Saying(
    "aside", "required", "not counted: better measures took the {required} places"
)
UNLISTED: Final = Saying("aside", "", "not listed by the program: not counted")
UNNAMED: Final = Saying("aside", "", "the program does not count it")
OTHER: Final = Saying("aside", "name slot", "not counted: {name} is better for {slot}")
UNUSABLE: Final = Saying("aside", "", "out of the denominator: 0 of 0")
EMPTY: Final = Saying(
    "empty_places",
    "empty required missed",
    "{empty} of {required} places are empty: {missed} points missed",
)
NO_OUTCOME: Final = Saying(
    "empty",
    "required missed",
    "no outcome or high-priority measure: one of {required} measures is 0 of {missed}",
)
SLOT: Final = Saying("empty", "slot missed", "{slot} is missing: 0 of {missed}")
NO_SURVEY: Final = Saying("empty", "slot missed", "no survey: {slot} is 0 of {missed}")
IN_PLACE: Final = Saying(
    "fixed", "points maximum", "cannot be scored: {points} points in its place"
)
SMALL: Final = Saying("bonus", "bonus", "small practice: {bonus} points")
ELECTRONIC: Final = Saying(
    "bonus",
    "measures each bonus",
    "{measures} electronic measures of a complex organization, up to {each} each:"
    " {bonus:4} points",
)
ELECTRONIC_OVER: Final = Saying(
    "bonus_over",
    "before share possible most over",
    "at most {share} percent of {possible} points: {most:4}, not {before:4}",
)
PRIORITY: Final = Saying(
    "bonus", "name bonus", "{name}: {bonus} bonus points, high priority"
)
END_TO_END: Final = Saying(
    "bonus", "name bonus", "{name}: {bonus} bonus points, reported end to end"
)
BONUS_OVER: Final = Saying(
    "bonus_over",
    "kind before most over",
    "{kind}: {before} bonus points, at most {most}",
)
IMPROVED: Final = Saying(
    "improvement",
    "prior before current most gained",
    "from {prior} percent last year to {current:4}: {most} x ({current:4} - {before})"
    " / {before} = {gained:4} percentage points",
)
IMPROVED_BOUND: Final = Saying(
    "improvement",
    "prior before current most gained",
    "from {prior} percent last year to {current:4}: {gained} percentage points"
    " (0 at least, {most} at most)",
)
IMPROVED_FROM_ZERO: Final = Saying(
    "improvement_from_zero",
    "gained",
    "last year's cost score was 0: {gained} percentage points",
)
COST_CASES: Final = Saying("cases", "cases needed", "{cases} cases, it needs {needed}")
COST_CASES_OF_KIND: Final = Saying(
    "cases", "kind cases needed", "{cases} cases, a {kind} measure needs {needed}"
)
