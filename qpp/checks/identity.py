"""Who a submission is about, § 414.1305: which identifiers each kind of entity has."""

from collections.abc import Mapping
from typing import Final

from qpp.checks.reading import text
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.identifiers import described, npi_check_digit_ok, npi_ok, shown
from qpp.inputs import GROUP, INDIVIDUAL
from qpp.mips.rules import SubmissionRules

TIN: Final = "taxpayerIdentificationNumber"
NPI: Final = "nationalProviderIdentifier"
ENTITY_ID: Final = "entityId"

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    INDIVIDUAL: (TIN, NPI),
    GROUP: (TIN,),
}
REFUSED: Final[Mapping[str, tuple[str, ...]]] = {
    INDIVIDUAL: (ENTITY_ID,),
    GROUP: (NPI, ENTITY_ID),
}
SENTENCE: Final[Mapping[str, str]] = {
    INDIVIDUAL: "an individual is known by its TIN and its NPI",
    GROUP: "a group is known by its TIN alone",
}


def check_identity(document: Mapping[str, object], report: Report) -> None:
    """Check entity type and identifiers; their form is the JSON Schema's business."""
    rules = report.context.rules.submission
    kind = text(document.get("entityType"))
    if kind in rules.entity_types_not_scored.value:
        report.add(
            Code.NOT_SCORED_BY_THIS_VERSION,
            "/entityType",
            shown(kind),
            f"one of {', '.join(rules.entity_types.value)}: this version scores no "
            "other kind of entity yet",
            rules.entity_types_not_scored,
        )
    for name in NEEDED.get(kind or "", ()):
        # Absent, null and "" are all what CMS's own examples send for "none".
        if document.get(name, "") in (None, ""):
            report.add(
                Code.IDENTIFIER_MISSING,
                f"/{name}" if name in document else "",
                f"no {name}",
                SENTENCE[kind or ""],
                rules.entity_types,
            )
    for name in REFUSED.get(kind or "", ()):
        if document.get(name, "") not in (None, ""):
            report.add(
                Code.IDENTIFIER_NOT_ALLOWED,
                f"/{name}",
                described(document[name]),
                SENTENCE[kind or ""],
                rules.entity_types,
            )
    npi = text(document.get(NPI))
    if npi is not None:
        check_npi(npi, f"/{NPI}", report)


def is_doubtful(npi: str, rules: SubmissionRules) -> bool:
    """Say whether an NPI is well formed but its check digit is wrong."""
    return npi_ok(npi, rules) and not npi_check_digit_ok(npi, rules)


def check_npi(npi: str, at: str, report: Report, among: int = 1) -> None:
    """Warn of an NPI at pointer *at* that is doubtful, as the first *among* so many."""
    rules = report.context.rules.submission
    if is_doubtful(npi, rules):
        more = f", as in {among - 1} more of this list" if among > 1 else ""
        report.add(
            Code.NPI_CHECK_DIGIT,
            at,
            f"{described(npi)}, the last of which does not fit the others{more}",
            "an NPI as issued; any ten digits are accepted, but no clinician has this "
            "number, so nobody would be paid by the score",
            rules.npi_check_prefix,
        )
