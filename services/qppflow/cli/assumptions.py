"""What a score takes for granted, as a sentence for each name that it gives."""

from typing import Final

from qpp.library import rules
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
    "benchmark-not-published": "CMS has not published the cost benchmarks of this"
    " year: cost is not scored, and its weight moves to the others.",
    "mock-benchmarks": "Stand-in benchmarks were used, as you asked: nothing is"
    " billable.",
    "suspended-activity-begun-before": "A suspended activity is counted as begun"
    " before it was suspended.",
    "scaling-factor-not-published": "CMS has not published the scaling factor: an"
    " increase is a range.",
    "paid-amounts-unknown": "What some clinicians were paid is not known: the year was"
    " closed as if it were nothing.",
}


def sentence_of(name: str, year: int) -> str:
    """Say what an assumption of a score of *year* means; empty where nobody knows."""
    if not name.startswith(UNVERIFIED):
        return SENTENCES.get(name, "")
    found: object = rules(year)
    for step in name.removeprefix(UNVERIFIED).split("."):
        found = getattr(found, step, None)
    if not isinstance(found, Provision):
        return ""
    return found.note or f"Our reading of {found.citation}."
