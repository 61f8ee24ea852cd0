"""What is said of Promoting Interoperability, with figures to compute it again."""

from collections.abc import Mapping
from typing import Final

from qpp.sayings import Saying

NOTHING_SENT: Final = Saying(
    "empty_places", "missed", "nothing was submitted: 0 of {missed} points"
)
MISSING: Final = Saying("empty", "names missed", "missing, so 0 points: {names}")
MISSING_TOO: Final = Saying("note", "names", "missing, so 0 points: {names}")
SHORT: Final = Saying(
    "empty", "days needed missed", "{days} days reported, {needed} needed, so 0 points"
)
SHORT_TOO: Final = Saying(
    "note", "days needed", "{days} days reported, {needed} needed, so 0 points"
)
MOVED: Final = Saying(
    "moved", "name moved takers", "{name}: excluded, its {moved} points go to {takers}"
)
_RATE: Final = (
    "numerator denominator maximum earned decimals least points",
    (
        "{numerator} of {denominator} patients or orders,"
        " x {maximum} = {earned:4}: {points} of {maximum} points"
    ),
)
# By how a year rounds.
SHARE: Final[Mapping[str, Saying]] = {
    "half_up": Saying("share", *_RATE),
    "half_even": Saying("share_half_even", *_RATE),
}
REPORTED: Final = Saying("fixed", "points maximum", "reported: {points} points")
REFUSED: Final = Saying(
    "fixed", "name points maximum", "{name}: answered no, {points} points"
)
REGISTRIES: Final = Saying("bonus", "names bonus", "bonus for {names}: {bonus} points")
MEMBERS: Final = Saying(
    "given",
    "counted percent excepted",
    "the mean of {counted} members' scores is {percent} percent;"
    " {excepted} are excepted",
)
