"""`qppflow score` scores each accepted document with the feeds about its entity."""

import io
import json
import re
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from qpp import library
from qpp.mips.scoring import score
from qpp.rulebook import Provision
from qppflow.cli.assumptions import SENTENCES, sentence_of
from qppflow.cli.closing_events import NO_AMOUNTS
from qppflow.cli.exits import Exit
from qppflow.cli.feeds import Feeds
from qppflow.cli.score import score_document
from qppflow.cli.show_reasons import STATUSES, TITLES
from qppflow.cli.show_score import show_categories, show_score
from qppflow.payments.choice import TWO_VIRTUAL_GROUPS
from qppflow.runtime.judging import judge_submission
from tests.helpers.cli import (
    WIDTH,
    Json,
    accepted,
    costs,
    excellent,
    feed_about,
    lines,
    profile,
    put,
    rejected,
    run,
    too_wide,
)
from tests.helpers.law import entity, law
from tests.helpers.submissions import NPI, TIN

OTHER_NPI = "1000000004"


def scored(*arguments: object) -> Json:
    """Score one document and read what is written of it."""
    ended = run("score", *arguments, "--json")
    assert ended.exit_code == Exit.OK, ended.output
    [line] = lines(ended)
    return line


def spelled(reason: Json) -> str:
    """Give what a reason says, the short names of categories written out."""
    says: str = reason["says"]
    if "measureId" in reason:
        return says
    for short in ("ia", "pi"):
        says = re.sub(rf"\b{short}\b", TITLES[short], says)
    return says


def words_of(text: str) -> str:
    """Give a text without its line breaks and columns."""
    return " ".join(text.split())


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_a_document_alone_is_scored_but_not_billable(tmp_path: Path, year: int) -> None:
    """Nobody has said which special statuses count."""
    line = scored(put(tmp_path, "a.json", accepted(year)))

    assert line["fate"] == "accepted"
    assert line["score"]["performanceYear"] == year
    assert Decimal(line["score"]["categories"]["cost"]["weight"]) == 0
    assert line["payment"]["billable"] is False
    assert "explanation" not in line


def test_the_score_is_shown_by_category(tmp_path: Path) -> None:
    """People see the final score, what it does to payments, and where it is from."""
    ended = run("score", put(tmp_path, "a.json", accepted()))

    words = words_of(ended.stdout)
    assert ended.exit_code == Exit.OK
    assert "Final score 56.05 for performance year 2025" in words
    assert "Payments of 2027 change by -2.2740 % (not billable)" in words
    assert "Category Points Percent Weight Adds" in words
    assert "Improvement Activities 20.00 / 40 50.00 15 7.50" in words
    assert "Cost 0.00 / 0 - 0 0.00" in words
    assert "Cost does not count: nothing in it can be scored" in words
    assert "Rests on these assumptions:" in words
    assert "Complex patient bonus" not in words


def test_assumptions_are_shown_where_there_are_any() -> None:
    """Those of the payment too, which may rest on more than the score does."""
    judged = judge_submission(json.dumps(accepted()).encode())
    plain = score_document(judged, Feeds())[0]
    console = Console(file=io.StringIO(), width=WIDTH)

    def shown(*assumptions: str) -> str:
        score = plain.score | {"assumptions": []}
        payment = plain.payment | {"assumptions": assumptions}
        with console.capture() as capture:
            found = plain._replace(score=score, payment=payment)
            show_score(console, found, explain=False)
        return capture.get()

    assert "assumptions" not in shown()
    assert shown("one [small]").endswith("assumptions:\n    one [small]\n")
    assert "Unverified is a rule" in shown("unverified:quality.no_such_rule")


def test_a_rejected_document_is_not_scored(tmp_path: Path) -> None:
    """Its findings are shown, and the others are scored all the same."""
    bad, good = put(tmp_path, "b.json", rejected()), put(tmp_path, "g.json", accepted())

    ended = run("score", bad, good)
    told = lines(run("score", bad, good, "--json"))

    assert ended.exit_code == Exit.NOT_ACCEPTED
    assert ended.stdout.count("Final score") == 1
    assert "MIPS-MEA-001" in ended.stdout
    assert ["score" in line for line in told] == [False, True]


