"""Every example of a feed meets the fate and the findings that stand beside it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from qpp.codes import Code
from qpp.feeds import NAMES
from qpp.findings import Severity
from qppflow.cli.feeds import FeedError, Feeds
from qppflow.runtime.judging import ACCEPTED, judge_feed
from qppflow.runtime.schemas import feed_schema
from tests.helpers.submissions import finding_rules
from tests.schemas.feed_examples import EXPECTED, FOLDER, written

STATED: dict[str, dict[str, Any]] = json.loads((FOLDER / EXPECTED).read_bytes())
# What only the rules of the year can tell; all else stands in the feed's own schema.
BEYOND_SCHEMA = frozenset(
    {
        Code.NPI_CHECK_DIGIT,
        Code.YEAR_UNKNOWN,
        Code.NOT_SCORED_BY_THIS_VERSION,
        *(code for code in Code if code.startswith(("MIPS-FEE-", "MIPS-REW-"))),
    }
)


def observed(path: Path) -> dict[str, Any]:
    """Say what becomes of a feed in the program."""
    judged = judge_feed(path.read_bytes())
    codes = sorted({finding.code for finding in judged.findings})
    return {"fate": judged.fate, "codes": codes}


def differences(stated: dict[str, dict[str, Any]]) -> list[str]:
    """Say of which examples something else came than is stated."""
    return [name for name, said in stated.items() if observed(FOLDER / name) != said]


def feed_of(name: str) -> str:
    """Read from a file's name which feed it is."""
    return name.partition(".")[0]


def test_each_example_meets_its_fate_and_its_findings() -> None:
    """What stands in expected.json is what the program answers."""
    assert differences(STATED) == []


@pytest.mark.parametrize("field", ["fate", "codes"])
def test_an_example_that_meets_something_else_would_be_seen(field: str) -> None:
    """The comparison sees a wrong fate and a wrong code."""
    name = "cahps.mask-as-text.fail.json"

    found = differences({name: {**STATED[name], field: "something else"}})

    assert found == [name]


def test_the_committed_files_are_those_that_the_builder_writes() -> None:
    """Run ``python -m tests.schemas.feed_examples`` when this fails."""
    committed = {path.name: path.read_bytes() for path in FOLDER.iterdir()}

    assert committed == written()


@pytest.mark.parametrize("feed", sorted(NAMES))
def test_every_feed_has_two_that_pass_and_three_that_fail(feed: str) -> None:
    """A schema without examples has never been tried."""
    endings = Counter(
        name.split(".")[-2] for name in STATED if name.startswith(f"{feed}.")
    )

    assert endings["pass"] >= 2
    assert endings["fail"] >= 3


def test_an_example_is_what_its_name_says() -> None:
    """Its first word is its feed, its last one the worst that is found."""
    rules = finding_rules()
    found = {}
    for name, said in STATED.items():
        severities = {rules[code].severity for code in said["codes"]}
        worst = "fail" if Severity.ERROR in severities else "warn"
        feed = json.loads((FOLDER / name).read_bytes())["feed"]
        found[name] = (feed, worst if severities else "pass")

    assert {n: (feed_of(n), n.split(".")[-2]) for n in STATED} == found


def test_a_failing_example_has_one_mistake_and_every_code_of_feeds_is_shown() -> None:
    """A code that no example shows cannot be looked at."""
    of_feeds = {code for code in Code if code.startswith("MIPS-FEE-")}
    shown = {code for said in STATED.values() for code in said["codes"]}

    assert {len(said["codes"]) for said in STATED.values()} == {0, 1}
    assert of_feeds <= shown


@pytest.mark.parametrize("name", STATED)
def test_the_command_takes_what_is_accepted_and_says_why_not(name: str) -> None:
    """``qppflow score --feed FILE`` reads feeds by the same judgement."""
    feeds = Feeds()

    if STATED[name]["fate"] == ACCEPTED:
        feeds.add([FOLDER / name], "--feed")

        assert feeds.unused == 1
    else:
        with pytest.raises(FeedError) as caught:
            feeds.add([FOLDER / name], "--feed")

        assert caught.value.judged is not None
        codes = {finding.code for finding in caught.value.judged.findings}
        assert sorted(codes) == STATED[name]["codes"]


@pytest.mark.parametrize("name", STATED)
def test_the_reference_judge_agrees_on_the_structure(name: str) -> None:
    """JSON Schema as another program reads it tells the same examples apart."""
    document = json.loads((FOLDER / name).read_bytes())
    reference = Draft202012Validator(feed_schema(feed_of(name)).schema)

    valid = reference.is_valid(document)

    # A null that we drop with a warning is one that no schema would take.
    assert valid is BEYOND_SCHEMA.issuperset(STATED[name]["codes"])
