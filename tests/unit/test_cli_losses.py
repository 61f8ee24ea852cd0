"""What `qppflow score --explain` says of losses, and of what does not count."""

from decimal import Decimal
from io import StringIO
from typing import Any, TypeAlias

from rich.console import Console

from qpp.mips.scoring import Law, score
from qppflow.cli.show_losses import Loss, in_cents, losses_of, show_losses
from qppflow.cli.show_reasons import show_reasons
from tests.helpers.law import (
    a_set,
    benchmark,
    book,
    catalogue,
    earning,
    entity,
    measure,
)

Json: TypeAlias = dict[str, Any]
NAMES = [f"M{n}" for n in range(7)]


def lost(rule: str, points: str, name: str | None = None) -> Json:
    """Make a reason that took something from quality."""
    made: Json = {"category": "quality", "rule": rule, "lost": points}
    return made if name is None else made | {"measureId": name}


REASONS = [
    lost("quality.benchmark_rows", "1.5000", "A"),
    lost("quality.benchmark_rows", "2.0000", "B"),
    lost("quality.benchmark_rows", "0.2500", "B"),
    lost("quality.small_practice_bonus", "-10.0000"),
    lost("quality.some_rule", "20.0000"),
    {"category": "quality", "rule": "quality.case_minimum"},
    {**lost("pi.rule", "7.0000"), "category": "pi"},
]


def shown(percent: str, reasons: list[Json]) -> str:
    """Print losses on a terminal of 80 columns."""
    file = StringIO()
    show_losses(Console(file=file, width=80), "quality", percent, reasons)
    return file.getvalue()


def test_losses_are_added_up_by_rule() -> None:
    """The largest first, each measure named once, and what was given last."""
    assert losses_of(REASONS, "quality") == [
        Loss("quality.some_rule", Decimal(20), ()),
        Loss("quality.benchmark_rows", Decimal("3.75"), ("A", "B")),
        Loss("quality.small_practice_bonus", Decimal(-10), ()),
    ]


def test_rounded_losses_still_add_up() -> None:
    """What rounding leaves over goes to the largest."""
    third = Decimal(10) / 3

    assert in_cents([third, third, third], Decimal(10)) == [
        Decimal("3.34"),
        Decimal("3.33"),
        Decimal("3.33"),
    ]
    assert in_cents([], Decimal(10)) == []


def test_losses_are_shown_with_their_rules() -> None:
    """In words where there are any, and else by the rule's name."""
    text = shown("86.2500", REASONS)

    assert [" ".join(line.split()) for line in text.splitlines()] == [
        "Lost, by rule: 100 - 86.25 = 13.75",
        "20.00 some rule (quality.some_rule)",
        "3.75 short of the best decile: A, B (quality.benchmark_rows)",
        "-10.00 small practice bonus (quality.small_practice_bonus)",
    ]
    assert max(map(len, text.splitlines())) <= 80
    assert shown("100.0000", []) == ""


def explained(**feeds: Any) -> str:  # noqa: ANN401 - feeds differ in shape
    """Explain the score of an entity that sent seven measures, the first the best."""
    year = 2025
    sent = {name: earning("8") for name in NAMES} | {"M0": earning("9")}
    facts = catalogue(year, map(measure, NAMES), [benchmark(name) for name in NAMES])
    who = entity(year, [a_set("quality", sent)], **feeds)
    made = score(who, Law(book(year), facts))
    file = StringIO()
    console = Console(file=file, width=80)
    show_reasons(console, made.score, made.explanation)
    return file.getvalue()


def test_what_does_not_count_is_told_apart() -> None:
    """A seventh measure gives way, and says why."""
    counted, _, rest = explained().partition("Not counted:")

    assert counted.count("of 10 points, scored") == 5
    assert "not counted: better measures took the 6 places" in " ".join(rest.split())
    assert "no outcome or high-priority measure" in counted


def test_a_facility_s_score_takes_the_place_of_losses() -> None:
    """What its own measures lost is no matter then."""
    scores = {"qualityScoreAtPercentile": "93.5", "costScoreAtPercentile": "61.25"}
    text = explained(statuses=["facilityBased"], facility=scores)

    quality = text.partition("Quality")[2].partition("Improvement Activities")[0]
    assert quality.count("A facility's score takes the place of this one.") == 1
    assert "Lost, by rule" not in quality
    assert "the facility-based one counts" in " ".join(text.split())
