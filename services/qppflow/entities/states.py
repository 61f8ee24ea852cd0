"""The memory of `entities` as bytes; equal states give equal bytes."""

from dataclasses import fields, replace
from typing import Final

from qppflow.entities.slots import Entity, programs
from qppflow.runtime.events import decode, encode

IDENTITIES: Final = frozenset({"applied", "answered"})


def load(stored: bytes | None) -> Entity:
    """Read a stored entity; what an older build did not know yet is as at first."""
    if stored is None:
        return Entity()
    found = decode(stored)
    for name in IDENTITIES:
        found[name] = frozenset(found.get(name, ()))
    made = Entity(**found)
    # An older build did not note what it had scored: every program with a set.
    return made if made.scored else replace(made, scored=programs(made))


def dump(state: Entity) -> bytes:
    """Write an entity; what is empty is left out."""
    written = {item.name: getattr(state, item.name) for item in fields(Entity)}
    for name in IDENTITIES:
        written[name] = sorted(written[name])
    return encode({name: value for name, value in written.items() if value})
