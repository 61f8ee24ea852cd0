"""The AsyncAPI document is up to date, whole, and made of what readers understand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from qppflow.runtime.asyncapi import FILE, document, written
from qppflow.runtime.contracts import event_names, topics

CONTRACTS = Path(__file__).parents[2] / "contracts"
DOCUMENT = json.loads((CONTRACTS / FILE).read_text("utf-8"))
# The fields that AsyncAPI 3.0.0 knows, of each kind of object that we write.
KNOWN = {
    "root": {"asyncapi", "info", "defaultContentType", "channels", "operations"}
    | {"components"},
    "info": {"title", "version", "description", "license"},
    "channel": {"address", "title", "description", "messages", "bindings"},
    "operation": {"action", "channel", "title", "bindings"},
    "message": {"name", "title", "summary", "contentType", "headers", "payload"},
    "components": {"messages", "schemas"},
}


def resolved(reference: str, whole: dict[str, Any]) -> Any:  # noqa: ANN401 - any part of it
    """Follow a reference inside the document."""
    place: Any = whole
    for step in reference.removeprefix("#/").split("/"):
        place = place[step]
    return place


def references(part: Any) -> Iterator[str]:  # noqa: ANN401 - any part of the document
    """Yield every reference."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for item in part.values():
            yield from references(item)
    elif isinstance(part, list):
        for item in part:
            yield from references(item)


def unknown(kind: str, part: dict[str, Any]) -> list[str]:
    """List fields that AsyncAPI does not know and that are no extension."""
    return [n for n in part if n not in KNOWN[kind] and not n.startswith("x-")]


def mistakes(whole: dict[str, Any]) -> list[str]:
    """List what a reader of AsyncAPI 3.0.0 would stumble over."""
    parts = {"root": whole, "info": whole["info"], "components": whole["components"]}
    found = [f"{k}: {name}" for k, part in parts.items() for name in unknown(k, part)]
    if whole["asyncapi"] != "3.0.0":
        found.append("version")
    return [*found, *wrong_parts(whole), *wrong_references(whole)]


def wrong_parts(whole: dict[str, Any]) -> list[str]:
    """List what is wrong with channels, operations and messages."""
    found = []
    for name, channel in whole["channels"].items():
        found += [f"{name}: {field}" for field in unknown("channel", channel)]
        if not channel["messages"]:
            found.append(f"{name}: no message")
    for name, operation in whole["operations"].items():
        found += [f"{name}: {field}" for field in unknown("operation", operation)]
        if operation["action"] not in {"send", "receive"}:
            found.append(f"{name}: action")
        if not operation["channel"]["$ref"].startswith("#/channels/"):
            found.append(f"{name}: an operation refers to a channel of the root")
    for name, message in whole["components"]["messages"].items():
        found += [f"{name}: {field}" for field in unknown("message", message)]
    return found


def wrong_references(whole: dict[str, Any]) -> list[str]:
    """List references that a schema keeps, or that lead nowhere."""
    found = []
    for name, schema in whole["components"]["schemas"].items():
        found += [f"{name}: keeps {reference}" for reference in references(schema)]
    for reference in references(whole):
        try:
            resolved(reference, whole)
        except KeyError:
            found.append(f"{reference} leads nowhere")
    return found


def test_the_committed_document_is_what_the_contracts_give() -> None:
    """Whoever changes a contract runs ``make generate``."""
    assert (CONTRACTS / FILE).read_bytes() == written(CONTRACTS)


def test_a_changed_contract_makes_the_document_stale(tmp_path: Path) -> None:
    """The check above is seen to fail."""
    for part in ("topics", "events", "headers"):
        (tmp_path / part).symlink_to(CONTRACTS / part)
    (tmp_path / "topics").unlink()
    (tmp_path / "topics").mkdir()
    for file in (CONTRACTS / "topics").iterdir():
        text = file.read_text("utf-8").replace("partitions = 4", "partitions = 5")
        (tmp_path / "topics" / file.name).write_text(text, "utf-8")

    assert written(tmp_path) != (CONTRACTS / FILE).read_bytes()


def test_the_document_has_only_what_asyncapi_knows_and_leads_somewhere() -> None:
    """Structure, references, actions and versions."""
    assert mistakes(DOCUMENT) == []


def test_a_broken_document_is_caught() -> None:
    """Each check above is seen to fail."""
    bad = document(CONTRACTS)
    bad["asyncapi"] = "2.6.0"
    bad["servers_"] = {}
    bad["channels"]["qpp-submissions"]["messages"] = {}
    bad["operations"]["entitiesReceivesQppEntityFacts"] = {
        "action": "subscribe",
        "channel": {"$ref": "#/components/channels/lost"},
    }
    bad["components"]["schemas"]["headers"] = {"$ref": "#/$defs/token"}

    assert mistakes(bad) == [
        "root: servers_",
        "version",
        "qpp-submissions: no message",
        "entitiesReceivesQppEntityFacts: action",
        "entitiesReceivesQppEntityFacts: an operation refers to a channel of the root",
        "headers: keeps #/$defs/token",
        "#/components/channels/lost leads nowhere",
        "#/$defs/token leads nowhere",
    ]


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_every_payload_is_a_schema_in_the_dialect_of_asyncapi(name: str) -> None:
    """AsyncAPI 3 reads JSON Schema draft 7, so ours must mean the same there."""
    Draft7Validator.check_schema(DOCUMENT["components"]["schemas"][name])

    assert '"$defs"' not in json.dumps(DOCUMENT["components"]["schemas"][name])


@pytest.mark.parametrize("event", [n for n in event_names() if n != "dead-letter"])
def test_examples_mean_the_same_in_the_dialect_of_asyncapi(event: str) -> None:
    """What passes or fails our schema passes or fails the payload in the document."""
    payload = Draft7Validator(DOCUMENT["components"]["schemas"][f"{event}.v1"])
    folder = CONTRACTS / "events" / event / "examples"

    for file in folder.glob("*.json"):
        passes = payload.is_valid(json.loads(file.read_text("utf-8")))
        assert passes == file.match("*.pass.json"), file.name


def test_every_topic_is_a_channel_and_every_event_a_message() -> None:
    """Nothing that is promised is left out."""
    assert DOCUMENT["channels"].keys() == topics().keys()
    assert {key.partition(".")[0] for key in DOCUMENT["components"]["messages"]} == set(
        event_names()
    )


def test_a_receiving_service_shows_its_group() -> None:
    """The group is the service's own name."""
    operation = DOCUMENT["operations"]["paymentsReceivesQppPaymentInputs"]

    assert operation["bindings"]["kafka"]["groupId"] == {
        "type": "string",
        "const": "payments",
    }
