"""Wires `pi_period`: a consumer without memory."""

from typing import Final

from qppflow.pi_period.handlers import STAGE, decide, on_parked
from qppflow.runtime.compose import Wiring, run, stateless
from qppflow.runtime.settings import ServiceSettings
from qppflow.runtime.subscription import Service

WIRING: Final = Wiring(
    name=STAGE,
    reads=("qpp-score-inputs",),
    writes=("qpp-pi-assessed", "qpp-score-parts"),
    on_parked=on_parked,
)


class Settings(ServiceSettings):
    """What `pi_period` reads from its environment, once."""


def build(settings: ServiceSettings) -> Service:
    """Compose the service; tests call this with settings of their own."""
    return stateless(WIRING, settings, decide)


def main() -> int:
    """Run until told to stop; gives the exit code."""
    return run(STAGE, Settings, build)
