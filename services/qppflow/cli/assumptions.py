"""What a score takes for granted, as a sentence for each name that it gives."""

from typing import Final

from qpp.advanced_apm.rules import QUALIFYING
from qpp.library import advanced_apm_rules, rules
from qpp.rulebook import Provision

UNVERIFIED: Final = "unverified:"
# Those that are no rule's; a rule explains itself in its note.
SENTENCES: Final = {
    "no-profile": "CMS's profile is not here: no special status counts, and nothing"
    " is billable.",
    "no-costs-given": "CMS's cost attribution is not here: the cost category is not"
    " scored, and its weight moves to the others.",
    "eligibility-not-declared": "Whether the entity is scored at all, or may choose, is"
    " not declared: nothing is billable.",
    "clinician-type-not-declared": "The profile names no type of clinician: an"
    " eligible one is taken for granted.",
    "clinician-eligibility-not-declared": "Nothing is declared of the clinician"
    " alone: she is taken as paid by the score of her group.",
    "group-eligibility-not-declared": "Nothing is declared of the clinician's TIN as"
    " a group: whether the score pays her is not known.",
    "two-virtual-groups": "Two virtual groups name the clinician: the one that did so"
    " first pays.",
    "benchmark-not-published": "CMS has not published the cost benchmarks of this"
    " year: cost is not scored, and its weight moves to the others.",
    "mock-benchmarks": "Stand-in benchmarks were used, as you asked: nothing is"
    " billable.",
    "suspended-activity-begun-before": "A suspended activity is counted as begun"
    " before it was suspended.",
    "qp-individual-grounds-not-judged": "That the clinician is judged alone, as an"
    " affiliated practitioner or one of several APM Entities, is taken as given.",
    "scaling-factor-not-published": "CMS has not published the scaling factor: an"
    " increase is a range.",
    "paid-amounts-unknown": "What some clinicians were paid is not known: the year was"
    " closed as if it were nothing.",
}


def sentence_of(name: str, year: int) -> str:
    """Say what an assumption of a score of *year* means; empty where nobody knows."""
    if not name.startswith(UNVERIFIED):
        return SENTENCES.get(name, "")
    steps = name.removeprefix(UNVERIFIED).split(".")
    found: object = advanced_apm_rules(year) if steps[0] == QUALIFYING else rules(year)
    for step in steps:
        found = getattr(found, step, None)
    if not isinstance(found, Provision):
        return ""
    return found.note or f"Our reading of {found.citation}."
