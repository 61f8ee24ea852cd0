"""A small practice's year on a deployment: documents in, what was published out."""

import json
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from qppflow.cli.submit_kafka import AioCarrier
from qppflow.runtime import contracts
from qppflow.runtime.events import decode
from qppflow.runtime.log_reader import AioLogReader
from qppflow.runtime.records import Outgoing, Place, Record
from tests.helpers.cli import MEASURES, PI_WHOLE
from tests.helpers.deployment import Deployment
from tests.helpers.documents import CEHRT

Json: TypeAlias = dict[str, Any]

PAYMENTS: Final = "qpp-payment-adjustments"
SCORES: Final = "qpp-final-scores"
SOURCE: Final = (("ce_source", b"urn:test:year"),)


def clinician(number: int) -> Json:
    """Give the identifiers of a clinician."""
    return {
        "entityType": "individual",
        "taxpayerIdentificationNumber": f"{number + 1:09}",
        "nationalProviderIdentifier": f"{number + 1:010}",
    }


def documents_of(year: int, number: int, met: int, amount: str | None) -> list[Json]:
    """Give what a clinician must take part by, what she did, and what she was paid.

    *met* of 100 cases met each quality measure; with none she sent no other category.
    """
    who = {**clinician(number), "performanceYear": year}
    segment = {
        "segment": 1,
        "allowedCharges": "120000",
        "beneficiaries": 300,
        "coveredServices": 900,
    }
    facts = {"qpStatus": "none", "segments": [segment], "clinicianType": "physician"}
    profile = {"specialStatuses": ["smallPractice"], "eligibility": facts}
    documents = [{**who, "feed": "profile", **profile}]
    if amount is not None:
        documents.append({**who, "feed": "paid-amount", "allowedAmount": amount})
    sets = [_set(year, "quality", {name: _cases(name, met) for name in MEASURES})]
    if met:
        sets.append(_set(year, "ia", {"IA_BE_4": True}))
        sets.append({**_set(year, "pi", _interoperability()), "cehrtId": CEHRT})
    return [*documents, {**who, "measurementSets": sets}]


def _set(year: int, category: str, values: Json) -> Json:
    return {
        "category": category,
        "submissionMethod": "registry",
        "programName": "mips",
        "performanceStart": f"{year}-01-01",
        "performanceEnd": f"{year}-12-31",
        "measurements": [
            {"measureId": name, "value": value} for name, value in values.items()
        ],
    }


def _cases(name: str, met: int) -> Json:
    """Give 100 cases; 001 is inverse, so that there the fewer the better."""
    count = 100 - met if name == "001" else met
    return {
        "isEndToEndReported": False,
        "performanceMet": count,
        "performanceNotMet": 100 - count,
        "eligiblePopulation": 100,
        "eligiblePopulationExclusion": 0,
        "eligiblePopulationException": 0,
    }


def _interoperability() -> Json:
    best = {"numerator": 100, "denominator": 100}
    return {name: value if value is True else best for name, value in PI_WHOLE.items()}


async def send_documents(site: Deployment, documents: Sequence[Json]) -> None:
    """Send submissions and feeds to the deployment."""
    async with AioCarrier.connected(site.servers, 4_194_304) as carrier:
        batch = [
            Outgoing(
                site.topic("qpp-cms-feeds" if "feed" in one else "qpp-submissions"),
                None,
                json.dumps(one).encode(),
                SOURCE,
            )
            for one in documents
        ]
        assert None not in await carrier.carry(batch)


async def records_of(site: Deployment, topic: str) -> list[Record]:
    """Read a topic to its end."""
    count = contracts.topics()[topic].partitions
    name = site.topic(topic)
    starts = {Place(name, number): 0 for number in range(count)}
    async with AioLogReader.connected(site.servers) as reader:
        return [r async for batch in reader.read_topic(name, starts) for r in batch]


async def latest(site: Deployment, topic: str) -> dict[str, Json]:
    """Give the event of the highest revision of each subject of a topic."""
    found: dict[str, Json] = {}
    for record in await records_of(site, topic):
        event = decode(record.value)
        kept = found.get(event["subject"])
        if kept is None or event["revision"] > kept["revision"]:
            found[event["subject"]] = event
    return found
