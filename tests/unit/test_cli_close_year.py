"""``qppflow close-year``, as an operator types it, on a broker in memory."""

import asyncio
import io
import json
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal

import pytest
from rich.console import Console
from typer.testing import CliRunner

from qpp import library
from qpp.mips.closing import factor
from qpp.mips.tally import Tally
from qpp.trace import Trace
from qppflow.cli.closing_cut import find_cut
from qppflow.cli.closing_paid import Clinicians
from qppflow.cli.closing_steps import telling
from qppflow.cli.exits import Exit
from qppflow.cli.main import app
from qppflow.runtime import headers
from qppflow.runtime.contracts import Names
from qppflow.runtime.events import encode
from qppflow.runtime.records import Record
from tests.contracts.carrying import broken
from tests.helpers.chain import START
from tests.helpers.closing_year import CLOSINGS, INPUTS, PAYMENTS, YEAR, Year

RULES = library.rules(YEAR)
MEBIBYTE = 1 << 20


@pytest.fixture
def year(monkeypatch: pytest.MonkeyPatch) -> Year:
    """Give a year with a reduced, two raised and one clinician without an amount."""
    made = Year(monkeypatch)
    for number, (score, amount) in enumerate(
        [("10.00", "1000"), ("85.00", "40000"), ("100.00", "20000.50")]
    ):
        made.scored(number, score)
        made.paid(number, amount)
    made.scored(3, "90.00")
    return made


def expected() -> Decimal:
    """Give the factor that the law finds for that year."""
    tally = Tally(RULES)
    for score, amount in (
        ("10.00", "1000"),
        ("85.00", "40000"),
        ("100.00", "20000.50"),
        ("90.00", "0"),
    ):
        tally.add(Decimal(score), Decimal(amount))
    found = factor(tally, RULES, Trace()).factor
    assert found is not None
    return found


def test_closing_makes_each_estimate_final_by_the_factor_of_the_law(year: Year) -> None:
    """Nine percent at 100 points, times the factor; the reduction stays as it was."""
    before = year.latest(0)

    found = year.closed()

    assert found["ok"] is True
    assert Decimal(found["closing"]["factor"]) == expected()
    top, low = year.latest(2), year.latest(0)
    assert (top["status"], top["reason"], top["closing"]) == ("final", "year-closed", 1)
    assert Decimal(top["adjustmentPercent"]) == round(9 * expected(), 4)
    assert (top["range"], top["billable"]) == (None, True)
    assert top["assumptions"] == [
        "clinician-eligibility-not-declared",
        "paid-amounts-unknown",
        "unverified:payment.adjustment_decimals",
    ]
    assert top["previous"] == {
        "score": "100.00",
        "adjustmentPercent": None,
        "status": "estimate",
    }
    assert low == before


def test_a_closing_says_what_it_rests_on(year: Year) -> None:
    """Counts, sums, distribution and hash; who has no amount is counted."""
    closing = year.closed()["closing"]

    assert (closing["number"], closing["supersedes"]) == (1, None)
    assert (closing["clinicians"], closing["withoutAmount"]) == (4, 1)
    assert (closing["paid"], closing["reductions"]) == ("61000.5", "90")
    assert [band["clinicians"] for band in closing["distribution"]] == [1, 0, 0, 3]
    assert closing["assumptions"] == ["paid-amounts-unknown"]
    assert sum(closing["cut"][PAYMENTS]) == 7


def test_events_of_a_closing_keep_their_contracts(year: Year) -> None:
    """The year's record and each clinician's, with their headers."""
    year.closed()

    sent = [*year.sent(CLOSINGS), *year.applied(), *year.sent(PAYMENTS)[-2:]]

    assert len(sent) == 7
    assert [fault for one in sent for fault in broken(one)] == []


def test_a_dry_run_sends_nothing(year: Year) -> None:
    """The figures are those of the closing that follows."""
    looked = year.closed("--dry-run")
    sent = [*year.sent(CLOSINGS), *year.applied()]

    assert (looked["dryRun"], looked["told"], sent) == (True, 0, [])
    assert year.closed()["closing"] == looked["closing"]


def test_a_year_closed_twice_is_refused_with_the_closing_that_stands(
    year: Year,
) -> None:
    """Nobody hears anything of it."""
    year.closed()
    told = len(year.applied())

    again = year.close("--json")

    assert again.exit_code == Exit.NOT_ACCEPTED
    assert json.loads(again.stdout)["refused"] == "closed-already"
    assert json.loads(again.stdout)["number"] == 1
    assert len(year.applied()) == told


def test_a_year_is_closed_again_with_the_next_number(year: Year) -> None:
    """What came since counts, and each payment follows."""
    first = year.closed()["closing"]
    year.paid(3, "500000", revision=2)

    second = year.closed("--again")["closing"]

    assert (second["number"], second["supersedes"]) == (2, first["closingId"])
    assert Decimal(second["factor"]) < Decimal(first["factor"])
    assert second["withoutAmount"] == 0
    assert {year.latest(number)["closing"] for number in (1, 2, 3)} == {2}


