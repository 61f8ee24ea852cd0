"""The committed corpus through all services: fates, findings, scores and payments.

No two documents of a year are about the same entity (a test of the corpus itself
says so), and a document of another year is another entity's. So all are sent
together and none is replaced by another. Whoever may be paid has a profile without
any special status, above the low-volume threshold, and a roster; that changes no
figure. What lets a submission in is sent before it: rosters, and registrations.
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
from qppflow.demo.tally import Tally
from qppflow.local.stack import Stack
from qppflow.local.stack_plan import StackConfig
from qppflow.runtime.clock import SystemClock
from qppflow.runtime.events import encode
from qppflow.runtime.judging import ACCEPTED, PARKED, judge_submission
from tests.helpers import practice
from tests.helpers.cli import lines, run
from tests.helpers.corpus import EXPECTED, folder_of
from tests.helpers.corpus_sheet import YEARS
from tests.helpers.stream_log import StreamLog, everything, whenever

pytestmark = pytest.mark.kafka

Json: TypeAlias = dict[str, Any]

SOURCE: Final = "urn:example:corpus"
KIND: Final = "example.corpus.v1"
TIN: Final = "taxpayerIdentificationNumber"
NPI: Final = "nationalProviderIdentifier"
WHO: Final = (
    "performanceYear",
    "entityType",
    "entityId",
    TIN,
    NPI,
)
# Some factor that CMS might publish; without one an increase is an estimate. The
# stream takes it only for years of which nothing is published, the command for all.
FACTOR: Final = "0.1167"
ROSTER: Final = ("0123456789", "0123456797")
MONEY: Final = ("adjustmentPercent", "range", "status", "billable")
# What the choice among all scores of a clinician takes for granted, beside the score.
OF_THE_CHOICE: Final = frozenset(
    {"clinician-eligibility-not-declared", "unverified:payment.paid_by_across_programs"}
)


def corpus() -> dict[str, tuple[Path, Json]]:
    """Give every document with what stands beside it, by its year and name."""
    return {
        f"{year}/{name}": (folder_of(year) / name, said)
        for year in (facts.year for facts in YEARS)
        for name, said in json.loads((folder_of(year) / EXPECTED).read_bytes()).items()
    }


def who_of(body: bytes) -> tuple[Json, Json]:
    """Read an accepted document, and name whom it is about, with the year."""
    document = judge_submission(body).document
    assert document is not None
    return document, {name: document[name] for name in WHO if name in document}


def profile_of(body: bytes) -> bytes:
    """Write the profile of a document's entity: no special status, much volume."""
    document, who = who_of(body)
    facts: Json = practice.volume()
    if NPI in who:
        facts["clinicianType"] = "physician"
    profile: Json = {"feed": "profile", "specialStatuses": [], "eligibility": facts}
    if document["entityType"] == "group":
        profile["roster"] = [{NPI: member} for member in ROSTER]
    return json.dumps(profile | who).encode()


def let_in(body: bytes) -> Iterator[bytes]:
    """Write the roster of an entity that has an id, and registrations for MVPs."""
    document, who = who_of(body)
    if "entityId" in who:
        home = f"000{who['entityId'][1:]}"
        members = [{TIN: home, NPI: npi} for npi in ROSTER]
        roster: Json = {"rosterId": "1", "chunk": 1, "chunks": 1, "members": members}
        if who["entityType"] == "subgroup":
            roster["affiliatedGroup"] = {TIN: home}
        yield json.dumps({"feed": "roster", **who, **roster}).encode()
    programs = {item.get("programName") for item in document["measurementSets"]}
    pathways = sorted(programs & library.catalogue(who["performanceYear"]).mvps.keys())
    if pathways:
        listed = [{"programName": name} for name in pathways]
        made = {"feed": "registration", **who, "registrations": listed}
        yield json.dumps(made).encode()


def bodies() -> dict[str, bytes]:
    """Give all documents that are to be accepted, by name."""
    return {
        name: path.read_bytes()
        for name, (path, said) in corpus().items()
        if said["fate"] == ACCEPTED
    }


def profiles() -> dict[str, bytes]:
    """Give the profiles of all whose document is to be accepted."""
    return {name: profile_of(body) for name, body in bodies().items()}


def permits() -> list[bytes]:
    """Give all rosters and registrations."""
    return [made for body in bodies().values() for made in let_in(body)]


def feed(identity: str, body: bytes) -> Message:
    """Write a feed as it travels."""
    return Message(FEEDS, None, body, headers(SOURCE, identity, KIND), "feed")


