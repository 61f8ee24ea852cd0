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
from qppflow.local.stack_note import Note, read_note
from qppflow.runtime.contracts import Names
from qppflow.runtime.faults import BrokerError, StopServiceError
from qppflow.runtime.sealing import KEY_SIZE, Sealer
from qppflow.runtime.settings import SHARED_PREFIX
from qppflow.runtime.tokens import read_key

SERVERS: Final = f"{SHARED_PREFIX}BOOTSTRAP_SERVERS"
STATE: Final = f"{SHARED_PREFIX}STATE_FOLDER"
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
    prefix: str = ""


class NoStreamError(Exception):
    """No brokers are named, and none run in this folder; the text says what to do."""


class NoKeyError(Exception):
    """The key that dead letters are sealed with is not here, or is no such key."""


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Give the state folder: the one that is named, else ``.qppflow`` here."""
    return Path(environment.get(STATE) or STATE_FOLDER)


def find_stream(
    environment: Mapping[str, str] = os.environ, state: Path | None = None
) -> Stream:
    """Find the named brokers, else those that the state folder knows of.

    Raises:
        NoStreamError: there are neither.
    """
    state = state or state_folder(environment)
    note = read_note(state.absolute())
    servers = environment.get(SERVERS, "").strip()
    if not servers:
        servers = _servers_of(state, note)
    prefix = environment.get(TOPIC_PREFIX, "")
    # What was noted of one cluster says nothing of another one.
    if not prefix and note is not None and servers == note.bootstrap_servers:
        prefix = note.topic_prefix
    return Stream(servers, Names(prefix), prefix)


def _servers_of(state: Path, note: Note | None) -> str:
    if note is not None and not note.local:
        return note.bootstrap_servers
    try:
        return LocalKafka.attach(state).bootstrap_servers
    except NotRunningError:
        raise NoStreamError(NOWHERE) from None


def find_sealer(environment: Mapping[str, str] = os.environ) -> Sealer:
    """Find the sealing key in the environment, else in the state folder.

    Raises:
        NoKeyError: there is none, or it is none.
    """
    text = environment.get(SEALING_KEY, "").strip()
    file = state_folder(environment) / SEALING_FILE
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
    client = logging.getLogger("aiokafka")
    level = client.level
    client.setLevel(logging.CRITICAL)
    try:
        yield
    except NoStreamError as error:
        _end(str(error), Exit.UNREACHABLE)
    except BrokerError as error:
        told = f"the brokers do not answer ({error}): see qppflow status, or {SERVERS}"
        _end(told, Exit.UNREACHABLE)
    except StopServiceError as error:
        _end(str(error), Exit.NEEDS_OPERATOR)
    finally:
        client.setLevel(level)


def _end(message: str, code: Exit) -> NoReturn:
    complain(message)
    raise typer.Exit(code)
