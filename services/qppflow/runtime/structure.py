"""Turn the mistakes a JSON Schema finds into findings in a registry's words."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from jsonschema_rs import ValidationError

from qpp.codes import Code
from qpp.finding_rules import report
from qpp.findings import Finding
from qpp.identifiers import described, shown
from qppflow.runtime.decode import (
    escape,
    few_digits,
    may_be_shown,
    named,
    pointer_to,
)
from qppflow.runtime.resources import finding_rules
from qppflow.runtime.schema_shapes import SHAPES, Schema
from qppflow.runtime.schemas import (
    MOST_MISTAKES,
    MOST_VALUES,
    JudgingSchema,
    has_too_many_values,
)
from qppflow.runtime.value_families import FAMILIES, FAMILY_NAMES, family_of

TIN: Final = "taxpayerIdentificationNumber"
NPI: Final = "nationalProviderIdentifier"
ENTITY_ID: Final = "entityId"
IDENTIFIERS: Final = frozenset({TIN, NPI, ENTITY_ID})
_LIKE_A_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{0,29}")
_LIKE_A_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_CODES: Final[Mapping[str, Code]] = {
    "type": Code.WRONG_TYPE,
    "enum": Code.NOT_IN_LIST,
    "const": Code.NOT_IN_LIST,
    "pattern": Code.WRONG_FORM,
    "minLength": Code.WRONG_FORM,
    "maxLength": Code.WRONG_FORM,
    "format": Code.DATE_IMPOSSIBLE,
    "minimum": Code.OUT_OF_RANGE,
    "maximum": Code.OUT_OF_RANGE,
    "minItems": Code.TOO_FEW,
    "maxItems": Code.TOO_MANY,
    "not": Code.IDENTIFIER_NOT_ALLOWED,
}
# Texts that break these are described, not shown: they may be anything.
_UNTOLD_TEXTS: Final = frozenset({"type", "pattern", "minLength", "maxLength"})
_IDENTIFIER_CODES: Final = {
    TIN: Code.TIN_MALFORMED,
    NPI: Code.NPI_MALFORMED,
    ENTITY_ID: Code.ENTITY_ID_MALFORMED,
}
_MALFORMED: Final = frozenset({Code.WRONG_TYPE, Code.WRONG_FORM})
# Of several mistakes in one value the first of these is told; the rest follow from it.
_ORDER: Final = {keyword: rank for rank, keyword in enumerate(_CODES)}

_HINTS: Final[Mapping[tuple[str, str], str]] = {
    ("category", "cost"): "; CMS computes cost from claims, nobody sends it",
    ("category", "aci"): "; what was aci in 2017 is pi",
}


def structure_findings(document: object, judging: JudgingSchema) -> list[Finding]:
    """Say what is wrong with the structure of *document*: one finding a mistake."""
    if has_too_many_values(document):
        text = f"a mistake among more than {MOST_VALUES} values"
        return [report(finding_rules(), Code.TOO_MANY, "", text)]
    mistakes = judging.mistakes(document)
    shapes: dict[str, Finding | None] = {}
    told: dict[tuple[str, str], tuple[int, Finding]] = {}
    for mistake in mistakes[:MOST_MISTAKES]:
        path = mistake.instance_path
        if (root := _value_path(path)) is not None:
            place = pointer_to(root)
            if place not in shapes:
                shapes[place] = _other_shape(document, root, judging)
            if shapes[place] is not None:
                continue
        for key, rank, finding in _findings(mistake, document, judging):
            if key not in told or rank < told[key][0]:
                told[key] = rank, finding
    findings = [finding for finding in shapes.values() if finding is not None]
    findings += [finding for _, finding in told.values()]
    if max(len(mistakes), len(findings)) > MOST_MISTAKES:
        del findings[MOST_MISTAKES:]
        text = f"more than {MOST_MISTAKES} mistakes"
        findings.append(report(finding_rules(), Code.TOO_MANY, "", text))
    return findings


def _findings(
    mistake: ValidationError, document: object, judging: JudgingSchema
) -> list[tuple[tuple[str, str], int, Finding]]:
    """Give the findings of one mistake, each with its key and its rank under it."""
    details = mistake.kind.as_dict()
    keyword, path = mistake.kind.name, mistake.instance_path
    at = pointer_to(path)
    around = judging.part(mistake.schema_path[:-1])
    if keyword == "required" and around.keys() == {"required"}:
        # A rule of one choice; the fields are described beside the choice.
        around = judging.part(mistake.schema_path[:-2])
    if keyword == "required":
        name = details["property"]
        return [((at, name), 0, _missing(name, at, around, judging))]
    if keyword == "additionalProperties":
        names = details["unexpected"][: MOST_MISTAKES + 1]
        return [((at, name), 0, _unknown(name, at, around)) for name in names]
    # The general type of values says less than the type of a measure's value.
    general = mistake.schema_path[:2] == ["$defs", "value"]
    rank = _ORDER[keyword] + len(_ORDER) * general
    value = _value(document, path)
    return [((at, ""), rank, _wrong(keyword, details, value, path, around))]


def _missing(name: str, at: str, around: Schema, judging: JudgingSchema) -> Finding:
    """Report a required field that is not there."""
    if name in IDENTIFIERS and not at:
        title = around["title"] if "properties" not in around else f"the field {name}"
        return report(finding_rules(), Code.IDENTIFIER_MISSING, at, f"no {name}", title)
    field = around.get("properties", {}).get(name, {})
    if "$ref" in field:
        field = judging.part(field["$ref"].split("/")[1:])
    title = field.get("title")
    needed = f"{name}: {title}" if title else f"the field {name}"
    return report(finding_rules(), Code.FIELD_MISSING, at, f"no {name}", needed)


def _unknown(name: str, at: str, around: Schema) -> Finding:
    """Report a field that has no place in its object, and the likeliest other."""
    known = list(around["properties"])
    close = get_close_matches(name, known, n=1) if may_be_shown(name) else ()
    if not at and name == "programName":
        needed = "programName in each measurement set"
    elif close:
        needed = f"{close[0]}, if that was meant; otherwise leave the field out"
    else:
        needed = f"no fields but {', '.join(known)}"
    place = f"{at}/{escape(name)}" if may_be_shown(name) else at
    return report(finding_rules(), Code.FIELD_UNKNOWN, place, named(name), needed)


def _wrong(
    keyword: str,
    details: Mapping[str, Any],
    value: object,
    path: Sequence[str | int],
    around: Schema,
) -> Finding:
    """Report a value that its field does not take."""
    code = _CODES[keyword]
    field = next((step for step in reversed(path) if isinstance(step, str)), "")
    if code in _MALFORMED:
        code = _IDENTIFIER_CODES.get(field, code)
    needed = str(around.get("title", "another value"))
    match keyword:
        case "maxLength":
            needed = f"at most {details['limit']} characters"
        case "minItems":
            needed += f" with at least {details['limit']} entry"
        case "maxItems":
            needed = f"at most {details['limit']} entries"
        case "enum" if isinstance(value, str):
            needed += _HINTS.get((field, value), "")
        case _:
            pass
    hidden = field in IDENTIFIERS
    if keyword in _UNTOLD_TEXTS and isinstance(value, str):
        hidden = True
    found = described(value) if hidden else _words(value)
    return report(finding_rules(), code, pointer_to(path), found, needed)


def _words(value: object) -> str:
    """Show a short word, a date or a number; describe anything else."""
    if not isinstance(value, str) or _LIKE_A_DAY.fullmatch(value):
        return shown(value)
    short = _LIKE_A_WORD.fullmatch(value) and few_digits(value)
    return shown(value) if short else described(value)


def _value_path(path: Sequence[str | int]) -> Sequence[str | int] | None:
    """Give the part of *path* that leads to a measurement's value, if it does."""
    if "value" not in path:
        return None
    return path[: path.index("value") + 1]


def _other_shape(
    document: object, root: Sequence[str | int], judging: JudgingSchema
) -> Finding | None:
    """Report a value that has the shape of another kind of measure."""
    measurement = _value(document, root[:-1])
    assert isinstance(measurement, dict)
    measure = measurement.get("measureId")
    shape = judging.shapes.get(measure, "") if isinstance(measure, str) else ""
    family = family_of(measurement["value"])
    if not shape or family is None or family == FAMILIES[shape]:
        return None
    return report(
        finding_rules(),
        Code.WRONG_VALUE_SHAPE,
        pointer_to(root),
        FAMILY_NAMES[family],
        SHAPES[shape]["title"],
    )


def _value(document: object, path: Sequence[str | int]) -> object:
    """Give what stands at *path*."""
    found: Any = document
    for step in path:
        # A field whose name is a number, such as a place of service, comes as one.
        found = found[str(step) if isinstance(found, dict) else step]
    return found
