"""Who belongs to an entity, § 414.1305: one chunk of a roster, as far as it tells."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from qpp.checks.identity import NPI, TIN, check_npi, is_doubtful
from qpp.checks.reading import JsonTable, count, day, rows, table, text
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.inputs import GROUP, SUBGROUP

FROM: Final = "from"
TO: Final = "to"


def check_roster(document: Mapping[str, object], report: Report) -> None:
    """Check one chunk of a roster: its number, and each of its members."""
    chunk, chunks = count(document.get("chunk")), count(document.get("chunks"))
    if chunk is not None and chunks is not None and chunk > chunks:
        report.add(
            Code.CHUNK_ABOVE_CHUNKS,
            "/chunk",
            f"chunk {chunk} of {chunks}",
            f"a chunk from 1 to {chunks}, or more chunks",
        )
    home = _home(document)
    places: dict[tuple[str | None, str], str] = {}
    doubtful: list[tuple[str, str]] = []
    for number, raw in enumerate(rows(document.get("members"))):
        member = table(raw)
        if member is None:
            continue
        at = f"/members/{number}"
        _check_dates(member, at, report)
        _check_tin(member, home, at, report)
        npi = text(member.get(NPI))
        if npi is None:
            continue
        first = places.setdefault((text(member.get(TIN)), npi), at)
        if first != at:
            report.add(
                Code.MEMBER_DUPLICATE,
                at,
                f"the TIN and NPI of {first} again",
                "each pair of TIN and NPI once in a roster",
            )
        if is_doubtful(npi, report.context.rules.submission):
            doubtful.append((npi, f"{at}/{NPI}"))
    if doubtful:
        # Told once for all: a large roster may have thousands.
        check_npi(*doubtful[0], report, len(doubtful))


def _home(document: Mapping[str, object]) -> str | None:
    """Give the one TIN that all members bill under; None where there may be several."""
    kind = document.get("entityType")
    if kind == GROUP:
        return text(document.get(TIN))
    group = table(document.get("affiliatedGroup")) if kind == SUBGROUP else None
    return None if group is None else text(group.get(TIN))


def _check_tin(member: JsonTable, home: str | None, at: str, report: Report) -> None:
    """Check that a member bills under the TIN of its group."""
    tin = text(member.get(TIN))
    if home is not None and tin is not None and tin != home:
        report.add(
            Code.MEMBER_OF_ANOTHER_TIN,
            f"{at}/{TIN}",
            "another TIN than the group's",
            "the TIN of the group that the roster is about",
        )


def _check_dates(member: JsonTable, at: str, report: Report) -> None:
    """Check that a membership has an order, and a day of the performance year."""
    start, end = _day(member, FROM), _day(member, TO)
    if start is not None and end is not None and end < start:
        report.add(
            Code.MEMBER_DATES_REVERSED,
            f"{at}/{TO}",
            f"{end} is before {start}",
            "a membership that ends on or after the day it starts",
        )
        return
    first, last = report.context.first_day, report.context.last_day
    for name, found, misses in (
        (FROM, start, start is not None and start > last),
        (TO, end, end is not None and end < first),
    ):
        if misses:
            report.add(
                Code.MEMBER_OUTSIDE_YEAR,
                f"{at}/{name}",
                str(found),
                f"a membership with a day from {first} to {last}",
                report.context.rules.submission.performance_year,
            )


def _day(member: JsonTable, name: str) -> date | None:
    """Read a day; what is none is the JSON Schema's finding."""
    return day(text(member.get(name)) or "")
