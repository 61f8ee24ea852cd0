"""The semantic checks of the feed ``advanced-apm``; it may be broken anywhere.

Types, forms and signs are the JSON Schema's business.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from qpp.advanced_apm.facts import APM_ENTITY, INDIVIDUAL
from qpp.advanced_apm.rules import AdvancedApmRules
from qpp.checks.identity import ENTITY_ID, NPI, TIN
from qpp.checks.order import in_document_order
from qpp.checks.reading import JsonTable, count, day, rows, table, text, written_number
from qpp.codes import Code
from qpp.finding_rules import FindingRules, report
from qpp.findings import Finding
from qpp.identifiers import described, npi_check_digit_ok, npi_ok, shown
from qpp.mips.submission_rules import SubmissionRules

NEEDED: Final = {INDIVIDUAL: (TIN, NPI), APM_ENTITY: (ENTITY_ID,)}
REFUSED: Final = {INDIVIDUAL: (ENTITY_ID,), APM_ENTITY: (TIN, NPI)}
SENTENCES: Final = {
    INDIVIDUAL: "an individual is known by its TIN and its NPI",
    APM_ENTITY: "an APM Entity is known by its entityId alone",
}
PAYMENTS: Final = ("paymentsThroughAdvancedApm", "paymentsTotal")
PATIENTS: Final = ("patientsThroughAdvancedApm", "patientsTotal")


class _Told(NamedTuple):
    """One finding before its code is looked up; *needed* None is the code's remedy."""

    code: Code
    pointer: str
    found: str
    needed: str | None = None


def check_facts(
    document: Mapping[str, object],
    rules: AdvancedApmRules,
    identifiers: SubmissionRules,
    describe: FindingRules,
) -> list[Finding]:
    """Give all findings of such a feed in document order; pointers lead into it.

    *identifiers* are the submission rules of any year, for the form of an NPI.

    Raises:
        KeyError: *describe* lacks a code.
    """
    told = [*_identity(document, identifiers), *_snapshots(document, rules)]
    found = [report(describe, *item) for item in told]
    return in_document_order(document, found)


def _identity(
    document: Mapping[str, object], rules: SubmissionRules
) -> Iterator[_Told]:
    """Check which identifiers there are, and the check digit of an NPI."""
    kind = text(document.get("entityType")) or ""
    sentence = SENTENCES.get(kind)
    for name in NEEDED.get(kind, ()):
        if document.get(name) is None:
            yield _Told(Code.IDENTIFIER_MISSING, "", f"no {name}", sentence)
    for name in REFUSED.get(kind, ()):
        if document.get(name) is not None:
            found = described(document[name])
            yield _Told(Code.IDENTIFIER_NOT_ALLOWED, f"/{name}", found, sentence)
    npi = text(document.get(NPI))
    if npi is not None and npi_ok(npi, rules) and not npi_check_digit_ok(npi, rules):
        found = f"{described(npi)}, the last of which does not fit the others"
        yield _Told(Code.NPI_CHECK_DIGIT, f"/{NPI}", found)


def _snapshots(
    document: Mapping[str, object], rules: AdvancedApmRules
) -> Iterator[_Told]:
    """Check the days of the snapshots and their figures."""
    allowed = rules.qualifying.snapshots.value
    days = ", ".join(str(item) for item in allowed)
    places: dict[str, str] = {}
    for number, raw in enumerate(rows(document.get("snapshots"))):
        at, item = f"/snapshots/{number}", table(raw) or {}
        sent = text(item.get("date"))
        when = None if sent is None else day(sent)
        if sent is not None and when is not None:
            if when not in allowed:
                yield _Told(
                    Code.SNAPSHOT_UNKNOWN, f"{at}/date", shown(sent), f"one of {days}"
                )
            first = places.setdefault(sent, at)
            if first != at:
                yield _Told(
                    Code.SNAPSHOT_DUPLICATE,
                    f"{at}/date",
                    f"{shown(sent)} again",
                    f"each snapshot once; the first is {first}",
                )
        yield from _options(item, at)


def _options(item: JsonTable, at: str) -> Iterator[_Told]:
    """Check the figures of both options of a snapshot."""
    medicare, everybody = table(item.get("medicare")), table(item.get("allPayer"))
    if medicare is not None:
        yield from _shares(medicare, f"{at}/medicare")
    if everybody is None:
        return
    place = f"{at}/allPayer"
    yield from _shares(everybody, place)
    if medicare is not None:
        yield from _less_than_medicare(everybody, medicare, place)


def _shares(item: JsonTable, at: str) -> Iterator[_Told]:
    """Check that each part is at most its total, and no total 0."""
    for part_name, total_name in (PAYMENTS, PATIENTS):
        part, total = _figure(item, part_name), _figure(item, total_name)
        if total is not None and not total:
            found = shown(item[total_name])
            yield _Told(Code.TOTAL_ZERO, f"{at}/{total_name}", found)
        elif part is not None and total is not None and part > total:
            yield _Told(
                Code.PART_ABOVE_TOTAL,
                f"{at}/{part_name}",
                f"{shown(item[part_name])}, more than 100 percent",
                f"at most {total_name}, {shown(item[total_name])}",
            )


def _less_than_medicare(
    everybody: JsonTable, medicare: JsonTable, at: str
) -> Iterator[_Told]:
    """Check that all payers together have no less than Medicare, one of them."""
    for name in (*PAYMENTS, *PATIENTS):
        whole, part = _figure(everybody, name), _figure(medicare, name)
        if whole is not None and part is not None and whole < part:
            yield _Told(
                Code.ALL_PAYER_BELOW_MEDICARE,
                f"{at}/{name}",
                shown(everybody[name]),
                f"at least Medicare's, {shown(medicare[name])}",
            )


def _figure(item: JsonTable, name: str) -> Decimal | None:
    """Read one of the four figures; None where it is wrong or absent."""
    if name in PAYMENTS:
        return written_number(item.get(name))
    found = count(item.get(name))
    return None if found is None else Decimal(found)
