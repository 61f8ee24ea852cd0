"""The demonstration itself on a real Kafka: its scores, and what a lost record does."""

from pathlib import Path
from typing import Final

import pytest

from qppflow.cli.exits import Exit
from qppflow.demo.messages import SUBMISSIONS
from qppflow.demo.payees import ENTITIES
from qppflow.demo.population import population
from qppflow.demo.years import years_to_play
from qppflow.runtime import headers
from tests.helpers.demo_run import Demonstrated, demonstrate
from tests.helpers.pure_scores import (
    accepted_scores,
    command_scores,
    differing,
    pure_scores,
    streamed_scores,
)

pytestmark = pytest.mark.kafka

SIZE: Final = 150
FEW: Final = 8
SEED: Final = 6


# An intake that says nothing of one document.
DROPPING: Final = """
from qppflow.intake.handlers import Intake
from qppflow.runtime import headers

decide = Intake.decide


def forgetful(self, record):
    if headers.read(record.headers).id == "{dropped}":
        return []
    return decide(self, record)


Intake.decide = forgetful
"""


@pytest.fixture(scope="module")
def shown(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Demonstrated:
    """Run the command once."""
    folder = tmp_path_factory.mktemp("demo") / "state"
    return demonstrate(kafka, folder, "--size", SIZE, "--seed", SEED)


def test_the_command_ends_well_and_every_record_has_one_fate(
    shown: Demonstrated,
) -> None:
    """Mistakes and undecipherable bytes are among what was sent."""
    printed = shown.printed

    assert shown.exit_code == Exit.OK
    assert printed["conservation"] is True
    fates = [printed[fate] for fate in ("accepted", "rejected", "parked")]
    assert printed["received"] == sum(fates) > SIZE
    assert min(fates) > 0


def test_every_score_is_that_of_the_pure_function_byte_by_byte(
    shown: Demonstrated,
) -> None:
    """At each revision and in each program, from what stood then, loans included."""
    streamed = streamed_scores(shown.log)

    pure = pure_scores(shown.log)

    assert differing(streamed, pure) == []
    assert len(streamed) > SIZE


def test_the_summary_says_who_is_paid_by_what_as_the_topics_do(
    shown: Demonstrated,
) -> None:
    """Every kind of entity has scores, and each clinician one line."""
    found = shown.printed["payees"]

    last = shown.log.latest("qpp-payment-adjustments")
    paid = sum(sum(kinds.values()) for kinds in found["paidBy"].values())
    unpaid = sum(found["notPaid"].values())
    assert found["clinicians"] == len(last) == paid + unpaid + found["held"]
    assert paid > unpaid > 0
    assert found["held"] == 0
    assert set(found["entities"]) == set(ENTITIES)
    assert sum(found["eligibility"].values()) == len(
        shown.log.latest("qpp-eligibility")
    )


def test_every_accepted_submission_is_in_a_score_that_was_compared(
    shown: Demonstrated,
) -> None:
    """Also one that came again or was replaced later."""
    accepted = accepted_scores(shown.log)

    assert accepted <= streamed_scores(shown.log).keys()
    assert len(accepted) > SIZE


def test_the_command_itself_gives_the_same_bytes_for_the_files_as_sent(
    shown: Demonstrated, tmp_path: Path
) -> None:
    """Each submission that stands alone, with the feeds known when it came."""
    by_command = command_scores(shown.log, tmp_path)
    streamed = streamed_scores(shown.log)

    through = {revision: streamed[revision] for revision in by_command}

    assert by_command == through
    assert len(by_command) > SIZE / 2


def test_a_changed_score_would_be_seen(shown: Demonstrated) -> None:
    """One digit more, or one score less, is a difference."""
    streamed = streamed_scores(shown.log)
    first, second, *_ = sorted(streamed)
    wrong = {**streamed, first: streamed[first] + b"0"}
    del wrong[second]

    assert differing(wrong, pure_scores(shown.log)) == [first, second]


def test_a_record_that_a_service_drops_fails_the_command(
    kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read, committed and never answered; the count of the topics misses it."""
    made = population(FEW, SEED, years_to_play())
    chosen = next(one for one in made if one.kind == "submission")
    dropped = str(headers.read(chosen.headers).id)
    # Read by every Python that the command starts, before the service itself.
    (tmp_path / "sitecustomize.py").write_text(DROPPING.format(dropped=dropped))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    ended = demonstrate(kafka, tmp_path / "state", "--size", FEW, "--seed", SEED)

    lost = [
        record.origin
        for record in ended.log.records[SUBMISSIONS]
        if headers.read(record.headers).id == dropped
    ]
    assert ended.exit_code == Exit.NOT_ACCEPTED
    assert ended.printed["conservation"] is False
    assert ended.printed["lost"] == sorted(lost)
    assert len(lost) == 1
    assert ended.printed["doubled"] == ended.printed["unknown"] == []