def test_a_profile_raises_the_score_and_leaves_eligibility_open(tmp_path: Path) -> None:
    """A small practice earns more; whether a score pays it is another question."""
    document = put(tmp_path, "a.json", accepted())

    alone = scored(document)
    with_profile = scored(
        document, "--profile", put(tmp_path, "p.json", profile()), "--json"
    )

    assert "no-profile" in alone["score"]["assumptions"]
    assert "no-profile" not in with_profile["score"]["assumptions"]
    assert "eligibility-not-declared" in with_profile["score"]["assumptions"]
    assert with_profile["payment"]["billable"] is False
    assert Decimal(with_profile["score"]["finalScore"]) > Decimal(
        alone["score"]["finalScore"]
    )


@pytest.mark.parametrize(
    ("eligibility", "line"),
    [
        (None, "  Payments of 2027 change by -9.0000 % (not billable)\n"),
        ("required", "  Payments of 2027 change by -9.0000 %\n"),
        ("voluntary", "  Payments of 2027 are not adjusted\n"),
    ],
)
def test_people_see_whether_a_payment_is_adjusted_and_billed(
    eligibility: str | None, line: str
) -> None:
    """Only what billing may use stands there without reservation."""
    console = Console(record=True, width=80)
    found = score(entity(eligibility=eligibility), law(2025))

    show_score(console, found, explain=False)

    assert line in console.export_text()


def test_a_bonus_has_a_line_of_its_own(tmp_path: Path) -> None:
    """A feed of any kind comes by --feed, several to a lined file."""
    bonus = feed_about(feed="complex-patient-bonus", points="3.75")
    feeds = put(tmp_path, "feeds.ndjson", profile(), bonus)

    ended = run("score", put(tmp_path, "a.json", accepted()), "--feed", feeds)

    assert ended.exit_code == Exit.OK
    assert "Complex patient bonus 3.75" in words_of(ended.stdout)


@pytest.mark.parametrize(
    "who",
    [
        {"nationalProviderIdentifier": OTHER_NPI},
        {"taxpayerIdentificationNumber": "000999999"},
        {"performanceYear": 2024},
    ],
)
def test_a_feed_about_somebody_else_is_not_used(tmp_path: Path, who: Json) -> None:
    """Feeds are matched by year, entity type, TIN and NPI, and leftovers are told."""
    document = put(tmp_path, "a.json", accepted())
    feed = put(tmp_path, "p.json", profile() | who)

    ended = run("score", document, "--profile", feed, "--json")

    assert ended.exit_code == Exit.OK
    assert lines(ended) == [scored(document)]
    told = "There are feeds about 1 entity that no document here is about.\n"
    assert ended.stderr == told


def test_the_last_feed_of_a_name_counts(tmp_path: Path) -> None:
    """As in the stream, a correction replaces what it corrects."""
    document = put(tmp_path, "a.json", accepted())
    plain = profile(specialStatuses=[])
    both = put(tmp_path, "both.ndjson", profile(), plain)

    corrected = scored(document, "--profile", both)

    last = put(tmp_path, "last.json", plain)
    assert corrected == scored(document, "--profile", last)
    first = put(tmp_path, "first.json", profile())
    assert corrected != scored(document, "--profile", first)


@pytest.mark.parametrize(
    ("option", "feed", "told"),
    [
        ("--profile", costs(), "--profile takes profile, this is cost-attribution"),
        ("--costs", profile(), "--costs takes cost-attribution, this is profile"),
    ],
)
def test_a_feed_of_another_kind_is_wrong_usage(
    tmp_path: Path, option: str, feed: Json, told: str
) -> None:
    """A profile is no list of costs."""
    document, path = put(tmp_path, "a.json", accepted()), put(tmp_path, "f.json", feed)

    ended = run("score", document, option, path)

    assert ended.exit_code == Exit.USAGE
    assert not ended.stdout
    assert told in words_of(ended.stderr)


