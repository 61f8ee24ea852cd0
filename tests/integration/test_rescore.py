"""A year scored anew on a real Kafka: by an older build first, then by this one."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from qpp.inputs import read_input
from qpp.mips.scoring import score
from qppflow.cli.exits import Exit
from qppflow.cli.rescore_events import FACTS, ORDERED
from qppflow.runtime.events import decode, kind_of
from qppflow.runtime.law import law_of
from qppflow.services import SERVICES
from tests.helpers.deployment import ROOT, Deployment
from tests.helpers.year_stream import (
    PAYMENTS,
    SCORES,
    documents_of,
    latest,
    records_of,
    send_documents,
)

pytestmark = pytest.mark.kafka

YEAR: Final = 2026
COUNT: Final = 4
COMMAND: Final = "from qppflow.cli.main import main; main()"
RULE: Final = "quality.small_practice_bonus"
# What stands in this build's rule file, and in the older one's.
NEW: Final = '[small_practice_bonus]\nvalue = "6"'
OLD: Final = '[small_practice_bonus]\nvalue = "3"'

Events = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Corrected:
    """What the commands said, and what was published before and after."""

    before: Events
    after: Events
    paid: Events
    inputs: Events
    orders: list[dict[str, Any]]
    codes: list[int]
    said: list[dict[str, Any]]


def older_build(folder: Path) -> Path:
    """Copy this build, with another value in a rule file."""
    for name in ("qpp", "services", "schemas", "contracts"):
        ignored = shutil.ignore_patterns("__pycache__", "published", "examples")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    file = folder / "qpp" / "rules" / "mips" / f"py{YEAR}" / "quality.toml"
    text = file.read_text("utf-8")
    assert NEW in text
    file.write_text(text.replace(NEW, OLD), "utf-8")
    return folder


def typing(site: Deployment, *words: str) -> "subprocess.Popen[bytes]":
    """Begin to type ``rescore`` on the deployment."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "services"))),
        "QPPFLOW_BOOTSTRAP_SERVERS": site.servers,
        "QPPFLOW_TOPIC_PREFIX": site.prefix,
        "QPPFLOW_STATE_FOLDER": str(site.folder),
    }
    words = ("rescore", "--year", str(YEAR), "--json", *words)
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *words],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def ended(running: "subprocess.Popen[bytes]") -> tuple[int, dict[str, Any]]:
    """Wait for the end; gives exit code and JSON."""
    told, errors = running.communicate(timeout=120)
    assert told, errors.decode()
    return running.returncode, json.loads(told)


async def orders_of(site: Deployment) -> list[dict[str, Any]]:
    """Read the orders that stand in the log."""
    facts = await records_of(site, FACTS)
    return [decode(record.value) for record in facts if kind_of(record) == ORDERED]


async def interrupted(site: Deployment) -> tuple[int, dict[str, Any]]:
    """Order one entity a second, and press Ctrl-C after the first."""
    running = typing(site, "--rate", "1")
    async with asyncio.timeout(60):
        # Each look takes its time on the broker.
        while not await orders_of(site):
            pass
    running.send_signal(signal.SIGINT)
    return await asyncio.to_thread(ended, running)


async def run(site: Deployment, old: Path) -> Corrected:
    """Score by the older build, upgrade, and order everything anew."""
    await site.make_topics()
    path = os.pathsep.join((str(old), str(old / "services")))
    # Else the working folder would come before the older build.
    older = replace(site, variables={"PYTHONPATH": path, "PYTHONSAFEPATH": "1"})
    with older.process(SERVICES):
        await site.started(len(SERVICES))
        sent = [
            document
            for number in range(COUNT)
            for document in documents_of(YEAR, number, 20, "1000")
        ]
        await send_documents(site, sent)
        await site.settled()
    before = await latest(site, SCORES)
    said = [await asyncio.to_thread(ended, typing(site, "--dry-run"))]
    with site.process(SERVICES):
        await site.started(2 * len(SERVICES))
        said.append(await interrupted(site))
        for words in (["--resume"], []):
            said.append(await asyncio.to_thread(ended, typing(site, *words)))
            await site.settled()
    return Corrected(
        before,
        await latest(site, SCORES),
        await latest(site, PAYMENTS),
        await latest(site, "qpp-score-inputs"),
        await orders_of(site),
        [code for code, _ in said],
        [found for _, found in said],
    )


@pytest.fixture(scope="module")
def corrected(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Corrected:
    """Correct a year once for all tests."""
    old = older_build(tmp_path_factory.mktemp("older"))
    site = Deployment(kafka, tmp_path_factory.mktemp("rescore"))
    return asyncio.run(run(site, old))


def test_the_older_build_scored_by_its_own_rule_book(corrected: Corrected) -> None:
    """Else there would be nothing to correct."""
    books = {event["ruleBook"] for event in corrected.before.values()}

    assert len(corrected.before) == COUNT
    assert books.isdisjoint({law_of(YEAR).rules.id})


def test_every_score_is_that_of_the_law_of_this_build(corrected: Corrected) -> None:
    """Byte for byte the pure function of the same input, with the old one beside."""
    law = law_of(YEAR)

    assert corrected.after.keys() == corrected.before.keys()
    for name, event in corrected.after.items():
        pure = score(read_input(corrected.inputs[name]["input"], "mips"), law)
        assert event["score"] == pure.score
        assert event["previous"] == {
            "finalScore": corrected.before[name]["score"]["finalScore"],
            "ruleBook": corrected.before[name]["ruleBook"],
            "catalogue": corrected.before[name]["catalogue"],
            "revision": corrected.before[name]["revision"],
        }


def test_the_dry_run_said_so_before(corrected: Corrected) -> None:
    """How many, by how much, and which rule; it ordered nobody."""
    found = corrected.said[0]
    moved = [
        Decimal(event["score"]["finalScore"]) - Decimal(event["previous"]["finalScore"])
        for event in corrected.after.values()
    ]

    assert found["ordered"] == 0
    assert (found["scores"]["compared"], found["scores"]["changed"]) == (COUNT, COUNT)
    assert Decimal(found["scores"]["sum"]) == sum(moved) > 0
    assert found["payments"]["changed"] == COUNT
    assert {"rule": RULE, "scores": COUNT} in found["rules"]


def test_payments_follow_with_old_and_new_figures(corrected: Corrected) -> None:
    """One correction each."""
    assert len(corrected.paid) == COUNT
    for event in corrected.paid.values():
        assert event["reason"] == "corrected"
        assert Decimal(event["previous"]["score"]) < Decimal(event["score"])


def test_a_paused_order_is_completed_and_nobody_is_told_twice(
    corrected: Corrected,
) -> None:
    """Ctrl-C ends it with 1; afterwards there is nothing left to order."""
    _, paused, resumed, again = corrected.said
    subjects = [one["subject"] for one in corrected.orders]

    assert corrected.codes == [Exit.OK, Exit.NOT_ACCEPTED, Exit.OK, Exit.OK]
    assert 0 < paused["left"] < COUNT
    assert paused["ordered"] + resumed["ordered"] == COUNT
    assert sorted(subjects) == sorted(set(subjects))
    assert len(subjects) == COUNT
    assert (again["already"], again["ordered"]) == (COUNT, 0)
