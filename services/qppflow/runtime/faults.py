"""How things go wrong, by who must act: the world, an operator, or nobody."""

from typing import Final

from qppflow.runtime.records import Place

# What a process ends with when one of its services cannot go on by itself.
NEEDS_OPERATOR: Final = 3


class WorldError(Exception):
    """The world failed, not the record: rewind, wait, and do the batch again."""


class BrokerError(WorldError):
    """Kafka did not answer, refused, or took too long."""


class StoreError(WorldError):
    """The database did not answer or refused."""


class FencedError(StoreError):
    """Another process owns the partition's state; this batch must be dropped."""

    def __init__(self, place: Place) -> None:
        super().__init__("the partition's state has another owner")
        self.place = place


class RuleBookMissingError(Exception):
    """The rule book that an input pins is not in this build.

    The partition pauses and an operator is called; the input is never parked,
    because a newer build can score it.
    """

    def __init__(self, rule_book: str) -> None:
        super().__init__("the rule book that an input pins is not in this build")
        self.rule_book = rule_book


class ParkError(Exception):
    """A decision's way to park a record on purpose, with a reason of its own.

    ``reason`` is a short fixed code such as ``not-json``; never text of a document.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OversizedError(Exception):
    """An output is larger than its topic takes; its input must be parked."""

    def __init__(self, topic: str, found: int, limit: int) -> None:
        super().__init__(f"{found} bytes for {topic}, which takes {limit}")
        self.topic = topic
        self.found = found
        self.limit = limit


class StopServiceError(Exception):
    """The service must not go on until an operator has acted; ``remedy`` says how."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}: {remedy}")
        self.reason = reason
        self.remedy = remedy
