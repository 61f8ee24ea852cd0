"""Wires `completeness`: a consumer without memory."""

from typing import Final

from qppflow.completeness.handlers import STAGE, decide, on_parked
from qppflow.runtime.compose import Wiring, run, stateless
from qppflow.runtime.settings import ServiceSettings
from qppflow.runtime.subscription import Service

WIRING: Final = Wiring(
    name=STAGE,
    reads=("qpp-score-inputs",),
    writes=("qpp-quality-assessed", "qpp-score-parts"),
    on_parked=on_parked,
)


class Settings(ServiceSettings):
    """What `completeness` reads from its environment, once."""


def build(settings: ServiceSettings) -> Service:
    """Compose the service; tests call this with settings of their own."""
    return stateless(WIRING, settings, decide)


def main() -> int:
    """Run until told to stop; gives the exit code."""
    return run(STAGE, Settings, build)