def before() -> Iterator[Message]:
    """Give what lets documents in, and half of the profiles."""
    for number, body in enumerate(permits()):
        yield feed(f"permit/{number}", body)
    for name, body in list(profiles().items())[::2]:
        yield feed(f"profile/{name}", body)


def messages() -> Iterator[Message]:
    """Give every document, and the other half of the profiles after them."""
    for name, (path, _) in corpus().items():
        body = path.read_bytes()
        yield Message(SUBMISSIONS, None, body, headers(SOURCE, name, KIND), "document")
    for name, body in list(profiles().items())[1::2]:
        yield feed(f"profile/{name}", body)


@dataclass(frozen=True)
class Streamed:
    """What the services answered and published, and what the command says."""

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
            if "billable" in event:
                found[event["decidedBy"]["subject"]].append(event)
        return found

    @cached_property
    def scores(self) -> dict[str, dict[str, Json]]:
        """Give the scores that stand of each accepted document, by program."""
        standing: dict[str, dict[str, Json]] = defaultdict(dict)
        for (subject, program), event in self.log.scores().items():
            standing[subject][program] = event["score"]
        return {name: standing[subject] for name, subject in self.accepted.items()}


def commanded(folder: Path) -> dict[str, Json]:
    """Have ``qppflow score`` score every document with the same feeds."""
    file = folder / "feeds.ndjson"
    file.write_bytes(b"\n".join([*profiles().values(), *permits()]))
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
        ended = run("score", *names, "--feed", file, *factor, "--json")
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
        for wave in (before(), messages()):
            asyncio.run(played(kafka, wave, config.topic_prefix))
    log = asyncio.run(everything(kafka, config.topic_prefix))
    return Streamed(log, commanded(folder))


async def played(servers: str, wave: Iterator[Message], prefix: str) -> Outcome:
    """Send some messages, and wait until all that comes of them is done."""
    return await play(servers, wave, SystemClock(), lambda _one, _two: None, prefix)


def test_every_document_and_profile_has_exactly_one_fate(streamed: Streamed) -> None:
    """None is lost, and all feeds are accepted."""
    tally = Tally()
    for topic in (SUBMISSIONS, FEEDS):
        tally.receive(streamed.log.records[topic])
    tally.answer(streamed.log.records["qpp-submission-results"])
    tally.park(streamed.log.records["qpp-dead-letters"])
    fates = [said["fate"] for _, said in corpus().values()]
    feeds = len(profiles()) + len(permits())

    found = tally.conservation()

    assert found.holds
    assert found.received == len(fates) + feeds
    assert found.accepted == fates.count(ACCEPTED) + feeds
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


def scored(line: Json) -> list[Json]:
    """Give what the command says of each program, the one that pays first."""
    made = [line] if line.get("score") else []
    return [*made, *line.get("otherPrograms", ())]


def test_each_score_is_that_of_the_command_byte_by_byte(streamed: Streamed) -> None:
    """The latest revision, which knows the profile whichever came first."""
    through = {
        name: {program: encode(score) for program, score in scores.items()}
        for name, scores in streamed.scores.items()
    }

    assert through == {
        name: {
            one["score"]["programName"]: encode(one["score"]) for one in scored(line)
        }
        for name, line in streamed.commanded.items()
        if line["fate"] == ACCEPTED
    }
    assert sum(len(programs) > 1 for programs in through.values()) > 0
    assert sum(not programs for programs in through.values()) > 0


def test_each_final_score_is_the_one_beside_the_document(streamed: Streamed) -> None:
    """What lets somebody in and be paid changes no figure; the highest stands beside.

    What only takes back has none.
    """
    through = {
        name: max((score["finalScore"] for score in scores.values()), key=float)
        for name, scores in streamed.scores.items()
        if scores
    }

    assert through == {
        name: said["finalScore"]
        for name, (_, said) in corpus().items()
        if said["finalScore"] is not None
    }


def money(payment: Json) -> Json:
    """Give what is paid for a score, and what is taken for granted of the score."""
    assumed = sorted({*payment["assumptions"]} - OF_THE_CHOICE)
    return {**{key: payment[key] for key in MONEY}, "assumptions": assumed}


def test_each_clinician_is_paid_what_the_command_says(streamed: Streamed) -> None:
    """An individual, or each on a roster; by the program with the highest score."""
    wrong, paid = [], 0
    for name, subject in streamed.accepted.items():
        line = streamed.commanded[name]
        found = [money(event) for event in streamed.payments[subject]]
        paid += len(found)
        said = [money(one["payment"]) for one in scored(line)[:1]]
        alone = NPI in who_of(corpus()[name][0].read_bytes())[1]
        if found != said * (1 if alone else len(ROSTER)):
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
