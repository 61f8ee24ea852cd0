"""What is known of an APM Entity or clinician: payments and patients by snapshot."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from qpp.checks.reading import count, written_number
from qpp.numbers import ZERO

APM_ENTITY: Final = "apm"
INDIVIDUAL: Final = "individual"


class FactsError(ValueError):
    """No percentage can be made of the facts; says which figures, and no identifier."""


class Share(NamedTuple):
    """How much of payments and patients came through Advanced APMs.

    Payments are dollars, patients a number; no total is 0, no part above its total.
    """

    payments: Decimal
    payments_total: Decimal
    patients: Decimal
    patients_total: Decimal


class Snapshot(NamedTuple):
    """Figures from January 1 to ``day``; ``all_payer`` has Medicare's among them."""

    day: date
    medicare: Share
    all_payer: Share | None = None


class Facts(NamedTuple):
    """Of whom a determination is made, and on what.

    ``entity_type`` is ``apm`` or ``individual``. ``elects_mips`` is a partial QP's
    election to take part in MIPS, or not to; None where there was none.
    """

    performance_year: int
    entity_type: str
    snapshots: tuple[Snapshot, ...]
    elects_mips: bool | None = None


def read_facts(document: Mapping[str, Any]) -> Facts:
    """Read a document of the feed ``advanced-apm`` that its JSON Schema accepts.

    Raises:
        FactsError: a total is 0, a part is above its total or below 0.
    """
    return Facts(
        document["performanceYear"],
        document["entityType"],
        tuple(_snapshot(item) for item in document["snapshots"]),
        document.get("electsMips"),
    )


def _snapshot(item: Mapping[str, Any]) -> Snapshot:
    """Read one snapshot."""
    other = item.get("allPayer")
    return Snapshot(
        date.fromisoformat(item["date"]),
        _share(item["medicare"]),
        None if other is None else _share(other),
    )


def _share(item: Mapping[str, Any]) -> Share:
    """Read the four figures of an option."""
    payments = _pair(
        "payments",
        written_number(item["paymentsThroughAdvancedApm"]),
        written_number(item["paymentsTotal"]),
    )
    patients = _pair(
        "patients",
        _counted(item["patientsThroughAdvancedApm"]),
        _counted(item["patientsTotal"]),
    )
    return Share(*payments, *patients)


def _counted(value: object) -> Decimal | None:
    """Read a number of patients."""
    found = count(value)
    return None if found is None else Decimal(found)


def _pair(
    name: str, part: Decimal | None, total: Decimal | None
) -> tuple[Decimal, Decimal]:
    """Give a part and its total once a percentage can be made of them."""
    if part is None or total is None or part < ZERO or total <= ZERO or part > total:
        message = f"{name}: needs a part from 0 to its total, and a total above 0"
        raise FactsError(message)
    return part, total
