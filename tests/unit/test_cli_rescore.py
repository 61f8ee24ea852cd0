"""``qppflow rescore``, as an operator types it, on a broker in memory."""

import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from qppflow.cli.closing_events import applied_record, closed_record
from qppflow.cli.closing_paid import Who
from qppflow.cli.exits import Exit
from qppflow.cli.main import app
from qppflow.cli.rescore import FACTOR, scaling_factor
from qppflow.cli.rescore_compare import BANDS, Changes, differing
from qppflow.cli.submit_send import Delivery
from qppflow.runtime.events import decode
from qppflow.runtime.records import Outgoing
from qppflow.runtime.resources import contracts
from tests.helpers.broker_fakes import append
from tests.helpers.chain import START, TOKENS
from tests.helpers.documents import NPI, TIN
from tests.helpers.rescoring_year import OLD, PAYMENTS, YEAR, Rescored, real_law
from tests.helpers.year_stream import clinician

EXAMPLE = contracts() / "events/year-closed/examples" / "1.0.0.first-closing.pass.json"
BOOK = real_law(YEAR).rules.id


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Rescored:
    """Score five clinicians by an older law, and upgrade the services."""
    monkeypatch.delenv(FACTOR, raising=False)
    made = Rescored(monkeypatch).practice(5)
    made.build.old = False
    return made


def paid(stream: Rescored) -> dict[str, dict[str, object]]:
    """Give what billing read last, by clinician."""
    return stream.latest(PAYMENTS)


def test_all_entities_of_a_year_are_ordered(stream: Rescored) -> None:
    """Each has one score more, by the rule book of this build."""
    found = stream.ran()

    assert (found["ok"], found["ordered"], found["already"]) == (True, 5, 0)
    assert found["ruleBook"] == BOOK
    for number in range(5):
        assert [one["ruleBook"] for one in stream.scores_of(number)][-2:] == [OLD, BOOK]


def test_who_is_scored_by_this_law_already_is_skipped(stream: Rescored) -> None:
    """The command says how many."""
    stream.ran()

    again = stream.ran()

    assert (again["ordered"], again["already"]) == (0, 5)
    assert "5 entities are scored by" in stream.run().stdout


def test_only_those_that_are_named_are_ordered(stream: Rescored) -> None:
    """The others keep their scores."""
    found = stream.ran("--entity", stream.token(1), "--entity", stream.token(3))

    books = [stream.scores_of(number)[-1]["ruleBook"] for number in range(5)]
    assert found["ordered"] == 2
    assert books == [OLD, BOOK, OLD, BOOK, OLD]


def test_an_entity_that_nobody_knows_is_refused(stream: Rescored) -> None:
    """Nobody is ordered then."""
    stranger = "k1." + "s" * 43

    found = stream.ran("--entity", stranger, "--entity", stream.token(1))

    assert found["refused"] == "unknown-entity"
    assert stranger in found["message"]
    assert stream.orders() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--year", "2019"], "no rule book of 2019"),
        (["--year", "2026", "--rules", OLD], f"This build has {BOOK}"),
        (["--year", "2026", "--entity", "k1.x"], "takes an entity's token"),
    ],
)
def test_wrong_usage_is_told(words: list[str], said: str) -> None:
    """Exit code 2, before any broker is asked."""
    found = CliRunner().invoke(app, ["rescore", *words])

    assert found.exit_code == Exit.USAGE
    assert said in " ".join(found.stderr.split())


def test_the_rule_book_of_the_build_may_be_named(stream: Rescored) -> None:
    """Whoever names it is sure of what is ordered."""
    assert stream.ran("--rules", BOOK)["ordered"] == 5


