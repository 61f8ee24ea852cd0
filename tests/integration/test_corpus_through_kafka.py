"""The committed corpus through all services: fates, findings, scores and payments.

No two documents of a year are about the same entity (a test of the corpus itself
says so), and a document of another year is another entity's. So all are sent
together and none is replaced by another. Whoever may be paid has a profile without
any special status, and with a roster if it is a group; that changes no score.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import uuid4

import pytest

from qpp import library
from qppflow.cli.exits import Exit
from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message, headers
from qppflow.demo.play import Outcome, play
from qppflow.local.stack import Stack
from qppflow.local.stack_plan import StackConfig
from qppflow.runtime.clock import SystemClock
from qppflow.runtime.events import encode
from qppflow.runtime.judging import ACCEPTED, PARKED, judge_submission
from tests.helpers.cli import lines, run
from tests.helpers.corpus import EXPECTED, folder_of
from tests.helpers.corpus_sheet import YEARS
from tests.helpers.stream_log import StreamLog, everything, whenever

pytestmark = pytest.mark.kafka

Json: TypeAlias = dict[str, Any]

SOURCE: Final = "urn:example:corpus"
KIND: Final = "example.corpus.v1"
NPI: Final = "nationalProviderIdentifier"
WHO: Final = (
    "performanceYear",
    "entityType",
    "entityId",
    "taxpayerIdentificationNumber",
    NPI,
)
# Some factor that CMS might publish; without one an increase is an estimate. The
# stream takes it only for years of which nothing is published, the command for all.
FACTOR: Final = "0.1167"
ROSTER: Final = ("0123456789", "0123456797")
MONEY: Final = ("adjustmentPercent", "range", "status", "billable", "assumptions")


def corpus() -> dict[str, tuple[Path, Json]]:
    """Give every document with what stands beside it, by its year and name."""
    return {
        f"{year}/{name}": (folder_of(year) / name, said)
        for year in (facts.year for facts in YEARS)
        for name, said in json.loads((folder_of(year) / EXPECTED).read_bytes()).items()
    }


def profile_of(body: bytes) -> bytes:
    """Write the profile of an accepted document's entity: no special status."""
    document = judge_submission(body).document
    assert document is not None
    profile: Json = {"feed": "profile", "specialStatuses": []}
    profile |= {name: document[name] for name in WHO if name in document}
    if NPI not in profile:
        profile["roster"] = [{NPI: member} for member in ROSTER]
    return json.dumps(profile).encode()


def profiles() -> dict[str, bytes]:
    """Give the profiles of all whose document is to be accepted."""
    return {
        name: profile_of(path.read_bytes())
        for name, (path, said) in corpus().items()
        if said["fate"] == ACCEPTED
    }


def messages() -> Iterator[Message]:
    """Give every document, and half of the profiles before and half after them."""
    feeds = [
        Message(FEEDS, None, body, headers(SOURCE, f"profile/{name}", KIND), "feed")
        for name, body in profiles().items()
    ]
    yield from feeds[::2]
    for name, (path, _) in corpus().items():
        body = path.read_bytes()
        yield Message(SUBMISSIONS, None, body, headers(SOURCE, name, KIND), "document")
    yield from feeds[1::2]


@dataclass(frozen=True)
class Streamed:
    """What the services answered and published, and what the command says."""

    outcome: Outcome
    log: StreamLog
    commanded: dict[str, Json]

    @cached_property
    def answers(self) -> dict[str, Json]:
        """Give the one answer to each document, by the document's name."""
        found = [
            whenever(answer)
            for (answer,) in self.log.answers().values()
            if SUBMISSIONS in answer["submission"]["origin"]
        ]
        return {answer["submission"]["id"]: answer for answer in found}

    @property
    def accepted(self) -> dict[str, str]:
        """Give the token of each accepted document's entity, by the document's name."""
        return {
            name: answer["subject"]
            for name, answer in self.answers.items()
            if answer["fate"] == ACCEPTED
        }

    @cached_property
    def payments(self) -> dict[str, list[Json]]:
        """Give what clinicians are paid last, by the entity whose score decides it."""
        found: dict[str, list[Json]] = defaultdict(list)
        for event in self.log.latest("qpp-payment-adjustments").values():
            found[event["decidedBy"]["subject"]].append(event)
        return found


def commanded(folder: Path) -> dict[str, Json]:
    """Have ``qppflow score`` score every document with the same profiles."""
    file = folder / "profiles.ndjson"
    file.write_bytes(b"\n".join(profiles().values()))
    found: dict[str, Json] = {}
    for year in (facts.year for facts in YEARS):
        names = {
            str(path): name
            for name, (path, _) in corpus().items()
            if name.startswith(f"{year}/")
        }
        book = library.rules(year).payment
        published = book.published_highest_adjustment is not None
        factor = () if published else ("--scaling-factor", FACTOR)
        ended = run("score", *names, "--profile", file, *factor, "--json")
        assert ended.exit_code == Exit.NOT_ACCEPTED, ended.stderr
        found |= {names[line["document"]]: line for line in lines(ended)}
    return found