def test_an_invalid_feed_is_told_with_its_findings(tmp_path: Path) -> None:
    """The place is told to the line, and what is wrong as for any document."""
    filler = [""] * 99
    path = put(tmp_path, "f.ndjson", *filler, costs(measure="NO_SUCH_1"))

    ended = run("score", put(tmp_path, "a.json", accepted()), "--feed", path)

    told = words_of(ended.stderr)
    assert ended.exit_code == Exit.USAGE
    assert "f.ndjson:100:notavalidfeed" in "".join(ended.stderr.split())
    assert "rejected: 1 error the feed" in told
    assert "/measures/0/measureId found" in told


@pytest.mark.parametrize("option", ["--profile", "--costs", "--feed"])
def test_a_feed_that_cannot_be_read_is_wrong_usage(tmp_path: Path, option: str) -> None:
    """A misspelt path must not score without its feed."""
    document = put(tmp_path, "a.json", accepted())

    ended = run("score", document, option, tmp_path / "missing.json")

    assert ended.exit_code == Exit.USAGE
    assert "No such file" in words_of(ended.stderr)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_explaining_shows_every_measure_with_its_paragraph(
    tmp_path: Path, year: int
) -> None:
    """Every measure that counts is there, and each reason with what it rests on."""
    document = put(tmp_path, "a.json", accepted(year))
    line = scored(document, "--explain")

    words = words_of(run("score", document, "--explain").stdout)

    measures = [
        item
        for category in line["score"]["categories"].values()
        for item in category["measures"]
    ]
    explained = {item.get("measureId") for item in line["explanation"]}
    assert len(measures) > 10
    for item in measures:
        assert f"{item['measureId']}: " in words
        assert item["measureId"] in explained or not item["used"]
    for item in line["explanation"]:
        told = f"{spelled(item)} {item['citation']} ({STATUSES[item['status']]})"
        assert words_of(told) in words
        assert item["citation"]


def test_explaining_says_which_measures_do_not_count(tmp_path: Path) -> None:
    """A seventh measure is beyond the six that count."""
    document = accepted()
    listed = document["measurementSets"][0]["measurements"]
    listed.append({**listed[-1], "measureId": "048"})

    ended = run("score", put(tmp_path, "a.json", document), "--explain")

    words = words_of(ended.stdout)
    assert ended.exit_code == Exit.OK
    assert words.count("Not counted:") == 1
    assert words.count("not counted: better measures took the 6 places") == 1


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_no_line_is_wider_than_a_terminal(tmp_path: Path, year: int) -> None:
    """Reasons are long; the terminal is not."""
    document = put(tmp_path, "a.json", accepted(year))

    ended = run("score", document, "--explain", "--with-mock-benchmarks")

    assert ended.exit_code == Exit.OK
    assert too_wide(ended.stdout) == []


def test_an_unpublished_factor_leaves_a_range(tmp_path: Path) -> None:
    """Only CMS can close it; a factor given by hand does."""
    document = put(tmp_path, "a.json", excellent(2026))
    mine = put(tmp_path, "p.json", profile(2026))
    asked = ("score", document, "--profile", mine)

    estimated = run(*asked)
    settled = run(*asked, "--scaling-factor", "0.5")

    assert "rise by between" in words_of(estimated.stdout)
    assert "CMS has not published the scaling factor" in words_of(estimated.stdout)
    assert "Payments of 2028 change by +" in words_of(settled.stdout)


@pytest.mark.parametrize("factor", ["half", "NaN", "Infinity", "", "0", "-1", "3.0001"])
@pytest.mark.parametrize("document", [accepted(2026), excellent(2026)])
def test_an_impossible_factor_is_wrong_usage(
    tmp_path: Path, document: Json, factor: str
) -> None:
    """It is no number, or none that the law allows, needed by the score or not."""
    path = put(tmp_path, "a.json", document)

    ended = run("score", path, f"--scaling-factor={factor}")

    assert ended.exit_code == Exit.USAGE
    assert ended.stderr
    assert "Final score" not in ended.stdout


def test_the_largest_factor_is_allowed(tmp_path: Path) -> None:
    """The bound itself is within it."""
    document = put(tmp_path, "a.json", excellent(2026))

    line = scored(document, "--scaling-factor", "3")

    assert line["payment"]["status"] == "final"
    assert Decimal(line["payment"]["adjustmentPercent"]) > 9


