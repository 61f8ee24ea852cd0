"""What each finding code means, how severe it is and where its rule stands, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, TypeAlias

from qpp.codes import Code
from qpp.findings import Finding, Severity
from qpp.rulebook import RuleError, parse_files


@dataclass(frozen=True, slots=True)
class FindingRule:
    """One code of ``qpp/rules/findings/*.toml``.

    ``remedy`` is what the sender does about it; ``bad`` and ``good`` are tiny
    examples of the mistake and of its correction.
    """

    code: Code
    severity: Severity
    title: str
    meaning: str
    remedy: str
    citation: str
    bad: str
    good: str


FindingRules: TypeAlias = Mapping[str, FindingRule]

_KEYS = frozenset(field.name for field in fields(FindingRule)) - {"code"}


def read_finding_rules(files: Mapping[str, bytes]) -> FindingRules:
    """Read ``{"document.toml": bytes, …}``; each code may stand in one file only.

    Raises:
        RuleError: a table has an unknown or repeated code, lacks a text, or has a
            key too many.
    """
    rules: dict[str, FindingRule] = {}
    for name, tables in parse_files(files).items():
        for code, table in tables.items():
            if code in rules:
                message = f"{name}: {code} is described twice"
                raise RuleError(message)
            rules[code] = _rule(name, code, table)
    return MappingProxyType(rules)


def report(
    rules: FindingRules,
    code: Code,
    pointer: str,
    found: str,
    needed: str | None = None,
) -> Finding:
    """Make a finding; without *needed* the code's own remedy says what to do.

    Raises:
        KeyError: the rules do not describe *code*.
    """
    rule = rules[code]
    return Finding(
        pointer=pointer,
        code=code.value,
        severity=rule.severity,
        found=found,
        needed=rule.remedy if needed is None else needed,
        citation=rule.citation,
    )


def _rule(name: str, code: str, table: Any) -> FindingRule:  # noqa: ANN401 - raw TOML
    """Read one table, ``[MIPS-DOC-001]`` and its seven texts."""
    try:
        known = Code(code)
    except ValueError as error:
        message = f"{name}: {code} is no finding code"
        raise RuleError(message) from error
    if not isinstance(table, dict) or set(table) != _KEYS:
        message = f"{name}: {code} needs exactly {', '.join(sorted(_KEYS))}"
        raise RuleError(message)
    if not all(isinstance(text, str) and text.strip() for text in table.values()):
        message = f"{name}: {code} has an empty text, or one that is no text"
        raise RuleError(message)
    try:
        severity = Severity(table["severity"])
    except ValueError as error:
        message = f"{name}: {code}: severity is {' or '.join(Severity)}"
        raise RuleError(message) from error
    return FindingRule(
        known,
        severity,
        **{key: text for key, text in table.items() if key != "severity"},
    )
