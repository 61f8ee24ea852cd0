"""Wires `final_scores`: parts in, one final score a revision out, with a memory."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator

from qpp import library
from qppflow.final_scores.handlers import CANDIDATES, SCORES, STAGE, FinalScores
from qppflow.runtime.compose import Wiring, run, stateful
from qppflow.runtime.settings import StatefulSettings
from qppflow.runtime.subscription import Service
from qppflow.runtime.tokens import Tokens

PARTS: Final = "qpp-score-parts"
WIRING: Final = Wiring(name=STAGE, reads=(PARTS,), writes=(SCORES, CANDIDATES))


def _lawful(factor: Decimal) -> Decimal:
    """Refuse a factor that the law of any year this build has would not allow."""
    books = [library.rules(year).payment for year in library.years()]
    most = min(book.scaling_factor_maximum.value for book in books)
    if not 0 < factor <= most:
        message = f"a scaling factor is above 0 and at most {most}"
        raise ValueError(message)
    return factor


class Settings(StatefulSettings):
    """What `final_scores` reads from its environment, once.

    ``scaling_factor`` is CMS's, where a payment year's is known but not yet in the
    rule file; it applies to every year whose rule file has no published adjustment.
    """

    scaling_factor: Annotated[Decimal, AfterValidator(_lawful)] | None = None


def memory(settings: Settings) -> FinalScores:
    """Make what decides and remembers; a rebuild uses it without the service."""
    return FinalScores(Tokens(settings.token_bytes()), settings.scaling_factor)


def build(settings: Settings) -> Service:
    """Compose the service; tests call this with settings of their own."""
    return stateful(WIRING, settings, memory(settings))


def main() -> int:
    """Run until told to stop; gives the exit code."""
    return run(STAGE, Settings, build)
