"""Every finding code is described once, and a file that says it wrong is refused."""

import pytest

from qpp import library
from qpp.codes import Code
from qpp.finding_rules import read_finding_rules, report
from qpp.findings import Finding, Severity
from qpp.rulebook import RuleError

TEXTS = {
    "severity": "warning",
    "title": "Not JSON",
    "meaning": "It cannot be read.",
    "remedy": "Send JSON.",
    "citation": "RFC 8259",
    "bad": "{",
    "good": "{}",
}


def table(code: str = "MIPS-DOC-001", **texts: str) -> bytes:
    """Write one table of a file."""
    lines = (f'{key} = "{text}"' for key, text in texts.items())
    return "\n".join((f'["{code}"]', *lines)).encode()


def test_the_codes_and_the_files_agree_exactly() -> None:
    """The codes and the files agree exactly."""
    described = read_finding_rules(library.finding_rules())

    assert set(described) == set(Code)


def test_the_fate_of_a_code_is_what_its_texts_were_written_for() -> None:
    """The fate of a code is what its texts were written for."""
    described = read_finding_rules(library.finding_rules())

    own = [code for code in Code if code[5:8] in ("DOC", "STR", "NSV", "YEA")]
    warnings = [code for code in own if described[code].severity is Severity.WARNING]
    assert warnings == [Code.FIELD_DROPPED]


def test_a_table_becomes_a_rule_and_a_finding() -> None:
    """A table becomes a rule and a finding."""
    rules = read_finding_rules({"document.toml": table(**TEXTS)})

    found = report(rules, Code.NOT_JSON, "", "XML")
    other = report(rules, Code.NOT_JSON, "/a", "XML", "nothing")
    assert found == Finding(
        "", "MIPS-DOC-001", Severity.WARNING, "XML", "Send JSON.", "RFC 8259"
    )
    assert (other.pointer, other.needed) == ("/a", "nothing")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.toml": b"= no TOML"}, "a.toml: not a TOML file"),
        ({"a.toml": table("MIPS-DOC-999", **TEXTS)}, "MIPS-DOC-999 is no finding code"),
        ({"a.toml": table(title="x")}, "MIPS-DOC-001 needs exactly bad, citation"),
        ({"a.toml": table(**TEXTS, more="x")}, "MIPS-DOC-001 needs exactly"),
        ({"a.toml": table(**TEXTS | {"bad": " "})}, "MIPS-DOC-001 has an empty text"),
        (
            {"a.toml": table(**TEXTS | {"severity": "fatal"})},
            "severity is error or warning",
        ),
        (
            {"a.toml": table(**TEXTS), "b.toml": table(**TEXTS)},
            "b: MIPS-DOC-001 is described twice",
        ),
        ({"a.toml": b'"MIPS-DOC-001" = 5'}, "MIPS-DOC-001 needs exactly"),
    ],
)
def test_a_file_that_describes_a_code_wrongly_is_refused(
    files: dict[str, bytes], message: str
) -> None:
    """A file that describes a code wrongly is refused."""
    with pytest.raises(RuleError, match=message):
        read_finding_rules(files)