def test_stand_in_benchmarks_score_but_never_bill(tmp_path: Path) -> None:
    """For 2026 there is none for cost yet; who asks may see what could come."""
    document = put(tmp_path, "a.json", accepted(2026))
    feeds = put(tmp_path, "f.ndjson", profile(2026), costs(2026))
    asked = (document, "--feed", feeds, "--scaling-factor", "0.5")

    real = scored(*asked)
    mock = scored(*asked, "--with-mock-benchmarks")

    assert real["score"]["categories"]["cost"]["percent"] is None
    assert "mock-benchmarks" not in real["score"]["assumptions"]
    assert mock["score"]["categories"]["cost"]["percent"] is not None
    assert mock["payment"]["billable"] is False
    assert "mock-benchmarks" in mock["score"]["assumptions"]


def test_costs_by_their_own_option_are_scored_by_real_benchmarks(
    tmp_path: Path,
) -> None:
    """For 2024 CMS has published them."""
    document = put(tmp_path, "a.json", accepted(2024))
    attributed = put(tmp_path, "c.json", costs(2024, "TPCC_1"))

    line = scored(document, "--costs", attributed)

    assert line["score"]["categories"]["cost"]["percent"] is not None


def test_no_identifier_leaves_by_the_output(tmp_path: Path) -> None:
    """Neither with the score nor with its explanation or the feeds' findings."""
    document = put(tmp_path, "a.json", accepted())
    feed = put(tmp_path, "f.json", profile(specialStatuses=[TIN]) | {NPI: TIN})
    asked = ("score", document, "--explain")

    told = run(*asked).output + run(*asked, "--json").output
    told += run(*asked, "--feed", feed).output

    assert "not a valid feed" in words_of(told)
    assert TIN not in told
    assert NPI not in told


def test_a_reason_and_its_paragraph_stand_on_lines_of_their_own(
    tmp_path: Path,
) -> None:
    """Read aloud, the paragraph is no part of the sentence, at 80 columns either."""
    ended = run("score", put(tmp_path, "a.json", accepted()), "--explain")

    told = [line.rstrip() for line in ended.stdout.splitlines()]
    at = told.index("      reported: 10 points")
    assert told[at + 1] == "        42 CFR 414.1380(b)(4)(ii) (not read at its source)"


def test_categories_are_named_in_full_where_weights_move(tmp_path: Path) -> None:
    """Nobody outside knows what ia and pi stand for."""
    ended = run("score", put(tmp_path, "a.json", accepted()), "--explain")

    words = words_of(ended.stdout)
    assert "Improvement Activities 15, Promoting Interoperability 30" in words


def shown_categories(**categories: Json) -> str:
    """Print a table of some categories, which are as an accepted one but for these."""
    judged = judge_submission(json.dumps(accepted()).encode())
    score = score_document(judged, Feeds())[0].score
    for name, changed in categories.items():
        score["categories"][name] |= changed
    console = Console(file=io.StringIO(), width=WIDTH)
    with console.capture() as capture:
        show_categories(console, score)
    return capture.get()


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("smallPractice", "small practice"),
        ("ascBased", "based in an ambulatory surgical center"),
        ("automaticExtremeAndUncontrollable", "automatic extreme and uncontrollable"),
        ("not scored", "nothing in it can be scored"),
        (None, "too few categories carry weight"),
    ],
)
def test_a_category_without_weight_says_why(reason: str | None, told: str) -> None:
    """Its percent is not shown, for it counts for nothing."""
    pi = {"weight": "0", "weighted": "0.0000", "withoutWeight": reason}
    if reason is None:
        pi["percent"] = None

    text = shown_categories(pi=pi)

    assert f"Promoting Interoperability does not count: {told}\n" in text
    (row,) = [line for line in text.splitlines() if "Interoperability " in line][:1]
    assert row.split()[-3:] == ["-", "0", "0.00"]


