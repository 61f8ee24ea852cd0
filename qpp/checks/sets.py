"""One measurement set: program, method, CEHRT id, and no second of its kind."""

from typing import Final

from qpp.checks.reading import JsonTable, text
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.identifiers import cehrt_ok, described, shown
from qpp.submission import CLAIMS

CEHRT: Final = "cehrtId"
SUBGROUP: Final = "subgroup"

SetKey = tuple[str, str, str]


def check_program(item: JsonTable, at: str, report: Report) -> str | None:
    """Give the program of a set, or None where it is no program at all."""
    rules = report.context.rules.submission
    sent = item.get("programName")
    if sent is None or sent == "":
        return rules.default_program.value
    program = text(sent)
    if program is None or program in rules.programs.value:
        return program
    known = program in report.context.catalogue.programs
    code = Code.NOT_SCORED_BY_THIS_VERSION if known else Code.PROGRAM_UNKNOWN
    report.add(
        code,
        f"{at}/programName",
        shown(program),
        f"one of {', '.join(rules.programs.value)}"
        + (": this version scores no other program yet" if known else ""),
        rules.programs,
    )
    return program if known else None


def check_subgroup(item: JsonTable, at: str, report: Report) -> None:
    """Warn that a subgroup's set is for traditional MIPS, which it cannot report.

    Which MVP it is registered for, no document tells.
    """
    default = report.context.rules.submission.default_program.value
    sent = item.get("programName")
    if sent not in (None, "", default):
        return
    report.add(
        Code.SUBGROUP_OUTSIDE_AN_MVP,
        f"{at}/programName" if "programName" in item else at,
        f"program {shown(default)} in a set of a subgroup",
        "the id of an MVP that the subgroup is registered for",
    )


def check_method(item: JsonTable, at: str, report: Report) -> bool:
    """Say whether the method fits the category; what cannot be read is let through."""
    category, method = text(item.get("category")), text(item.get("submissionMethod"))
    rule = report.context.rules.submission.submission_methods
    allowed = rule.value.get(category or "")
    if allowed is None or method is None or method in allowed:
        return True
    from_claims = method == CLAIMS
    report.add(
        Code.CLAIMS_FROM_REGISTRY if from_claims else Code.METHOD_NOT_ALLOWED,
        f"{at}/submissionMethod",
        f"{shown(method)} in a {category} set",
        f"one of {', '.join(allowed)}"
        + ("; CMS takes claims measures from its own claims" if from_claims else ""),
        rule,
    )
    return False


def check_cehrt(item: JsonTable, at: str, report: Report) -> None:
    """Check the CMS EHR certification id where it is needed or given."""
    rules = report.context.rules.submission
    sent = item.get(CEHRT)
    if sent is None or sent == "":
        use = f"{text(item.get('category'))}:{text(item.get('submissionMethod'))}"
        if use in report.context.cehrt_needed:
            report.add(
                Code.CEHRT_MISSING,
                f"{at}/{CEHRT}" if CEHRT in item else at,
                f"no {CEHRT}",
                "the CMS EHR certification id of the technology that was used",
                rules.cehrt_id_required_for,
            )
    elif isinstance(sent, str) and not cehrt_ok(sent, rules):
        report.add(
            Code.CEHRT_MALFORMED,
            f"{at}/{CEHRT}",
            described(sent),
            "15 characters such as 2025C and ten capital letters or digits, or two, "
            "then 15C and ten more",
            rules.cehrt_id_pattern,
        )


def check_repeated(
    item: JsonTable,
    program: str | None,
    at: str,
    seen: dict[SetKey, str],
    report: Report,
) -> None:
    """Report a second set of the same category, method and program."""
    category, method = text(item.get("category")), text(item.get("submissionMethod"))
    if category is None or method is None or program is None:
        return
    first = seen.setdefault((category, method, program), at)
    if first != at:
        report.add(
            Code.SET_DUPLICATE,
            at,
            f"a second set of category {shown(category)}, method {shown(method)} and "
            f"program {shown(program)}",
            f"one set of each kind; the first is {first}",
        )
