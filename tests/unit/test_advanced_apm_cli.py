"""`qppflow qp`: who qualifies, with the arithmetic, for people and for programs."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from qpp.advanced_apm import assessment
from qpp.library import advanced_apm_rules
from qppflow.cli.assumptions import SENTENCES, sentence_of
from qppflow.cli.qp import show_assessment
from tests.helpers.advanced_apm import facts
from tests.helpers.advanced_apm import share as share_of
from tests.helpers.cli import lines, put, run, too_wide
from tests.schemas.feed_cases_apm import entity, share, snapshot
from tests.unit.test_advanced_apm_checks import clinician


def test_a_qp_is_told_with_arithmetic_and_paragraph(tmp_path: Path) -> None:
    """Status first, then each comparison and what payments gain."""
    feed = put(tmp_path, "a.json", entity(snapshot(medicare=share("750.00", 99))))

    ended = run("qp", feed)

    assert ended.exit_code == 0, ended.output
    text = " ".join(ended.stdout.split())
    for said in (
        "For 2025 the APM Entity is a qualifying APM participant (QP)",
        "MIPS does not apply",
        "Payments of 2027: incentive 0 %, conversion factor +0.75 %",
        "750 of 1000 dollars are 75 percent, at least 75 percent, for a QP",
        "42 CFR 414.1430(a)(1)",
        "unverified:qualifying.percent_compared",
        "A threshold is met or exceeded",
    ):
        assert said in text
    assert too_wide(ended.stdout) == []


def test_who_is_nothing_stays_in_mips(tmp_path: Path) -> None:
    """An early year has no conversion factor of its own, and no all-payer option."""
    one = {"date": "2018-06-30", "medicare": share("1.00", 1)}
    feed = put(tmp_path, "a.json", entity(one, performanceYear=2018))

    ended = run("qp", feed)

    text = " ".join(ended.stdout.split())
    assert ended.exit_code == 0, ended.output
    assert "For 2018 the APM Entity is neither QP nor partial QP" in text
    assert "MIPS applies, unless something else excludes from it" in text
    assert "incentive 0 %, conversion factor no update of its own" in text


def test_json_has_one_object_a_document(tmp_path: Path) -> None:
    """What is rejected has findings and no determination."""
    feed = put(
        tmp_path,
        "a.ndjson",
        entity(snapshot()),
        clinician(electsMips=True),
        entity(snapshot(medicare=share("1000.01", 0))),
    )

    ended = run("qp", feed, "--json")

    whole, alone, wrong = lines(ended)
    assert ended.exit_code == 1
    assert whole["determination"]["status"] == "partialQp"
    assert whole["determination"]["excludedFromMips"] is True
    assert alone["determination"]["excludedFromMips"] is False
    assert "determination" not in wrong
    assert [item["code"] for item in wrong["findings"]] == ["MIPS-APM-001"]


def test_findings_are_told_and_summed_up(tmp_path: Path) -> None:
    """The command ends with 1 where something was rejected, with 2 if unreadable."""
    put(tmp_path, "a.json", entity(snapshot()))
    put(tmp_path, "b.json", entity(snapshot("12-31")))

    ended = run("qp", tmp_path)
    missing = run("qp", tmp_path / "none.json")

    assert (ended.exit_code, missing.exit_code) == (1, 2)
    assert "MIPS-APM-003" in ended.stdout
    assert "2 documents: 1 accepted, 1 rejected, 0 parked" in ended.stdout


@pytest.mark.parametrize(
    "name",
    [
        "unverified:qualifying.percent_compared",
        "unverified:qualifying.individual_level",
    ],
)
def test_an_assumption_of_a_determination_has_a_sentence(name: str) -> None:
    """Its rule's note, found in the rules on Advanced APMs."""
    assert sentence_of(name, 2026)
    assert not sentence_of("unverified:qualifying.no_such_rule", 2026)
    assert SENTENCES["qp-individual-grounds-not-judged"]


def test_the_help_shows_an_example_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file it names is there, and a QP's."""
    monkeypatch.chdir(Path(__file__).parents[2])
    shown = run("qp", "--help").stdout
    (line,) = [one for one in shown.splitlines() if "entity-qp.pass.json" in one]

    ended = run(*line.split()[1:])

    assert ended.exit_code == 0
    assert "is a qualifying APM participant (QP)" in ended.stdout


def test_what_takes_nothing_for_granted_says_nothing_of_it() -> None:
    """Once every rule is verified there is no list of assumptions."""
    rules = advanced_apm_rules(2024)
    made = assessment(facts(share_of(50)), rules) | {"assumptions": []}
    console = Console(file=StringIO(), width=80)

    show_assessment(console, made)

    assert isinstance(console.file, StringIO)
    assert "is a qualifying APM participant" in console.file.getvalue()
    assert "assumptions" not in console.file.getvalue()
