"""What a kind of entity may send: for which program, and in which category."""

from collections.abc import Mapping
from typing import Final

from qpp.checks.reading import JsonTable
from qpp.checks.reporting import Report
from qpp.checks.sets import WITHDRAWN
from qpp.codes import Code
from qpp.identifiers import shown
from qpp.inputs import APM_ENTITY, GROUP, INDIVIDUAL, SUBGROUP, VIRTUAL_GROUP
from qpp.submission import PI

PROGRAM: Final = "programName"
MVP: Final = "mvp"
NAMES: Final[Mapping[str, str]] = {
    INDIVIDUAL: "an individual",
    GROUP: "a group",
    SUBGROUP: "a subgroup",
    VIRTUAL_GROUP: "a virtual group",
    APM_ENTITY: "an APM Entity",
}


def check_entity(
    kind: object, item: JsonTable, program: str | None, at: str, report: Report
) -> None:
    """Check that a kind of entity may send the set at pointer *at* for a program."""
    if not isinstance(kind, str) or kind not in NAMES:
        return
    rules = report.context.rules.submission
    if kind == SUBGROUP and program == rules.default_program.value:
        _report_subgroup(program, item, at, report)
    elif program is not None and is_refused(kind, program, report):
        report.add(
            Code.ENTITY_NOT_IN_PROGRAM,
            f"{at}/{PROGRAM}",
            f"program {shown(program)} in a set of {NAMES[kind]}",
            f"a program that {NAMES[kind]} reports, such as "
            f"{rules.default_program.value}",
            rules.programs_refused,
        )
    if item.get("category") == PI and WITHDRAWN not in item:
        _check_interoperability(kind, program, at, report)


def is_refused(kind: str, program: str, report: Report) -> bool:
    """Say whether a program is closed to a kind of entity."""
    rules = report.context.rules.submission
    refused = rules.programs_refused.value.get(kind, ())
    return program in refused or (MVP in refused and is_mvp(program, report))


def is_mvp(program: str | None, report: Report) -> bool:
    """Say whether a program is an MVP of the year."""
    rules = report.context.rules.submission
    return (
        program in rules.programs.value
        and program not in rules.programs_without_mvp.value
    )


def _report_subgroup(program: str, item: JsonTable, at: str, report: Report) -> None:
    """Say that a subgroup reports no traditional MIPS.

    Which MVP it is registered for, no document tells.
    """
    report.add(
        Code.SUBGROUP_OUTSIDE_AN_MVP,
        f"{at}/{PROGRAM}" if PROGRAM in item else at,
        f"program {shown(program)} in a set of a subgroup",
        "the id of an MVP that the subgroup is registered for",
    )


def _check_interoperability(
    kind: str, program: str | None, at: str, report: Report
) -> None:
    """Check who sends Promoting Interoperability: all do, unless the rules say else."""
    rules = report.context.rules.submission
    if kind not in rules.pi_entity_types.value:
        report.add(
            Code.ENTITY_NOT_IN_PROGRAM,
            f"{at}/category",
            f"Promoting Interoperability of {NAMES[kind]}",
            f"a pi set of {', '.join(rules.pi_entity_types.value)}",
            rules.pi_entity_types,
        )
    elif f"{kind}:{program}" in rules.pi_entity_types_in_doubt.value:
        report.add(
            Code.PI_ENTITY_IN_DOUBT,
            f"{at}/category",
            f"Promoting Interoperability of {NAMES[kind]} for program {shown(program)}",
            "nothing else; the set is scored, but CMS may refuse it, and then the "
            "category earns nothing unless it is reweighted, as a small practice's is",
            rules.pi_entity_types_in_doubt,
        )
