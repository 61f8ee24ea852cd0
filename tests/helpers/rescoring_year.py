"""A year scored by an older build, and the command that orders it scored anew."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, TypeAlias

import pytest
from typer.testing import CliRunner, Result

from qpp.mips.scoring import Law
from qppflow.cli import rescore as module
from qppflow.cli.closing_cut import AioGroupReader
from qppflow.cli.main import app
from qppflow.cli.rescore_events import ORDERED, ordered_record
from qppflow.cli.submit_kafka import AioCarrier
from qppflow.entities.handlers import Entities
from qppflow.runtime import law
from qppflow.runtime.events import decode, kind_of
from qppflow.runtime.records import Outgoing, Record
from tests.helpers.broker_fakes import FakeKafka, append
from tests.helpers.chain import TOKENS, Chain, Kept
from tests.helpers.closing_year import GroupReader
from tests.helpers.documents import body
from tests.helpers.year_stream import clinician, documents_of

__all__ = ["ORDERED", "Rescored", "ordered_record"]

Json: TypeAlias = dict[str, Any]

YEAR: Final = 2026
# The first of a practice's clinicians are raised, the others reduced.
RAISED: Final = 3
OLD: Final = f"mips/py{YEAR}@000000000000"
FACTS, SCORES = "qpp-entity-facts", "qpp-final-scores"
PAYMENTS, INPUTS = "qpp-payment-adjustments", "qpp-score-inputs"
SOURCE: Final = (("ce_source", b"urn:test:rescoring"),)
real_law = law.law_of


class Build:
    """The law that the services have: an older one, until they are upgraded.

    The older one cut the complex patient bonus at 2 points, and began increases at 60.
    """

    def __init__(self) -> None:
        self.old = True

    def law_of(self, year: int) -> Law:
        """Give the law of a year."""
        found = real_law(year)
        if not self.old:
            return found
        rules = found.rules
        final, payment = rules.final_score, rules.payment
        most = replace(final.complex_patient_bonus_maximum, value=Decimal(2))
        threshold = replace(payment.performance_threshold, value=Decimal(60))
        changed = replace(
            rules,
            id=OLD,
            final_score=replace(final, complex_patient_bonus_maximum=most),
            payment=replace(payment, performance_threshold=threshold),
        )
        return replace(found, rules=changed)


class Rescored(Chain):
    """Services in memory whose log a command reads and writes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.build = Build()
        monkeypatch.setattr(law, "law_of", self.build.law_of)
        self.services["entities"] = (Kept(Entities(self.build.law_of, TOKENS)), None)
        self.kafka = FakeKafka()
        self.reader = GroupReader(self.kafka)
        self.kafka.reader = self.reader
        self.known: dict[str, int] = {}
        monkeypatch.setattr(module, "find_stream", self.kafka.find_stream)
        monkeypatch.setattr(AioGroupReader, "connected", self.kafka.connected)
        monkeypatch.setattr(AioCarrier, "connected", self.kafka.carrying)

    def practice(self, count: int, bonus: str | None = "5.00") -> "Rescored":
        """Score so many clinicians, who may have a complex patient bonus."""
        for number in range(count):
            met = 100 if number < RAISED else 20
            for document in documents_of(YEAR, number, met, "1000"):
                self.tell(document)
            if bonus is not None:
                who = {**clinician(number), "performanceYear": YEAR}
                feed = "complex-patient-bonus"
                self.tell({**who, "feed": feed, "points": bonus})
        return self

    def tell(self, document: Json) -> None:
        """Send one document."""
        topic = "qpp-cms-feeds" if "feed" in document else "qpp-submissions"
        self.send(topic, body(document), SOURCE)

    def order(self, sent: Outgoing) -> None:
        """Have the services read an order."""
        self._through([sent])

    def publish(self) -> None:
        """Put what the services wrote onto the broker."""
        for topic in (FACTS, SCORES, INPUTS, PAYMENTS):
            records = self.log.get(topic, [])
            for one in records[self.known.get(topic, 0) :]:
                if not (topic == FACTS and kind_of(one) == ORDERED):
                    append(self.kafka.log, Outgoing(topic, one.key, *one[5:]))
            self.known[topic] = len(records)

    def run(self, *options: str) -> Result:
        """Type the command, and have the services read what it ordered."""
        self.publish()
        before = len(self.orders())
        words = ["rescore", "--year", str(YEAR), "--rate", "10000", *options]
        found = CliRunner().invoke(app, words)
        for record in self.orders()[before:]:
            self.order(Outgoing(FACTS, record.key, record.value, record.headers))
        return found

    def ran(self, *options: str) -> Json:
        """Type the command and read its JSON."""
        found: Json = json.loads(self.run("--json", *options).stdout)
        return found

    def orders(self) -> list[Record]:
        """Give the facts that the command wrote, in the order of partitions."""
        facts = self.kafka.log.records(FACTS)
        return sorted(
            (one for one in facts if kind_of(one) == ORDERED), key=lambda one: one[3]
        )

    def token(self, number: int) -> str:
        """Name a clinician's own entity."""
        return TOKENS.token(YEAR, clinician(number))

    def scores_of(self, number: int) -> list[Json]:
        """Give the final scores of a clinician, in order."""
        found = [decode(record.value) for record in self.log[SCORES]]
        return [event for event in found if event["subject"] == self.token(number)]
