"""Golden cases about what is taken at the front door: from words to findings."""

from datetime import date

from qpp import library
from qpp.checks import check_feed, check_submission
from qpp.checks.window import check_window
from qpp.findings import Finding
from tests.golden.given import Given, Made
from tests.helpers.submissions import NPI, TIN, finding_rules


def arrival(given: Given) -> Made:
    """Judge the day on which a document arrives."""
    received = date.fromisoformat(str(given["received"]))
    rules = library.rules(given["year"])
    return _codes(check_window(received, rules, finding_rules()))


def registration(given: Given) -> Made:
    """Judge one registration."""
    document = _about(given) | {"feed": "registration"}
    entry = {name: str(text) for name, text in given["entry"].items()}
    return _feed(document | {"registrations": [entry]}, given["year"])


def membership(given: Given) -> Made:
    """Judge the days of one member of a roster."""
    days = {name: str(day) for name, day in given.items() if name in ("from", "to")}
    member = {"taxpayerIdentificationNumber": TIN, "nationalProviderIdentifier": NPI}
    document = _about(given) | {"feed": "roster", "chunk": 1, "chunks": 1}
    return _feed(document | {"members": [member | days]}, given["year"])


def program(given: Given) -> Made:
    """Judge a set of activities that a kind of entity sends for a program."""
    year = given["year"]
    item = {
        "category": given.get("category", "ia"),
        "submissionMethod": given.get("method", "registry"),
        "programName": given["program"],
        "withdrawn": True,
    }
    document = _about(given) | {"measurementSets": [item]}
    return _codes(
        check_submission(
            document, library.rules(year), library.catalogue(year), finding_rules()
        )
    )


def _about(given: Given) -> dict[str, object]:
    """Say whom a document is about: an entity known by its entity id."""
    return {
        "performanceYear": given["year"],
        "entityType": given.get("entity", "apm"),
        "entityId": "A1",
    }


def _feed(document: dict[str, object], year: int) -> Made:
    """Judge a feed."""
    return _codes(
        check_feed(
            document, library.rules(year), library.catalogue(year), finding_rules()
        )
    )


def _codes(found: list[Finding]) -> Made:
    """List the codes of findings."""
    return {"codes": [item.code for item in found]}
