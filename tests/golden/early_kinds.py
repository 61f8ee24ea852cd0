"""Golden cases about 2017 to 2019: ladders of lower bounds, bonuses, advancing care."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from qpp.deciles import place_by_bounds
from qpp.parts import points_text
from tests.golden.given import Given, Made
from tests.golden.published_kinds import lower_bounds, published
from tests.helpers.law import a_set

# The lower bounds of deciles 2 to 10 on which 10 percent more are a decile more.
FLAT: Final = [10, 20, 30, 40, 50, 60, 70, 80, 90]
BASES: Final[Mapping[str, Mapping[str, object]]] = {
    "current": {
        "ACI_PPHI_1": True,
        "ACI_EP_1": "10/100",
        "ACI_PEA_1": "10/100",
        "ACI_HIE_1": "10/100",
        "ACI_HIE_2": "10/100",
    },
    "transition": {
        "ACI_TRANS_PPHI_1": True,
        "ACI_TRANS_EP_1": "10/100",
        "ACI_TRANS_PEA_1": "10/100",
        "ACI_TRANS_HIE_1": "10/100",
    },
}
ATTESTED: Final = {"ACI_INFBLO_1": True, "ACI_ONCDIR_1": True}


def bounds(given: Given) -> Made:
    """Place one rate on a ladder of lower bounds, with a floor of 3 points."""
    found = place_by_bounds(
        Decimal(given["rate"]),
        lower_bounds(given["bounds"]),
        inverse=given.get("inverse", False),
        floor=Decimal(3),
        maximum=Decimal(10),
    )
    return {"decile": found.decile, "points": points_text(found.points)}


FACTS: Final = ("type", "high_priority", "inverse")
KEPT: Final = ("statuses", "instead", "year")


def early_quality(given: Given) -> Made:
    """Score quality measures, each with its rate, cases and what was reported of it."""
    year, lines = given["year"], given["measures"]
    rows = {
        f"{line['id']} {method}": ladder
        for line in lines
        for method, ladder in _ladders(line).items()
    }
    sent = {line["id"]: _counts(line) for line in lines}
    one = a_set("quality", sent, start=f"{year}-01-01", end=f"{year}-12-31")
    weights = {"quality": 60, "cost": 0, "ia": 15, "pi": 25}
    return published(
        {
            "facts": {
                line["id"]: {name: line[name] for name in FACTS if name in line}
                for line in lines
            },
            "bounds": rows,
            "sets": [one] if lines else [],
            "weights": weights,
            **{name: given[name] for name in KEPT if name in given},
        }
    )


def _ladders(line: Given) -> Mapping[str, object]:
    """Give the ladders of a measure: the flat one unless it has others or none."""
    if line.get("benchmark") == "none":
        return {}
    ladder = FLAT[::-1] if line.get("inverse") else FLAT
    found: dict[str, object] = {"registry": ladder}
    if "ehr" in line:
        found["electronicHealthRecord"] = line["ehr"]
    return found


def _counts(line: Given) -> Mapping[str, object]:
    """Make counts of a rate: cases, and how many of them were reported."""
    cases = line.get("cases", 100)
    reported = line.get("reported", cases)
    met = int(Decimal(line["rate"]) * reported / 100)
    return {
        "isEndToEndReported": line.get("end_to_end", False),
        "performanceMet": met,
        "performanceNotMet": reported - met,
        "eligiblePopulation": cases,
    }


def advancing_care(given: Given) -> Made:
    """Score advancing care information; a base at 10 percent unless told otherwise."""
    answers = dict(ATTESTED)
    sent: dict[str, object] = {}
    for name in given.get("bases", ["current"]):
        sent |= BASES[name]
    sent |= given.get("with", {})
    for name in given.get("without", ()):
        sent.pop(name, None)
        answers.pop(name, None)
    start, end = given.get("period", ("2017-01-01", "2017-12-31"))
    made = a_set(
        "pi",
        answers | {name: _answer(value) for name, value in sent.items()},
        start=str(start),
        end=str(end),
    )
    rest = {name: given[name] for name in ("instead",) if name in given}
    found = published({"year": 2017, "sets": [made], **rest})
    return found | {
        "percent": found["pi_percent"],
        "sentences": found["sentences"]["pi"],  # type: ignore[index] # a table
        "rules": [
            name.rpartition(".")[2]
            for name in found["says"]  # type: ignore[attr-defined] # a list
            if name.startswith("promoting_interoperability.")
        ],
    }


def _answer(value: object) -> object:
    """Read an answer: yes, no, or ``47/100``."""
    if isinstance(value, bool):
        return value
    numerator, denominator = map(int, str(value).split("/"))
    return {"numerator": numerator, "denominator": denominator}
