"""The checks of reweighting decisions: reason, category, entity and ground agree."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from qpp.checks.reading import count, day, rows, table, text, written_number
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.identifiers import shown
from qpp.mips.reweighting_rules import ReweightingRules
from qpp.numbers import HUNDRED, ZERO, plain
from qpp.rulebook import Provision

Item = Mapping[str, object]


def check_reweighting(document: Item, report: Report) -> None:
    """Check every decision by the reasons of the year, § 414.1380(c)(2)(i)."""
    kind = text(document.get("entityType"))
    places: dict[tuple[str, str], str] = {}
    for number, raw in enumerate(rows(document.get("decisions"))):
        item, at = table(raw) or {}, f"/decisions/{number}"
        category, reason = text(item.get("category")), text(item.get("reason"))
        _check_share(item.get("percent"), f"{at}/percent", report)
        if category is None or reason is None:
            continue
        _check_reason(reason, category, at, report)
        if kind is not None:
            _check_entity(reason, kind, at, report)
        if reason in GROUNDS:
            GROUNDS[reason](item, at, report)
        first = places.setdefault((category, reason), at)
        if first != at:
            report.add(
                Code.DECISION_DUPLICATE,
                at,
                f"{shown(category)} for {shown(reason)} again",
                f"each category and reason once; the first is {first}",
            )


def _rules(report: Report) -> ReweightingRules:
    """Give the rules of the year."""
    return report.context.rules.reweighting


def _check_reason(reason: str, category: str, at: str, report: Report) -> None:
    """Check that the reason is one of the year, and takes the category's weight."""
    rule = _rules(report).reason(reason)
    # An unknown reason is the JSON Schema's business.
    if rule is None or category in rule.value:
        return
    if not rule.value:
        year = report.context.rules.year
        report.add(
            Code.REASON_NOT_OF_YEAR,
            f"{at}/reason",
            shown(reason),
            f"a reason that {year} has",
            rule,
        )
        return
    report.add(
        Code.REASON_NOT_FOR_CATEGORY,
        f"{at}/category",
        f"{shown(category)} for {shown(reason)}",
        f"one of {', '.join(sorted(rule.value))}",
        rule,
    )


def _check_entity(reason: str, kind: str, at: str, report: Report) -> None:
    """Check that the reason is for entities of this type."""
    types = _rules(report).entity_types
    allowed = types.value.get(reason)
    if allowed is None or kind in allowed:
        return
    report.add(
        Code.REASON_NOT_FOR_ENTITY,
        f"{at}/reason",
        f"{shown(reason)} for {shown(kind)}",
        f"an entity of type {' or '.join(allowed)}",
        types,
    )


def _check_share(sent: object, at: str, report: Report) -> None:
    """Check that a share is 0 to 100 percent."""
    share = written_number(sent)
    if share is not None and not ZERO <= share <= HUNDRED:
        report.add(Code.FEED_FIGURE_IMPOSSIBLE, at, shown(sent), "0 to 100")


def _check_control(item: Item, at: str, report: Report) -> None:
    """Check the share of encounters without control of certified technology."""
    rule = _rules(report).no_control_minimum
    share = _share(item)
    if share is not None and share < rule.value:
        needed = f"at least {plain(rule.value)} {rule.unit}"
        _lacking(f"{at}/percent", item["percent"], needed, rule, report)


def _check_clinicians(item: Item, at: str, report: Report) -> None:
    """Check the share of an APM entity's clinicians who are reweighted themselves."""
    rule = _rules(report).apm_clinicians_above
    share = _share(item)
    if share is not None and share <= rule.value:
        needed = f"more than {plain(rule.value)} {rule.unit}"
        _lacking(f"{at}/percent", item["percent"], needed, rule, report)


def _check_years(item: Item, at: str, report: Report) -> None:
    """Check for how many years decertified technology was an exception."""
    rule = _rules(report).decertified_years_maximum
    years = count(item.get("years"))
    if years is not None and years > rule.value:
        needed = f"at most {rule.value} years"
        _lacking(f"{at}/years", item["years"], needed, rule, report)


def _check_joining(item: Item, at: str, report: Report) -> None:
    """Check that the clinician joined late in the year."""
    rule = _rules(report).newly_formed_from
    joined = day(text(item.get("joinedOn")) or "")
    last = report.context.last_day
    if joined is not None and not rule.value <= joined <= last:
        needed = f"a day from {rule.value} to {last}"
        _lacking(f"{at}/joinedOn", item["joinedOn"], needed, rule, report)


def _share(item: Item) -> Decimal | None:
    """Read a share that can be; one that cannot is told elsewhere."""
    share = written_number(item.get("percent"))
    return share if share is not None and ZERO <= share <= HUNDRED else None


def _lacking(
    at: str, sent: object, needed: str, rule: Provision[object], report: Report
) -> None:
    """Say that a reason lacks its ground."""
    report.add(Code.REASON_WITHOUT_GROUND, at, shown(sent), needed, rule)


GROUNDS: Final[Mapping[str, Callable[[Item, str, Report], None]]] = {
    "noControlOverCehrt": _check_control,
    "apmEntityExtremeAndUncontrollable": _check_clinicians,
    "apmEntityClinicians": _check_clinicians,
    "decertifiedCehrt": _check_years,
    "newlyFormedPractice": _check_joining,
}