@pytest.fixture(scope="module")
def streamed(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Streamed:
    """Send everything once through services in two processes."""
    folder = tmp_path_factory.mktemp("corpus")
    config = StackConfig(
        state=folder / "state",
        bootstrap_servers=kafka,
        topic_prefix=f"corpus-{uuid4().hex[:8]}-",
        variables={"QPPFLOW_SCALING_FACTOR": FACTOR},
    )
    with Stack(config):
        playing = play(
            kafka,
            messages(),
            SystemClock(),
            lambda _stages, _seconds: None,
            config.topic_prefix,
        )
        outcome = asyncio.run(playing)
    log = asyncio.run(everything(kafka, config.topic_prefix))
    return Streamed(outcome, log, commanded(folder))


def test_every_document_and_profile_has_exactly_one_fate(streamed: Streamed) -> None:
    """None is lost, and all profiles are accepted."""
    found = streamed.outcome.conservation
    fates = [said["fate"] for _, said in corpus().values()]

    assert found.holds
    assert found.received == len(fates) + len(profiles())
    assert found.accepted == fates.count(ACCEPTED) + len(profiles())
    assert found.parked == fates.count(PARKED) > 0


def test_each_document_meets_the_fate_and_findings_beside_it(
    streamed: Streamed,
) -> None:
    """A parked one is answered with its reason instead of findings."""
    through = {}
    for name, answer in streamed.answers.items():
        codes = {finding["code"] for finding in answer["findings"]}
        codes |= {answer["reason"]} - {None}
        through[name] = (answer["fate"], sorted(codes))

    assert through == {
        name: (said["fate"], said["codes"]) for name, (_, said) in corpus().items()
    }


def test_each_finding_is_that_of_the_command(streamed: Streamed) -> None:
    """Word for word what ``qppflow validate`` says; a parked one has its reason."""
    paths = {str(path): name for name, (path, _) in corpus().items()}
    validated = lines(run("validate", *paths, "--json"))

    through = {
        name: (answer["fate"], answer["reason"], answer["findings"])
        for name, answer in streamed.answers.items()
    }

    said = {
        paths[line["document"]]: (
            line["fate"],
            line["reason"],
            [] if line["fate"] == PARKED else line["findings"],
        )
        for line in validated
    }
    assert through == said


def test_each_score_is_that_of_the_command_byte_by_byte(streamed: Streamed) -> None:
    """The latest revision, which knows the profile whichever came first."""
    finals = streamed.log.latest("qpp-final-scores")
    through = {
        name: encode(finals[subject]["score"])
        for name, subject in streamed.accepted.items()
    }

    assert through == {
        name: encode(line["score"])
        for name, line in streamed.commanded.items()
        if line["fate"] == ACCEPTED
    }


def test_each_final_score_is_the_one_beside_the_document(streamed: Streamed) -> None:
    """A profile without any status changes no figure."""
    finals = streamed.log.latest("qpp-final-scores")
    through = {
        name: finals[subject]["score"]["finalScore"]
        for name, subject in streamed.accepted.items()
    }

    assert through == {
        name: said["finalScore"]
        for name, (_, said) in corpus().items()
        if said["fate"] == ACCEPTED
    }


def test_each_clinician_is_paid_what_the_command_says(streamed: Streamed) -> None:
    """An individual, or each on a group's roster."""
    wrong, paid = [], 0
    for name, subject in streamed.accepted.items():
        line = streamed.commanded[name]
        money = {key: line["payment"][key] for key in MONEY}
        group = line["score"]["entityType"] == "group"
        found = [
            {key: event[key] for key in MONEY} for event in streamed.payments[subject]
        ]
        paid += len(found)
        if found != [money] * (len(ROSTER) if group else 1):
            wrong.append(name)

    assert wrong == []
    assert paid > len(streamed.accepted)


def test_at_least_half_of_the_corpus_is_accepted_scored_and_paid(
    streamed: Streamed,
) -> None:
    """In each year; paid means that billing may use it."""
    billable = {
        name
        for name, subject in streamed.accepted.items()
        if any(event["billable"] for event in streamed.payments[subject])
    }

    for year in (facts.year for facts in YEARS):
        ours = {name for name in corpus() if name.startswith(f"{year}/")}
        assert len(ours) >= 60
        assert len(billable & ours) >= len(ours) / 2
