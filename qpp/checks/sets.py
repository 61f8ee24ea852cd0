"""One measurement set: program, method, CEHRT id, and no second of its kind."""

from typing import Final

from qpp.checks.reading import JsonTable, text
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.identifiers import cehrt_ok, described, shown
from qpp.submission import CLAIMS

CEHRT: Final = "cehrtId"

WITHDRAWN: Final = "withdrawn"
# What a set that is withdrawn may say, and what a set says otherwise.
WITHDRAWAL: Final = ("category", "submissionMethod", "programName", WITHDRAWN)
CONTENT: Final = frozenset(
    {"performanceStart", "performanceEnd", CEHRT, "practiceDetails", "measurements"}
)

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
    known = program in rules.programs_not_scored.value
    year = rules.performance_year.value
    report.add(
        Code.NOT_SCORED_BY_THIS_VERSION if known else Code.PROGRAM_UNKNOWN,
        f"{at}/programName",
        shown(program),
        f"one of {', '.join(rules.programs.value)}"
        + (": no other program is scored" if known else f", the programs of {year}"),
        rules.programs_not_scored if known else rules.programs,
    )
    return None


def check_method(item: JsonTable, at: str, report: Report) -> bool:
    """Say whether the method fits the category; what cannot be read is let through."""
    category, method = text(item.get("category")), text(item.get("submissionMethod"))
    rule = report.context.rules.submission.submission_methods
    allowed = rule.value.get(category or "")
    if allowed is None or method is None or method in allowed:
        return True
    from_claims = method == CLAIMS
    ended = report.context.rules.submission.methods_ended
    last = ended.value.get(method)
    report.add(
        Code.CLAIMS_FROM_REGISTRY if from_claims else Code.METHOD_NOT_ALLOWED,
        f"{at}/submissionMethod",
        f"{shown(method)} in a {category} set",
        f"one of {', '.join(allowed)}"
        + ("; CMS takes claims measures from its own claims" if from_claims else "")
        + ("" if last is None else f"; {method} ended with performance year {last}"),
        rule if last is None else ended,
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


def check_withdrawn(item: JsonTable, at: str, report: Report) -> str | None:
    """Check a set that takes back an older one; give its program as above.

    It names what it takes back, and nothing of what that said.
    """
    program = check_program(item, at, report)
    check_method(item, at, report)
    for name in item:
        if name not in WITHDRAWAL:
            report.add(
                Code.WITHDRAWN_WITH_CONTENT,
                f"{at}/{name}" if name in CONTENT else at,
                f"{name} beside {WITHDRAWN}" if name in CONTENT else "another field",
                f"no fields but {', '.join(WITHDRAWAL)}",
            )
    return program


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
