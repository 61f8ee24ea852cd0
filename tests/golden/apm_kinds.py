"""Golden cases of Advanced APMs: shares by snapshot, a status and what it is worth."""

from collections.abc import Mapping
from typing import Any, Final

from qpp.advanced_apm import assessment, read_facts
from qpp.library import advanced_apm_rules
from tests.golden.given import Given, Made

# As ``status`` and the fields of an assessment, under the names that a case uses.
SHOWN: Final = {
    "status": "status",
    "option": "option",
    "method": "method",
    "level": "level",
    "snapshot": "snapshot",
    "percent": "percent",
    "payment_year": "paymentYear",
    "excluded": "excludedFromMips",
    "incentive": "incentivePercent",
    "update": "conversionFactorUpdate",
    "assumptions": "assumptions",
}


def advanced_apm(given: Given) -> Made:
    """Assess snapshots; without ``snapshots`` the case gives the figures of June 30.

    Figures are ``payments`` of ``payments_total`` (100) and ``patients`` of
    ``patients_total`` (100), and those of all payers below ``all_payer``.
    """
    year = given["year"]
    snapshots = given.get("snapshots", {"06-30": given})
    document = {
        "performanceYear": year,
        "entityType": given.get("entity", "apm"),
        "electsMips": given.get("elects"),
        "snapshots": [
            snapshot(f"{year}-{day}", figures) for day, figures in snapshots.items()
        ],
    }
    made = assessment(read_facts(document), advanced_apm_rules(year))
    shown = {name: made[field] for name, field in SHOWN.items()}
    return shown | {"sentences": [item["says"] for item in made["explanation"]]}


def snapshot(day: str, figures: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write one snapshot as a feed has it."""
    written: dict[str, Any] = {"date": day, "medicare": share(figures)}
    if "all_payer" in figures:
        written["allPayer"] = share(figures["all_payer"])
    return written


def share(figures: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write the figures of an option; what is not given is nothing of 100."""
    return {
        "paymentsThroughAdvancedApm": figures.get("payments", "0"),
        "paymentsTotal": figures.get("payments_total", "100"),
        "patientsThroughAdvancedApm": figures.get("patients", 0),
        "patientsTotal": figures.get("patients_total", 100),
    }
