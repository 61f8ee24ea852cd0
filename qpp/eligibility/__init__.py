"""Who takes part in MIPS in a year, with which statuses, and whom a score pays."""

from qpp.eligibility.deciding import determine
from qpp.eligibility.elections import Standing, standing
from qpp.eligibility.outcome import Eligibility
from qpp.eligibility.payees import Ruling, pays
from qpp.eligibility.rules import EligibilityRules
from qpp.eligibility.statuses import Statuses, united

__all__ = [
    "Eligibility",
    "EligibilityRules",
    "Ruling",
    "Standing",
    "Statuses",
    "determine",
    "pays",
    "standing",
    "united",
]
