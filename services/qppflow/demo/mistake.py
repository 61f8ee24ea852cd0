"""What mistakes are made of: the shape of one, and where it finds its place."""

from collections.abc import Callable
from typing import Any, TypeAlias

from qppflow.demo.chance import Draw

JsonObject: TypeAlias = dict[str, Any]
# Makes its mistake in a submission, or says that this one has no place for it.
Mistake: TypeAlias = Callable[[JsonObject, Draw], bool]


def sets_of(document: JsonObject, category: str) -> list[JsonObject]:
    """List the sets of a category."""
    return [s for s in document["measurementSets"] if s["category"] == category]
