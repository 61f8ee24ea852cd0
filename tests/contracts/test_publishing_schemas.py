"""What is accepted only widens: each schema in use is compared with published ones."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from qppflow.runtime.compatibility import Direction
from qppflow.runtime.compatibility_gate import Waiver, families, gate
from qppflow.runtime.contracts import version
from tests.contracts.publishing import PublishError, changes, locked
from tests.contracts.publishing_schemas import in_use, publish_all, unpublished

Change: TypeAlias = Callable[[dict[str, Any]], object]

SCHEMAS = Path(__file__).parents[2] / "schemas"
SUBMISSION = "mips/py2026/submission"
FAMILY = "urn:qppflow:schemas:mips:py2026:submission"
TODAY = date(2027, 3, 1)
# The version in use, and the one that would follow it.
NOW = json.loads((SCHEMAS / f"{SUBMISSION}.schema.json").read_bytes())["$id"][
    len(FAMILY) + 1 :
]
NEXT = f"1.{int(NOW.split('.')[1]) + 1}.0"
KEPT = [
    version(file.name.removesuffix(".schema.json"))
    for file in sorted((SCHEMAS / "published" / SUBMISSION).iterdir())
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a twin of all schemas, without their examples."""
    leave = shutil.ignore_patterns("examples")
    return Path(shutil.copytree(SCHEMAS, tmp_path / "schemas", ignore=leave))


def edit(folder: Path, change: Change, number: str = NEXT) -> None:
    """Change the schema of 2026's submissions that is in use, and its version."""
    file = folder / f"{SUBMISSION}.schema.json"
    schema = json.loads(file.read_bytes())
    schema["$id"] = f"{FAMILY}:{number}"
    change(schema)
    file.write_text(json.dumps(schema), "utf-8")


def add_a_field(schema: dict[str, Any]) -> None:
    """Accept one field more."""
    schema["properties"]["note"] = {"type": "string"}


def allow_an_entity(schema: dict[str, Any]) -> None:
    """Accept one word more."""
    schema["properties"]["entityType"]["enum"].append("hospital")


