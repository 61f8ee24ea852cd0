"""Every example document meets the fate, findings and score that stand beside it."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from qpp import library
from qpp.codes import Code
from qpp.finding_rules import FindingRules
from qpp.findings import Severity
from qppflow.cli.feeds import Feeds
from qppflow.cli.score import score_document
from qppflow.runtime.judging import ACCEPTED, judge_submission
from tests.helpers.corpus import EXPECTED, ROOT, cases_of, folder_of, written
from tests.helpers.corpus_sheet import NPI, TIN, YEARS, Facts
from tests.helpers.submissions import finding_rules

YEAR = pytest.mark.parametrize("facts", YEARS, ids=lambda facts: str(facts.year))

# What JSON Schema alone finds; a year's schema takes the documents of that year only.
STRUCTURAL = frozenset(
    {
        Code.FIELD_MISSING,
        Code.FIELD_UNKNOWN,
        Code.FIELD_DROPPED,
        Code.WRONG_TYPE,
        Code.NOT_IN_LIST,
        Code.WRONG_FORM,
        Code.OUT_OF_RANGE,
        Code.TOO_FEW,
        Code.TOO_MANY,
        Code.WRONG_VALUE_SHAPE,
        Code.TIN_MALFORMED,
        Code.NPI_MALFORMED,
        Code.DATE_IMPOSSIBLE,
        Code.YEAR_UNKNOWN,
    }
)
# What no single document can cause: it needs a null value, 4 MiB, headers, the day it
# arrived, or a feed.
NOT_IN_A_FILE = frozenset(
    {
        Code.NULL_VALUE,
        Code.TOO_LARGE,
        Code.SOURCE_MISSING,
        Code.ARRIVED_LATE,
        *(
            code
            for code in Code
            if code[5:8] in ("FEE", "ROS", "REG", "ELG", "MEM", "REW", "APM")
        ),
    }
)

# Recomputed by hand from the benchmarks of the year and the rules. Without feeds cost
# has no weight: quality 55, improvement activities 15, Promoting Interoperability 30.
BY_HAND = {
    # 40 of 40 points x 15 percent; at or below 18.75 the full reduction.
    (2024, "submission.ia-alone.pass.json"): ("15.00", "-9.0000"),
    # One medium activity: 10 of 40 points.
    (2024, "submission.ia-one-activity.pass.json"): ("3.75", "-9.0000"),
    # From 2025 one activity is half of the two that are needed.
    (2025, "submission.ia-one-activity.pass.json"): ("7.50", "-9.0000"),
    # 100 of 100 x 30 percent; -9 x (75 - 30) / 75.
    (2024, "submission.pi-alone.pass.json"): ("30.00", "-5.4000"),
    # 10 + 10 + half of 15 rounded up to 8 + 15 + 25 + 25 = 93 x 30 percent.
    (2025, "submission.pi-exchange-by-both-referral-measures.pass.json"): (
        "27.90",
        "-5.6520",
    ),
    # 10 + 10 + 30 + 1 for 1 of 900 + 25 = 76 x 30 percent.
    (2026, "submission.pi-numerator-of-one.pass.json"): ("22.80", "-6.2640"),
    # 236: 9.5; 001: 9.5; 039: 9 + 0.34 / 8.32; 418: 9 + 7.86 / 26.19;
    # 438: 7 + 4.47 / 5.74; 441: 9 + 1.425 / 10.875: 54.2508 of 60 x 55 percent.
    (2024, "submission.quality-alone.pass.json"): ("49.73", "-3.0324"),
    # That and the two full categories; 1.05 x (94.73 - 75) / 25.
    (2024, "submission.individual-with-six-registry-measures-pi-and-ia.pass.json"): (
        "94.73",
        "0.8287",
    ),
    # 001 at 0 percent earns 10 in place of 9.5.
    (2024, "submission.inverse-measure-at-0-percent.pass.json"): ("50.19", "-2.9772"),
    # 236 earns 0 in place of 9.5: 44.7508 of 60.
    (2024, "submission.19-cases.warn.json"): ("41.02", "-4.0776"),
    # 418's slot stays empty: 44.9507 of 50.
    (2024, "submission.suppressed-measure.warn.json"): ("49.45", "-3.0660"),
    # A measure in its first year has a floor of 7: 51.9507 of 60.
    (2024, "submission.new-measure-without-benchmark.warn.json"): (
        "47.62",
        "-3.2856",
    ),
    # No outcome: five slots with 10, 9.0409, 8.0695, 6.5460 and 3.3816 of 60.
    (2024, "submission.six-process-measures-and-no-outcome.warn.json"): (
        "33.95",
        "-4.9260",
    ),
    # Every category full; the adjustment waits for CMS's scaling factor.
    (2026, "submission.perfect-score-of-all-categories.pass.json"): ("100.00", None),
}


@cache
def expected(year: int) -> dict[str, dict[str, Any]]:
    """Read what stands beside the documents of a year."""
    found: dict[str, dict[str, Any]] = json.loads(
        (folder_of(year) / EXPECTED).read_bytes()
    )
    return found


def observed(path: Path) -> dict[str, Any]:
    """Say what becomes of a document in the program."""
    judged = judge_submission(path.read_bytes())
    found: dict[str, Any] = {
        "fate": judged.fate,
        "codes": sorted({finding.code for finding in judged.findings}),
        "finalScore": None,
        "adjustmentPercent": None,
    }
    if judged.fate == ACCEPTED:
        for scored in score_document(judged, Feeds())[:1]:
            found["finalScore"] = scored.score["finalScore"]
            found["adjustmentPercent"] = scored.payment["adjustmentPercent"]
    return found


def differences(folder: Path, stated: dict[str, dict[str, Any]]) -> list[str]:
    """Say of which documents something else came than is stated."""
    return [name for name, said in stated.items() if observed(folder / name) != said]


@YEAR
def test_each_document_meets_its_fate_its_findings_and_its_score(facts: Facts) -> None:
    """What stands in expected.json is what the program gives."""
    wrong = differences(folder_of(facts.year), expected(facts.year))

    assert wrong == []


@pytest.mark.parametrize("field", ["fate", "codes", "finalScore", "adjustmentPercent"])
def test_a_document_that_meets_something_else_would_be_seen(field: str) -> None:
    """The comparison sees a wrong fate, code, score or adjustment."""
    name = "submission.ia-alone.pass.json"
    stated = {name: {**expected(2024)[name], field: "something else"}}

    assert differences(folder_of(2024), stated) == [name]


@YEAR
def test_the_committed_files_are_those_that_the_builder_writes(facts: Facts) -> None:
    """Run ``python -m tests.helpers.corpus`` when this fails, and read what changed."""
    folder = folder_of(facts.year)
    committed = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*.json")
    }

    assert committed == written(facts)


@pytest.mark.parametrize(("year", "name"), BY_HAND, ids=str)
def test_scores_agree_with_those_recomputed_by_hand(year: int, name: str) -> None:
    """The arithmetic stands beside each figure."""
    said = expected(year)[name]

    assert (said["finalScore"], said["adjustmentPercent"]) == BY_HAND[year, name]


@YEAR
def test_the_corpus_is_large_and_most_of_it_is_accepted(facts: Facts) -> None:
    """At least 60 documents a year; at least half are accepted and pay a clinician."""
    stated = expected(facts.year)
    folder = folder_of(facts.year)
    paying = [
        name
        for name, said in stated.items()
        if said["fate"] == ACCEPTED and b"individual" in (folder / name).read_bytes()
    ]

    assert len(stated) >= 60
    assert len(paying) > len(stated) / 2


@YEAR
def test_names_say_what_comes_of_a_document(facts: Facts) -> None:
    """Pass has no finding, warn has warnings only, fail has an error."""
    endings = {
        name: _ending(said["codes"], finding_rules())
        for name, said in expected(facts.year).items()
    }

    assert {name: name.split(".")[-2] for name in endings} == endings
    assert set(endings.values()) == {"pass", "warn", "fail"}


def _ending(codes: list[str], rules: FindingRules) -> str:
    """Derive the ending of a name from the severities of its codes."""
    severities = {rules[code].severity for code in codes}
    if Severity.ERROR in severities:
        return "fail"
    return "warn" if severities else "pass"


@YEAR
def test_every_code_that_a_document_can_cause_is_shown(facts: Facts) -> None:
    """A year without suppressed measures or suspended activities has none to show."""
    shown = {code for said in expected(facts.year).values() for code in said["codes"]}
    unshown = {code for code in Code if code not in shown} - NOT_IN_A_FILE

    impossible = set() if facts.suppressed else {Code.SUPPRESSED_MEASURE}
    if library.rules(facts.year).improvement_activities.suspended_activities is None:
        impossible.add(Code.ACTIVITY_SUSPENDED)
    assert unshown == impossible


@YEAR
def test_accepted_documents_show_every_shape_form_and_method(facts: Facts) -> None:
    """Each kind of value, by each algorithm, by each method, for both entities."""
    catalogue = library.catalogue(facts.year)
    seen: Counter[tuple[str, ...]] = Counter()
    for name, said in expected(facts.year).items():
        if said["fate"] != ACCEPTED:
            continue
        judged = judge_submission((folder_of(facts.year) / name).read_bytes())
        assert judged.document is not None
        seen["kind", judged.kind] += 1
        seen["entity", judged.document["entityType"]] += 1
        for item in judged.document["measurementSets"]:
            seen["set", item["category"], item["submissionMethod"]] += 1
            for entry in item.get("measurements", ()):
                measure = catalogue.quality.get(entry["measureId"])
                if measure is not None:
                    shape = (measure.metric_type, measure.overall_algorithm)
                    seen["value", *shape] += 1
    methods = ("registry", "electronicHealthRecord")
    algorithms = ("simpleAverage", "weightedAverage", "overallStratumOnly")

    assert {
        ("kind", "submission"),
        ("kind", "measurementSet"),
        ("entity", "individual"),
        *(("entity", kind) for kind in ("group", "subgroup", "virtualGroup", "apm")),
        *(
            ("set", kind, method)
            for kind in ("quality", "pi", "ia")
            for method in methods
        ),
        ("value", "singlePerformanceRate", ""),
        ("value", "registrySinglePerformanceRate", ""),
        ("value", "nonProportion", ""),
        ("value", "multiPerformanceRate", "split"),
        *(("value", "multiPerformanceRate", name) for name in algorithms),
        *(("value", "registryMultiPerformanceRate", name) for name in algorithms),
    } <= set(seen)


@YEAR
def test_the_reference_judge_agrees_on_every_structure(facts: Facts) -> None:
    """JSON Schema as another program reads it tells the same documents apart."""
    verdicts = {}
    for name, case in cases_of(facts).items():
        if name.startswith("raw/"):
            continue
        document = json.loads((folder_of(facts.year) / name).read_bytes())
        kind = "measurement-set" if "submission" in document else "submission"
        year = (document.get("submission") or document).get("performanceYear")
        right = STRUCTURAL.isdisjoint(case.codes) and year == facts.year
        verdicts[name] = (_valid(document, kind, facts.year), right)

    assert [name for name, (valid, right) in verdicts.items() if valid != right] == []
    assert {right for _, right in verdicts.values()} == {True, False}


def _valid(document: object, kind: str, year: int) -> bool:
    """Ask the reference judge about a document."""
    path = ROOT / "schemas" / "mips" / f"py{year}" / f"{kind}.schema.json"
    schema = json.loads(path.read_bytes())
    checker = FormatChecker(("date",))
    return Draft202012Validator(schema, format_checker=checker).is_valid(document)


def test_no_two_documents_are_about_the_same_entity() -> None:
    """Sent together they are scored as each of them alone is."""
    owners: Counter[tuple[str, ...]] = Counter()
    for facts in YEARS:
        for name, said in expected(facts.year).items():
            if said["fate"] != ACCEPTED:
                continue
            judged = judge_submission((folder_of(facts.year) / name).read_bytes())
            assert judged.document is not None
            who = judged.document
            names = (who.get(TIN, who.get("entityId")), who.get(NPI, ""))
            owners[(str(facts.year), *map(str, names))] += 1

    assert max(owners.values()) == 1
    assert all(name.startswith(("000", "E")) for _, name, _ in owners)
