"""What loads the stream: the demonstration's population, as much as is wanted."""

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from qppflow.demo.messages import SUBMISSIONS, Message
from qppflow.demo.population import population
from qppflow.demo.years import years_to_play

if TYPE_CHECKING:
    from collections.abc import Iterator

Messages: TypeAlias = tuple[Message, ...]

# Other practices than those of the corpus; more than any run takes.
SEED: Final = 8
PRACTICES: Final = 1_000_000


class Portion(NamedTuple):
    """Submissions, and the feeds that CMS sent up to the last of them."""

    feeds: Messages
    submissions: Messages


class Supply:
    """The population in sending order, mistakes, resends and corrections included."""

    def __init__(self) -> None:
        years = years_to_play()
        self._messages: Iterator[Message] = population(
            PRACTICES, SEED, years, plain=True
        )

    def take(self, submissions: int) -> Portion:
        """Draw the next so many submissions, with the feeds in between."""
        feeds: list[Message] = []
        taken: list[Message] = []
        while len(taken) < submissions:
            message = next(self._messages)
            (taken if message.topic == SUBMISSIONS else feeds).append(message)
        return Portion(tuple(feeds), tuple(taken))
