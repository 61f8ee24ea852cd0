"""Wires `payments`: candidates in, what each clinician is paid out, with a memory."""

from typing import Final

from qppflow.payments.handlers import OUT, STAGE, Payments
from qppflow.runtime.compose import Wiring, run, stateful
from qppflow.runtime.settings import StatefulSettings
from qppflow.runtime.subscription import Service

CANDIDATES: Final = "qpp-payment-inputs"
WIRING: Final = Wiring(name=STAGE, reads=(CANDIDATES,), writes=(OUT,))


class Settings(StatefulSettings):
    """What `payments` reads from its environment, once."""


def memory(_settings: StatefulSettings) -> Payments:
    """Make what decides and remembers; a rebuild uses it without the service."""
    return Payments()


def build(settings: StatefulSettings) -> Service:
    """Compose the service; tests call this with settings of their own."""
    return stateful(WIRING, settings, memory(settings))


def main() -> int:
    """Run until told to stop; gives the exit code."""
    return run(STAGE, Settings, build)
