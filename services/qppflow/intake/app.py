"""Wires `intake`: the front door, without memory."""

from qpp.codes import Code
from qppflow.intake.handlers import FACTS, FEEDS, RESULTS, STAGE, SUBMISSIONS, Intake
from qppflow.runtime.compose import Wiring, run, stateless, topic
from qppflow.runtime.judging import LENIENT, STRICT_NPI, STRICT_WINDOW
from qppflow.runtime.settings import ServiceSettings
from qppflow.runtime.subscription import Service
from qppflow.runtime.tokens import Tokens


class Settings(ServiceSettings):
    """What `intake` reads from its environment, once.

    CMS checks that an NPI has ten digits and no more; with ``strict_npi`` a wrong
    check digit rejects a submission, too. With ``strict_window`` so does its arrival
    after the submission window of its year, by the broker's time.
    """

    strict_npi: bool = False
    strict_window: bool = False

    def strict(self) -> frozenset[Code]:
        """Give the codes of warnings that reject here."""
        npi = STRICT_NPI if self.strict_npi else LENIENT
        return npi | (STRICT_WINDOW if self.strict_window else LENIENT)


def door(settings: Settings) -> Intake:
    """Make what decides."""
    return Intake(
        Tokens(settings.token_bytes()),
        topic(settings, FEEDS).name,
        strict=settings.strict(),
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
