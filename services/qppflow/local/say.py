"""How a long start tells a person how far it is."""

from collections.abc import Callable

Say = Callable[[str], None]


def silent(_text: str) -> None:
    """Say nothing; the default where nobody watches."""
