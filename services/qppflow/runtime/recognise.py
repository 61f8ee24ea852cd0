"""Say what a JSON value is, and bring a submission into the one form that is judged.

That form is a whole submission without nulls and without the fields that only CMS's
answers carry. A document that is in this form already is never copied.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from qppflow.runtime.decode import escape, may_be_shown, named
from qppflow.runtime.schemas import EMPTY_IS_ABSENT, READ_ONLY

JsonObject: TypeAlias = dict[str, Any]

SUBMISSION: Final = "submission"
MEASUREMENT_SET: Final = "measurementSet"
FEED: Final = "feed"
UNKNOWN: Final = ""

NULL: Final = "null"
_REASONS: Final = {NULL: "null", "empty": "empty text", "read-only": "only in answers"}
# More kinds of fields than this are not told one by one.
_MOST_KINDS: Final = 50
_OTHERS: Final = "other fields"
_MARKS: Final = frozenset(
    {
        "measurementSets",
        "entityType",
        "entityId",
        "taxpayerIdentificationNumber",
        "nationalProviderIdentifier",
        "performanceYear",
    }
)
_RESPONSES: Final = (
    "submission",
    "submissions",
    "measurementSet",
    "measurementSets",
    "measurement",
    "score",
)
_SCALARS: Final = ((bool, "true or false"), (str, "a text"), (type(None), "null"))
_NONE: Final[frozenset[str]] = frozenset()
# A QCDR sends the rates of its own measures; in all other values CMS computes them.
_COMPUTED: Final = frozenset({"performanceRate"})
_WITH_RATE: Final = frozenset(
    {"registrySinglePerformanceRate", "registryMultiPerformanceRate"}
)


def kind_of(value: object) -> str:
    """Say whether *value* is a submission, a measurement set with one, or neither."""
    if not isinstance(value, dict):
        return UNKNOWN
    if "measurements" in value or "category" in value:
        return MEASUREMENT_SET if isinstance(value.get("submission"), dict) else UNKNOWN
    if "feed" in value or _MARKS.isdisjoint(value):
        return UNKNOWN
    return SUBMISSION


def looks_like(value: object) -> str:
    """Put into words what a value is that is no submission."""
    if isinstance(value, list):
        return _list(value)
    if not isinstance(value, dict):
        words = (word for kind, word in _SCALARS if isinstance(value, kind))
        return f"the JSON value {next(words, 'of a number')}"
    if not value:
        return "an empty object"
    if "data" in value:
        return _response(value["data"])
    tests = (
        ("error" in value or "errors" in value, "an error response"),
        ("qpp" in value, "a converter's response (qpp)"),
        ("feed" in value, "a CMS feed event"),
        ("specversion" in value, "a CloudEvents envelope in structured mode"),
        ("ClinicalDocument" in value, "a QRDA document written as JSON"),
        (
            "submission" in value and ("measurements" in value or "category" in value),
            "a measurement set whose submission is no object",
        ),
        (
            "measurements" in value or "category" in value,
            "a measurement set without its submission",
        ),
        ("measureId" in value, "a measurement without its set"),
        ("submission" in value, "a submission inside a field submission"),
        (not _MARKS.isdisjoint(value), "a submission"),
    )
    return next(
        (words for fits, words in tests if fits),
        "an object with none of a submission's fields",
    )


def _list(value: list[object]) -> str:
    """Put a JSON array into words."""
    objects = all(isinstance(item, dict) for item in value)
    return f"a JSON array of {len(value)} {'objects' if objects else 'values'}"


def _response(data: object) -> str:
    """Put the envelope of an API response into words."""
    inside = next((n for n in _RESPONSES if isinstance(data, dict) and n in data), None)
    return f"an API response (data.{inside})" if inside else "an API response (data)"


def whole(document: JsonObject) -> JsonObject:
    """Turn a measurement set that carries its submission into a whole submission."""
    inner = {name: value for name, value in document.items() if name != "submission"}
    outer: JsonObject = document["submission"]
    return outer | {"measurementSets": [inner]}


@dataclass(slots=True)
class Dropped:
    """What was left out of a document: where, by level, name and reason."""

    places: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)

    def note(self, level: str, name: str, reason: str, at: str) -> None:
        """Remember a field that was left out of the object at pointer *at*."""
        key = level, name, reason
        if key not in self.places and len(self.places) >= _MOST_KINDS:
            key = level, _OTHERS, reason
        self.places.setdefault(key, []).append(at)

    def told(self, missing: frozenset[tuple[str, str]]) -> list[tuple[str, str]]:
        """Give pointer and words for each kind of field that was left out.

        *missing* are objects and names whose null is told as a missing field.
        """
        told = []
        for (level, name, reason), places in self.places.items():
            left = [at for at in places if (at, name) not in missing]
            if left:
                first = f"{left[0]}/{escape(name)}" if may_be_shown(name) else left[0]
                times = "once" if len(left) == 1 else f"{len(left)} times"
                what = _OTHERS if name == _OTHERS else named(name)
                words = f"{what} of a {level}, {_REASONS[reason]}, {times}"
                told.append((first, words))
        return told


def without_extras(
    document: JsonObject, shapes: Mapping[str, str], dropped: Dropped
) -> JsonObject:
    """Leave out what does not count, and note it; *shapes* as the schema has them."""
    kept = _kept(document, SUBMISSION, "", dropped)
    return _each(
        kept,
        "measurementSets",
        "",
        lambda item, at: _each(
            _kept(item, "measurement set", at, dropped),
            "measurements",
            at,
            lambda inner, place: _measurement(inner, place, shapes, dropped),
        ),
    )


def without_nulls(document: JsonObject, dropped: Dropped) -> JsonObject:
    """Leave the nulls out of a CMS feed, and note them."""
    kept = _kept(document, FEED, "", dropped)
    for name in (
        "measures",
        "roster",
        "decisions",
        "members",
        "registrations",
        "snapshots",
    ):
        kept = _each(
            kept, name, "", lambda item, at: _kept(item, "feed entry", at, dropped)
        )
    return kept


def _measurement(
    item: JsonObject, at: str, shapes: Mapping[str, str], dropped: Dropped
) -> JsonObject:
    """Leave out what does not count of a measurement, its value and its strata."""
    item = _kept(item, "measurement", at, dropped)
    value = item.get("value")
    if not isinstance(value, dict):
        return item
    measure = item.get("measureId")
    shape = shapes.get(measure) if isinstance(measure, str) else None
    computed = _NONE if shape is None or shape in _WITH_RATE else _COMPUTED
    place = f"{at}/value"
    kept = _each(
        _kept(value, "value", place, dropped, computed),
        "strata",
        place,
        lambda stratum, there: _kept(stratum, "value", there, dropped, _COMPUTED),
    )
    return item if kept is value else item | {"value": kept}


def _kept(
    item: JsonObject,
    level: str,
    at: str,
    dropped: Dropped,
    computed: frozenset[str] = _NONE,
) -> JsonObject:
    """Give *item* itself, or a copy without what does not count on its level."""
    answers = READ_ONLY.get(level, _NONE)
    empties = EMPTY_IS_ABSENT.get(level, _NONE)
    gone: dict[str, str] = {}
    for name, value in item.items():
        if value is None:
            gone[name] = NULL
        elif name in answers or name in computed:
            gone[name] = "read-only"
        elif value == "" and name in empties:
            gone[name] = "empty"
    if not gone:
        return item
    for name, reason in gone.items():
        dropped.note(level, name, reason, at)
    return {name: value for name, value in item.items() if name not in gone}


def _each(
    item: JsonObject,
    name: str,
    at: str,
    change: Callable[[JsonObject, str], JsonObject],
) -> JsonObject:
    """Change the objects in the list *name* of *item*, copying only if one differs."""
    listed = item.get(name)
    if not isinstance(listed, list):
        return item
    changed = [
        change(entry, f"{at}/{name}/{index}") if isinstance(entry, dict) else entry
        for index, entry in enumerate(listed)
    ]
    same = all(old is new for old, new in zip(listed, changed, strict=True))
    return item if same else item | {name: changed}
