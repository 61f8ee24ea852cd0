"""The cases of the feed ``advanced-apm``: payments and patients by snapshot."""

from typing import Final

from qpp.codes import Code
from tests.helpers.corpus_case import Case, warns
from tests.helpers.corpus_values import Json
from tests.schemas.feed_cases import bad, good, one

FEED: Final = "advanced-apm"


def share(payments: str, patients: int, **changed: object) -> Json:
    """Write a share of 1,000 dollars and 200 patients."""
    return {
        "paymentsThroughAdvancedApm": payments,
        "paymentsTotal": "1000.00",
        "patientsThroughAdvancedApm": patients,
        "patientsTotal": 200,
        **changed,
    }


def snapshot(day: str = "06-30", **changed: object) -> Json:
    """Write a snapshot of 2025."""
    return {"date": f"2025-{day}", "medicare": share("600.00", 90), **changed}


def entity(*snapshots: Json, **changed: object) -> Json:
    """Write the feed of an APM Entity."""
    return {
        "feed": FEED,
        "performanceYear": 2025,
        "entityType": "apm",
        "entityId": "APM-EXAMPLE",
        "snapshots": list(snapshots),
        **changed,
    }


def warned(name: str, document: Json, code: Code) -> Case:
    """Make an example with one warning."""
    return warns(f"{FEED}.{name}", lambda _sheet: document, code)


CASES: Final = (
    good(
        "entity-qp",
        entity(
            snapshot("03-31"),
            snapshot("06-30", medicare=share("750.00", 99)),
            snapshot("08-31", medicare=share("700.00", 95)),
        ),
    ),
    good(
        "all-payers-after-the-floor",
        entity(
            snapshot(
                medicare=share("300.00", 20),
                allPayer=share("1600.00", 90, paymentsTotal="2000.00"),
            )
        ),
    ),
    good(
        "clinician-declines-mips",
        one(FEED, "alone", snapshots=[snapshot()], electsMips=False),
    ),
    good("snapshots-one-alone", entity(snapshot("08-31"))),
    warned(
        "all-payers-below-medicare",
        entity(
            snapshot(allPayer=share("600.00", 90, paymentsTotal="900.00")),
        ),
        Code.ALL_PAYER_BELOW_MEDICARE,
    ),
    warned(
        "no-claim-on-all-payers-null",
        entity(snapshot(allPayer=None)),
        Code.FIELD_DROPPED,
    ),
    bad(
        "more-than-100-percent",
        entity(snapshot(medicare=share("1000.01", 90))),
        Code.PART_ABOVE_TOTAL,
    ),
    bad(
        "total-of-0",
        entity(snapshot(medicare=share("600.00", 0, patientsTotal=0))),
        Code.TOTAL_ZERO,
    ),
    bad("snapshot-in-december", entity(snapshot("12-31")), Code.SNAPSHOT_UNKNOWN),
    bad(
        "snapshot-twice",
        entity(snapshot("06-30"), snapshot("06-30")),
        Code.SNAPSHOT_DUPLICATE,
    ),
    bad(
        "negative-payments",
        entity(snapshot(medicare=share("-1.00", 90))),
        Code.WRONG_FORM,
    ),
    bad(
        "negative-patients",
        entity(snapshot(medicare=share("600.00", -1))),
        Code.OUT_OF_RANGE,
    ),
    bad(
        "payments-as-a-number",
        entity(snapshot(medicare=share("600.00", 90, paymentsTotal=1000))),
        Code.WRONG_TYPE,
    ),
    bad("no-snapshot", entity(), Code.TOO_FEW),
    bad(
        "medicare-missing",
        entity({"date": "2025-06-30", "allPayer": share("600.00", 90)}),
        Code.FIELD_MISSING,
    ),
    bad("group", entity(snapshot(), entityType="group"), Code.NOT_IN_LIST),
)
