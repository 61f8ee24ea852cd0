"""Whom a document is about: her, its or their identifiers, and the token of them."""

from typing import Any, Final, TypeAlias

from qpp.checks.identity import ENTITY_ID, NEEDED, NPI, TIN
from qppflow.runtime.tokens import Tokens

JsonObject: TypeAlias = dict[str, Any]

TYPE: Final = "entityType"


def entity_of(document: JsonObject) -> JsonObject:
    """Give an accepted document's entity, as facts and final scores carry it.

    What its kind is not known by is null.
    """
    kind = document[TYPE]
    known = NEEDED[kind]
    return {
        TYPE: kind,
        **{
            name: document[name] if name in known else None
            for name in (TIN, NPI, ENTITY_ID)
        },
    }


def token_of(tokens: Tokens, year: int, entity: JsonObject) -> str:
    """Name an entity in a performance year; the name says nothing about it."""
    known = {name: text for name, text in entity.items() if text is not None}
    return tokens.token(year, known)
