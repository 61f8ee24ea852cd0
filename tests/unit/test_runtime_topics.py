"""Topics are created as the contracts say, and one that differs is never altered."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from qppflow.runtime import contracts
from qppflow.runtime.contracts import Topic
from qppflow.runtime.faults import BrokerError
from qppflow.runtime.topics import (
    ALREADY_EXISTS,
    Difference,
    Found,
    TopicReport,
    TopicState,
    check,
    create,
    named,
)

POLICY_VIOLATION = 44
FIRST = "qpp-submissions"
PAIR = {name: contracts.topics()[name] for name in (FIRST, "qpp-dead-letters")}


def as_agreed(topic: Topic) -> Found:
    """Give a topic as a broker has it after it was created from the contracts."""
    return Found(topic.partitions, {**topic.broker_settings, "segment.ms": "604800000"})


@dataclass
class FakeAdmin:
    """A cluster in memory; ``refuses`` gives Kafka's code instead of a topic."""

    there: dict[str, Found] = field(default_factory=dict)
    refuses: dict[str, int] = field(default_factory=dict)
    writable: bool = True
    asked: list[str] = field(default_factory=list)
    waited: dict[str, int] = field(default_factory=dict)
    late: dict[str, Found] = field(default_factory=dict)

    async def find(self, names: Iterable[str]) -> Mapping[str, Found]:
        """Give what is there."""
        return {name: self.there[name] for name in names if name in self.there}

    async def make(self, wanted: Sequence[tuple[str, Topic]]) -> Mapping[str, int]:
        """Create, or refuse with a code as Kafka does, without an exception."""
        # Somebody else may be quicker.
        self.there |= self.late
        codes = {}
        for name, topic in wanted:
            self.asked.append(name)
            there = ALREADY_EXISTS if name in self.there else 0
            codes[name] = self.refuses.get(name, there)
            if codes[name] == 0:
                self.there[name] = as_agreed(topic)
        return codes

    async def wait_until_writable(self, partitions: Mapping[str, int]) -> None:
        """Note what is waited for."""
        self.waited = dict(partitions)
        if not self.writable:
            raise TimeoutError


def states(reports: Sequence[TopicReport]) -> dict[str, str]:
    """Give each topic's state."""
    return {one.name: one.state.value for one in reports}


def test_every_topic_of_the_contracts_is_created_with_its_settings() -> None:
    """A fresh cluster is complete and writable when the call returns."""
    admin = FakeAdmin()

    reports = asyncio.run(create(admin, named("east.")))

    assert {one.state for one in reports} == {TopicState.CREATED}
    assert all(one.good for one in reports)
    assert set(admin.waited) == {f"east.{name}" for name in contracts.topics()}
    found = admin.there[f"east.{FIRST}"]
    assert found.partitions == contracts.topics()[FIRST].partitions
    assert found.settings["message.timestamp.type"] == "LogAppendTime"


def test_a_second_run_creates_nothing() -> None:
    """What is as agreed is left alone."""
    admin = FakeAdmin({name: as_agreed(topic) for name, topic in PAIR.items()})

    reports = asyncio.run(create(admin, PAIR))

    assert set(states(reports).values()) == {"agreed"}
    assert (admin.asked, admin.waited) == ([], {})


def test_a_missing_topic_is_named_by_check_and_not_created() -> None:
    """Checking changes nothing."""
    admin = FakeAdmin({FIRST: as_agreed(PAIR[FIRST])})

    reports = asyncio.run(check(admin, PAIR))

    assert states(reports) == {FIRST: "agreed", "qpp-dead-letters": "missing"}
    assert not all(one.good for one in reports)
    assert admin.asked == []


def test_another_number_of_partitions_is_told_and_never_altered() -> None:
    """Keys would go elsewhere, so an operator must decide."""
    wrong = as_agreed(PAIR[FIRST])._replace(partitions=7)
    admin = FakeAdmin({FIRST: wrong})

    reports = asyncio.run(create(admin, PAIR))

    told = {one.name: one for one in reports}[FIRST]
    agreed = str(PAIR[FIRST].partitions)
    assert told.differences == (Difference("partitions", "7", agreed),)
    assert not told.good
    assert admin.there[FIRST] == wrong
    assert admin.asked == ["qpp-dead-letters"]


@pytest.mark.parametrize("setting", sorted(PAIR[FIRST].broker_settings))
def test_each_setting_that_differs_is_found(setting: str) -> None:
    """A setting that the broker does not tell counts as another one, too."""
    other = as_agreed(PAIR[FIRST])
    admin = FakeAdmin({
        FIRST: other._replace(settings={**other.settings, setting: "other"}),
        "qpp-dead-letters": Found(PAIR["qpp-dead-letters"].partitions, {}),
    })  # fmt: skip

    reports = {one.name: one for one in asyncio.run(check(admin, PAIR))}

    assert [one.setting for one in reports[FIRST].differences] == [setting]
    silent = {one.setting for one in reports["qpp-dead-letters"].differences}
    assert silent == set(PAIR["qpp-dead-letters"].broker_settings)


def test_a_refusal_has_kafkas_name_for_it() -> None:
    """The client raises nothing; the code must be read."""
    admin = FakeAdmin(refuses={FIRST: POLICY_VIOLATION})

    reports = {one.name: one for one in asyncio.run(create(admin, PAIR))}

    assert reports[FIRST].state is TopicState.REFUSED
    assert reports[FIRST].reason == "PolicyViolationError"
    assert not reports[FIRST].good
    assert reports["qpp-dead-letters"].good


def test_a_topic_that_somebody_else_just_made_is_compared_like_any_other() -> None:
    """Two starts at once do not fail, and a wrong one is still found."""
    good, wrong = as_agreed(PAIR[FIRST]), as_agreed(PAIR["qpp-dead-letters"])
    late = {FIRST: good, "qpp-dead-letters": wrong._replace(partitions=9)}

    reports = asyncio.run(create(FakeAdmin(late=late), PAIR))

    assert states(reports) == {FIRST: "agreed", "qpp-dead-letters": "different"}


def test_topics_that_take_no_records_are_an_outage() -> None:
    """The caller tries again; nothing is made twice."""
    admin = FakeAdmin(writable=False)

    with pytest.raises(BrokerError, match="take no records"):
        asyncio.run(create(admin, PAIR))

    admin = replace(admin, writable=True)
    assert all(one.good for one in asyncio.run(create(admin, PAIR)))
