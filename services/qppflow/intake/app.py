"""Wires `intake`: the front door, without memory."""

from qppflow.intake.handlers import FACTS, FEEDS, RESULTS, STAGE, SUBMISSIONS, Intake
from qppflow.runtime.compose import Wiring, run, stateless, topic
from qppflow.runtime.settings import ServiceSettings
from qppflow.runtime.subscription import Service
from qppflow.runtime.tokens import Tokens


class Settings(ServiceSettings):
    """What `intake` reads from its environment, once.

    CMS checks that an NPI has ten digits and no more; with ``strict_npi`` a wrong
    check digit rejects a submission, too.
    """

    strict_npi: bool = False


def door(settings: Settings) -> Intake:
    """Make what decides."""
    return Intake(
        Tokens(settings.token_bytes()),
        topic(settings, FEEDS).name,
        strict_npi=settings.strict_npi,
    )


def build(settings: Settings) -> Service:
    """Compose the service; tests call this with settings of their own."""
    intake = door(settings)
    wiring = Wiring(
        name=STAGE,
        reads=(SUBMISSIONS, FEEDS),
        writes=(FACTS, RESULTS),
        trusts_keys=False,
        on_parked=intake.on_parked,
    )
    return stateless(wiring, settings, intake.decide)


def main() -> int:
    """Run until told to stop; gives the exit code."""
    return run(STAGE, Settings, build)