@pytest.mark.parametrize("option", ["--again", "--resume", "--late"])
def test_a_year_never_closed_cannot_be_gone_on_with(year: Year, option: str) -> None:
    """The word of the refusal is for programs."""
    found = year.close(option, "--json")

    assert found.exit_code == Exit.NOT_ACCEPTED
    assert json.loads(found.stdout)["refused"] == "never-closed"


def test_an_empty_year_is_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no factor of nobody."""
    found = Year(monkeypatch).close()

    assert found.exit_code == Exit.NOT_ACCEPTED
    assert "nobody is paid for 2026" in found.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["2019"], "no rule book of 2019"),
        (["2026", "--again", "--late"], "exclude each other"),
        (["2026", "--accept-held", "k1.x"], "takes a clinician's token"),
    ],
)
def test_wrong_usage_is_told(year: Year, words: list[str], said: str) -> None:
    """Exit code 2, before any broker is asked."""
    year.kafka.log.away = True

    found = CliRunner().invoke(app, ["close-year", *words])

    assert found.exit_code == Exit.USAGE
    assert said in found.stderr


def test_scores_in_flight_are_refused_by_service(year: Year) -> None:
    """Which service, and how many records; an option accepts it, and says so."""
    year.reader.lags = {"payments": 2}

    refused = year.closed()
    accepted = year.closed("--accept-in-flight")

    assert refused["refused"] == "in-flight"
    assert refused["inFlight"] == {"payments": 2}
    assert accepted["closing"]["accepted"] == {"held": [], "inFlight": 2}


def test_a_service_that_never_committed_has_everything_before_it(
    year: Year,
) -> None:
    """No commit is no reading, not a reading to the end."""

    async def nothing(*_: object) -> dict[object, int]:
        return {}

    year.reader.committed = nothing  # type: ignore[assignment]  # stands in for Kafka

    found = asyncio.run(find_cut(year.reader, Names()))

    told = len(year.sent(INPUTS))
    assert (found.in_flight, told) == ({"payments": told}, 7)


def test_held_clinicians_are_refused_by_name(year: Year) -> None:
    """Their tokens and dead letters; each that is accepted by name does not count."""
    year.held(2, 2)

    refused = year.closed()
    other = year.closed("--accept-held", Year.token(1), "--accept-held", Year.token(2))
    accepted = year.closed("--accept-held", Year.token(2))

    assert (refused["refused"], refused["held"]) == ("held", 1)
    assert refused["first"] == [{"subject": Year.token(2), "letter": "d-1"}]
    assert (other["refused"], other["notHeld"]) == ("not-held", [Year.token(1)])
    assert accepted["closing"]["clinicians"] == 3
    assert accepted["closing"]["notPaid"] == 1
    assert accepted["closing"]["accepted"]["held"] == [Year.token(2)]


def test_a_held_clinician_is_released_by_the_factor(year: Year) -> None:
    """She was told of the closing, too."""
    year.held(2, 2)
    year.closed("--accept-held", Year.token(2))

    year.scored(2, "100.00", revision=3)

    assert (year.latest(2)["reason"], year.latest(2)["closing"]) == ("released", 1)


def test_a_run_that_was_cut_short_is_completed_with_the_same_bytes(year: Year) -> None:
    """Whom it reached hears the same again, and nobody anything else."""
    year.kafka.carrier.loses = 3

    cut_short = year.close()
    reached = len(year.applied())
    year.kafka.carrier.loses = None
    # What `payments` made of it lies behind the cut.
    resumed = year.closed("--resume")

    assert (cut_short.exit_code, reached) == (Exit.UNREACHABLE, 2)
    assert "--resume" in cut_short.stderr
    assert resumed["told"] == 4
    by_id: dict[object, set[bytes | None]] = {}
    for one in year.applied():
        by_id.setdefault(headers.read(one.headers).id, set()).add(one.value)
    assert len(by_id) == 4
    assert {len(values) for values in by_id.values()} == {1}
    assert [year.latest(number).get("closing") for number in range(4)] == [
        None,
        1,
        1,
        1,
    ]


def test_a_resumed_closing_refuses_another_log(year: Year) -> None:
    """The hash of the closing proves that the cut is the one it was made of."""
    year.closed()
    for records in year.kafka.log.places.values():
        for at, record in enumerate(records):
            if record.topic == PAYMENTS and b'"score":"85.00"' in (record.value or b""):
                value = (record.value or b"").replace(b'"85.00"', b'"85.01"')
                records[at] = record._replace(value=value)

    found = year.closed("--resume")

    assert found["refused"] == "other-cut"


def test_somebody_else_closing_at_the_same_time_wins_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two closings of one number: the first in the log counts, the other is refused."""
    other = Year(monkeypatch)
    other.scored(9, "80.00")
    other.closed()
    (theirs,) = other.sent(CLOSINGS)
    mine = Year(monkeypatch)
    mine.scored(1, "80.00")
    mine.paid(1, "1")
    carry = mine.kafka.carrier.carry

    async def late(batch: list[object]) -> list[object]:
        mine.kafka.carrier.carry = carry  # type: ignore[method-assign]  # once only
        await carry([theirs])
        return await carry(batch)  # type: ignore[arg-type,return-value]  # as it was

    mine.kafka.carrier.carry = late  # type: ignore[assignment,method-assign]  # for one call

    found = mine.closed()

    assert found["refused"] == "closed-meanwhile"
    assert mine.applied() == []


