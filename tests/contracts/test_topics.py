"""Each topic has a registry file, and the closed metaschema catches a bad one."""

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from qppflow.runtime.contracts import (
    Names,
    event_names,
    read_topic,
    read_topics,
    topics,
)

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "contracts"
FILES = sorted((CONTRACTS / "topics").iterdir())
BAD = Path(__file__).parent / "bad"
METASCHEMA = json.loads((CONTRACTS / "topic.schema.json").read_text("utf-8"))
DAY_MS = 86_400_000
MIB = 1024 * 1024

# What each bad file must be caught for: the keyword, and where.
CAUGHT = {
    "identifiers_in_headers": ("enum", "/pii"),
    "no_action": ("minLength", "/action"),
    "no_key": ("required", ""),
    "no_owner": ("required", ""),
    "no_partitions": ("minimum", "/log/partitions"),
    "no_producer": ("anyOf", "/producers"),
    "too_large": ("maximum", "/log/max_message_bytes"),
    "two_kinds_of_value": ("oneOf", "/value"),
    "unknown_field": ("additionalProperties", ""),
    "unknown_service": ("enum", "/consumers/services/0"),
    "wrong_name": ("pattern", "/name"),
    "wrong_retention": ("enum", "/log/retention"),
}


def caught(file: Path) -> set[tuple[str, str]]:
    """Give what the metaschema finds in a registry file."""
    found = tomllib.loads(file.read_text("utf-8"))
    return {
        (str(error.validator), "".join(f"/{step}" for step in error.absolute_path))
        for error in Draft202012Validator(METASCHEMA).iter_errors(found)
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_registry_file_says_all_that_the_metaschema_asks_for(file: Path) -> None:
    """Nothing is missing, nothing is unknown, nothing has a wrong form."""
    found = caught(file)

    assert found == set()


@pytest.mark.parametrize("name", CAUGHT)
def test_a_bad_registry_file_is_caught_for_what_is_wrong(name: str) -> None:
    """A check that was never seen to fail proves nothing."""
    found = caught(BAD / f"{name}.toml")

    assert CAUGHT[name] in found


def test_every_bad_file_is_listed_and_every_good_one_is_a_topic_file() -> None:
    """A file that no test reads would be a promise that nobody keeps."""
    bad = {file.stem for file in BAD.iterdir()}
    suffixes = {file.suffix for file in FILES}

    assert bad == CAUGHT.keys()
    assert suffixes == {".toml"}


def test_the_metaschema_leaves_no_object_open() -> None:
    """A misspelt field must not pass as an unknown one."""
    objects = [METASCHEMA, METASCHEMA["$defs"]["parties"]]
    objects += [METASCHEMA["properties"][name] for name in ("key", "value", "log")]

    assert all(part["additionalProperties"] is False for part in objects)


def test_a_file_is_called_like_its_topic() -> None:
    """Who looks for a topic finds it by its file name."""
    names = {read_topic(file.read_text("utf-8")).name for file in FILES}

    assert names == {file.stem for file in FILES}


def test_every_event_travels_on_exactly_one_topic() -> None:
    """An event without a topic is no promise, one on two topics has no order."""
    carried = [event for topic in topics().values() for event in topic.events]

    assert sorted(carried) == list(event_names())


def test_what_is_a_record_stays_six_years_and_the_rest_fourteen_days() -> None:
    """What is between two stages can be made again from the facts."""
    kept = {name: topic.retention_ms for name, topic in topics().items()}
    between = {name for name, span in kept.items() if span == 14 * DAY_MS}

    assert between == {
        "qpp-score-inputs",
        "qpp-quality-assessed",
        "qpp-pi-assessed",
        "qpp-score-parts",
    }
    assert {kept[name] for name in kept.keys() - between} == {2190 * DAY_MS}


def test_nothing_that_is_a_record_is_ever_compacted() -> None:
    """Compaction would forget corrections."""
    policies = {topic.cleanup for topic in topics().values()}

    assert policies == {"delete"}


def test_a_fact_has_room_for_every_document_that_is_taken() -> None:
    """A document of 4 MiB grows by what we add, and still must fit."""
    sizes = {name: topic.max_message_bytes for name, topic in topics().items()}

    assert sizes["qpp-submissions"] == sizes["qpp-cms-feeds"] == 4 * MIB
    assert sizes["qpp-entity-facts"] == sizes["qpp-score-inputs"] == 6 * MIB
    assert sizes["qpp-dead-letters"] == 6 * MIB


def test_the_broker_stamps_whatever_orders_facts() -> None:
    """A sender's clock must not decide what is newer."""
    stamped = {"qpp-submissions", "qpp-cms-feeds", "qpp-entity-facts"}
    clocks = {topics()[name].timestamp for name in stamped}

    assert clocks == {"LogAppendTime"}


def test_a_topic_gives_the_broker_its_settings_as_text() -> None:
    """Kafka takes settings as text, spans in milliseconds, sizes in bytes."""
    settings = topics()["qpp-pi-assessed"].broker_settings

    assert settings == {
        "cleanup.policy": "delete",
        "retention.ms": "1209600000",
        "max.message.bytes": "6291456",
        "message.timestamp.type": "CreateTime",
    }


def test_only_payments_are_read_by_no_service_of_ours_on_the_way_to_billing() -> None:
    """Billing reads the last topic with a group of its own."""
    groups = {name: tuple(topic.groups) for name, topic in topics().items()}

    assert groups["qpp-payment-inputs"] == ("payments",)
    assert groups["qpp-payment-adjustments"] == ()
    assert topics()["qpp-payment-adjustments"].consumers.others == "billing"


def test_each_service_with_a_memory_reads_one_topic() -> None:
    """State and position can only move together if there is one position."""
    read = [group for topic in topics().values() for group in topic.groups]

    for service in ("entities", "final_scores", "payments"):
        assert read.count(service) == 1


def test_a_prefix_turns_logical_names_into_physical_ones_and_back() -> None:
    """Two deployments share a cluster by their prefixes."""
    names = Names("test.")

    assert names.physical("qpp-submissions") == "test.qpp-submissions"
    assert names.logical("test.qpp-submissions") == "qpp-submissions"


def test_a_topic_of_another_deployment_has_no_logical_name() -> None:
    """A name without our prefix must not pass for one of ours."""
    names = Names("test.")

    with pytest.raises(ValueError, match="another deployment"):
        names.logical("prod.qpp-submissions")


def test_another_folder_can_be_read_as_well(tmp_path: Path) -> None:
    """Tools can compare two registries."""
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "one.toml").write_bytes(FILES[0].read_bytes())

    assert list(read_topics(tmp_path)) == [FILES[0].stem]
