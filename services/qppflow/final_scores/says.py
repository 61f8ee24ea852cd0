"""Writes what `final_scores` says of one revision: of the entity, and of clinicians."""

from typing import Any, Final, TypeAlias

from qppflow.runtime import ids
from qppflow.runtime.events import emit
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.stages import head

JsonObject: TypeAlias = dict[str, Any]

STAGE: Final = "final_scores"
SCORES: Final = "qpp-final-scores"
CANDIDATES: Final = "qpp-payment-inputs"


class Says:
    """Writes the events of one revision."""

    def __init__(self, expected: JsonObject, record: Record) -> None:
        self._expected = expected
        self._record = record

    def id(self, part: str) -> str:
        """Name what is said of this revision."""
        given = self._expected
        return ids.event_id(
            STAGE, given["subject"], given["program"], given["revision"], part
        )

    def score(self, kind: str, payload: JsonObject) -> Outgoing:
        """Say something of the entity."""
        return emit(
            STAGE,
            SCORES,
            kind,
            payload,
            event_id=self.id(kind),
            subject=self._expected["subject"],
            cause=self._record,
        )

    def clinician(
        self, kind: str, token: str, who: JsonObject, more: JsonObject
    ) -> Outgoing:
        """Say something of one clinician, under her own key."""
        payload = {**head(self._expected), "subject": token, "clinician": who, **more}
        return emit(
            STAGE,
            CANDIDATES,
            kind,
            payload,
            event_id=self.id(f"{kind}|{token}"),
            subject=token,
            cause=self._record,
        )
