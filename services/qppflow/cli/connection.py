"""Which stream a command speaks to, and how it ends when nobody answers there."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

import typer

from qppflow.cli.exits import Exit
from qppflow.cli.terminal import complain
from qppflow.local.errors import NotRunningError
from qppflow.local.kafka import LocalKafka
from qppflow.local.paths import STATE_FOLDER
from qppflow.runtime.contracts import Names
from qppflow.runtime.faults import BrokerError, StopServiceError
from qppflow.runtime.sealing import KEY_SIZE, Sealer
from qppflow.runtime.settings import SHARED_PREFIX
from qppflow.runtime.tokens import read_key

SERVERS: Final = f"{SHARED_PREFIX}BOOTSTRAP_SERVERS"
TOPIC_PREFIX: Final = f"{SHARED_PREFIX}TOPIC_PREFIX"
SEALING_KEY: Final = f"{SHARED_PREFIX}SEALING_KEY"
# Where the local stream keeps the key that its dead letters are sealed with.
SEALING_FILE: Final = Path("keys", "sealing")
NOWHERE: Final = (
    f"no stream to speak to: start one with qppflow up, or name the brokers in"
    f" {SERVERS}"
)


class Stream(NamedTuple):
    """A deployment: its brokers, and the names that its topics have there."""

    bootstrap_servers: str
    names: Names


class NoStreamError(Exception):
    """No brokers are named, and none run in this folder; the text says what to do."""


class NoKeyError(Exception):
    """The key that dead letters are sealed with is not here, or is no such key."""


def find_stream(
    environment: Mapping[str, str] | None = None, state: Path = STATE_FOLDER
) -> Stream:
    """Find the named brokers, else the one that runs for the state folder.

    Raises:
        NoStreamError: there is neither.
    """
    given = os.environ if environment is None else environment
    names = Names(given.get(TOPIC_PREFIX, ""))
    if servers := given.get(SERVERS, "").strip():
        return Stream(servers, names)
    try:
        return Stream(LocalKafka.attach(state).bootstrap_servers, names)
    except NotRunningError:
        raise NoStreamError(NOWHERE) from None


def find_sealer(
    environment: Mapping[str, str] | None = None, state: Path = STATE_FOLDER
) -> Sealer:
    """Find the sealing key in the environment, else in the state folder.

    Raises:
        NoKeyError: there is none, or it is none.
    """
    given = os.environ if environment is None else environment
    text = given.get(SEALING_KEY, "").strip()
    file = state / SEALING_FILE
    if not text and file.is_file():
        text = file.read_text("utf-8").strip()
    if not text:
        message = f"the sealing key is not here: set {SEALING_KEY}"
        raise NoKeyError(message)
    try:
        return Sealer(read_key(text))
    except ValueError:
        message = f"{SEALING_KEY} is no key of {KEY_SIZE} bytes, as base64url text"
        raise NoKeyError(message) from None


@contextmanager
def reaching() -> Iterator[None]:
    """End the command with its exit code where the stream cannot be used.

    4: no brokers are known, or they do not answer. 3: the stream is not set up.
    """
    # The client tells of every attempt; one message at the end says it all.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        yield
    except NoStreamError as error:
        _end(str(error), Exit.UNREACHABLE)
    except BrokerError as error:
        told = f"the brokers do not answer ({error}): see qppflow status, or {SERVERS}"
        _end(told, Exit.UNREACHABLE)
    except StopServiceError as error:
        _end(str(error), Exit.NEEDS_OPERATOR)


def _end(message: str, code: Exit) -> NoReturn:
    complain(message)
    raise typer.Exit(code)
