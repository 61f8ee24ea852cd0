"""A year closed on a real Kafka: estimates become final by one factor, once."""

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pytest

from qpp import library
from qpp.mips.closing import factor
from qpp.mips.tally import Tally
from qpp.trace import Trace
from qppflow.cli.exits import Exit
from qppflow.services import SERVICES
from tests.helpers.deployment import ROOT, Deployment
from tests.helpers.year_stream import (
    PAYMENTS,
    clinician,
    documents_of,
    latest,
    send_documents,
)

pytestmark = pytest.mark.kafka

YEAR: Final = 2026
# How many measures each clinician meets, and what she was paid.
PRACTICE: Final = ((100, "40000"), (100, "10000.50"), (0, "80000"), (0, None))


@dataclass(frozen=True)
class Closed:
    """What the commands said, and what billing reads before and after."""

    before: dict[str, dict[str, Any]]
    after: dict[str, dict[str, Any]]
    codes: list[int]
    said: list[dict[str, Any]]
    left: list[str]


def typed(site: Deployment, *words: str) -> tuple[int, dict[str, Any]]:
    """Type ``close-year`` on the deployment."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "services"))),
        "QPPFLOW_BOOTSTRAP_SERVERS": site.servers,
        "QPPFLOW_TOPIC_PREFIX": site.prefix,
        "QPPFLOW_STATE_FOLDER": str(site.folder),
        # Its own, since what somebody else's command left is no matter here.
        "TMPDIR": str(site.folder),
    }
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "close-year", str(YEAR), "--json", *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr.decode()
    return done.returncode, json.loads(done.stdout)


COMMAND: Final = "from qppflow.cli.main import main; main()"


async def run(site: Deployment) -> Closed:
    """Score a practice, close its year, and try to close it twice."""
    await site.make_topics()
    codes, said = [], []
    with site.process(SERVICES):
        await site.started(len(SERVICES))
        sent = [
            document
            for number, (met, amount) in enumerate(PRACTICE)
            for document in documents_of(YEAR, number, met, amount)
        ]
        await send_documents(site, sent)
        await site.settled()
        before = await latest(site, PAYMENTS)
        for words in (["--dry-run"], [], [], ["--resume"]):
            code, found = await asyncio.to_thread(typed, site, *words)
            codes.append(code)
            said.append(found)
        await site.settled()
    left = [file.name for file in site.folder.glob("qppflow-*")]
    return Closed(before, await latest(site, PAYMENTS), codes, said, left)


@pytest.fixture(scope="module")
def closed(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Closed:
    """Close a year once for all tests."""
    return asyncio.run(run(Deployment(kafka, tmp_path_factory.mktemp("closing"))))


def of(site_year: dict[str, dict[str, Any]], number: int) -> dict[str, Any]:
    """Give what billing last read of a clinician."""
    who = clinician(number)
    return next(
        event
        for event in site_year.values()
        if event["nationalProviderIdentifier"] == who["nationalProviderIdentifier"]
    )


def test_the_factor_is_that_of_the_law(closed: Closed) -> None:
    """The same tally in memory gives the same factor and hash."""
    rules = library.rules(YEAR)
    tally = Tally(rules)
    for number, (_, amount) in enumerate(PRACTICE):
        score = Decimal(of(closed.before, number)["score"])
        tally.add(score, Decimal(amount or 0))
    expected = factor(tally, rules, Trace())

    found = closed.said[1]["closing"]

    assert expected.factor is not None
    assert expected.factor > 0
    assert Decimal(found["factor"]) == expected.factor
    assert found["hash"] == expected.digest
    assert (found["clinicians"], found["withoutAmount"]) == (4, 1)
    assert closed.said[0]["closing"] == found


def test_every_estimate_is_final_and_the_reductions_stay(closed: Closed) -> None:
    """Those who were raised have the closing's number; the others said nothing."""
    raised = [of(closed.before, number)["status"] for number in (0, 1)]
    final = [of(closed.after, number) for number in (0, 1)]

    assert raised == ["estimate", "estimate"]
    assert [(one["status"], one["closing"]) for one in final] == [("final", 1)] * 2
    assert [one["reason"] for one in final] == ["year-closed"] * 2
    for number in (2, 3):
        assert of(closed.after, number) == of(closed.before, number)


def test_a_second_closing_is_refused_and_a_resumed_one_changes_nothing(
    closed: Closed,
) -> None:
    """Each clinician has one revision of the closing, however often she is told."""
    assert closed.codes == [Exit.OK, Exit.OK, Exit.NOT_ACCEPTED, Exit.OK]
    assert closed.said[2]["refused"] == "closed-already"
    assert closed.said[3]["told"] == 4
    steps = [
        of(closed.after, number)["revision"] - of(closed.before, number)["revision"]
        for number in range(4)
    ]
    assert steps == [1, 1, 0, 0]


def test_the_folder_has_no_trace_of_the_clinicians(closed: Closed) -> None:
    """What the command kept of them went with it."""
    assert closed.codes[1] == Exit.OK
    assert closed.left == []
