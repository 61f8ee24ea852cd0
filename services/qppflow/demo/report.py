"""What a run came to, for people: fates, scores, findings, and three reasons why."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from statistics import median
from typing import Any, Final, TypeAlias

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qpp.submission import CATEGORIES
from qppflow.cli.show_reasons import TITLES, show_reason
from qppflow.cli.show_score import show_categories
from qppflow.demo.latest import PAID, RELEASED, ScoreName
from qppflow.demo.payees import payees
from qppflow.demo.play import Outcome
from qppflow.demo.report_payees import show_payees
from qppflow.runtime.resources import finding_rules

JsonObject: TypeAlias = dict[str, Any]

BUCKET: Final = 10
BAR: Final = 40
MOST_FINDINGS: Final = 10
EXPLAINED: Final = 3
REASONS: Final = 5
WITHOUT_LOSSES: Final = "ia"


def show_outcome(console: Console, outcome: Outcome) -> None:
    """Print everything a newcomer should see."""
    show_conservation(console, outcome)
    standing = outcome.latest.standing_scores()
    scores = [item["score"] for item in standing.values()]
    if scores:
        _show_categories(console, scores)
        _show_distribution(console, scores)
    _show_findings(console, outcome)
    show_payees(console, payees(outcome.latest))
    _show_payments(console, outcome)
    for event in chosen(standing):
        _show_explained(console, event)


def show_conservation(console: Console, outcome: Outcome) -> None:
    """Print the equation, and what breaks it."""
    found = outcome.conservation
    holds = "[bold green]holds[/]" if found.holds else "[bold red]does not hold[/]"
    rate = found.received / outcome.seconds if outcome.seconds else 0
    console.print(
        f"\n[bold]{found.received:,} received = {found.accepted:,} accepted +"
        f" {found.rejected:,} rejected + {found.parked:,} parked[/]: {holds}"
    )
    console.print(
        f"counted by reading the topics; {outcome.seconds:.1f} s,"
        f" {rate:,.0f} documents a second"
    )
    effects = ", ".join(f"{n:,} {name}" for name, n in sorted(outcome.effects.items()))
    console.print(f"answers: {effects}")
    for title in ("lost", "doubled", "unknown"):
        places = getattr(found, title)
        if places:
            console.print(f"[red]{len(places)} {title}:[/] {', '.join(places[:5])}")


def _show_categories(console: Console, scores: list[JsonObject]) -> None:
    """Print what the categories came to."""
    table = Table(
        box=None, padding=(0, 2), title="Scores by category", title_justify="left"
    )
    table.add_column("Category")
    for name in ("Scored", "Median %", "Without weight"):
        table.add_column(name, justify="right")
    for category in CATEGORIES:
        items = [score["categories"][category] for score in scores]
        percents = [
            Decimal(item["percent"])
            for item in items
            if item["percent"] is not None and item["withoutWeight"] is None
        ]
        middle = f"{median(percents):.1f}" if percents else "-"
        without = sum(item["withoutWeight"] is not None for item in items)
        table.add_row(TITLES[category], f"{len(percents):,}", middle, f"{without:,}")
    console.print()
    console.print(table)


def _show_distribution(console: Console, scores: Iterable[JsonObject]) -> None:
    """Print how final scores spread."""
    found = [Decimal(score["finalScore"]) for score in scores]
    counts = Counter(min(int(score) // BUCKET, BUCKET - 1) for score in found)
    most = max(counts.values())
    console.print(f"\nFinal scores: {len(found):,}, median {median(found):.2f}")
    for bucket in range(BUCKET):
        count = counts[bucket]
        bar = "#" * round(BAR * count / most)
        low, high = bucket * BUCKET, (bucket + 1) * BUCKET
        console.print(f"  {low:>3}-{high:<3} {bar} {count:,}")


def _show_findings(console: Console, outcome: Outcome) -> None:
    """Print the most frequent findings, by the answers that carry them."""
    if not outcome.findings:
        return
    rules = finding_rules()
    table = Table(
        box=None, padding=(0, 2), title="Most frequent findings", title_justify="left"
    )
    table.add_column("Answers", justify="right")
    table.add_column("Code", no_wrap=True)
    table.add_column("Meaning")
    for code, count in outcome.findings[:MOST_FINDINGS]:
        table.add_row(f"{count:,}", code, escape(rules[code].title))
    console.print()
    console.print(table)


def _show_payments(console: Console, outcome: Outcome) -> None:
    """Say what billing got."""
    payments = outcome.latest.payments
    paid = [event for event in payments.values() if event["kind"] in {PAID, RELEASED}]
    billable = [item for item in paid if item["billable"]]
    estimates = sum(item["status"] == "estimate" for item in paid)
    console.print(
        f"\nPayments: {len(payments):,} clinicians; {len(billable):,} billable,"
        f" {estimates:,} estimates (CMS has not published the scaling factor),"
        f" {len(paid) - len(billable) - estimates:,} final but not billable"
    )
    console.print("Billing reads them from the topic [bold]qpp-payment-adjustments[/].")


def chosen(scores: Mapping[ScoreName, JsonObject]) -> list[JsonObject]:
    """Choose scores worth explaining: one a year, each near its year's median."""
    years: dict[int, list[JsonObject]] = {}
    for name in sorted(scores):
        years.setdefault(scores[name]["performanceYear"], []).append(scores[name])
    found = []
    for year in sorted(years, reverse=True):
        ranked = sorted(years[year], key=lambda e: Decimal(e["score"]["finalScore"]))
        found.append(ranked[len(ranked) // 2])
    return found[:EXPLAINED]


def _show_explained(console: Console, event: JsonObject) -> None:
    """Print one score and why it lost most of what it lost."""
    score = event["score"]
    console.print(
        f"\n[bold]{score['finalScore']}[/] for {score['entityType']}"
        f" {event['subject'][:9]}… in {score['performanceYear']}:"
        f" program {event['program']}, revision {event['revision']}"
    )
    show_categories(console, score)
    for loss, name, item in _losses(score)[:REASONS]:
        console.print(
            f"    {loss:.1f} points lost on {escape(name)}: {item['outcome']}"
        )
        for reason in _reasons(event["explanation"], name):
            show_reason(console, reason, indent=6)


def _losses(score: JsonObject) -> list[tuple[Decimal, str, JsonObject]]:
    """List the measures that count by what they lost, most first.

    An activity is attested or not; what the category lacks is no activity's loss.
    """
    found = [
        (Decimal(item["possible"]) - Decimal(item["points"]), item["measureId"], item)
        for name, category in score["categories"].items()
        if name != WITHOUT_LOSSES
        for item in category["measures"]
        if item["used"]
    ]
    return sorted((f for f in found if f[0] > 0), key=lambda f: (-f[0], f[1]))


def _reasons(explanation: list[JsonObject], name: str) -> list[JsonObject]:
    """Give the reasons of one measure."""
    return [item for item in explanation if item.get("measureId") == name]


def summary(outcome: Outcome) -> JsonObject:
    """Give the outcome for machines."""
    found = outcome.conservation
    return {
        "received": found.received,
        "accepted": found.accepted,
        "rejected": found.rejected,
        "parked": found.parked,
        "conservation": found.holds,
        "lost": list(found.lost),
        "doubled": list(found.doubled),
        "unknown": list(found.unknown),
        "effects": outcome.effects,
        "findings": dict(outcome.findings),
        "finalScores": len(outcome.latest.standing_scores()),
        "payments": len(outcome.latest.payments),
        "payees": payees(outcome.latest).as_json(),
        "topics": {stage.topic: stage.records for stage in outcome.stages},
        "seconds": round(outcome.seconds, 2),
    }
