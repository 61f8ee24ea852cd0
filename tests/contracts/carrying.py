"""Carries documents through all services without Kafka, for tests of the contracts."""

import json
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import UUID

import jsonschema_rs

from qppflow.cli.closing_events import applied_record
from qppflow.cli.closing_paid import Who
from qppflow.cli.rescore_events import WHOLE_YEAR, new_order, ordered_record
from qppflow.completeness.handlers import decide as completeness
from qppflow.cost import handlers as cost
from qppflow.entities.handlers import Entities
from qppflow.final_scores.handlers import FinalScores
from qppflow.improvement_activities.handlers import decide as activities
from qppflow.intake.handlers import Intake
from qppflow.payments.handlers import Payments
from qppflow.pi_period.handlers import decide as pi_period
from qppflow.promoting_interoperability.handlers import decide as interoperability
from qppflow.quality.handlers import decide as quality
from qppflow.runtime.contracts import Problem, Validator, problems, topics
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.events import decode
from qppflow.runtime.headers import read
from qppflow.runtime.law import law_of
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.sealing import KEY_SIZE, Sealer
from qppflow.runtime.tokens import SHORTEST_KEY, Tokens
from tests.helpers import documents
from tests.helpers.chain import TOKENS

Consumer: TypeAlias = Callable[[Record], Iterable[Outgoing]]

CONTRACTS: Final = Path(__file__).parents[2] / "contracts"
HEADERS: Final = json.loads(
    (CONTRACTS / "headers" / "1.0.0.schema.json").read_text("utf-8")
)
# The second clinician of the practice, with a wrong check digit.
SECOND: Final = "0123456789"
MVP: Final = "G0059"
CATEGORIES: Final = ("quality", "ia", "pi")
# A clinician above each threshold of the low volume.
ABOVE: Final = {
    "segments": [
        {
            "segment": 1,
            "allowedCharges": "90000.01",
            "beneficiaries": 201,
            "coveredServices": 201,
        }
    ]
}
SENDER: Final = (("ce_source", b"urn:registry:one"), ("ce_id", b"a-1"))
CLOSING: Final = "1.0.0.first-closing.pass.json"
LETTERS: Final = DeadLetters(
    "intake", "qpp-dead-letters", Sealer(b"s" * KEY_SIZE), "1", trusts_keys=False
)


def with_memory(memory: Any) -> Consumer:  # noqa: ANN401 - three memories, three states
    """Give a consumer that keeps a memory's states."""
    states: dict[str, Any] = {}

    def decide(record: Record) -> Iterable[Outgoing]:
        subject = memory.subject(record)
        state = states.get(subject, memory.load(None))
        states[subject], sent = memory.decide(state, record)
        return list(sent)

    return decide


def cost_parking(revisions: Container[int]) -> Consumer:
    """Give `cost` as it is when it fails on some revisions and parks them."""

    def decide(record: Record) -> Iterable[Outgoing]:
        if decode(record.value)["revision"] not in revisions:
            return cost.decide(record)
        return cost.on_parked(record, str(UUID(int=record.offset)), "exception")

    return decide


def services(parked: Container[int] = ()) -> dict[str, Consumer]:
    """Make every service by name, without Kafka; cost parks some revisions."""
    tokens = Tokens(b"t" * SHORTEST_KEY)
    return {
        "intake": Intake(tokens, "qpp-cms-feeds").decide,
        "entities": with_memory(Entities(law_of, TOKENS)),
        "completeness": completeness,
        "pi_period": pi_period,
        "quality": quality,
        "promoting_interoperability": interoperability,
        "improvement_activities": activities,
        "cost": cost_parking(parked),
        "final_scores": with_memory(FinalScores(tokens)),
        "payments": with_memory(Payments()),
    }


def as_it_is(item: Outgoing) -> Outgoing:
    """Let a record arrive as it was sent."""
    return item


def carried(
    waves: Iterable[Iterable[Outgoing]],
    parked: Container[int] = (),
    *,
    arriving: Callable[[Outgoing], Outgoing] = as_it_is,
) -> Iterator[tuple[str, Outgoing]]:
    """Carry records through all services; yields who said what, in order.

    The documents of a wave are on their way together, and the next wave waits until
    nothing is left to do. *arriving* changes what the services read of what was sent.
    """
    consumers, numbers = services(parked), count()
    for wave in waves:
        waiting = [("sender", item) for item in wave]
        for said_by, item in waiting:
            yield said_by, item
            number = next(numbers)
            time = 1_800_000_000_000 + number
            record = Record(item.topic, 0, number, time, *arriving(item)[1:])
            for group in topics()[item.topic].groups:
                waiting += [(group, out) for out in consumers[group](record)]


def submission(year: int, **changed: object) -> dict[str, Any]:
    """Give a group's submission in three categories that no rule rejects."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    reported: dict[str, list[tuple[str, object]]] = {
        "quality": [("001", {"isEndToEndReported": False} | documents.COUNTS)],
        "ia": [("IA_BE_4", True)],
        "pi": [("PI_PPHI_1", True), ("PI_EP_1", {"numerator": 9, "denominator": 10})],
    }
    sets: list[dict[str, Any]] = [
        {
            "category": category,
            "submissionMethod": "registry",
            "performanceStart": first,
            "performanceEnd": last,
            "measurements": [{"measureId": i, "value": value} for i, value in items],
        }
        for category, items in reported.items()
    ]
    sets[-1]["cehrtId"] = documents.CEHRT
    return {
        "entityType": "group",
        "taxpayerIdentificationNumber": documents.TIN,
        "performanceYear": year,
        "measurementSets": sets,
    } | changed


def of_payments(year: int) -> list[dict[str, Any]]:
    """Give the feeds that no stage scores: a paid amount, and a review's decision."""
    amount = documents.feed(
        "paid-amount",
        year,
        entityType="individual",
        nationalProviderIdentifier=documents.NPI,
        allowedAmount="1200.50",
    )
    decided = {"decision": "91.50", "decidedOn": f"{year + 1}-10-01"}
    review = documents.feed("targeted-review", year, reference="TR-17", **decided)
    return [amount, review]