def test_late_clinicians_get_the_factor_that_stands(year: Year) -> None:
    """Until then she has an estimate; who was told before is not told again."""
    year.closed()
    year.scored(7, "95.00")
    year.scored(1, "86.00", revision=2)
    before = year.latest(7)

    found = year.closed("--late")

    assert (before["status"], found["told"]) == ("estimate", 1)
    assert (year.latest(7)["status"], year.latest(7)["closing"]) == ("final", 1)
    assert year.latest(1)["closing"] == 1


def test_other_years_are_no_part_of_a_closing(year: Year) -> None:
    """Neither their payments nor their closings."""
    year.scored(8, "100.00")
    alone = year.closed("--dry-run")["closing"]
    year.scored(9, "100.00", performanceYear=YEAR - 1, paymentYear=YEAR + 1)

    found = year.closed()["closing"]
    before = CliRunner().invoke(app, ["close-year", str(YEAR - 1), "--json"])

    assert (found["clinicians"], found["hash"]) == (alone["clinicians"], alone["hash"])
    earlier = json.loads(before.stdout)["closing"]
    assert (earlier["number"], earlier["clinicians"]) == (1, 1)


def test_a_score_that_no_year_has_cannot_be_added_up(year: Year) -> None:
    """A figure that the law knows nothing of stops the closing."""
    year.scored(4, "100.01")

    found = year.closed()

    assert found["refused"] == "not-a-tally"
    assert year.sent(CLOSINGS) == []


def test_people_read_a_table(year: Year) -> None:
    """The factor, the bands, and what is assumed."""
    found = year.close()

    assert "Published closing 1 of 2026: scaling factor" in found.stdout
    assert "full reduction" in found.stdout
    assert "1 clinicians count as $0" in found.stdout
    assert "What some clinicians were paid is not known" in found.stdout


def test_progress_is_json_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A line for each full ten thousand records, on standard error."""
    with telling(Console(file=io.StringIO()), "records") as steps:
        for _ in range(3):
            steps.step(6_000)

    told = capsys.readouterr().err.splitlines()

    assert [json.loads(line) for line in told] == [
        {"progress": "records", "done": 12_000}
    ]


def test_progress_is_a_bar_on_a_terminal() -> None:
    """It needs no total."""
    screen = io.StringIO()
    with telling(Console(file=screen, force_terminal=True), "records") as steps:
        steps.step(7)

    assert "records" in screen.getvalue()


def test_no_identifier_is_shown(year: Year) -> None:
    """Neither to people nor to programs."""
    shown = year.close("--dry-run").output + year.close("--json").output

    assert all(
        text not in shown for who in map(Year.who, range(4)) for text in who.values()
    )


ATTRIBUTES = headers.write(
    event_id="e",
    source="urn:qppflow:payments",
    event_type="qppflow.payment-adjusted.v1",
    time_ms=START,
)
VALUE = encode(
    {
        "subject": "SUBJECT",
        "performanceYear": YEAR,
        "revision": 1,
        "score": "SCORE",
        "allowedAmount": "1000.25",
        **Year.who(0),
    }
)


def payments_of(count: int) -> Iterator[list[Record]]:
    """Generate payments of so many clinicians, in batches of 500."""
    for first in range(0, count, 500):
        batch = []
        for number in range(first, first + 500):
            subject = b"k1.%043d" % number
            value = VALUE.replace(b"SUBJECT", subject)
            value = value.replace(b"SCORE", b"%.2f" % (number % 10_001 / 100))
            place = (PAYMENTS, 0, number, START)
            batch.append(Record(*place, subject, value, ATTRIBUTES))
        yield batch


def test_memory_stays_flat_for_200000_clinicians() -> None:
    """A file has them, not the process: an object of each would take 100 MiB."""
    count = 200_000
    tracemalloc.start()
    with Clinicians.kept(YEAR) as clinicians:
        for batch in payments_of(count):
            clinicians.take(batch)
        found = clinicians.tally(RULES).clinicians
        everyone = sum(1 for _ in clinicians.everyone())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (found, everyone) == (count, count)
    assert peak < 8 * MEBIBYTE


def test_a_list_of_so_many_would_be_seen() -> None:
    """The bound above is seen to fail: a tenth of them in memory breaks it."""
    tracemalloc.start()
    kept = list(payments_of(20_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(kept) == 40
    assert peak > 8 * MEBIBYTE
