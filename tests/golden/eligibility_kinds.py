"""Golden cases about eligibility: from words to the law."""

from qpp.eligibility import determine, pays
from tests.golden.given import Given, Made
from tests.helpers.law import book

# Just above each threshold, so that a case changes what it is about.
ABOVE = {"allowedCharges": "90000.01", "beneficiaries": 201, "coveredServices": 201}


def eligibility(given: Given) -> Made:
    """Judge an entity, and a clinician of it where ``pays`` names what she is.

    ``segment`` is segment 1 unless it gives a number; ``segments`` are several. Left
    out, figures are just above the thresholds.
    """
    year = given.get("year", 2025)
    rules = book(year).eligibility
    segments = given.get("segments", [given.get("segment", {})])
    facts = {
        "segments": [{"segment": 1, **ABOVE, **segment} for segment in segments],
        **given.get("facts", {}),
    }
    kind, word = given.get("entity", "individual"), given.get("election")
    if kind == "individual":
        facts = {"clinicianType": "physician", **facts}
    election = (
        None if word is None else {"election": word, "electedOn": f"{year}-12-01"}
    )
    found = determine(kind, facts, election, rules, year=year)
    clinician = given.get("clinician")
    ruling = pays(
        kind,
        found.outcome,
        None
        if clinician is None
        else determine("individual", clinician, None, rules, year=year),
        rules,
        group_outcome=given.get("group"),
    )
    return {
        "outcome": found.outcome,
        "reason": found.reason,
        "statuses": sorted(found.statuses),
        "assumptions": sorted(found.assumptions),
        "sentences": [item["says"] for item in found.reasons],
        "pays": ruling.pays,
        "why": ruling.reason,
        "rulingAssumptions": sorted(ruling.assumptions),
    }
