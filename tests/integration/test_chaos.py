"""Every kind of consumer killed in the middle of a stream, and the broker once.

The same population passes twice on one broker: undisturbed, and with each service
killed twice by SIGKILL while it has work, and the broker killed and started again on
its data. Both must come to the same. Then the memories are deleted and made anew, and
corrections must lead to the same as in the undisturbed stream. The undisturbed
services remember in SQLite, the disturbed ones in PostgreSQL.
"""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from qppflow.demo.population import population
from qppflow.demo.years import years_to_play
from qppflow.local.kafka import LocalKafka
from qppflow.local.postgres import LocalPostgres, PostgresSettings
from qppflow.local.settings import KafkaSettings
from qppflow.services import SERVICES
from tests.helpers import chaos_history as history
from tests.helpers.chaos_history import PAYMENTS, SCORES, History
from tests.helpers.chaos_memory import Memory, memories
from tests.helpers.chaos_runs import ROUNDS, Disturbed, passed, read, survived
from tests.helpers.chaos_site import Site

pytestmark = pytest.mark.kafka

SIZE, SEED = 500, 7
CORRECTIONS: Final = 60
SIGKILLED: Final = -9


@dataclass(frozen=True)
class Both:
    """The undisturbed stream and the disturbed one."""

    sent: int
    corrected: int
    calm: History
    hurt: History
    calm_memories: dict[str, Memory]
    hurt_memories: dict[str, Memory]
    faults: Disturbed


@pytest.fixture(scope="module")
def database() -> Iterator[LocalPostgres]:
    """Run a server in a folder that users beside us may enter.

    The folders of pytest are closed again by each run that starts beside this one,
    and PostgreSQL started by root is somebody else.
    """
    with TemporaryDirectory(prefix="qppflow-") as folder:
        state = Path(folder)
        state.chmod(0o711)
        with LocalPostgres(PostgresSettings(state, durable=False)) as server:
            yield server


@pytest.fixture(scope="module")
def both(
    database: LocalPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    """Let one population pass twice, once disturbed, on a broker of our own."""
    root = tmp_path_factory.mktemp("chaos")
    messages = list(population(SIZE, SEED, years_to_play(), plain=True))
    more = history.corrections(messages, CORRECTIONS)
    with LocalKafka(KafkaSettings(root / "broker")) as broker:
        servers = broker.bootstrap_servers
        calm = Site(servers, "calm-", root / "calm")
        hurt = Site(servers, "hurt-", root / "hurt", database.url)
        with calm.calm():
            marks = asyncio.run(passed(calm, messages))
            asyncio.run(passed(calm, more))
        # Both name an entity by the same token.
        shutil.copytree(calm.folder / "keys", hurt.folder / "keys")
        faults = survived(hurt, messages, broker)
        with hurt.calm():
            asyncio.run(passed(hurt, more))
        yield Both(
            sent=len(messages),
            corrected=len(more),
            calm=asyncio.run(read(calm, marks)),
            hurt=asyncio.run(read(hurt, faults.marks)),
            calm_memories=memories(calm),
            hurt_memories=memories(hurt),
            faults=faults,
        )


def test_each_service_was_killed_in_the_middle_of_its_work(both: Both) -> None:
    """It had done something, had something left, and died of nothing else."""
    kills, children = both.faults.kills, both.faults.children

    assert sorted(one.service for one in kills) == sorted(SERVICES * ROUNDS)
    assert min(one.done for one in kills) > 0
    assert min(one.left for one in kills) > 0
    assert {(c.restarts, c.last_exit) for c in children} == {(ROUNDS, SIGKILLED)}


def test_the_broker_was_killed_in_the_middle_of_the_stream(both: Both) -> None:
    """More than half of the services had work left."""
    busy = both.faults.busy

    assert len(busy) > len(SERVICES) / 2
    assert min(one.left for one in busy) > 0


def test_nothing_is_lost(both: Both) -> None:
    """Received = accepted + rejected + parked, and as many as undisturbed."""
    calm, hurt = both.calm.conservation(), both.hurt.conservation()

    assert hurt.holds
    assert hurt.received == both.sent + both.corrected
    assert min(hurt.accepted, hurt.rejected, hurt.parked) > 0
    assert hurt == calm


def test_what_is_said_again_is_the_same(both: Both) -> None:
    """Some events came twice; who drops what has a known id misses nothing."""
    repeats, different = both.hurt.repeats()

    assert different == set()
    assert repeats.total() > 0


def test_no_fault_made_an_event_of_its_own(both: Both) -> None:
    """What a document leads to at the front door has as many ids as undisturbed."""
    topics = ("qpp-entity-facts", "qpp-submission-results", "qpp-dead-letters")
    hurt = {topic: len(both.hurt.ids(topic)) for topic in topics}

    calm = {topic: len(both.calm.log[topic]) for topic in topics}

    assert hurt == calm
    assert min(hurt.values()) > 0


def test_the_latest_scores_equal_the_undisturbed_ones(both: Both) -> None:
    """With their ids and their explanations."""
    hurt = history.standing(history.latest(both.hurt.before(SCORES)))

    calm = history.standing(history.latest(both.calm.before(SCORES)))

    assert hurt == calm
    assert len(hurt) > SIZE / 2


def test_the_latest_payments_equal_the_undisturbed_ones(both: Both) -> None:
    """For every clinician: by whose score, how much, and whether it may be billed."""
    hurt = history.payable(history.latest(both.hurt.before(PAYMENTS)))

    calm = history.payable(history.latest(both.calm.before(PAYMENTS)))

    assert hurt == calm
    assert len(hurt) > SIZE


def test_lost_memories_are_made_anew_byte_for_byte(both: Both) -> None:
    """Every state and position of the three, from the topics alone."""
    faults = both.faults

    assert faults.anew == faults.remembered
    assert min(len(one.states) for one in faults.anew.values()) > SIZE / 2


def test_corrections_after_a_rebuild_lead_to_the_same_scores(both: Both) -> None:
    """Each corrected entity gets its next revision, with the same id and bytes."""
    hurt = history.scored(both.hurt.after(SCORES))

    calm = history.scored(both.calm.after(SCORES))

    assert hurt == calm
    assert len(hurt) == both.corrected


def test_corrections_after_a_rebuild_lead_to_the_same_payments(both: Both) -> None:
    """Those that change are published, and why; the others are not."""
    hurt = history.paid(both.hurt.after(PAYMENTS))

    calm = history.paid(both.calm.after(PAYMENTS))

    assert hurt == calm
    assert len(hurt) > 0
    assert history.payable(history.latest(both.hurt.log[PAYMENTS])) == (
        history.payable(history.latest(both.calm.log[PAYMENTS]))
    )


def test_sqlite_and_postgresql_remember_the_same_scores(both: Both) -> None:
    """What `final_scores` keeps hangs on no time and no place: the bytes are equal."""
    hurt = both.hurt_memories["final_scores"].states

    calm = both.calm_memories["final_scores"].states

    assert hurt == calm
    assert len(hurt) > SIZE / 2
