"""A year of payments on a broker in memory, and the command that closes it."""

import json
from collections.abc import Collection
from typing import Any, TypeAlias

import pytest
from typer.testing import CliRunner, Result

from qppflow.cli import close_year as module
from qppflow.cli.closing_cut import AioGroupReader
from qppflow.cli.main import app
from qppflow.cli.reading_topics import Positions
from qppflow.cli.submit_kafka import AioCarrier
from qppflow.payments.handlers import Payments
from qppflow.runtime.contracts import topics
from qppflow.runtime.events import decode, emit, kind_of
from qppflow.runtime.records import Outgoing, Place, Record
from tests.helpers.broker_fakes import FakeKafka, FakeReader, append
from tests.helpers.chain import START, TOKENS, Kept

Json: TypeAlias = dict[str, Any]

YEAR = 2026
INPUTS, PAYMENTS = "qpp-payment-inputs", "qpp-payment-adjustments"
CLOSINGS = "qpp-closings"
CAUSE = Record("qpp-score-parts", 0, 0, START, None, b"", ())
# Above the threshold of 75 an increase is an estimate, below a reduction is final.
ESTIMATE: Json = {
    "adjustmentPercent": None,
    "range": {"low": "0.0000", "high": "27.0000"},
    "status": "estimate",
    "billable": False,
    "assumptions": ["scaling-factor-not-published"],
}
REDUCTION: Json = {
    "adjustmentPercent": "-9.0000",
    "range": None,
    "status": "final",
    "billable": True,
    "assumptions": [],
}


class GroupReader(FakeReader):
    """A reader that knows how far groups are: everything, unless some lag."""

    def __init__(self, kafka: FakeKafka) -> None:
        super().__init__(kafka.log, lambda: None)
        self.lags: dict[str, int] = {}

    async def committed(self, group: str, places: Collection[Place]) -> Positions:
        """Give what a group has committed; what lags, lags in its first partition."""
        ends = {place: len(self.log.places.get(place, [])) for place in places}
        first = min(ends)
        ends[first] -= self.lags.get(group, 0)
        return ends


class Year:
    """Clinicians, what is said of them, and what `payments` makes of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kafka = FakeKafka()
        self.reader = GroupReader(self.kafka)
        self.payments = Kept(Payments())
        self.done: dict[Place, int] = {}
        connected = self._connected
        monkeypatch.setattr(module, "find_stream", self.kafka.find_stream)
        monkeypatch.setattr(AioGroupReader, "connected", connected)
        monkeypatch.setattr(AioCarrier, "connected", self.kafka.carrying)

    def _connected(self, *_: object) -> Any:  # noqa: ANN401 - a context of the fakes
        self.kafka.reader = self.reader
        return self.kafka.connected()

    def say(self, kind: str, number: int, revision: int, **more: object) -> None:
        """Say something of a clinician, and let `payments` hear it."""
        subject = self.token(number)
        event = {
            "subject": subject,
            "program": "mips",
            "revision": revision,
            "performanceYear": YEAR,
            "paymentYear": YEAR + 2,
            "clinician": self.who(number),
            "candidate": "k1." + "g" * 43,
            "entityType": "group",
            "eligibility": {"outcome": "required", "reason": ""},
            "ruleBook": "r",
            "catalogue": "c",
            "cause": "f851da8d-70ef-5f47-a831-9e3a81e7b4c1",
            "receivedAt": "2027-01-01T00:00:00.000Z",
            **more,
        }
        made = emit(
            "test", INPUTS, kind, event, event_id="e", subject=subject, cause=CAUSE
        )
        append(self.kafka.log, made)
        self.pay()

    def scored(
        self, number: int, final: str, revision: int = 1, **more: object
    ) -> None:
        """Tell a clinician a group's score."""
        paid = ESTIMATE if float(final) > 75 else REDUCTION
        self.say(
            "payment-candidate.v1",
            number,
            revision,
            finalScore=final,
            payment=paid,
            engine="e",
            explanationId="39641d3f-5263-563c-bf2f-0e2bec3956da",
            explanationHash="0" * 64,
            **more,
        )

    def paid(self, number: int, amount: str, revision: int = 1) -> None:
        """Tell what a clinician was paid."""
        self.say("clinician-paid-amount.v1", number, revision, allowedAmount=amount)

    def held(self, number: int, revision: int) -> None:
        """Hold a clinician's score."""
        self.say(
            "payment-candidate-held.v1", number, revision, reason="x", deadLetter="d-1"
        )

    def pay(self) -> None:
        """Let `payments` read on."""
        for number in range(topics()[INPUTS].partitions):
            place = Place(INPUTS, number)
            kept = self.kafka.log.places.get(place, [])
            for record in kept[self.done.get(place, 0) :]:
                for sent in self.payments(record):
                    append(self.kafka.log, sent)
            self.done[place] = len(kept)

    def latest(self, number: int) -> Json:
        """Give what was published of a clinician last."""
        found = [
            decode(record.value) | {"kind": kind_of(record)}
            for record in self.kafka.log.records(PAYMENTS)
            if record.key == self.token(number).encode()
        ]
        return max(found, key=lambda event: event["revision"])

    def sent(self, topic: str) -> list[Outgoing]:
        """Give what stands in a topic, as it was sent."""
        return [
            Outgoing(record.topic, record.key, record.value, record.headers)
            for record in self.kafka.log.records(topic)
        ]

    def applied(self) -> list[Outgoing]:
        """Give what closings told clinicians."""
        kind = ("ce_type", b"qppflow.closing-applied.v1")
        return [one for one in self.sent(INPUTS) if kind in one.headers]

    def close(self, *options: str) -> Result:
        """Type the command, and let `payments` hear of it."""
        found = CliRunner().invoke(app, ["close-year", str(YEAR), *options])
        self.pay()
        return found

    def closed(self, *options: str) -> Json:
        """Type the command and read its JSON."""
        found: Json = json.loads(self.close("--json", *options).stdout)
        return found

    @staticmethod
    def who(number: int) -> Json:
        """Give the identifiers of a clinician."""
        return {
            "taxpayerIdentificationNumber": f"{number:09}",
            "nationalProviderIdentifier": f"{number:010}",
        }

    @classmethod
    def token(cls, number: int) -> str:
        """Name a clinician."""
        return TOKENS.clinician(YEAR, *cls.who(number).values())
