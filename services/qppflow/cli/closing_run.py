"""One run of `qppflow close-year`: look, refuse or close, and tell each clinician."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from qpp.mips.tally import TallyError
from qppflow.cli.closing_cut import (
    PAYMENTS,
    Cut,
    GroupReader,
    find_cut,
    places_of,
)
from qppflow.cli.closing_events import (
    CLOSED,
    CLOSINGS,
    Basis,
    applied_record,
    closed_record,
    year_closed,
)
from qppflow.cli.closing_order import (
    Mode,
    Order,
    RefusedError,
    Why,
    refuse_held,
    refuse_in_flight,
    refuse_mode,
)
from qppflow.cli.closing_paid import Clinicians
from qppflow.cli.reading_topics import Positions, read_to_end
from qppflow.cli.submit_send import Carrier
from qppflow.cli.submit_show import Steps
from qppflow.runtime.contracts import Names
from qppflow.runtime.events import decode, kind_of, time_of
from qppflow.runtime.faults import BrokerError
from qppflow.runtime.log_reader import read_between
from qppflow.runtime.records import Outgoing

JsonObject: TypeAlias = dict[str, Any]

BATCH: Final = 500


class Site(NamedTuple):
    """The stream: who reads, who sends, how topics are named, and who hears."""

    reader: GroupReader
    carrier: Carrier
    names: Names
    steps: Steps


class Standing(NamedTuple):
    """A closing in the log, and the time that its event carries, in ms since 1970."""

    closing: JsonObject
    time_ms: int


class Report(NamedTuple):
    """What a run did: the closing, and how many clinicians were told."""

    closing: Mapping[str, Any]
    told: int


async def close(site: Site, order: Order) -> Report:
    """Close a year, or go on with a closing.

    Raises:
        RefusedError: it is not closed, or not to be closed so.
        BrokerError: Kafka does not answer; run it again, with --resume where a
            closing was published.
        StopServiceError: a topic is not there.
    """
    standing = await find_standing(site, order.rules.year)
    before = None if standing is None else standing.closing
    refuse_mode(order, before)
    if standing is not None and order.mode in {Mode.RESUME, Mode.LATE}:
        return await _go_on(site, order, standing)
    cut = await find_cut(site.reader, site.names)
    refuse_in_flight(order, cut.in_flight)
    with Clinicians.kept(order.rules.year) as clinicians:
        await _read(site, clinicians, _payments(site, cut.payments))
        closing = year_closed(_basis(clinicians, cut, order), order.rules, before)
        if order.dry_run:
            return Report(closing, 0)
        await _publish(site, closing, clinicians.newest)
        told = await _tell(site, closing, clinicians.newest, clinicians)
        return Report(closing, told)


async def find_standing(site: Site, year: int) -> Standing | None:
    """Find the closing of a year with the highest number, the first of its number.

    Raises:
        BrokerError: Kafka does not answer.
        StopServiceError: the topic is not there.
    """
    found: Standing | None = None
    async for batch in read_to_end(site.reader, site.names.physical(CLOSINGS)):
        for record in batch:
            event = decode(record.value)
            if kind_of(record) != CLOSED or event["performanceYear"] != year:
                continue
            if found is None or event["number"] > found.closing["number"]:
                found = Standing(event, time_of(record))
    return found


def _basis(clinicians: Clinicians, cut: Cut, order: Order) -> Basis:
    """Add up what all are paid.

    Raises:
        RefusedError: nobody is, or some wait for a parked input.
    """
    year, held = order.rules.year, clinicians.held()
    refuse_held(order, held)
    try:
        tally = clinicians.tally(order.rules)
    except TallyError as error:
        message = f"what is paid cannot be added up: {error}"
        raise RefusedError(Why.NOT_A_TALLY, message) from error
    if not tally.clinicians:
        message = f"nobody is paid for {year}: there is nothing to close"
        raise RefusedError(Why.EMPTY, message)
    return Basis(
        cut,
        tally,
        clinicians.without_amount(),
        clinicians.count() - tally.clinicians,
        [one.subject for one in held],
        clinicians.newest,
    )


async def _go_on(site: Site, order: Order, standing: Standing) -> Report:
    """Tell clinicians of a closing that stands: all of its cut, or those after it."""
    closing, time_ms = standing
    before = _payments(site, closing["cut"][PAYMENTS])
    late = order.mode is Mode.LATE
    ends = await site.reader.ends([site.names.physical(PAYMENTS)]) if late else before
    with Clinicians.kept(order.rules.year, before) as clinicians:
        await _read(site, clinicians, ends)
        if not late and clinicians.tally(order.rules).digest() != closing["hash"]:
            message = "before the cut there is not what the closing was made of"
            raise RefusedError(Why.OTHER_CUT, message, number=closing["number"])
        if order.dry_run:
            return Report(closing, 0)
        return Report(
            closing, await _tell(site, closing, time_ms, clinicians, late=late)
        )


def _payments(site: Site, offsets: Iterable[int]) -> Positions:
    """Give the partitions of payments with their offsets."""
    return places_of(site.names.physical(PAYMENTS), list(offsets))


async def _read(site: Site, clinicians: Clinicians, ends: Positions) -> None:
    """Take all payments before *ends*."""
    starts = await site.reader.starts([site.names.physical(PAYMENTS)])
    async for batch in read_between(site.reader, starts, ends):
        clinicians.take(batch)
        site.steps.step(len(batch))


async def _publish(site: Site, closing: JsonObject, time_ms: int) -> None:
    """Publish a closing; it counts if no other one of its number came first.

    Raises:
        RefusedError: somebody else closed the year in between.
    """
    await send(site, [closed_record(closing, time_ms)])
    stands = await find_standing(site, closing["performanceYear"])
    if stands is None or stands.closing != closing:
        message = "the year was closed by somebody else in between: look, then --again"
        raise RefusedError(Why.CLOSED_MEANWHILE, message, number=closing["number"])


async def _tell(
    site: Site,
    closing: JsonObject,
    time_ms: int,
    clinicians: Clinicians,
    *,
    late: bool = False,
) -> int:
    """Tell clinicians by what their year is closed; gives how many."""
    told = 0
    everyone = clinicians.everyone(late=late)
    for batch in _batches(applied_record(closing, who, time_ms) for who in everyone):
        await send(site, batch)
        told += len(batch)
        site.steps.step(len(batch))
    return told


def _batches(records: Iterable[Outgoing]) -> Iterator[list[Outgoing]]:
    """Cut records into batches."""
    batch: list[Outgoing] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def send(site: Site, batch: list[Outgoing]) -> None:
    """Send a batch, and return when all is stored."""
    named = [one._replace(topic=site.names.physical(one.topic)) for one in batch]
    stored = await site.carrier.carry(named)
    if any(one is None for one in stored):
        message = "records may not be stored, go on with --resume"
        raise BrokerError(message)
