"""What every service reads from its environment, once, in ``main()``.

Every value has the prefix ``QPPFLOW_``, a service's own too: services that share a
process share its environment. What has no safe default has none.
"""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from qppflow.runtime.sealing import KEY_SIZE
from qppflow.runtime.tokens import SHORTEST_KEY, read_key

SHARED_PREFIX = "QPPFLOW_"


def _token_key(secret: SecretStr) -> SecretStr:
    if len(read_key(secret.get_secret_value())) < SHORTEST_KEY:
        msg = f"a token key needs at least {SHORTEST_KEY} bytes, as base64url text"
        raise ValueError(msg)
    return secret


def _sealing_key(secret: SecretStr) -> SecretStr:
    if len(read_key(secret.get_secret_value())) != KEY_SIZE:
        msg = f"a sealing key has {KEY_SIZE} bytes, as base64url text"
        raise ValueError(msg)
    return secret


class ServiceSettings(BaseSettings):
    """Read with ``QPPFLOW_``; must be set: brokers, both keys, the state folder.

    The token key stays the same for the life of a performance year. Another one
    would give every entity a second history.
    """

    model_config = SettingsConfigDict(
        env_prefix=SHARED_PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    bootstrap_servers: str
    token_key: Annotated[SecretStr, AfterValidator(_token_key)]
    sealing_key: Annotated[SecretStr, AfterValidator(_sealing_key)]
    state_folder: Path
    topic_prefix: str = ""
    build: str = "unknown"
    instance: str = "1"
    batch_records: int = Field(default=500, ge=1, le=10_000)
    session_timeout_ms: int = Field(default=15_000, ge=1_000)

    def token_bytes(self) -> bytes:
        """Give the token key."""
        return read_key(self.token_key.get_secret_value())

    def sealing_bytes(self) -> bytes:
        """Give the sealing key."""
        return read_key(self.sealing_key.get_secret_value())


class StatefulSettings(ServiceSettings):
    """For a service with a memory: ``store_url`` too, or a file in the state folder."""

    store_url: str | None = None

    def url_of(self, service: str) -> str:
        """Give the store's URL; without one, an SQLite file of this service."""
        if self.store_url is not None:
            return self.store_url
        self.state_folder.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{self.state_folder / service}.sqlite3"
