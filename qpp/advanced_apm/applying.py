"""What a determination does to MIPS: the status of a profile, and who is excluded."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from qpp.advanced_apm.benefits import in_mips
from qpp.advanced_apm.comparing import QP
from qpp.advanced_apm.determining import determine
from qpp.advanced_apm.facts import read_facts
from qpp.advanced_apm.rules import AdvancedApmRules
from qpp.eligibility.elections import AS_PARTIAL_QP
from qpp.eligibility.outcome import PARTIAL_QP_DECLINED, PARTIAL_QP_NOT_ELECTED
from qpp.eligibility.outcome import QP as EXCLUDED_AS_QP
from qpp.feeds import ADVANCED_APM, ELECTION, PROFILE
from qpp.submission import Json


class Participation(NamedTuple):
    """A status as determined, and why it takes its bearer out of MIPS; "" if not."""

    status: str
    excluded_for: str


def participation(document: Json, rules: AdvancedApmRules) -> Participation:
    """Determine the status that a feed ``advanced-apm`` shows, and what it does."""
    found = determine(read_facts(document), rules)
    elects = document.get("electsMips")
    if not in_mips(found.status, rules, elects=elects).excluded:
        return Participation(found.status, "")
    if found.status == QP:
        return Participation(found.status, EXCLUDED_AS_QP)
    declined = PARTIAL_QP_NOT_ELECTED if elects is None else PARTIAL_QP_DECLINED
    return Participation(found.status, declined)


def with_status(feeds: Mapping[str, Json], rules: AdvancedApmRules) -> dict[str, Any]:
    """Let a clinician's own determination take the place of her profile's QP status.

    An election in the feed counts where she made none by the election feed. Without a
    profile nothing is known of her that a status could be added to.
    """
    known = dict(feeds)
    document, profile = feeds.get(ADVANCED_APM), feeds.get(PROFILE)
    if document is None or profile is None:
        return known
    status = participation(document, rules).status
    facts = {**profile.get("eligibility", {}), "qpStatus": status}
    known[PROFILE] = {**profile, "eligibility": facts}
    if document.get("electsMips") and ELECTION not in feeds:
        known[ELECTION] = {"election": AS_PARTIAL_QP}
    return known
