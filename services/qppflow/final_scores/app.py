"""Wires `final_scores`: parts in, one final score a revision out, with a memory."""

from decimal import Decimal
from typing import Final

from qppflow.final_scores.handlers import CANDIDATES, SCORES, STAGE, FinalScores
from qppflow.runtime.compose import Wiring, run, stateful
from qppflow.runtime.settings import StatefulSettings
from qppflow.runtime.shell import Service
from qppflow.runtime.tokens import Tokens

PARTS: Final = "qpp-score-parts"
WIRING: Final = Wiring(name=STAGE, reads=(PARTS,), writes=(SCORES, CANDIDATES))


class Settings(StatefulSettings):
    """What `final_scores` reads from its environment, once.

    ``scaling_factor`` is CMS's, where a payment year's is known but not yet in the
    rule file; it applies to every year this process scores.
    """

    scaling_factor: Decimal | None = None


def build(settings: Settings) -> Service:
    """Compose the service; tests call this with settings of their own."""
    memory = FinalScores(Tokens(settings.token_bytes()), settings.scaling_factor)
    return stateful(WIRING, settings, memory)


def main() -> int:
    """Run until told to stop; gives the exit code."""
    return run(STAGE, Settings, build)
