"""The version of Apache Kafka and the hash of each of its jars."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

KAFKA_VERSION: Final = "4.3.1"
# Without the "!" the logging library's own version management wins, and an old
# kafka-clients comes in place of the broker's.
ENDPOINT: Final = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}"
    "+org.apache.logging.log4j:log4j-slf4j-impl:2.25.4!"
)
PINNED: Final = f"kafka-{KAFKA_VERSION}.sha256"


@cache
def pinned_hashes() -> Mapping[str, str]:
    """Give the SHA-256 of each jar by file name, from the list in this folder."""
    text = resources.files("qppflow.local").joinpath(PINNED).read_text("utf-8")
    pairs = (line.split() for line in text.splitlines())
    return {name: digest for digest, name in pairs}
