"""Golden cases: one YAML file for each kind of provision, one test for each case.

Every case has a ``name``, the paragraph it ``cites``, what is ``given`` and what to
``expect``; ``given.years`` repeats a case. The file ``worked`` holds
examples whose figures CMS, its regulation or its engine gave.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.golden.kinds import KINDS

HERE = Path(__file__).parent
FIELDS = {"name", "cites", "given", "expect"}
Case = dict[str, Any]


FILES = sorted(HERE.glob("*.yaml"))
RAW: dict[Path, list[Case]] = {file: yaml.safe_load(file.read_text()) for file in FILES}


def read_cases(file: Path) -> list[Case]:
    """Read a file of cases and repeat those that hold in several years."""
    cases: list[Case] = []
    for case in RAW[file]:
        given = dict(case["given"])
        for year in given.pop("years", [None]):
            more = {} if year is None else {"year": year}
            kind = case.get("kind", file.stem)
            cases.append(case | {"kind": kind, "given": given | more})
    return cases


CASES = [(file.stem, case) for file in FILES for case in read_cases(file)]


def title(item: object) -> str:
    """Name a test by its file, its sentence and its year."""
    if isinstance(item, str):
        return item
    assert isinstance(item, dict)
    year = item["given"].get("year")
    return item["name"] if year is None else f"{item['name']} ({year})"


def differences(case: Case) -> dict[str, tuple[object, object]]:
    """Give what a case expects and what the law made, where they differ."""
    made = KINDS[case["kind"]](case["given"])
    return {
        name: (wanted, made.get(name))
        for name, wanted in case["expect"].items()
        if name not in made or made[name] != wanted
    }


@pytest.mark.parametrize(("_file", "case"), CASES, ids=title)
def test_the_law_agrees(_file: str, case: Case) -> None:
    """What the case expects is what the law makes of what is given."""
    assert differences(case) == {}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_cases_are_well_formed(file: Path) -> None:
    """A case has its four fields, expects something, and its name is its own."""
    raw = RAW[file]
    names = Counter(case["name"] for case in raw)

    assert all(set(case) - {"kind"} == FIELDS for case in raw)
    assert all(case["cites"] and case["expect"] for case in raw)
    assert [name for name, times in names.items() if times > 1] == []


def test_there_is_a_case_for_every_kind() -> None:
    """A kind that no file uses would prove nothing."""
    assert {case["kind"] for _, case in CASES} == set(KINDS)


@pytest.mark.parametrize(("_file", "case"), CASES[:: len(CASES) // 20], ids=title)
def test_a_wrong_expectation_is_seen(_file: str, case: Case) -> None:
    """Another figure, and a figure the law never makes, are both reported."""
    name = next(iter(case["expect"]))
    wrong = case | {"expect": {name: "anything else", "no such figure": "1"}}

    assert set(differences(wrong)) == {name, "no such figure"}
