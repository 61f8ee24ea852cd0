"""Are the strata of a measure with several rates those that CMS names, each once?"""

from qpp.checks.counts import check_counts
from qpp.checks.line import Line
from qpp.checks.reading import JsonTable, rows, table, text
from qpp.codes import Code
from qpp.identifiers import shown
from qpp.mips.rates import OVERALL
from qpp.submission import Strata


def check_strata(value: JsonTable, at: str, line: Line) -> Strata | None:
    """Check the strata of a value at pointer *at*; give them if all are sound."""
    sent = rows(value.get("strata"))
    if not sent:
        # An empty list, or none, is the JSON Schema's finding.
        return None
    places: dict[str, str] = {}
    read = []
    for number, raw in enumerate(sent):
        item = table(raw) or {}
        place = f"{at}/strata/{number}"
        name = text(item.get("stratum"))
        named = name is not None and _check_name(name, place, places, line)
        counts = check_counts(item, place, line, name or "")
        if counts is not None and named:
            read.append(counts)
    whole = _check_missing(f"{at}/strata", places, line)
    return Strata(tuple(read)) if whole and len(read) == len(sent) else None


def _check_name(name: str, at: str, places: dict[str, str], line: Line) -> bool:
    """Say whether a stratum has a name of its measure that is not taken yet."""
    if name not in line.measure.strata:
        line.report.add(
            Code.STRATUM_UNKNOWN,
            f"{at}/stratum",
            shown(name),
            f"one of {', '.join(line.measure.strata)}",
        )
        return False
    first = places.setdefault(name, at)
    if first != at:
        line.report.add(
            Code.STRATUM_DUPLICATE,
            f"{at}/stratum",
            f"{shown(name)} again",
            f"each stratum once; the first is {first}",
        )
    return first == at


def _check_missing(at: str, places: dict[str, str], line: Line) -> bool:
    """Say whether every stratum that is needed is there."""
    needed: tuple[str, ...] = line.measure.strata
    told = line.report.context.rules.submission.strata_may_be_left_out_for
    if f"{line.measure.measure_id}:{line.method}" in told.value:
        needed = (OVERALL,)
    missing = [name for name in needed if name not in places]
    if missing:
        line.report.add(
            Code.STRATUM_MISSING,
            at,
            f"no stratum {', '.join(missing)}",
            f"every stratum of the measure: {', '.join(needed)}",
        )
    return not missing