def chain(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the rules by which a measure decides the shape of its value."""
    rule, found = schema["$defs"]["measurement"], []
    while "if" in rule:
        found.append(rule)
        rule = rule.get("else", {})
    return found


def names(schema: dict[str, Any], place: int) -> list[str]:
    """Give the measures of one of the shapes."""
    found: list[str] = chain(schema)[place]["if"]["properties"]["measureId"]["enum"]
    return found


def add_a_measure(schema: dict[str, Any]) -> None:
    """Say which value a measure has that the catalogue now knows."""
    names(schema, 0).append("999")


def take_a_measure_away(schema: dict[str, Any]) -> None:
    """Say nothing of a measure that was accepted."""
    names(schema, 0).pop()


def move_a_measure(schema: dict[str, Any]) -> None:
    """Ask for counts where true or false was accepted, or the other way round."""
    names(schema, 1).append(names(schema, 0).pop())


def take_an_entity_away(schema: dict[str, Any]) -> None:
    """Accept one word less."""
    schema["properties"]["entityType"]["enum"].remove("group")


def ask_for_a_field(schema: dict[str, Any]) -> None:
    """Need what could be left out."""
    schema["$defs"]["measurementSet"]["required"].append("cehrtId")


def shorten_a_list(schema: dict[str, Any]) -> None:
    """Take fewer sets."""
    schema["properties"]["measurementSets"]["maxItems"] = 5


WIDER = pytest.mark.parametrize("change", [add_a_field, allow_an_entity, add_a_measure])
NARROWER = pytest.mark.parametrize(
    ("change", "at", "keyword"),
    [
        (take_an_entity_away, "/entityType", "enum"),
        (ask_for_a_field, "/measurementSets/items/cehrtId", "required"),
        (shorten_a_list, "/measurementSets", "maxItems"),
        (
            take_a_measure_away,
            "/measurementSets/items/measurements/items/measureId",
            "enum",
        ),
        (
            move_a_measure,
            "/measurementSets/items/measurements/items/value",
            "type",
        ),
    ],
)


def test_what_is_in_use_is_what_was_published_last() -> None:
    """Documents are judged by a schema that never changes under its version."""
    assert unpublished(SCHEMAS) == []
    assert changes(SCHEMAS) == []


def test_every_schema_in_use_has_a_file_of_its_own_version() -> None:
    """One lock names them all, in the form that sha256sum reads."""
    using = [one.schema["$id"] for one in in_use(SCHEMAS)]
    kept = {
        f"{family}:{number}"
        for family, versions in families(SCHEMAS / "published").items()
        for number in versions
    }

    assert len(using) > 12
    assert set(using) <= kept
    assert len(locked(SCHEMAS)) == len(kept)


def test_publishing_what_is_published_changes_nothing(folder: Path) -> None:
    """The command may be run at any time."""
    assert publish_all(folder, ()) == []
    assert changes(folder) == []


@WIDER
def test_a_wider_schema_is_published_beside_the_first(
    folder: Path, change: Change
) -> None:
    """The gate then has two versions to compare, and is content."""
    edit(folder, change)

    (made,) = publish_all(folder, ())

    place = f"published/{SUBMISSION}/{NEXT}.schema.json"
    assert made == folder / place
    assert place in locked(folder)
    assert changes(folder) == unpublished(folder) == []
    assert len(families(folder / "published")[FAMILY]) == len(KEPT) + 1
    assert gate(folder / "published", Direction.ACCEPTED, (), TODAY) == []


@NARROWER
def test_a_narrower_schema_is_not_published(
    folder: Path, change: Change, at: str, keyword: str
) -> None:
    """Nothing is written, and the message says where it narrows."""
    edit(folder, change)

    with pytest.raises(PublishError, match=f"{at} {keyword}"):
        publish_all(folder, ())

    assert list(families(folder / "published")[FAMILY]) == KEPT


@NARROWER
def test_the_gate_sees_a_narrower_version_that_was_put_there_by_hand(
    folder: Path, change: Change, at: str, keyword: str
) -> None:
    """Whatever way a version came into its folder, it is compared; 2.0.0 as well."""
    edit(folder, change, "2.0.0")
    copy = folder / "published" / SUBMISSION / "2.0.0.schema.json"
    shutil.copy(folder / f"{SUBMISSION}.schema.json", copy)

    found = gate(folder / "published", Direction.ACCEPTED, (), TODAY)

    assert f"{FAMILY}:2.0.0 {at} {keyword}" in [
        line.partition(": ")[0] for line in found
    ]


def test_a_narrowing_that_was_agreed_on_is_published(folder: Path) -> None:
    """CMS itself withdraws a measure now and then; all of a version in one waiver."""
    edit(folder, take_a_measure_away)
    at = "/measurementSets/items/measurements/items/measureId"
    waiver = Waiver(f"{FAMILY}:{NEXT}", at, "enum", "withdrawn", date(2999, 12, 31))

    made = publish_all(folder, (waiver,))

    assert len(made) == 1


def test_a_schema_that_changed_under_its_version_is_seen(folder: Path) -> None:
    """Also when it only widened: the published file would say something else."""
    edit(folder, add_a_field, NOW)

    assert unpublished(folder) == [f"{FAMILY}:{NOW} changed under its old version"]
    with pytest.raises(PublishError, match="changed under its old version"):
        publish_all(folder, ())


def test_a_version_that_was_never_published_is_seen(folder: Path) -> None:
    """A new version is used only once it is kept."""
    edit(folder, add_a_field)

    assert unpublished(folder) == [f"{FAMILY}:{NEXT} is not published"]


def test_going_back_to_an_old_version_is_seen(folder: Path) -> None:
    """It would reject what the newer one accepted."""
    file = folder / f"{SUBMISSION}.schema.json"
    old = file.read_bytes()
    edit(folder, add_a_field)
    publish_all(folder, ())
    file.write_bytes(old)

    assert unpublished(folder) == [
        f"{FAMILY}:{NOW} is not the newest published version"
    ]


def test_an_older_version_is_not_published(folder: Path) -> None:
    """Versions go up."""
    edit(folder, add_a_field, "0.9.0")

    with pytest.raises(PublishError, match=f"0.9.0 is not newer than {NOW}"):
        publish_all(folder, ())


def test_a_schema_that_is_used_no_more_is_seen(folder: Path) -> None:
    """Its documents were accepted once."""
    (folder / f"{SUBMISSION}.schema.json").unlink()

    assert unpublished(folder) == [f"{FAMILY} is in use no more"]


def test_a_published_file_that_changed_is_never_locked_again(folder: Path) -> None:
    """Not even when the schema in use changed with it."""
    edit(folder, add_a_field, NOW)
    copy = folder / "published" / SUBMISSION / f"{NOW}.schema.json"
    shutil.copy(folder / f"{SUBMISSION}.schema.json", copy)

    with pytest.raises(PublishError, match=f"submission/{NOW}.schema.json changed"):
        publish_all(folder, ())


def test_two_files_of_one_version_are_refused(folder: Path) -> None:
    """Nobody could say which of them is published."""
    place = folder / "published" / SUBMISSION
    shutil.copy(place / "1.0.0.schema.json", place / "copy.schema.json")

    with pytest.raises(ValueError, match="the \\$id of two files"):
        families(folder / "published")
