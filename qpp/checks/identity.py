"""Who a submission is about, § 414.1305: which identifiers each kind of entity has."""

from collections.abc import Mapping
from typing import Final

from qpp.checks.reading import text
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.identifiers import described, entity_id_ok, npi_check_digit_ok, npi_ok
from qpp.inputs import APM_ENTITY, GROUP, INDIVIDUAL, SUBGROUP, VIRTUAL_GROUP
from qpp.mips.submission_rules import SubmissionRules

TIN: Final = "taxpayerIdentificationNumber"
NPI: Final = "nationalProviderIdentifier"
ENTITY_ID: Final = "entityId"

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    INDIVIDUAL: (TIN, NPI),
    GROUP: (TIN,),
    SUBGROUP: (ENTITY_ID,),
    VIRTUAL_GROUP: (ENTITY_ID,),
    APM_ENTITY: (ENTITY_ID,),
}
REFUSED: Final[Mapping[str, tuple[str, ...]]] = {
    INDIVIDUAL: (ENTITY_ID,),
    GROUP: (NPI, ENTITY_ID),
    SUBGROUP: (TIN, NPI),
    VIRTUAL_GROUP: (TIN, NPI),
    APM_ENTITY: (TIN, NPI),
}
SENTENCE: Final[Mapping[str, str]] = {
    INDIVIDUAL: "an individual is known by its TIN and its NPI",
    GROUP: "a group is known by its TIN alone",
    SUBGROUP: "a subgroup is known by its entity id alone",
    VIRTUAL_GROUP: "a virtual group is known by its entity id alone",
    APM_ENTITY: "an APM Entity is known by its entity id alone",
}


def check_identity(document: Mapping[str, object], report: Report) -> None:
    """Check identifiers; entity type and their form are the JSON Schema's business."""
    rules = report.context.rules.submission
    kind = text(document.get("entityType"))
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
        elif name == ENTITY_ID:
            _check_entity_id(document[name], report)
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


def _check_entity_id(sent: object, report: Report) -> None:
    """Check the form of an entity id, which the schema of submissions leaves open."""
    rules = report.context.rules.submission
    if isinstance(sent, str) and not entity_id_ok(sent, rules):
        report.add(
            Code.ENTITY_ID_MALFORMED,
            f"/{ENTITY_ID}",
            described(sent),
            "1 to 64 printable characters without a space, such as SG-00000001",
            rules.entity_id_pattern,
        )


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
