"""Something that is started and stopped: by calls, or for the length of a block."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Block(ABC):
    """Runs from :meth:`start` to :meth:`stop`, or while a ``with`` block does."""

    @abstractmethod
    def start(self) -> object:
        """Start all of it."""

    @abstractmethod
    def stop(self) -> bool:
        """Stop all of it; False if anything had to be killed."""

    def _leave(self) -> None:
        """Stop at the end of the block."""
        self.stop()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, however the block ends."""
        self._leave()
