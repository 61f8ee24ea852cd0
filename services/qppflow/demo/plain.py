"""A plain population: whatever comes first, the same stands in the end.

Elections, loans and changed rosters make answers hang on which of two topics was read
first. Who compares two runs of one population leaves them out.
"""

from qpp.feeds import PAID_AMOUNT
from qpp.inputs import GROUP, INDIVIDUAL
from qppflow.demo.memberships import Known
from qppflow.demo.offer import MIPS
from qppflow.demo.practices import Practice


def is_plain(practice: Practice) -> bool:
    """Say whether it is a clinician or group that must report, in traditional MIPS."""
    return (
        practice.entity_type in {INDIVIDUAL, GROUP}
        and practice.program == MIPS
        and practice.standing.is_usual
    )


def is_plain_feed(known: Known, practice: Practice) -> bool:
    """Say whether a feed is about the practice itself, and changes no roster.

    What was paid is left out, too: it is a fact without a score, so that whether the
    last revision has one would hang on what came last.
    """
    about_itself = known.document["entityType"] == practice.entity_type
    scored = known.document["feed"] != PAID_AMOUNT
    return about_itself and scored and not known.delay
