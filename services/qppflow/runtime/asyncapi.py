"""The AsyncAPI 3 document of everything that is promised, made from ``contracts/``.

``make generate`` writes ``contracts/asyncapi.json`` anew; a test
compares the committed file with what this module makes. Schemas stand in it without
references, because AsyncAPI's own dialect ignores what stands beside one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import qpp
from qppflow.runtime.compatibility import inlined
from qppflow.runtime.contracts import (
    Schema,
    Topic,
    event_names,
    event_schema,
    event_type,
    event_versions,
    latest,
    read_topics,
)
from qppflow.runtime.headers import BINARY, JSON

Document: TypeAlias = dict[str, Any]

VERSION: Final = "3.0.0"
BINDING: Final = "0.5.0"
FILE: Final = "asyncapi.json"
# What a schema says that AsyncAPI gives its own place, or that names the file.
_OWN: Final = frozenset({"$schema", "$id", "title"})


def document(folder: Path) -> Document:
    """Describe the topics, messages and services of a contracts folder."""
    topics = read_topics(folder)
    headers = json.loads((folder / "headers" / "1.0.0.schema.json").read_bytes())
    messages, schemas = {}, {"headers": _payload(headers)}
    for name in event_names(folder):
        for number in latest(event_versions(name, folder)).values():
            schema = event_schema(name, str(number), folder)
            key = f"{name}.v{number.major}"
            schemas[key] = _payload(schema)
            messages[key] = _message(name, number.major, schema)
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "The Quality Payment Program as a stream",
            "version": qpp.__version__,
            "description": "MIPS submissions in, explained scores and payment "
            "adjustments out. Topics have logical names; a deployment may put a "
            "prefix before them. Keep the highest revision of a subject and drop "
            "repeated ids: delivery is at least once.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": JSON,
        "channels": {name: _channel(topic, messages) for name, topic in topics.items()},
        "operations": dict(_operations(topics)),
        "components": {"messages": messages, "schemas": schemas},
    }


def _payload(schema: Schema) -> Document:
    """Give a schema as it stands in the document: whole, and without its own name."""
    return {name: part for name, part in inlined(schema).items() if name not in _OWN}


def _message(name: str, major: int, schema: Schema) -> Document:
    """Describe one event; a schema of headers says nothing of the value."""
    key = f"{name}.v{major}"
    shared = {"$ref": "#/components/schemas/headers"}
    own = {"$ref": f"#/components/schemas/{key}"}
    of_headers = schema.get("x-describes") == "headers"
    return {
        "name": event_type(name, major),
        "title": schema["title"],
        "summary": schema["description"],
        "contentType": BINARY if of_headers else JSON,
        "headers": {"allOf": [shared, own]} if of_headers else shared,
        "payload": {"description": "Any bytes."} if of_headers else own,
        "x-schema": schema["$id"],
    }


def _channel(topic: Topic, messages: Mapping[str, Document]) -> Document:
    """Describe one topic; an input topic's documents are described by ``schemas/``."""
    keys = [key for key in messages if key.partition(".")[0] in topic.events]
    refs: Document = {key: {"$ref": f"#/components/messages/{key}"} for key in keys}
    outside = {
        "document": {
            "name": "document",
            "title": "A document from outside",
            "summary": topic.description,
            "payload": {
                "description": f"JSON as the schemas in {topic.schemas} accept it.",
                "type": "object",
            },
            "x-schema": topic.schemas,
        }
    }
    return {
        "address": topic.name,
        "title": topic.name,
        "description": topic.description,
        "messages": refs if topic.events else outside,
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": [topic.cleanup],
                    "retention.ms": topic.retention_ms,
                    "max.message.bytes": topic.max_message_bytes,
                    "message.timestamp.type": topic.timestamp,
                },
                "bindingVersion": BINDING,
            }
        },
        "x-owner": topic.owner,
        "x-key": {"what": topic.key_what, "why": topic.key_why},
        "x-pii": topic.pii,
        "x-producers": topic.producers.others,
        "x-consumers": topic.consumers.others,
        "x-if-it-stops": {"breaks": topic.breaks, "action": topic.action},
    }


def _operations(topics: Mapping[str, Topic]) -> Iterator[tuple[str, Document]]:
    """Say of each service what it sends and receives, and with which group."""
    for topic in topics.values():
        channel = {"$ref": f"#/channels/{topic.name}"}
        for service in topic.producers.services:
            yield (
                _name(service, "sends", topic.name),
                {"action": "send", "channel": channel, "title": f"{service} sends"},
            )
        for group in topic.groups:
            binding = {
                "groupId": {"type": "string", "const": group},
                "bindingVersion": BINDING,
            }
            yield (
                _name(group, "receives", topic.name),
                {
                    "action": "receive",
                    "channel": channel,
                    "title": f"{group} receives",
                    "bindings": {"kafka": binding},
                },
            )


def _name(service: str, verb: str, topic: str) -> str:
    """Name an operation in camel case, as generators of code like it."""
    words = re.split("[-_]", f"{service}-{verb}-{topic}")
    return words[0] + "".join(word.capitalize() for word in words[1:])


def written(folder: Path) -> bytes:
    """Give the document's bytes as they are committed."""
    text = json.dumps(document(folder), indent=1, ensure_ascii=False)
    return f"{text}\n".encode()
