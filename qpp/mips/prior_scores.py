"""Whether last year's scores are this entity's, so that improvement can be measured."""

from collections.abc import Set as AbstractSet
from typing import Final

from qpp.inputs import PriorScores
from qpp.rulebook import Provision
from qpp.trace import Trace

NO_MATCH: Final = "none"


def is_comparable(
    prior: PriorScores, matches: Provision[frozenset[str]], trace: Trace
) -> bool:
    """Say whether a score of last year may be compared, by how it was matched.

    *matches* are the ways that a category allows; without one of them there is no
    improvement, and the reason is given.
    """
    found = prior.identifier_match or NO_MATCH
    if found in matches.value:
        return True
    trace.say(matches, "no improvement: {}", _why(found, matches.value))
    return False


def _why(found: str, allowed: AbstractSet[str]) -> str:
    """Say what stands in the way."""
    needed = " or ".join(sorted(allowed))
    if found == NO_MATCH:
        return f"last year's scores have no identifier match; it needs {needed}"
    return f"last year's scores match by {found}; it needs {needed}"
