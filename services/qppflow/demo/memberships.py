"""Rosters as CMS sends them: in chunks, and again when somebody left or joined."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from qpp import feeds as names
from qppflow.demo.chance import Draw, happens
from qppflow.demo.people import PLACES, npi, tin
from qppflow.demo.practices import Member, Practice

JsonObject: TypeAlias = dict[str, Any]

# Rosters of this population are small, and chunks of them even smaller.
CHUNK: Final = 18


class Known(NamedTuple):
    """A feed, how likely it comes after the first submission, and how long after.

    ``delay`` is a share of the time that a block of practices lasts.
    """

    document: JsonObject
    late: float
    delay: float = 0.0
    kind: str = ""


def rosters(practice: Practice, head: JsonObject, chance: Draw) -> Iterator[Known]:
    """Draw the rosters of an entity; *head* says whom a document is about."""
    members = [_dated(member, practice.year, chance) for member in practice.members]
    written = list(_chunks(practice, head, "R1", members))
    late = 0.6 if happens(chance, 0.08) else 0.02
    for document in written:
        yield Known(document, late)
    if happens(chance, 0.03):
        wrong = {**written[0], "chunks": written[0]["chunks"] + 1}
        yield Known(wrong, 1, 0.15, "contradicting roster")
    if len(members) > 1 and happens(chance, 0.14):
        changed = [*members[1:], *_joining(practice, chance)]
        for document in _chunks(practice, head, "R2", changed):
            yield Known(document, 1, 0.1)
        if happens(chance, 0.2):
            # A roster that nobody needs any more is sent once more.
            yield Known(written[-1], 1, 0.35, "late chunk")


def _chunks(
    practice: Practice, head: JsonObject, name: str, members: list[JsonObject]
) -> Iterator[JsonObject]:
    """Write one version of a roster, cut into chunks."""
    parts = [members[at : at + CHUNK] for at in range(0, len(members), CHUNK)]
    more: JsonObject = {}
    if practice.group_tin is not None:
        group = {"taxpayerIdentificationNumber": practice.group_tin}
        more = {"affiliatedGroup": group}
    for number, part in enumerate(parts, 1):
        yield {
            **head,
            "feed": names.ROSTER,
            "rosterId": name,
            "chunk": number,
            "chunks": len(parts),
            **more,
            "members": part,
        }


def _joining(practice: Practice, chance: Draw) -> list[JsonObject]:
    """Draw who joins late: nobody, or one who was not there before."""
    if happens(chance, 0.5):
        return []
    home = practice.group_tin or practice.tin or tin(practice.office)
    new = Member(home, npi(practice.office, PLACES - 1))
    return [{**_written(new), "from": f"{practice.year}-07-01"}]


def _dated(member: Member, year: int, chance: Draw) -> JsonObject:
    """Write a member; of a few it is told when they came or went."""
    written = _written(member)
    if happens(chance, 0.05):
        written["to"] = f"{year}-{chance.randint(1, 11):02d}-15"
    elif happens(chance, 0.05):
        written["from"] = f"{year}-{chance.randint(1, 11):02d}-15"
    return written


def _written(member: Member) -> JsonObject:
    """Write a pair of identifiers."""
    return {
        "taxpayerIdentificationNumber": member.tin,
        "nationalProviderIdentifier": member.npi,
    }
