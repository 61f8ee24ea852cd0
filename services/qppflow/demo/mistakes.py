"""Realistic mistakes: what registries get wrong, one in a document."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Final

from qppflow.demo.chance import Draw
from qppflow.demo.mistake import JsonObject, Mistake
from qppflow.demo.mistakes_around_measurements import AROUND_MEASUREMENTS
from qppflow.demo.mistakes_in_measurements import IN_MEASUREMENTS

MISTAKES: Final[Mapping[str, Mistake]] = {**IN_MEASUREMENTS, **AROUND_MEASUREMENTS}


def mistaken(document: JsonObject, chance: Draw) -> tuple[str, JsonObject]:
    """Give a copy of a submission with one mistake, and the mistake's name."""
    changed = deepcopy(document)
    names = list(MISTAKES)
    for name in chance.sample(names, len(names)):
        if MISTAKES[name](changed, chance):
            return name, changed
    message = "some mistake fits every submission"
    raise AssertionError(message)
