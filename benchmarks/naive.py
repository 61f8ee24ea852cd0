"""The first stage as a newcomer would write it, with nothing but its two libraries.

One record at a time: FastStream decodes it, `jsonschema` judges it by its year's
schema, the outcome is published and waited for, and the offset is committed. Meaning
is not checked beyond the schema, and answers have no ids: it does less than ours.

``python -m benchmarks.naive SERVERS PREFIX`` reads the topic without the prefix.
"""

import asyncio
import sys
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker
from jsonschema import Draft202012Validator

from qpp.library import years
from qppflow.demo.messages import SUBMISSIONS
from qppflow.intake.topics import FACTS, RESULTS
from qppflow.runtime.resources import read_json, schemas

JsonObject: TypeAlias = dict[str, Any]

GROUP: Final = "naive"


def validators() -> dict[int, Draft202012Validator]:
    """Make the validator of each year, once."""
    return {
        year: Draft202012Validator(
            read_json(schemas() / "mips" / f"py{year}" / "submission.schema.json"),
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        for year in years()
    }


def mistakes(
    document: JsonObject, judges: dict[int, Draft202012Validator]
) -> list[str]:
    """Name the place of each mistake of a document."""
    if "submission" in document:
        rest = {name: part for name, part in document.items() if name != "submission"}
        document = {**document["submission"], "measurementSets": [rest]}
    judge = judges.get(document.get("performanceYear", 0))
    if judge is None:
        return ["$.performanceYear"]
    return [error.json_path for error in judge.iter_errors(document)]


def build_app(servers: str, prefix: str) -> FastStream:
    """Compose it."""
    judges = validators()
    broker = KafkaBroker(servers, logger=None)

    @broker.subscriber(
        SUBMISSIONS,
        group_id=GROUP,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.ACK,
    )
    async def validate(document: JsonObject) -> None:
        """Judge one document and publish what was found."""
        found = mistakes(document, judges)
        if found:
            await broker.publish({"mistakes": found}, prefix + RESULTS)
        else:
            await broker.publish(document, prefix + FACTS)

    return FastStream(broker, logger=None)


def main(arguments: Sequence[str]) -> None:
    """Run until told to stop."""
    servers, prefix = arguments
    asyncio.run(build_app(servers, prefix).run())


if __name__ == "__main__":
    main(sys.argv[1:])
