"""The semantic checks of eligibility facts and elections, § 414.1305 and .1310."""

from collections.abc import Mapping
from typing import Final

from qpp.checks.reading import count, day, rows, table, text, written_number
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.eligibility.segment import ENCOUNTERS, MEMBER_COUNTS, MEMBERS, PLACES
from qpp.identifiers import shown
from qpp.inputs import INDIVIDUAL
from qpp.numbers import ZERO

Document = Mapping[str, object]

AT: Final = "/eligibility"
CHARGES: Final = "allowedCharges"
SERVICES: Final = "coveredServices"
# What is known of a clinician alone, and of the clinicians of a group alone.
OF_CLINICIANS: Final = ("clinicianType", "medicareEnrollmentDate")
OF_INDIVIDUALS: Final = (ENCOUNTERS, PLACES)
OF_GROUPS: Final = (MEMBERS, *MEMBER_COUNTS.values())


def check_eligibility(document: Document, report: Report) -> None:
    """Check the eligibility facts of a profile, where it has any."""
    facts = table(document.get("eligibility"))
    if facts is None:
        return
    individual = document.get("entityType") == INDIVIDUAL
    if not individual:
        _check_foreign(facts, OF_CLINICIANS, AT, report, individual=individual)
    places: dict[int, str] = {}
    for number, raw in enumerate(rows(facts.get("segments"))):
        segment, at = table(raw) or {}, f"{AT}/segments/{number}"
        names = OF_GROUPS if individual else OF_INDIVIDUALS
        _check_foreign(segment, names, at, report, individual=individual)
        _check_segment(segment, at, report)
        which = count(segment.get("segment"))
        first = at if which is None else places.setdefault(which, at)
        if first != at:
            report.add(
                Code.SEGMENT_TWICE,
                f"{at}/segment",
                f"segment {which} again",
                f"each segment once; the first is {first}",
                report.context.rules.eligibility.determination_segments,
            )


def _check_foreign(
    facts: Document,
    names: tuple[str, ...],
    at: str,
    report: Report,
    *,
    individual: bool,
) -> None:
    """Check that no fact stands here that another kind of entity has."""
    for name in names:
        if facts.get(name) is not None:
            report.add(
                Code.FACT_OF_ANOTHER_KIND,
                f"{at}/{name}",
                f"{name} of {'an individual' if individual else 'no individual'}",
                f"no {name}: only {'groups have' if individual else 'individuals have'}"
                " it",
            )


def _check_segment(segment: Document, at: str, report: Report) -> None:
    """Check that no figure is negative, and no part larger than its whole."""
    rules = report.context.rules.eligibility
    charges = written_number(segment.get(CHARGES))
    if charges is not None and charges < ZERO:
        report.add(
            Code.FEED_FIGURE_IMPOSSIBLE,
            f"{at}/{CHARGES}",
            shown(segment[CHARGES]),
            "0 or more",
            rules.low_volume_thresholds,
        )
    members = segment.get(MEMBERS)
    for name in MEMBER_COUNTS.values():
        _check_part(segment.get(name), members, f"{at}/{name}", MEMBERS, report)
    places = table(segment.get(PLACES)) or {}
    _check_part(
        sum(count(number) or 0 for number in places.values()) if places else None,
        segment.get(SERVICES),
        f"{at}/{PLACES}",
        SERVICES,
        report,
    )


def _check_part(
    part: object, whole: object, at: str, name: str, report: Report
) -> None:
    """Check that a part is there with its whole, and not above it."""
    some, all_of_them = count(part), count(whole)
    if some is None:
        return
    if whole is None:
        report.add(
            Code.PART_ABOVE_WHOLE, at, f"{shown(some)} of no {name}", f"{name} too"
        )
    elif all_of_them is not None and some > all_of_them:
        found = f"{shown(some)} of {shown(all_of_them)}"
        report.add(Code.PART_ABOVE_WHOLE, at, found, f"at most {name}")


def check_election(document: Document, report: Report) -> None:
    """Check that an election was made while elections of its year were open."""
    rules = report.context.rules.eligibility
    made = day(text(document.get("electedOn")) or "")
    first, last = rules.election_from.value, rules.election_until.value
    if made is not None and not first <= made <= last:
        report.add(
            Code.ELECTION_OUTSIDE_YEAR,
            "/electedOn",
            str(made),
            f"a day from {first} to {last}",
            rules.election_from if made < first else rules.election_until,
        )
