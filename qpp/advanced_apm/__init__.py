"""Advanced APMs: qualifying participants and what they gain, 42 CFR 414.1425-.1450."""

from qpp.advanced_apm.applying import Participation, participation, with_status
from qpp.advanced_apm.benefits import Benefit, InMips, benefit, in_mips
from qpp.advanced_apm.checks import check_facts
from qpp.advanced_apm.comparing import NONE, PARTIAL_QP, QP, Comparison
from qpp.advanced_apm.determining import Determination, determine
from qpp.advanced_apm.facts import Facts, FactsError, Share, Snapshot, read_facts
from qpp.advanced_apm.rules import AdvancedApmRules, read_rules
from qpp.advanced_apm.written import assessment

__all__ = [
    "NONE",
    "PARTIAL_QP",
    "QP",
    "AdvancedApmRules",
    "Benefit",
    "Comparison",
    "Determination",
    "Facts",
    "FactsError",
    "InMips",
    "Participation",
    "Share",
    "Snapshot",
    "assessment",
    "benefit",
    "check_facts",
    "determine",
    "in_mips",
    "participation",
    "read_facts",
    "read_rules",
    "with_status",
]
