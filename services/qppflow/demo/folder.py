"""Real documents as messages: every document below a folder is sent once."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import orjson

from qppflow.cli.documents import read_documents
from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message, headers
from qppflow.demo.population import FEED_TYPE, SUBMISSION_TYPE
from qppflow.runtime.schemas import feed_names

SOURCE: Final = "urn:qppflow:demo"
_ID: Final = 32


def documents_in(folder: Path) -> Iterator[Message]:
    """Read every document below *folder*, in the order of their names; XML comes last.

    Its id is made of its place and bytes, so that a second run repeats it and no
    file name leaves this machine; one that names a CMS feed goes to the feeds.

    Raises:
        UnreadableError: the folder cannot be read, or holds no document.
    """
    # XML is sent in the place of submissions, so what becomes of it can be shown too.
    for name, body in read_documents([folder, *sorted(folder.rglob("*.xml"))]):
        place = name.removeprefix(str(folder)).encode()
        event = sha256(place + b"\0" + body).hexdigest()[:_ID]
        topic, kind = SUBMISSIONS, SUBMISSION_TYPE
        if _is_feed(body):
            topic, kind = FEEDS, FEED_TYPE
        yield Message(topic, None, body, headers(SOURCE, event, kind), "document")


def _is_feed(body: bytes) -> bool:
    """Say whether bytes are JSON that names one of CMS's feeds."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, dict) and found.get("feed") in feed_names()