def test_a_dry_run_says_what_the_real_one_does(stream: Rescored) -> None:
    """Points and percent, by how much, and which rules moved them; nothing is sent."""
    before = paid(stream)
    found = stream.ran("--dry-run")
    assert stream.orders() == []

    stream.ran()

    after = paid(stream)
    moved = [
        Decimal(one[-1]["score"]["finalScore"])
        - Decimal(one[-2]["score"]["finalScore"])
        for one in map(stream.scores_of, range(5))
    ]
    assert Decimal(found["scores"]["sum"]) == sum(moved)
    assert (found["scores"]["compared"], found["scores"]["changed"]) == (5, 5)
    assert Decimal(found["scores"]["largestIncrease"]) == max(moved)
    assert found["payments"]["changed"] == 5
    assert all(after[name]["score"] != before[name]["score"] for name in before)
    rules = {one["rule"]: one["scores"] for one in found["rules"]}
    assert rules["final_score.complex_patient_bonus_maximum"] == 5
    assert rules["payment.performance_threshold"] == 2
    assert found["withoutInput"] == 0


def test_nothing_changes_where_the_law_is_the_same_but_for_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither scores nor payments, and no rule is blamed."""
    stream = Rescored(monkeypatch)
    only_named = replace(real_law(YEAR).rules, id=OLD)
    same = replace(real_law(YEAR), rules=only_named)
    monkeypatch.setattr("qppflow.runtime.law.law_of", lambda _year: same)
    stream.build.law_of = lambda _year: same  # type: ignore[assignment,method-assign]  # a law of its own
    entities = stream.services["entities"][0]
    entities.memory._law_of = lambda _year: same  # type: ignore[attr-defined]  # noqa: SLF001 - another build
    stream.practice(2)

    found = stream.ran("--dry-run")

    assert (found["scores"]["compared"], found["scores"]["changed"]) == (2, 0)
    assert (found["payments"]["compared"], found["payments"]["changed"]) == (2, 0)
    assert found["rules"] == []


def test_an_input_that_the_log_keeps_no_more_is_counted(stream: Rescored) -> None:
    """Inputs are kept fourteen days."""
    stream.publish()
    for place, records in stream.kafka.log.places.items():
        if place.topic == "qpp-score-inputs":
            records.clear()

    found = stream.ran("--dry-run")

    assert (found["withoutInput"], found["scores"]["compared"]) == (5, 0)
    assert "no input in the log any more" in stream.run("--dry-run").stdout


def test_people_read_a_table(stream: Rescored) -> None:
    """Counts, sums, distribution and rules."""
    text = stream.run("--dry-run").stdout

    assert "5 would be scored again; nothing was sent" in text
    assert "final_score.complex_patient_bonus_maximum" in text
    assert "payments change by $" in text or "largest increase" in text


def test_a_dry_run_in_a_closed_year_uses_its_factor(stream: Rescored) -> None:
    """Figures stand on both sides then, and the amounts make dollars of them."""
    closing = {
        **decode(EXAMPLE.read_bytes()),
        "performanceYear": YEAR,
        "factor": "0.5",
    }
    append(stream.kafka.log, closed_record(closing, START))
    for number in range(5):
        tin, npi = list(clinician(number).values())[1:]
        who = Who(TOKENS.clinician(YEAR, tin, npi), tin, npi)
        stream.order(applied_record(closing, who, START))

    found = stream.ran("--dry-run")["payments"]
    before = paid(stream)
    stream.ran()

    after = paid(stream)
    moved = [
        Decimal(str(after[name]["adjustmentPercent"]))
        - Decimal(str(before[name]["adjustmentPercent"]))
        for name in before
    ]
    assert {one["status"] for one in after.values()} == {"final"}
    assert Decimal(found["sum"]) == sum(moved)
    assert Decimal(found["largestIncrease"]) == max(moved) > 0
    assert Decimal(found["dollars"]) == sum(moved) * 10


def interrupted(stream: Rescored) -> None:
    """Let the first batch be followed by Ctrl-C."""
    carry = stream.kafka.carrier.carry

    async def once(batch: Sequence[Outgoing]) -> list[Delivery | None]:
        stream.kafka.carrier.carry = carry  # type: ignore[method-assign]  # the first only
        os.kill(os.getpid(), signal.SIGINT)
        return await carry(batch)

    stream.kafka.carrier.carry = once  # type: ignore[assignment,method-assign]  # for one call


def test_an_interrupt_pauses_and_resume_goes_on(stream: Rescored) -> None:
    """Nobody is ordered twice, and nobody is left out."""
    interrupted(stream)

    paused = stream.run("--rate", "2")
    ordered = len(stream.orders())
    resumed = stream.ran("--resume")

    assert (paused.exit_code, ordered) == (Exit.NOT_ACCEPTED, 2)
    assert "2 ordered, 3 left" in paused.stdout
    assert "qppflow rescore --year 2026 --resume" in paused.stdout
    assert resumed["ordered"] == 3
    orders = [decode(record.value) for record in stream.orders()]
    assert len({one["subject"] for one in orders}) == 5
    assert {one["order"] for one in orders} == {resumed["order"]}
    assert len({one["receivedAt"] for one in orders}) == 1


def test_there_must_be_something_to_resume(stream: Rescored) -> None:
    """The word of the refusal is for programs."""
    assert stream.ran("--resume")["refused"] == "nothing-to-resume"


def test_an_order_for_some_is_not_resumed_for_all(stream: Rescored) -> None:
    """Nor the other way round."""
    stream.ran("--entity", stream.token(1))

    assert stream.ran("--resume")["refused"] == "other-scope"


def test_an_order_for_another_law_is_not_resumed(stream: Rescored) -> None:
    """A newer build makes an order of its own."""
    stream.ran("--entity", stream.token(1))
    for records in stream.kafka.log.places.values():
        for at, record in enumerate(records):
            if b'"order"' in (record.value or b""):
                value = (record.value or b"").replace(BOOK.encode(), OLD.encode())
                records[at] = record._replace(value=value)

    found = stream.ran("--resume", "--entity", stream.token(1))

    assert found["refused"] == "other-law"


def test_a_broker_that_loses_a_batch_is_told(stream: Rescored) -> None:
    """What was stored is not ordered again by the next run."""
    stream.kafka.carrier.loses = 2

    found = stream.run()

    assert found.exit_code == Exit.UNREACHABLE
    stream.kafka.carrier.loses = None
    assert stream.ran("--resume")["ordered"] == 3


def test_no_identifier_is_shown(stream: Rescored) -> None:
    """Neither to people nor to programs."""
    shown = stream.run("--dry-run").output + stream.run("--json").output

    assert TIN not in shown
    assert NPI not in shown
    assert "000000001" not in shown


@pytest.mark.parametrize(
    ("by", "band"),
    [
        ("-10", "-10 or less"),
        ("-9.99", "-10 to -5"),
        ("-0.01", "-1 to 0"),
        ("0", "none"),
        ("0.0001", "0 to 1"),
        ("10", "5 to 10"),
        ("10.01", "more than 10"),
    ],
)
def test_a_change_is_in_one_band(by: str, band: str) -> None:
    """Bounds belong to the band below."""
    changes = Changes()

    changes.add(Decimal(by), changed=by != "0")

    assert {name: changes.bands[name] for name in BANDS if changes.bands[name]} == {
        band: 1
    }


def test_rules_differ_by_what_they_said_and_how_often() -> None:
    """The same steps in another order are the same."""
    one = {"rule": "a", "says": "x"}
    other = {"rule": "b", "says": "y", "measureId": "001"}

    assert differing([one, other], [other, one]) == frozenset()
    assert differing([one, other], [one]) == {"b"}
    assert differing([one], [one, one]) == {"a"}
    assert differing([other], [{**other, "measureId": "002"}]) == {"b"}


def test_the_factor_of_the_service_is_the_commands_too() -> None:
    """Else every increase would seem to become an estimate."""
    assert scaling_factor({}) is None
    assert scaling_factor({FACTOR: "0.5"}) == Decimal("0.5")
