"""What one entity lends another: one hop, under the borrower's key, never lent on."""

from dataclasses import replace
from typing import Any, Final, TypeAlias

from qpp.feeds import PROFILE
from qpp.inputs import APM_ENTITY, read_input
from qpp.mips.scoring import PARTS
from qpp.numbers import plain
from qpp.standing import score_input_of
from qpp.submission import PI
from qppflow.entities.loans import SHARED
from qppflow.entities.members import lenders
from qppflow.entities.revisions import Cause, say
from qppflow.entities.slots import Entity, current_sets, programs
from qppflow.runtime import ids
from qppflow.runtime.codec import canonical
from qppflow.runtime.records import Outgoing

JsonObject: TypeAlias = dict[str, Any]

FACTS: Final = "qpp-entity-facts"
DECLARED: Final = "borrowing-declared.v1"
LENT: Final = "data-lent.v1"


def borrow(entity: Entity, cause: Cause) -> tuple[Entity, list[Outgoing]]:
    """Ask those a new roster names for their data, and tell those it no longer does."""
    wanted = lenders(entity, cause.year, cause.law, cause.tokens)
    before = frozenset(entity.lenders)
    if wanted == before:
        return entity, []
    sent = [
        _declare(entity, token, cause, wanted=token in wanted)
        for token in sorted(wanted ^ before)
    ]
    kept = {token: loan for token, loan in entity.lent.items() if token in wanted}
    return replace(entity, lenders=sorted(wanted), lent=kept), sent


def declared(entity: Entity, cause: Cause) -> tuple[Entity, list[Outgoing]]:
    """Note who borrows here, and lend what there is; an older word changes nothing."""
    event = cause.event
    token, known = event["borrower"], entity.borrowers.get(event["borrower"])
    if known is not None and known["revision"] >= event["revision"]:
        return entity, []
    noted = {
        "borrowerType": event["borrowerType"],
        "revision": event["revision"],
        "wanted": event["wanted"],
        "said": None,
    }
    return lend(replace(entity, borrowers={**entity.borrowers, token: noted}), cause)


def lend(entity: Entity, cause: Cause) -> tuple[Entity, list[Outgoing]]:
    """Send each borrower what changed for it."""
    sent: list[Outgoing] = []
    borrowers = dict(entity.borrowers)
    for token, known in entity.borrowers.items():
        if not known["wanted"]:
            continue
        content = _loan(entity, known["borrowerType"], cause)
        said = ids.digest([canonical(content).decode()])
        if said != known["said"]:
            borrowers[token] = {**known, "said": said}
            sent.append(_send(entity, token, content, cause))
    return replace(entity, borrowers=borrowers) if sent else entity, sent


def taken(entity: Entity, event: JsonObject) -> Entity:
    """Take a loan, unless it is older than what is held, or no longer wanted."""
    lender, held = event["lender"], entity.lent.get(event["lender"])
    if lender not in entity.lenders:
        return entity
    if held is None and not any(event["content"].values()):
        # Nothing was held, and nothing is lent: no score changes by it.
        return entity
    if held is not None and held["revision"] >= event["revision"]:
        return entity
    loan = {"revision": event["revision"], "content": event["content"]}
    return replace(entity, lent={**entity.lent, lender: loan})


def _loan(entity: Entity, borrower: str, cause: Cause) -> JsonObject:
    """Write what a kind of borrower uses; never what is borrowed itself."""
    sets = [
        item
        for program in programs(entity)
        for item in current_sets(entity, program)
        if item["category"] == PI
    ]
    if borrower == APM_ENTITY:
        return _interoperability(entity, sets, cause)
    profile = entity.feed(PROFILE)
    if profile is not None:
        # The group's clinicians are no business of its subgroups, and may be many.
        profile = {name: item for name, item in profile.items() if name != "roster"}
    return {PI: sets, PROFILE: profile, **{name: entity.feed(name) for name in SHARED}}


def _interoperability(
    entity: Entity, sets: list[JsonObject], cause: Cause
) -> JsonObject:
    """Write what the entity has in Promoting Interoperability, as one figure."""
    if entity.who is None:
        return {"percent": None, "excepted": False}
    feeds = {name: slot["content"] for name, slot in entity.feeds.items()}
    written = score_input_of(entity.who["entityType"], sets, feeds, cause.law.rules)
    default = cause.law.rules.submission.default_program.value
    given = read_input(written, default)
    found = PARTS[PI](given, cause.law, explain=False)
    approved = any(category == PI for category, *_ in given.reweighted)
    sent = found.has_data and found.percent is not None
    return {
        "percent": plain(found.percent) if sent and found.percent is not None else None,
        "excepted": bool(found.automatic_reweighting) or approved,
    }


def _declare(entity: Entity, lender: str, cause: Cause, *, wanted: bool) -> Outgoing:
    """Tell a lender that this entity uses its data, or does no more."""
    assert entity.who is not None
    return _fact(
        DECLARED,
        lender,
        f"borrow|{lender}",
        {
            "borrower": cause.event["subject"],
            "borrowerType": entity.who["entityType"],
            "wanted": wanted,
        },
        entity=entity,
        cause=cause,
    )


def _send(entity: Entity, borrower: str, content: JsonObject, cause: Cause) -> Outgoing:
    """Forward data under the borrower's key."""
    # A borrower that left and came back is sent the same revision once more.
    again = entity.borrowers[borrower]["revision"]
    more = {"lender": cause.event["subject"], "content": content}
    name = f"lend|{borrower}|{again}"
    return _fact(LENT, borrower, name, more, entity=entity, cause=cause)


def _fact(  # noqa: PLR0913 - one argument an attribute of the fact
    kind: str,
    subject: str,
    name: str,
    more: JsonObject,
    *,
    entity: Entity,
    cause: Cause,
) -> Outgoing:
    """Write a fact of ours under another entity's key."""
    event = cause.event
    program = cause.law.rules.submission.default_program.value
    event_id = ids.event_id(
        "entities", event["subject"], program, entity.revision, name
    )
    payload = {
        "eventId": event_id,
        "subject": subject,
        "program": program,
        "performanceYear": cause.year,
        "revision": entity.revision,
        **more,
        "receivedAt": event["receivedAt"],
    }
    return say(FACTS, kind, payload, event_id=event_id, subject=subject, cause=cause)
