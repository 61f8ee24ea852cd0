"""The scaling factor of `final_scores`: lawful, or no start; and where it counts."""

from decimal import Decimal
from pathlib import Path

import pytest

from qpp import library
from qppflow.demo.population import population
from qppflow.demo.years import years_to_play
from qppflow.final_scores.app import Settings, build
from qppflow.final_scores.payloads import score_revision
from qppflow.runtime import compose
from qppflow.runtime.events import decode
from qppflow.runtime.tokens import new_key
from tests.helpers.chain import Chain, Json

FACTOR = Decimal("0.1167")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Set what must be set."""
    values = ("localhost:9092", new_key(32), new_key(64), str(tmp_path))
    names = ("BOOTSTRAP_SERVERS", "TOKEN_KEY", "SEALING_KEY", "STATE_FOLDER")
    for name, value in zip(names, values, strict=True):
        monkeypatch.setenv(f"QPPFLOW_{name}", value)
    monkeypatch.setattr(compose, "configure", lambda _name: None)

    async def served(*_services: object) -> int:
        return 0

    # Who is let in by mistake would wait for a broker for ever.
    monkeypatch.setattr(compose, "serve", served)
    return monkeypatch


def most() -> Decimal:
    """Give the highest factor that the law allows in every year."""
    books = [library.rules(year).payment for year in library.years()]
    return min(book.scaling_factor_maximum.value for book in books)


@pytest.mark.parametrize("value", ["0", "-0.1", "above", "NaN", "Infinity", "much"])
def test_a_factor_that_the_law_does_not_allow_prevents_the_start(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    """The message names the setting; wrong settings have an exit code of their own."""
    wrong = str(most() + Decimal("0.0001")) if value == "above" else value
    environment.setenv("QPPFLOW_SCALING_FACTOR", wrong)

    code = compose.run("final_scores", Settings, build)

    assert code == compose.WRONG_SETTINGS
    assert "QPPFLOW_SCALING_FACTOR" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["0.0001", "most", None])
def test_a_lawful_factor_or_none_is_taken(
    environment: pytest.MonkeyPatch, value: str | None
) -> None:
    """The maximum itself is lawful."""
    if value is not None:
        given = str(most()) if value == "most" else value
        environment.setenv("QPPFLOW_SCALING_FACTOR", given)

    factor = Settings().scaling_factor

    assert (factor is None) is (value is None)


def increases() -> dict[int, tuple[Json, Json]]:
    """Give, for each year, the parts of a revision that earns an increase."""
    chain = Chain()
    for message in population(60, 5, years_to_play()):
        chain.send(message.topic, message.value, message.headers)
    parts: dict[tuple[str, str, int], Json] = {}
    for record in chain.log["qpp-score-parts"]:
        event = decode(record.value)
        name = event.get("category", "expected")
        said = event.get("part", event)
        score = event["subject"], event["program"], event["revision"]
        parts.setdefault(score, {})[name] = said
    found = {}
    for one in parts.values():
        expected = one["expected"]
        if "input" not in expected:
            # The score was taken back.
            continue
        made = score_revision(one, expected, None)
        paid = made.payment
        ends = paid["range"] or {"high": "0"}
        # Whom a score does not pay, it changes nothing for.
        most = Decimal(paid["adjustmentPercent"] or ends["high"])
        if most > 0:
            found[expected["performanceYear"]] = one, paid
    return found


def test_a_factor_counts_only_where_nothing_is_published() -> None:
    """The same revision pays the same, whatever a process is set to."""
    found = increases()

    paid = {
        year: score_revision(parts, parts["expected"], FACTOR).payment
        for year, (parts, _) in found.items()
    }

    published = {
        year: library.rules(year).payment.published_highest_adjustment is not None
        for year in years_to_play()
    }
    assert set(found) == set(years_to_play())
    assert set(published.values()) == {True, False}
    assert {year: paid[year] == found[year][1] for year in paid} == published
    assert {paid[year]["status"] for year in paid} == {"final"}
