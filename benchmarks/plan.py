"""What each record of a run led to, found by deciding every record once more.

Decisions are pure functions of the record and of what the service remembers, so the
records of a real run, read from their topics in log order, give the very outputs of
that run, and for each the record that caused it. Ids are compared with the topics.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeAlias

import orjson

from benchmarks.site import BenchmarkError
from qppflow.demo.messages import FEEDS, SUBMISSIONS
from qppflow.intake.handlers import Intake
from qppflow.runtime import headers
from qppflow.runtime.compose import DEAD_LETTERS
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.guard import Decided, Guard
from qppflow.runtime.memory import Recall
from qppflow.runtime.records import Header, Outgoing, Record
from qppflow.runtime.sealing import Sealer
from qppflow.runtime.subscription import Service
from qppflow.runtime.tokens import Tokens
from qppflow.services import SERVICES

Log: TypeAlias = Mapping[str, Sequence[Record]]
Outputs: TypeAlias = dict[str, tuple[Outgoing, ...]]

INPUTS: Final = frozenset({SUBMISSIONS, FEEDS})


@dataclass(frozen=True, slots=True)
class Plan:
    """For each service the outputs of each input, by the input's name.

    ``roots`` gives the record of an input topic that each event goes back to, by the
    event's id. What went back to more than one is named after the one that ended it.
    """

    outputs: dict[str, Outputs] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)


def name_of(record: Record) -> str:
    """Name a record: by its place in an input topic, else by its event's id.

    Senders repeat their ids, our services do not; and the order in which services
    write to one topic differs from run to run, that of one sender does not.
    """
    if record.topic in INPUTS:
        return record.origin
    return id_of(record.headers)


def id_of(given: Iterable[Header]) -> str:
    """Give the id of an event of ours."""
    return (headers.first(given, "ce_id") or b"").decode()


def planned(log: Log, variables: Mapping[str, str]) -> Plan:
    """Decide every record of a run again, service by service, in log order.

    Raises:
        BenchmarkError: the topics hold other events than that gives.
    """
    plan = Plan()
    for name in SERVICES:
        service, decide = _decider(name, variables)
        found: Outputs = {}
        for topic in service.reads:
            for record in log[topic.name]:
                _keep(plan, found, record, decide(record).outputs)
        plan.outputs[name] = found
    _compare(plan, log)
    return plan


def _keep(
    plan: Plan, found: Outputs, record: Record, outputs: tuple[Outgoing, ...]
) -> None:
    name = name_of(record)
    root = name if record.topic in INPUTS else plan.roots.get(name, "")
    if outputs:
        found.setdefault(name, outputs)
    for one in outputs:
        plan.roots.setdefault(id_of(one.headers), root)


def _decider(
    name: str, variables: Mapping[str, str]
) -> tuple[Service, Callable[[Record], Decided]]:
    """Give a service, not started, and its decision without a broker."""
    app = import_module(f"qppflow.{name}.app")
    handlers = import_module(f"qppflow.{name}.handlers")
    given = {
        key.removeprefix("QPPFLOW_").lower(): text for key, text in variables.items()
    }
    settings = app.Settings.model_validate(given)
    service: Service = app.build(settings)
    sealer = Sealer(settings.sealing_bytes())
    trusts_keys = name != SERVICES[0]
    letters = DeadLetters(name, DEAD_LETTERS, sealer, settings.build, trusts_keys)
    if service.store is not None:
        recall = Recall(app.memory(settings), Guard(letters, service.producer.check))
        return service, recall.decide
    source: Any = handlers
    if name == SERVICES[0]:
        source = Intake(Tokens(settings.token_bytes()), FEEDS)
    guard = Guard(letters, service.producer.check, source.on_parked)

    def decide(record: Record) -> Decided:
        return guard.decide(record, partial(source.decide, record))

    return service, decide


def _compare(plan: Plan, log: Log) -> None:
    """See that the topics hold exactly the planned events."""
    ids: dict[str, set[str]] = {topic: set() for topic in log if topic not in INPUTS}
    for found in plan.outputs.values():
        for outputs in found.values():
            for one in outputs:
                ids[one.topic].add(id_of(one.headers))
    for topic, wanted in ids.items():
        there = {id_of(record.headers) for record in log[topic]}
        if there != wanted:
            message = (
                f"{topic}: {len(there - wanted)} events cannot be traced to what"
                f" caused them, {len(wanted - there)} are missing"
            )
            raise BenchmarkError(message)


def write(plan: Plan, folder: Path) -> None:
    """Write a file for each service, for processes to replay."""
    folder.mkdir()
    for name, found in plan.outputs.items():
        with (folder / name).open("wb") as file:
            for key, outputs in found.items():
                written = [
                    (one.topic, _text(one.key), _text(one.value), _pairs(one))
                    for one in outputs
                ]
                file.write(orjson.dumps([key, written]) + b"\n")


def read(folder: Path, name: str) -> Outputs:
    """Read what a service shall send for each input."""
    found: Outputs = {}
    with (folder / name).open("rb") as file:
        for line in file:
            key, outputs = orjson.loads(line)
            found[key] = tuple(
                Outgoing(
                    topic,
                    _bytes(record_key),
                    _bytes(value),
                    tuple((header, _bytes(text)) for header, text in pairs),
                )
                for topic, record_key, value, pairs in outputs
            )
    return found


def _pairs(one: Outgoing) -> list[tuple[str, str | None]]:
    return [(name, _text(value)) for name, value in one.headers]


def _text(value: bytes | None) -> str | None:
    """Write any bytes as text, one sign a byte."""
    return None if value is None else value.decode("latin-1")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("latin-1")
