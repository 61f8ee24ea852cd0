"""One run of `qppflow rescore`: read the year, compare, or order it at a rate."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Final, NamedTuple

from qpp.mips.scoring import Law
from qppflow.cli.closing_run import Site, find_standing, send
from qppflow.cli.reading_topics import read_to_end
from qppflow.cli.rescore_compare import Comparison
from qppflow.cli.rescore_entities import INPUTS, PAYMENTS, SCORES, Entities
from qppflow.cli.rescore_events import (
    FACTS,
    SOME,
    WHOLE_YEAR,
    Order,
    new_order,
    ordered_record,
)

BATCH: Final = 500
A_SECOND: Final = 1.0


class Plan(NamedTuple):
    """One run: the law, which entities (all where none is named), and how."""

    law: Law
    only: frozenset[str]
    rate: int
    dry_run: bool
    resume: bool
    scaling_factor: Decimal | None = None

    @property
    def name(self) -> str:
        """Name the law as scores pin it."""
        return f"{self.law.rules.id} {self.law.catalogue.id}"


class Report(NamedTuple):
    """What a run did; ``left`` are entities that were not told when it paused."""

    order: str | None
    already: int
    ordered: int
    left: int
    comparison: Comparison | None = None


class NotOrderedError(Exception):
    """Nothing was ordered; ``word`` says why to programs, the text to people."""

    def __init__(self, word: str, message: str) -> None:
        super().__init__(message)
        self.word = word


async def rescore(site: Site, plan: Plan, stop: asyncio.Event) -> Report:
    """Compare, or order what is wanted until done or told to *stop*.

    Raises:
        NotOrderedError: an entity is unknown, or there is nothing to resume.
        BrokerError: Kafka does not answer; go on with --resume.
        StopServiceError: a topic is not there.
    """
    with Entities.kept(plan.law.rules.year) as entities:
        topics = (FACTS, SCORES, *((INPUTS, PAYMENTS) if plan.dry_run else ()))
        for topic in topics:
            async for batch in read_to_end(site.reader, site.names.physical(topic)):
                entities.take(topic, batch)
                site.steps.step(len(batch))
        if unknown := entities.unknown(plan.only):
            message = f"no submission of these entities: {', '.join(unknown)}"
            raise NotOrderedError(_UNKNOWN, message)
        already = entities.done(plan.name, plan.only)
        if plan.dry_run:
            compared = await _compare(site, plan, entities)
            waiting = sum(1 for _ in entities.waiting(plan.name, only=plan.only))
            return Report(None, already, 0, waiting, compared)
        order = await _order(site, plan, entities)
        # A list of tokens would grow with the year; counted first, then told.
        total = sum(1 for _ in entities.waiting(plan.name, order.id, plan.only))
        waiting_now = entities.waiting(plan.name, order.id, plan.only)
        ordered = await _tell(site, order, waiting_now, plan.rate, stop)
        return Report(order.id, already, ordered, total - ordered)


_UNKNOWN: Final = "unknown-entity"
_NOTHING: Final = "nothing-to-resume"
_OTHER_LAW: Final = "other-law"
_OTHER_SCOPE: Final = "other-scope"


async def _compare(site: Site, plan: Plan, entities: Entities) -> Comparison:
    """Score all that waits by the law of this build, and put it beside what stands."""
    standing = await find_standing(site, plan.law.rules.year)
    closing = None if standing is None else standing.closing
    found = Comparison(plan.law, plan.scaling_factor, closing)
    for subject in entities.waiting(plan.name, only=plan.only):
        for pair in entities.pairs(subject):
            found.add(pair, entities.paid_by(subject, pair.program))
        site.steps.step()
    return found


async def _order(site: Site, plan: Plan, entities: Entities) -> Order:
    """Make an order, or find the one to go on with.

    Raises:
        NotOrderedError: there is none, or it is for something else.
    """
    scope = SOME if plan.only else WHOLE_YEAR
    if not plan.resume:
        ends = await site.reader.ends([site.names.physical(FACTS)])
        place = ",".join(str(ends[one]) for one in sorted(ends))
        return new_order(plan.law, scope, place, entities.newest)
    order, year = entities.order, plan.law.rules.year
    if order is None:
        message = f"no re-scoring of {year} was ever ordered"
        raise NotOrderedError(_NOTHING, message)
    if (order.book, order.catalogue) != (plan.law.rules.id, plan.law.catalogue.id):
        message = (
            f"the last order is for {order.book} {order.catalogue}, this build has"
            f" {plan.name}: leave --resume out, for a new order"
        )
        raise NotOrderedError(_OTHER_LAW, message)
    if order.scope != scope:
        wants = (
            "name them again with --entity" if order.scope == SOME else "no --entity"
        )
        message = f"the last order is for {order.scope}: {wants}"
        raise NotOrderedError(_OTHER_SCOPE, message)
    return order


async def _tell(
    site: Site, order: Order, waiting: Iterator[str], rate: int, stop: asyncio.Event
) -> int:
    """Write facts, so many a second, until all are told or *stop* is set."""
    told, size = 0, min(rate, BATCH)
    while not stop.is_set():
        subjects = list(islice(waiting, size))
        if not subjects:
            break
        await send(site, [ordered_record(order, subject) for subject in subjects])
        told += len(subjects)
        site.steps.step(len(subjects))
        await _pause(stop, A_SECOND * len(subjects) / rate)
    return told


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not longer than until somebody wants to stop."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
