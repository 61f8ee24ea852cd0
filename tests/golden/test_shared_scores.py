"""Whole scores that CMS published: our own copy says what the files say, and more.

The golden cases of ``published.yaml`` run without the files; here each figure of the
files is looked for in them, and each input in what was given.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.golden.published_kinds import published
from tests.helpers.law import SHARED

HERE = Path(__file__).parent
ORACLES = SHARED / "oracles" / "cases"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not ORACLES.is_dir(), reason="no published files here"),
]
OURS: dict[str, dict[str, Any]] = {
    case["name"]: case for case in yaml.safe_load((HERE / "published.yaml").read_text())
}
QUALITY = {
    "02-2017-registry-individual-quality": "Six registry measures of 2017, two of "
    "them with a bonus",
    "05-2018-registry-v0.47": "Three registry measures of 2018 without benchmarks",
    "06a-2019-registry-quality": "Three registry measures of a small practice in 2019",
}
# The engine showed a rate of 0 for a measured value without instances, and scored
# 110 of 2019 by the rate of another measure: see the comments beside our cases.
NO_RATE = {"05-2018-registry-v0.47": {"ACEP32"}}
TUTORIAL = (
    "A complete base of 2017 and three rates",
    "The same with half of the summaries sent",
    "A base that lacks everything",
    "One medium activity of 2017",
)


def read(name: str) -> dict[str, Any]:
    """Read one published file."""
    document: dict[str, Any] = json.loads((ORACLES / f"{name}.json").read_text())
    return document


def quality_of(name: str) -> dict[str, Any]:
    """Give what a file expects of the quality category."""
    expected = read(name)["expected"]
    found: dict[str, Any] = (
        expected["quality"]
        if "quality" in expected
        else expected["categories"]["quality"]
    )
    return found


def measurements(sets: Any) -> dict[str, Any]:  # noqa: ANN401 - sets of any JSON
    """Give the values of all sets by measure."""
    return {
        item["measureId"]: item["value"]
        for group in sets
        for item in group["measurements"]
    }


def changed(name: str, sets: Any) -> set[str]:  # noqa: ANN401 - sets of any JSON
    """Name the measures whose value in our copy differs from the published one."""
    ours = measurements(OURS[name]["given"]["sets"])
    theirs = measurements(sets)
    return {key for key in ours | theirs if ours.get(key) != theirs.get(key)}


@pytest.mark.parametrize("file", QUALITY)
def test_measures_earn_what_the_engine_gave(file: str) -> None:
    """Rate, completeness, ladder points, each bonus and the sum of every measure."""
    made = published(OURS[QUALITY[file]]["given"])["measures"]
    assert isinstance(made, dict)

    for item in quality_of(file)["measures"]:
        ours, bonus = made[item["measureId"]], item["bonus"]
        if item["measureId"] not in NO_RATE.get(file, ()):
            assert float(ours["rate"]) == item["performanceRate"]
        assert float(ours["reporting"]) == item["reportingRate"]
        assert float(ours["ladder"]) == item["decileScore"]
        assert float(ours["end_to_end"]) == bonus["endToEnd"]
        assert (
            float(ours["high_priority"])
            == bonus["highPriority"] + bonus["outcomeOrPatientExperience"]
        )
        assert float(ours["points"]) == item["points"]
        if item.get("decile", -1) > 0:
            assert ours["decile"] == item["decile"]


@pytest.mark.parametrize("file", QUALITY)
def test_the_category_earns_what_the_engine_gave(file: str) -> None:
    """Percent of 60 points and the weighted score, as shown and unrounded."""
    made = published(OURS[QUALITY[file]]["given"])
    expected = quality_of(file)

    shown: float = expected["categoryScorePercent"]
    decimals = len(str(shown).partition(".")[2])
    assert round(float(str(made["quality_percent"])), decimals) == shown
    weighted: float = expected[
        "total" if "total" in expected else "weightedScoreUnrounded"
    ]
    assert float(str(made["quality_weighted"])) == round(weighted, 4)
    if "sumUnrounded" in expected:
        assert float(str(made["quality_sum"])) == expected["sumUnrounded"]


@pytest.mark.parametrize(
    ("file", "differing"),
    [
        ("02-2017-registry-individual-quality", set()),
        ("06a-2019-registry-quality", {"046", "110"}),
        ("06b-2019-ehr-pi", {"PI_PPHI_1"}),
        ("06c-2019-registry-ia", set()),
    ],
)
def test_our_copies_change_only_what_contradicts_itself(
    file: str, differing: set[str]
) -> None:
    """Counts of 110 and end-to-end reports in 2019, and a no that was shown as yes."""
    names = QUALITY | {
        "06b-2019-ehr-pi": "Five objectives of 2019",
        "06c-2019-registry-ia": "Four activities of 2019 that count double",
    }
    sets = read(file)["input"]["measurementSets"]

    assert changed(names[file], sets) == differing


def test_the_measures_of_2019_as_they_were_sent_are_a_case_as_well() -> None:
    """Nothing of the published input is left untested."""
    sets = read("06a-2019-registry-quality")["input"]["measurementSets"]

    assert changed("The same three measures as they were sent", sets) == set()


def test_the_quality_set_of_2018_is_the_published_one() -> None:
    """That file holds one set for each category."""
    sets = read("05-2018-registry-v0.47")["input"]["quality"]["measurementSets"]

    assert changed(QUALITY["05-2018-registry-v0.47"], sets) == set()


@pytest.mark.parametrize(
    "file", ["02-2017-registry-individual-quality", "06a-2019-registry-quality"]
)
def test_ladders_are_the_published_ones(file: str) -> None:
    """Those of the performance period came after the score of 2017 was given."""
    theirs = {
        f"{row['measureId']} {row['submissionMethod']}": row["deciles"]
        for row in read(file)["benchmarks"]
        if row["benchmarkYear"] < row["performanceYear"]
    }

    assert OURS[QUALITY[file]]["given"]["bounds"] == theirs


def test_promoting_interoperability_of_2018_and_2019() -> None:
    """Points of each measure, and 100 and 64 percent."""
    old = read("05-2018-registry-v0.47")["expected"]["pi"]
    new = read("06b-2019-ehr-pi")["expected"]["categories"]["pi"]
    ours = published(
        OURS["Base, four measures and the activity bonus of 2018"]["given"]
    )
    later = published(OURS["Five objectives of 2019"]["given"])

    assert float(str(ours["pi_percent"])) == old["categoryScorePercent"]
    assert float(str(ours["pi_weighted"])) == old["total"]
    inner = [part["parts"] for part in old["parts"][:2]]
    assert ours["parts"] == {"base": "50"} | {
        item["name"]: str(int(item["points"])) for items in inner for item in items
    }
    assert float(str(later["pi_percent"])) == new["categoryScorePercent"]
    assert float(str(later["pi_weighted"])) == new["weightedScore"]
    parts = later["parts"]
    assert isinstance(parts, dict)
    assert sorted(map(int, parts.values())) == sorted(new["objectiveScores"].values())


def test_activities_of_2018_and_2019() -> None:
    """Points of each activity, cut off at 40."""
    old = read("05-2018-registry-v0.47")["expected"]["ia"]
    new = read("06c-2019-registry-ia")["expected"]["categories"]["ia"]
    ours = published(OURS["Four activities of 2018"]["given"])
    later = published(OURS["Four activities of 2019 that count double"]["given"])

    assert ours["parts"] == {i["name"]: str(int(i["points"])) for i in old["measures"]}
    assert float(str(ours["ia_weighted"])) == old["total"]
    assert later["parts"] == {i["name"]: str(int(i["points"])) for i in new["measures"]}
    assert float(str(later["ia_percent"])) == new["categoryScorePercent"]
    assert float(str(later["ia_weighted"])) == new["weightedScore"]


@pytest.mark.parametrize("step", range(4))
def test_the_tutorial_of_2017(step: int) -> None:
    """Each of its four steps gives the total that the tutorial shows."""
    theirs = read("09-2017-aci-ia-tutorial")["steps"][step]
    made = published(OURS[TUTORIAL[step]]["given"])

    assert changed(TUTORIAL[step], theirs["input"]["measurementSets"]) == set()
    assert float(str(made["final"])) == theirs["expected"]["total"]
    for name, expected in theirs["expected"]["categories"].items():
        assert float(str(made[f"{name}_percent"])) == expected["categoryScorePercent"]
