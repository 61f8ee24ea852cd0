"""What a run of the demonstration came to, as people and machines read it."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any, Final

import pytest
from rich.console import Console

from qppflow.cli.feeds import Feeds
from qppflow.cli.score import score_document
from qppflow.demo.live import LINE_SECONDS, View, line, table
from qppflow.demo.play import Outcome
from qppflow.demo.report import chosen, show_outcome, summary
from qppflow.demo.stages import Stage
from qppflow.demo.tally import Conservation
from qppflow.runtime.judging import judge_submission
from tests.helpers.cli import accepted, excellent, too_wide

PAYMENT: Final = "payment-adjusted.v1"
STAGES: Final = [
    Stage("qpp-submissions", "submissions received", 1_200, 0),
    Stage("qpp-entity-facts", "facts recorded", 900, 300),
]


@cache
def scored(year: int, *, good: bool = False) -> Mapping[str, Any]:
    """Score a submission as the stream does, into the event of its final score."""
    document = excellent(year) if good else accepted(year)
    judged = judge_submission(json.dumps(document).encode())
    found = score_document(judged, Feeds(), explain=True)[0]
    return {
        "subject": f"s{year}-{'good' if good else 'plain'}-0123456789",
        "performanceYear": year,
        "revision": 3,
        "score": found.score,
        "explanation": found.explanation,
    }


def payment(status: str, *, billable: bool, kind: str = PAYMENT) -> dict[str, Any]:
    """Make a payment event, as far as it is counted."""
    return {"kind": kind, "status": status, "billable": billable}


def outcome(**changed: Any) -> Outcome:  # noqa: ANN401 - any field of an outcome
    """Make the outcome of a run in which all went well."""
    events = [scored(2024), scored(2025), scored(2025, good=True)]
    base = Outcome(
        conservation=Conservation(1_200, 900, 250, 50, (), (), ()),
        findings=[("MIPS-MEA-001", 1_100), ("MIPS-COM-005", 7)],
        effects={"rejected": 250, "applied": 900},
        scores={event["subject"]: dict(event) for event in events},
        payments={
            "a": payment("final", billable=True),
            "b": payment("estimate", billable=False),
            "c": payment("final", billable=False),
            "d": payment("", billable=False, kind="payment-candidate-withdrawn.v1"),
        },
        stages=STAGES,
        seconds=4.0,
    )
    return replace(base, **changed)


def told(found: Outcome) -> str:
    """Print an outcome as into a file, 80 columns wide."""
    console = Console(file=io.StringIO(), width=80, highlight=False, emoji=False)
    show_outcome(console, found)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def words_of(text: str) -> str:
    """Give a text without its line breaks and columns."""
    return " ".join(text.split())


def test_the_equation_comes_first() -> None:
    """With the rate, and what answers said."""
    words = words_of(told(outcome()))

    assert words.startswith(
        "1,200 received = 900 accepted + 250 rejected + 50 parked: holds"
        " counted by reading the topics; 4.0 s, 300 documents a second"
        " answers: 900 applied, 250 rejected"
    )


def test_what_breaks_the_equation_is_named() -> None:
    """The first five places; a run of no time has no rate."""
    lost = tuple(f"in/0/{number}" for number in range(7))
    broken = Conservation(9, 1, 0, 0, lost, ("in/1/1",), ("in/2/2",))

    words = words_of(told(outcome(conservation=broken, seconds=0.0)))

    assert "9 received = 1 accepted + 0 rejected + 0 parked: does not hold" in words
    assert "0 documents a second" in words
    assert "7 lost: in/0/0, in/0/1, in/0/2, in/0/3, in/0/4 1 doubled: in/1/1" in words
    assert "1 unknown: in/2/2" in words


def test_categories_are_summed_up() -> None:
    """How many were scored, their median, and how many carried no weight."""
    words = words_of(told(outcome()))

    assert "Scores by category Category Scored Median % Without weight" in words
    assert "Cost 0 - 3" in words
    assert "Improvement Activities 3 50.0 0" in words
    assert "Promoting Interoperability 3 81.0 0" in words


def test_final_scores_are_spread_over_tens() -> None:
    """The longest bar is the tens with most scores; a hundred is in the last."""
    full = dict(scored(2025, good=True))
    full["score"] = {**full["score"], "finalScore": "100.00"}
    full["subject"] = "full"
    plain = dict(scored(2025))
    scores = {"a": plain, "b": {**plain, "subject": "b"}, "full": full}

    lines = told(outcome(scores=scores)).splitlines()

    assert "Final scores: 3, median 56.05" in lines
    assert f"   50-60  {'#' * 40} 2" in lines
    assert f"   90-100 {'#' * 20} 1" in lines
    assert "    0-10   0" in lines


def test_frequent_findings_have_their_meaning() -> None:
    """At most ten, the most frequent first."""
    words = words_of(told(outcome()))

    assert "Most frequent findings Answers Code Meaning 1,100 MIPS-MEA-001 " in words
    assert words.index("MIPS-MEA-001") < words.index("7 MIPS-COM-005")


def test_payments_are_counted_by_what_billing_may_do() -> None:
    """What is withdrawn is neither."""
    words = words_of(told(outcome()))

    assert (
        "Payments: 4 clinicians; 1 billable, 1 estimates (CMS has not published the"
        " scaling factor), 1 final but not billable"
    ) in words


def test_a_run_without_scores_says_only_what_it_has() -> None:
    """Everything may have been rejected."""
    text = told(outcome(scores={}, findings=[], payments={}))

    assert "Scores by category" not in text
    assert "Most frequent" not in text
    assert "Payments: 0 clinicians" in text


def test_a_score_of_each_year_near_the_median_is_chosen() -> None:
    """The newest year first, and three at most."""
    events = {}
    for year in (2021, 2022, 2023, 2024):
        for points in ("10.00", "50.00", "90.00"):
            subject = f"{year}-{points}"
            events[subject] = {
                "performanceYear": year,
                "subject": subject,
                "score": {"finalScore": points},
            }

    found = [event["subject"] for event in chosen(events)]

    assert found == ["2024-50.00", "2023-50.00", "2022-50.00"]


def test_losses_come_with_their_reasons() -> None:
    """The measure that lost most is first, each reason with its paragraph."""
    event = dict(scored(2025))
    text = told(outcome(scores={"a": event}))

    words = words_of(text.split("for individual", 1)[1])
    losses = [
        Decimal(line.split()[0])
        for line in text.splitlines()
        if "points lost on" in line
    ]
    assert "s2025-pla… in 2025: revision 3" in words
    assert "13.0 points lost on PI_PEA_1: scored" in words
    assert "861 of 1809 patients or orders, x 25 = 11.8988: 12 of 25 points" in words
    assert "12 of 25 points 42 CFR 414.1380" in words
    assert losses == sorted(losses, reverse=True)
    assert len(losses) == 5


def test_activities_lose_no_points() -> None:
    """One is attested or not; what is missing is another activity."""
    event = json.loads(json.dumps(scored(2025)))
    for category in event["score"]["categories"].values():
        for item in category["measures"]:
            item["points"], item["possible"] = "1", "1"
    activity = event["score"]["categories"]["ia"]["measures"][0]
    activity["possible"] = "40"

    silent = told(outcome(scores={"a": event}))
    event["score"]["categories"]["quality"]["measures"][0]["possible"] = "40"
    loud = told(outcome(scores={"a": event}))

    assert activity["used"]
    assert "points lost" not in silent
    assert "39.0 points lost" in loud


def test_what_does_not_count_loses_nothing() -> None:
    """Only the measures that make the score can have cost points."""
    event = json.loads(json.dumps(scored(2025)))
    for category in event["score"]["categories"].values():
        for item in category["measures"]:
            item["used"] = False

    assert "points lost" not in told(outcome(scores={"a": event}))


def test_no_line_is_wider_than_a_terminal() -> None:
    """Reasons with their paragraphs are folded together."""
    assert too_wide(told(outcome())) == []


def test_machines_get_the_same_numbers() -> None:
    """One object, which JSON can hold."""
    found = summary(outcome())

    assert json.loads(json.dumps(found)) == found
    assert found | {"topics": {}} == {
        "received": 1_200,
        "accepted": 900,
        "rejected": 250,
        "parked": 50,
        "conservation": True,
        "lost": [],
        "doubled": [],
        "unknown": [],
        "effects": {"rejected": 250, "applied": 900},
        "findings": {"MIPS-MEA-001": 1_100, "MIPS-COM-005": 7},
        "finalScores": 3,
        "payments": 4,
        "topics": {},
        "seconds": 4.0,
    }
    assert found["topics"] == {"qpp-submissions": 1_200, "qpp-entity-facts": 900}


def test_on_a_terminal_a_table_shows_how_far_it_is() -> None:
    """It is redrawn in place, and gone at the end."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80)

    with View(console) as view:
        view.show(STAGES, 1.0)
        view.show(STAGES, 2.0)

    shown = screen.getvalue()
    assert shown.index("1 s") < shown.index("2 s")
    assert "submissions received" in shown
    assert shown.endswith("\x1b[2K")


def test_elsewhere_a_line_every_few_seconds_is_enough(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """They go to standard error, so that results can be piped."""
    with View(Console(file=io.StringIO())) as view:
        for seconds in (0.0, LINE_SECONDS / 2, LINE_SECONDS, LINE_SECONDS * 1.5):
            view.show(STAGES, seconds)

    printed = capsys.readouterr()
    assert not printed.out
    assert [json.loads(text)["seconds"] for text in printed.err.splitlines()] == [0, 2]


def test_a_line_holds_records_by_topic_and_what_waits() -> None:
    """Which is what a log can be searched for."""
    assert json.loads(line(STAGES, 1.26)) == {
        "progress": {"qpp-submissions": 1_200, "qpp-entity-facts": 900},
        "waiting": 300,
        "seconds": 1.3,
    }


def test_the_table_leaves_nothing_waiting_blank() -> None:
    """So that what waits stands out."""
    columns = table(STAGES, 2.0).columns

    assert [list(column.cells) for column in columns[1:]] == [
        ["1,200", "900"],
        ["", "300"],
    ]
