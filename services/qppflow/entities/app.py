"""Wires `entities`: facts in, revisions out, with a memory."""

from typing import Final

from qppflow.entities.handlers import INPUTS, PARTS, RESULTS, STAGE, Entities
from qppflow.runtime.compose import Wiring, run, stateful
from qppflow.runtime.law import law_of
from qppflow.runtime.settings import StatefulSettings
from qppflow.runtime.shell import Service

FACTS: Final = "qpp-entity-facts"
WIRING: Final = Wiring(name=STAGE, reads=(FACTS,), writes=(RESULTS, INPUTS, PARTS))


class Settings(StatefulSettings):
    """What `entities` reads from its environment, once."""


def build(settings: StatefulSettings) -> Service:
    """Compose the service; tests call this with settings of their own."""
    return stateful(WIRING, settings, Entities(law_of))


def main() -> int:
    """Run until told to stop; gives the exit code."""
    return run(STAGE, Settings, build)