def test_the_row_of_a_category_adds_up(tmp_path: Path) -> None:
    """Points and bonus of what is possible, and improvement, are the percent."""
    feeds = put(
        tmp_path,
        "f.ndjson",
        profile(),
        feed_about(
            feed="prior-scores",
            qualityAchievementPercent="40",
            identifierMatch="sameIdentifier",
        ),
    )

    ended = run("score", put(tmp_path, "a.json", accepted()), "--feed", feeds)

    (row,) = [line for line in ended.stdout.splitlines() if "  Quality " in line]
    words = row.split()
    points, possible, bonus = (Decimal(words[at]) for at in (1, 3, 5))
    improved, percent, weight, adds = (Decimal(words[at]) for at in (7, 8, 9, 10))
    assert bonus > 0
    assert improved > 0
    assert abs((points + bonus) / possible * 100 + improved - percent) < Decimal("0.02")
    assert abs(percent * weight / 100 - adds) < Decimal("0.01")
    assert too_wide(ended.stdout) == []


def test_a_bonus_among_the_points_is_said_to_be_there() -> None:
    """Of Promoting Interoperability the points hold the bonus already."""
    text = shown_categories(
        pi={"points": "100.0000", "bonus": "5.0000", "improvement": "0.0000"}
    )

    assert "100.00 / 100 incl. 5" in words_of(text)
    assert too_wide(text) == []


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_each_assumption_is_a_sentence_too(tmp_path: Path, year: int) -> None:
    """A rule explains itself in its note, the others in a table of ours."""
    document = put(tmp_path, "a.json", excellent(year))
    line = scored(document)

    told = words_of(run("score", document).stdout)

    names = line["payment"]["assumptions"]
    assert "no-profile" in names
    for name in names:
        sentence = sentence_of(name, year)
        assert sentence.endswith(".")
        assert f"{name} {sentence}" in told


def test_every_assumption_that_is_no_rules_has_a_sentence() -> None:
    """What the law's code may assume by itself is found in its source."""
    law = Path(library.__file__).parent
    code = "\n".join(file.read_text("utf-8") for file in law.rglob("*.py"))
    written = re.findall(r'^([A-Z_]+)(?:: Final)? = "([a-z-]+)"', code, re.MULTILINE)
    assumed = " ".join(re.findall(r"\.assume\(([^)]*)\)", code)).split()
    names = {value for constant, value in written if constant in assumed}

    assert {"no-profile", "eligibility-not-declared", "no-costs-given"} <= names
    # Who is paid is decided beside the law, by the service of payments, and what is
    # known of amounts by the command that closes a year.
    assert names | {TWO_VIRTUAL_GROUPS, NO_AMOUNTS} == set(SENTENCES)


def test_every_rule_has_a_sentence_to_be_shown() -> None:
    """A rule that loses its status must not show an empty line."""
    for year in library.years():
        for part in ("quality", "cost", "payment", "final_score"):
            for field in fields(getattr(library.rules(year), part)):
                name = f"unverified:{part}.{field.name}"
                found = getattr(getattr(library.rules(year), part), field.name)
                assert sentence_of(name, year) or not isinstance(found, Provision)
    assert not sentence_of("unverified:quality.no_such_rule", 2025)
    assert not sentence_of("no-such-assumption", 2025)


def test_the_feed_of_a_rejected_document_is_about_it(tmp_path: Path) -> None:
    """It is not about nobody here; the document has other troubles."""
    feed = put(tmp_path, "p.json", profile())

    rejected_one = run("score", put(tmp_path, "a.json", rejected()), "--profile", feed)
    odd = rejected() | {"entityType": [{}]}
    no_entity = run("score", put(tmp_path, "b.json", odd), "--profile", feed)

    assert not rejected_one.stderr
    assert rejected_one.exit_code == Exit.NOT_ACCEPTED
    assert "about 1 entity" in no_entity.stderr
    assert no_entity.exit_code == Exit.NOT_ACCEPTED


def test_a_second_different_feed_of_an_entity_is_told(tmp_path: Path) -> None:
    """The last one counts, and who sent both by mistake hears of it."""
    document = put(tmp_path, "a.json", accepted())
    plain = profile(specialStatuses=[])
    both = put(tmp_path, "both.ndjson", profile(), plain)
    same = put(tmp_path, "same.ndjson", plain, plain)

    told = run("score", document, "--profile", both, "--json")
    quiet = run("score", document, "--profile", same, "--json")

    assert told.stderr == (
        f"warning: {both}:2: another profile of the same entity; the last one counts\n"
    )
    assert told.exit_code == Exit.OK
    assert not quiet.stderr
    assert told.stdout == quiet.stdout
