"""What is said of advancing care information, with figures to compute it again."""

from typing import Final

from qpp.sayings import Saying

# Until 2018 what could be earned came to more than the category's maximum.
BASE: Final = Saying(
    "fixed", "points available", "the base is complete: {points} points"
)
ANSWERED: Final = Saying(
    "fixed", "points available", "answered: {points} of {available} points"
)
TENTHS: Final = Saying(
    "tenths",
    "numerator denominator tenths available points",
    "{numerator} of {denominator}, in tenths begun: {points} of {available} points",
)
PART: Final = Saying(
    "part",
    "numerator denominator available points",
    "{numerator} of {denominator}: {points} of {available} points",
)
ACTIVITY_BONUS: Final = Saying(
    "bonus", "bonus", "an activity with certified technology: {bonus} points"
)
