"""Whom a document is about: her, its or their identifiers, and the token of them."""

from typing import Any, Final, TypeAlias

from qpp.inputs import INDIVIDUAL
from qppflow.runtime.tokens import Tokens

JsonObject: TypeAlias = dict[str, Any]

TIN: Final = "taxpayerIdentificationNumber"
NPI: Final = "nationalProviderIdentifier"


def entity_of(document: JsonObject) -> JsonObject:
    """Give an accepted document's entity, as facts and final scores carry it."""
    kind = document["entityType"]
    return {
        "entityType": kind,
        TIN: document[TIN],
        NPI: document[NPI] if kind == INDIVIDUAL else None,
    }


def token_of(tokens: Tokens, year: int, entity: JsonObject) -> str:
    """Name an entity in a performance year; the name says nothing about it."""
    known = {name: text for name, text in entity.items() if text is not None}
    return tokens.token(year, known)
