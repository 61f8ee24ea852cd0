"""Whom a final score is told to: the clinician herself, or each on the roster."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from qpp.inputs import INDIVIDUAL
from qppflow.runtime.tokens import Tokens

JsonObject: TypeAlias = dict[str, Any]

TIN: Final = "taxpayerIdentificationNumber"
NPI: Final = "nationalProviderIdentifier"


def clinicians(expected: JsonObject, tokens: Tokens) -> dict[str, JsonObject]:
    """Map the token of each clinician of a revision to her TIN and NPI."""
    entity, year = expected["entity"], expected["performanceYear"]
    if entity["entityType"] == INDIVIDUAL:
        members = [{TIN: entity[TIN], NPI: entity[NPI]}]
    else:
        members = expected["members"] or []
    return {tokens.clinician(year, who[TIN], who[NPI]): who for who in members}


def gone(
    before: Mapping[str, JsonObject], now: Mapping[str, JsonObject]
) -> dict[str, JsonObject]:
    """Give the clinicians who were told of a score and are no longer on the roster."""
    return {name: who for name, who in before.items() if name not in now}