def closing_of(year: int) -> Outgoing:
    """Give what the command that closes a year tells the practice's clinician."""
    file = CONTRACTS / "events" / "year-closed" / "examples" / CLOSING
    closing = json.loads(file.read_bytes()) | {"performanceYear": year}
    token = TOKENS.clinician(year, documents.TIN, documents.NPI)
    who = Who(token, documents.TIN, documents.NPI)
    return applied_record(closing, who, 1_800_000_000_000)


def order_of(year: int) -> Outgoing:
    """Give what the command that orders re-scorings tells the practice."""
    group = {"entityType": "group", "taxpayerIdentificationNumber": documents.TIN}
    order = new_order(law_of(year), WHOLE_YEAR, "0", 1_800_000_000_000)
    return ordered_record(order, TOKENS.token(year, group))


def sent_in(year: int) -> list[list[Outgoing]]:
    """Give in waves every feed, submissions of three kinds of entity, and withdrawals.

    Among the first is a bad one; the last takes back all that the group reported.
    """
    alone = submission(
        year, entityType="individual", nationalProviderIdentifier=documents.NPI
    )
    wrong = submission(year, unknownField=1)
    whole = submission(year)
    roster = [{"nationalProviderIdentifier": npi} for npi in (documents.NPI, SECOND)]
    profiles = [
        documents.feed("profile", year, specialStatuses=[], roster=clinicians)
        for clinicians in (roster, [])
    ]
    feeds = [
        Outgoing("qpp-cms-feeds", None, documents.body(feed), SENDER)
        for feed in (*documents.feeds(year), *profiles, *of_payments(year))
    ]
    submissions = [
        Outgoing("qpp-submissions", None, documents.body(document), SENDER)
        for document in (whole, wrong, whole, alone)
    ]
    whole = submission(year, measurementSets=[withdrawn(item) for item in CATEGORIES])
    last = Outgoing("qpp-submissions", None, documents.body(whole), SENDER)
    return [
        [*submissions, *feeds],
        more_in(year),
        [closing_of(year), order_of(year)],
        [last],
    ]


def more_in(year: int) -> list[Outgoing]:
    """Give what CMS knows of a clinician, and three kinds of entity with her."""
    home = {"taxpayerIdentificationNumber": documents.TIN}
    her = {**home, "nationalProviderIdentifier": documents.NPI}
    other = {**home, "nationalProviderIdentifier": SECOND}
    part = {"entityType": "subgroup", "entityId": "SUB-1"}
    chunk = {"rosterId": "1", "chunks": 2, "affiliatedGroup": home}
    whole = {"rosterId": "1", "chunk": 1, "chunks": 1, "members": [her]}
    sent = [
        about("roster", year, part, **chunk, chunk=2, members=[other]),
        about("roster", year, part, **chunk, chunk=1, members=[her]),
        about("registration", year, part, registrations=[{"programName": MVP}]),
        reported(year, part, "pi", programName=MVP),
        profile(year, {"entityType": "individual", **her}),
    ]
    for kind in ("virtualGroup", "apm"):
        who = {"entityType": kind, "entityId": f"{kind}-1"}
        sent += [
            profile(year, who),
            about("roster", year, who, **whole),
            reported(year, who, "quality", programName="mips"),
        ]
    return [
        Outgoing(
            "qpp-cms-feeds" if "feed" in document else "qpp-submissions",
            None,
            documents.body(document),
            SENDER,
        )
        for document in sent
    ]


def profile(year: int, who: dict[str, Any]) -> dict[str, Any]:
    """Write a profile of one that must take part."""
    return about("profile", year, who, specialStatuses=[], eligibility=ABOVE)


def reported(
    year: int, who: dict[str, Any], category: str, **changed: object
) -> dict[str, Any]:
    """Write the submission of one category of an entity that has no TIN."""
    usual = submission(year)
    del usual["taxpayerIdentificationNumber"]
    sets = [
        {**item, **changed}
        for item in usual["measurementSets"]
        if item["category"] == category
    ]
    return {**usual, **who, "measurementSets": sets}


def about(
    feed: str, year: int, who: dict[str, Any], **fields: object
) -> dict[str, Any]:
    """Write a feed about any kind of entity."""
    return {"feed": feed, "performanceYear": year, **who, **fields}


def withdrawn(category: str) -> dict[str, Any]:
    """Take back a set by registry."""
    return {"category": category, "submissionMethod": "registry", "withdrawn": True}


def broken(item: Outgoing) -> list[tuple[str, Problem]]:
    """Give what breaks the contract of an event, or of its headers."""
    texts = {name: (value or b"").decode() for name, value in item.headers}
    attributes = read(item.headers)
    kind = attributes.type or ""
    value = json.loads(item.value or b"")
    compiled = jsonschema_rs.Draft202012Validator(HEADERS)
    found = [*Validator().problems(kind, value), *problems(compiled, texts)]
    return [(kind, problem) for problem in found]


def renamed(item: Outgoing, kind: str) -> Outgoing:
    """Give a record under the type of another event, all else as it was."""
    kept = [header for header in item.headers if header[0] != "ce_type"]
    return item._replace(headers=(*kept, ("ce_type", kind.encode())))
