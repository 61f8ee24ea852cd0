"""The one place where numbers are rounded and put into text.

Figures are ``Decimal`` inside and strings outside. Everything is computed in
``CONTEXT`` so that a caller's own decimal settings cannot change a score: every
function that others call to compute is marked ``exactly``.
"""

from collections.abc import Callable
from decimal import (
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    getcontext,
    setcontext,
)
from functools import cache, lru_cache, wraps
from typing import Final, Literal, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# Wide enough that a quotient of patient counts is never the reason for a tie.
CONTEXT: Final = Context(prec=28, rounding=ROUND_HALF_EVEN)

# Scores repeat: most points and percents of a year are among a few thousand texts.
CACHED: Final = 10_000

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
HUNDRED: Final = Decimal(100)

Rounding = Literal["half_even", "half_up"]
_MODES: Final[dict[str, str]] = {
    "half_even": ROUND_HALF_EVEN,
    "half_up": ROUND_HALF_UP,
}


def exactly(function: Callable[P, R]) -> Callable[P, R]:
    """Let *function* compute in ``CONTEXT``, whatever its caller's own is.

    Entering a context that is there already costs next to nothing.
    """

    @wraps(function)
    def computed(*args: P.args, **named: P.kwargs) -> R:
        """Compute with the figures of the law."""
        before = getcontext()
        if before is CONTEXT:
            return function(*args, **named)
        setcontext(CONTEXT)
        try:
            return function(*args, **named)
        finally:
            setcontext(before)

    return computed


@cache
def _step(decimals: int) -> Decimal:
    """Return the unit of the last kept place: 0.01 for two decimals."""
    return ONE.scaleb(-decimals)


def rounded(value: Decimal, decimals: int, how: str = "half_up") -> Decimal:
    """Round *value* to *decimals* places; *how* is ``half_up`` or ``half_even``."""
    return value.quantize(_step(decimals), _MODES[how], CONTEXT)


@lru_cache(CACHED)
def fixed(value: Decimal, decimals: int) -> str:
    """Write *value* with exactly *decimals* places, half up: ``7.5`` is ``7.5000``."""
    # Without a sign where it rounds to nothing.
    return f"{rounded(value, decimals) or _nothing(decimals):f}"


@cache
def _nothing(decimals: int) -> Decimal:
    """Return 0 with so many places."""
    return ZERO.scaleb(-decimals)


@lru_cache(CACHED)
def plain(value: Decimal) -> str:
    """Write *value* without exponent and without trailing zeros, for people."""
    text = f"{value or ZERO:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def clamp(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Keep *value* between *low* and *high*, both included."""
    return min(max(value, low), high)


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """Return *part* of *whole* in percent; *whole* is not zero."""
    return part * HUNDRED / whole
