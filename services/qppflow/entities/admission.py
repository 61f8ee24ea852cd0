"""What only memory can judge of a document: registration, election, contradictions."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from qpp.codes import Code
from qpp.feeds import ELECTION, PROFILE, REGISTRATION, REWEIGHTING, ROSTER, WITHDRAWN
from qpp.finding_rules import report
from qpp.findings import Finding, Severity
from qpp.inputs import GROUP, SUBGROUP
from qpp.mips.rules import MipsRules
from qpp.mips.scoring import Law
from qppflow.entities.chunks import contradicts
from qppflow.entities.known import feeds_of
from qppflow.entities.slots import Entity
from qppflow.entities.standing import irrevocable, must_elect
from qppflow.runtime.resources import finding_rules

JsonObject: TypeAlias = dict[str, Any]

OTHER: Final = "other"
MULTISPECIALTY: Final = "multispecialty"


def findings(entity: Entity, fact: JsonObject, law: Law) -> list[Finding]:
    """Judge a fact against what is known of its entity before it is applied.

    An error rejects the document.
    """
    if fact["kind"] == "feed":
        return list(_of_feed(entity, fact, law))
    return list(_of_submission(entity, fact, law))


def _of_feed(entity: Entity, fact: JsonObject, law: Law) -> Iterator[Finding]:
    """Judge a feed: a contradicting roster, an opt-in taken back, a late approval."""
    document = fact["document"]
    if fact["feed"] == ROSTER:
        announced = contradicts(entity, document)
        if announced is not None:
            found = f"{document['chunks']} chunks"
            needed = f"{announced} chunks, as the first of this roster says"
            yield _finding(Code.ROSTER_CONTRADICTS, "/chunks", found, needed)
    if fact["feed"] == ELECTION and irrevocable(entity, document, law):
        yield _finding(Code.OPT_IN_STANDS, "/election", f"{document['election']}")
    if fact["feed"] == REWEIGHTING:
        sent = {item["category"] for item in _sets(entity)}
        for number, item in enumerate(document["decisions"]):
            if item["category"] in sent:
                yield _finding(
                    Code.REWEIGHTED_WITH_DATA,
                    f"/decisions/{number}/category",
                    f"{item['category']}, for which data was submitted",
                )


def _sets(entity: Entity) -> Iterator[JsonObject]:
    """Give the sets that stand, of every program."""
    for slot in entity.sets.values():
        if slot["content"] is not None:
            yield slot["content"]


def _of_submission(entity: Entity, fact: JsonObject, law: Law) -> Iterator[Finding]:
    """Judge a submission: registration, election, and the group of a subgroup."""
    kind, sets = fact["entity"]["entityType"], fact["document"]["measurementSets"]
    # What is taken back needs no leave.
    gone = [item.get(WITHDRAWN) is True for item in sets]
    if must_elect(entity) and not all(gone):
        severity = Severity(law.rules.entities.election_missing.value)
        made = _finding(Code.ELECTION_MISSING, "", "no election")
        yield replace(made, severity=severity)
    if kind == SUBGROUP and entity.feed(ROSTER) is None:
        yield _finding(
            Code.GROUP_NOT_DECLARED, "/entityId", "no roster of the subgroup"
        )
    feeds = feeds_of(entity, law.rules.year)
    known, refused = feeds.get(REGISTRATION), _must_divide(kind, feeds, law.rules)
    for number, item in enumerate(sets):
        program = item.get("programName")
        if gone[number] or program not in law.catalogue.mvps:
            continue
        if refused:
            at = f"/measurementSets/{number}/programName"
            yield _finding(Code.SEVERAL_SPECIALTIES, at, f"{program}, of a group")
        if not _is_registered(known, program):
            at = f"/measurementSets/{number}/programName"
            yield _not_registered(program, at, known, kind, law.rules)


def _must_divide(kind: str, feeds: Mapping[str, JsonObject], rules: MipsRules) -> bool:
    """Say whether a group of several specialties must report an MVP by subgroups."""
    statuses = frozenset(feeds.get(PROFILE, {}).get("specialStatuses", ()))
    if kind != GROUP or MULTISPECIALTY not in statuses:
        return False
    book = rules.entities
    refused = book.multispecialty_group_in_mvp.value == "refused"
    return refused and statuses.isdisjoint(book.multispecialty_exempt.value)


def _is_registered(known: Mapping[str, Any] | None, program: str) -> bool:
    """Say whether a registration names the program."""
    listed = () if known is None else known["registrations"]
    return any(item["programName"] == program for item in listed)


def _not_registered(
    program: str,
    at: str,
    known: Mapping[str, Any] | None,
    kind: str,
    rules: MipsRules,
) -> Finding:
    """Say that a program needs a registration, as severe as the rules have it."""
    table = rules.entities.registration_missing.value
    said = "error" if known is not None else table.get(kind, table[OTHER])
    where = "none known" if known is None else "for other programs only"
    made = _finding(Code.NOT_REGISTERED, at, f"{program}, and a registration {where}")
    return replace(made, severity=Severity(said))


def _finding(
    code: Code, pointer: str, found: str, needed: str | None = None
) -> Finding:
    """Make a finding."""
    return report(finding_rules(), code, pointer, found, needed)
