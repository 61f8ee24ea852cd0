"""Who is paid by what, for people: by entity and program, and why others are not."""

from collections import Counter
from typing import Final

from rich.console import Console
from rich.table import Table

from qpp.eligibility.outcome import OUTCOMES
from qppflow.cli.eligibility_words import REASONS
from qppflow.demo.payees import ENTITIES, PROGRAMS, Payees

NAMES: Final = {
    "individual": "individual",
    "group": "group",
    "subgroup": "subgroup",
    "virtualGroup": "virtual group",
    "apm": "APM entity",
}
HEADINGS: Final = ("MIPS", "MVP", "APP")
# Reasons that are neither a reason of eligibility nor an outcome.
WORDS: Final = {
    "voluntaryReporter": "reports voluntarily",
    "voluntary": "may report voluntarily",
    "optInEligible": "may opt in, and has not",
    "excluded": "the entity is excluded",
    "unknown": "nobody knows whether the entity takes part",
    "removed-from-roster": "left the roster",
    "retracted": "the score was taken back",
    "lower-score": "lower than the score that pays",
    "lower-score-of-another-program": "lower than the score of another program",
    "tie": "as high as the score that pays",
    "virtual-group-pays": "the virtual group's pays",
    "another-virtual-group": "of another virtual group",
    **REASONS,
}


def show_payees(console: Console, found: Payees) -> None:
    """Print who is paid by what, who is not, and what the entities came to."""
    console.print(
        f"\n[bold]Who is paid by what:[/] {found.clinicians:,} clinicians of a practice"
        " (TIN/NPI)"
    )
    _show_paid(console, found)
    held = f", {found.held:,} held" if found.held else ""
    _show_reasons(console, f"Not paid: {found.unpaid.total():,}{held}", found.unpaid)
    _show_reasons(
        console,
        f"Several scores: {found.several:,} clinicians; scores that do not pay:"
        f" {found.others.total():,}",
        found.others,
    )
    _show_eligibility(console, found)
    _show_entities(console, found)


def _show_paid(console: Console, found: Payees) -> None:
    """Print clinicians by the score that pays them."""
    table = Table(box=None, padding=(0, 2))
    table.add_column("Paid by the score of")
    for name in (*HEADINGS, "All"):
        table.add_column(name, justify="right")
    for entity in ENTITIES:
        counts = [found.paid[entity, kind] for kind in PROGRAMS]
        table.add_row(NAMES[entity], *_figures([*counts, sum(counts)]))
    totals = [sum(found.paid[one, kind] for one in ENTITIES) for kind in PROGRAMS]
    table.add_row("all", *_figures([*totals, sum(totals)]))
    console.print(table)


def _show_reasons(console: Console, title: str, counts: Counter[str]) -> None:
    """Print a number, and what it is made of."""
    console.print(f"  {title}")
    for reason, count in counts.most_common():
        console.print(f"    {count:>7,}  {WORDS.get(reason, reason)}", markup=False)


def _show_eligibility(console: Console, found: Payees) -> None:
    """Print how many entities must report, may, or are excluded, and why."""
    if not found.eligibility:
        return
    console.print(f"  Eligibility of {found.eligibility.total():,} entities")
    ranked = sorted(
        found.eligibility.items(),
        key=lambda item: (OUTCOMES.index(item[0][0]), -item[1], item[0][1]),
    )
    for (outcome, reason), count in ranked:
        why = REASONS.get(reason, reason)
        console.print(f"    {count:>7,}  {outcome}: {why}", markup=False)


def _show_entities(console: Console, found: Payees) -> None:
    """Print how many entities have scores, and their mean."""
    table = Table(box=None, padding=(0, 2))
    table.add_column("Entities with a score")
    for name in ("Entities", "Scores", "Mean"):
        table.add_column(name, justify="right")
    for entity, scores in found.scores.items():
        figures = _figures([scores.entities, scores.scores])
        table.add_row(NAMES[entity], *figures, f"{scores.mean:.2f}")
    console.print(table)
    if found.ended:
        console.print(f"  Scores taken back by their senders: {found.ended:,}")


def _figures(counts: list[int]) -> list[str]:
    """Write numbers; nothing is a dash."""
    return [f"{count:,}" if count else "-" for count in counts]
