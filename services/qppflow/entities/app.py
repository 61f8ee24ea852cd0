"""Wires `entities`: facts in, revisions out, with a memory."""

from typing import Final

from qppflow.entities.answers import parked
from qppflow.entities.handlers import (
    CANDIDATES,
    ELIGIBILITY,
    FACTS,
    INPUTS,
    PARTS,
    RESULTS,
    STAGE,
    Entities,
)
from qppflow.runtime.compose import Wiring, run, stateful
from qppflow.runtime.law import law_of
from qppflow.runtime.settings import StatefulSettings
from qppflow.runtime.subscription import Service
from qppflow.runtime.tokens import Tokens

WIRING: Final = Wiring(
    name=STAGE,
    reads=(FACTS,),
    writes=(RESULTS, INPUTS, PARTS, FACTS, ELIGIBILITY, CANDIDATES),
    on_parked=parked,
)


class Settings(StatefulSettings):
    """What `entities` reads from its environment, once."""


def memory(settings: StatefulSettings) -> Entities:
    """Make what decides and remembers; a rebuild uses it without the service."""
    return Entities(law_of, Tokens(settings.token_bytes()))


def build(settings: StatefulSettings) -> Service:
    """Compose the service; tests call this with settings of their own."""
    return stateful(WIRING, settings, memory(settings))


def main() -> int:
    """Run until told to stop; gives the exit code."""
    return run(STAGE, Settings, build)
