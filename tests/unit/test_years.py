"""The rule books of 2017 to 2019 and 2024 to 2026, and of a year no Python knows."""

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from qpp import library
from qpp.advancing_care.rules import AdvancingCareRules
from qpp.mips.rules import PARTS, MipsRules, read_rules
from qpp.rulebook import Provision, RuleError

ROOT = Path(__file__).parents[2]
RULES = ROOT / "qpp" / "rules" / "mips"
MEASURES = ROOT.parent / "shared" / "cms-data" / "measures"
BOOKS = (2017, 2018, 2019, 2024, 2025, 2026)
# Of these Promoting Interoperability and the weights have today's form.
YEARS = tuple(year for year in library.years() if year > 2022)
# What is another number or day in every year.
EVERY_YEAR = {
    "submission.performance_year",
    "submission.payment_year",
    "submission.window_opens",
    "submission.window_closes",
    "submission.registration_opens",
    "submission.registration_closes",
    "reweighting.newly_formed_from",
    "eligibility.determination_segments",
    "eligibility.election_from",
    "eligibility.election_until",
}


def files_of(year: int) -> dict[str, bytes]:
    """Read the rule files of one year as a library user would pass them."""
    folder = RULES / f"py{year}"
    return {file.name: file.read_bytes() for file in folder.glob("*.toml")}


def book_of(year: int) -> MipsRules:
    """Read the rule book of one year."""
    return read_rules(f"mips/py{year}", files_of(year))


def values_of(book: MipsRules) -> dict[str, Any]:
    """Map the path of every provision to its value."""
    found = {}
    for part in PARTS:
        rules = getattr(book, part)
        for field in fields(rules):
            provision = getattr(rules, field.name)
            path = f"{part}.{field.name}"
            if is_dataclass(provision) and not isinstance(provision, Provision):
                for inner in fields(provision):
                    item = getattr(provision, inner.name)
                    value = None if item is None else item.value
                    found[f"{path}.{inner.name}"] = value
            else:
                found[path] = None if provision is None else provision.value
    return found


def changed(old: int, new: int) -> set[str]:
    """Name the provisions whose value differs between two years."""
    before, after = values_of(book_of(old)), values_of(book_of(new))
    return {
        path
        for path in before.keys() | after.keys()
        if before.get(path) != after.get(path)
    }


@pytest.mark.parametrize("year", BOOKS)
def test_a_year_is_read_whole(year: int) -> None:
    """The book knows its year, the year it pays in, and its exact bytes."""
    book = book_of(year)

    assert book.year == year
    assert book.submission.payment_year.value == year + 2
    assert book.id.startswith(f"mips/py{year}@")


ADVANCING_CARE = "promoting_interoperability.advancing_care."


def test_2018_changed_exactly_this() -> None:
    """Cost weighs, incomplete data earn less, ids have another name."""
    assert changed(2017, 2018) == {
        *EVERY_YEAR,
        "submission.cehrt_id_required_for",
        "eligibility.low_volume_thresholds",
        "quality.minimum_days_is_full_year",
        "quality.data_completeness",
        "quality.points_below_completeness",
        "quality.non_proportion_points",
        "quality.topped_out_cap",
        "quality.improvement_maximum",
        "promoting_interoperability.attestations",
        "promoting_interoperability.bonus_measures",
        f"{ADVANCING_CARE}base_sets",
        f"{ADVANCING_CARE}exclusions",
        f"{ADVANCING_CARE}performance_points",
        f"{ADVANCING_CARE}transition_prefix",
        f"{ADVANCING_CARE}activity_bonus_measure",
        "cost.measure_floor",
        "final_score.weights",
        "final_score.redistribution",
        "final_score.redistribution_small_practice",
        "final_score.complex_patient_bonus_maximum",
        "final_score.small_practice_final_bonus",
        "payment.performance_threshold",
        "payment.maximum_adjustment",
    }


def test_2019_changed_exactly_this() -> None:
    """Objectives take the place of advancing care, a bonus moves into quality."""
    found = changed(2018, 2019)

    care = {path for path in found if path.startswith(ADVANCING_CARE)}
    assert len(care) == len(fields(AdvancingCareRules))
    assert found - care == {
        *EVERY_YEAR,
        "eligibility.clinician_types",
        "eligibility.statuses_of_types",
        "eligibility.facility_based_hospital",
        "eligibility.low_volume_thresholds",
        "eligibility.opt_in_exceeded",
        "eligibility.virtual_group_election",
        "quality.points_decimals",
        "quality.non_proportion_points",
        "quality.small_practice_bonus",
        "quality.measure_bonuses.required_high_priority",
        "quality.measure_bonuses.end_to_end_benchmark",
        "promoting_interoperability.attestations",
        "promoting_interoperability.measure_points",
        "promoting_interoperability.objectives",
        "promoting_interoperability.shared_points",
        "promoting_interoperability.alternatives",
        "promoting_interoperability.redistribution",
        "promoting_interoperability.minimum_measure_points",
        "promoting_interoperability.bonus_measures",
        "cost.improvement_maximum",
        "final_score.weights",
        "final_score.redistribution",
        "final_score.redistribution_small_practice",
        "final_score.small_practice_final_bonus",
        "payment.additional_threshold",
        "final_score.facility_not_for",
        "payment.performance_threshold",
        "payment.maximum_adjustment",
    }


def test_the_points_of_advancing_care_are_those_of_the_data() -> None:
    """CMS's data of 2017 named the points of every measure."""
    pi = book_of(2017).promoting_interoperability
    assert pi.advancing_care is not None
    weights = {
        name: item.weight
        for name, item in library.catalogue(2017).interoperability.items()
        if item.weight
    }

    bonus = dict.fromkeys(pi.bonus_measures.value, pi.bonus_points.value)
    ours = {**pi.advancing_care.performance_points.value, **bonus}
    ours[pi.advancing_care.activity_bonus_measure.value] = (
        pi.advancing_care.activity_bonus_points.value
    )

    assert ours == weights


def test_2025_changed_exactly_this() -> None:
    """Activities lost their weights, eCR was suppressed, the APP Plus began."""
    assert changed(2024, 2025) == {
        *EVERY_YEAR,
        "submission.programs",
        "submission.special_statuses",
        "quality.coa_points",
        "programs.mvp_population_health",
        "programs.app_slots",
        "programs.app_claims_measures",
        "submission.cehrt_id_required_for",
        "promoting_interoperability.engagement_measures",
        "promoting_interoperability.any_answer_earns_full",
        "promoting_interoperability.reweighted_statuses",
        "promoting_interoperability.short_or_incomplete_cancels_reweighting",
        "quality.data_that_qualifies",
        "reweighting.third_party_intermediary",
        "cost.suppressed",
        "improvement_activities.formula",
        "improvement_activities.suspended_activities",
        "improvement_activities.suspended_from",
        "payment.published_highest_adjustment",
        "eligibility.statuses_of_types",
    }


def test_2026_changed_exactly_this() -> None:
    """Case reporting and suppressed costs count again, the APP Plus grew."""
    assert changed(2025, 2026) == {
        *EVERY_YEAR,
        "entities.multispecialty_group_in_mvp",
        "submission.programs",
        "cost.suppressed",
        "programs.app_slots",
        "programs.app_claims_measures",
        "improvement_activities.suspended_activities",
        "improvement_activities.suspended_from",
        "promoting_interoperability.bonus_measures",
        "promoting_interoperability.engagement_measures",
        "promoting_interoperability.any_answer_earns_full",
    }


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("way", [0, 1, 2])
def test_each_way_to_report_promoting_interoperability_is_worth_100(
    year: int, way: int
) -> None:
    """Whichever way information is exchanged, the measures add up to the maximum."""
    rules = book_of(year).promoting_interoperability
    ways = rules.alternatives.value
    dropped = {name for item in ways if item is not ways[way] for name in item}

    total = sum(
        points
        for name, points in rules.measure_points.value.items()
        if name not in dropped
    ) + sum(rules.shared_points.value.values())

    assert total == rules.category_maximum.value


@pytest.mark.parametrize("year", YEARS)
def test_points_of_an_excluded_measure_go_to_known_measures(year: int) -> None:
    """Every taker is a measure with points, or an objective that has some."""
    rules = book_of(year).promoting_interoperability
    objectives = {f"objective:{name}" for name in rules.objectives.value}
    known = objectives | set(rules.measure_points.value)

    takers = [name for row in rules.redistribution.value.values() for name in row]

    assert set(takers) <= known
    # The measure without exclusion is the last resort of every row.
    assert {row[-1] for row in rules.redistribution.value.values()} == {"PI_PEA_1"}


@pytest.mark.parametrize("year", YEARS)
def test_small_practices_differ_in_two_rows_only(year: int) -> None:
    """Without PI, and without cost and PI, activities take over more."""
    rules = book_of(year).final_score
    usual = rules.redistribution.value
    small = rules.redistribution_small_practice.value

    different = {key for key in usual if usual[key] != small[key]}

    assert different == {"pi", "cost+pi"}
    assert usual["none"] == small["none"] == rules.weights.value


@pytest.mark.parametrize("year", BOOKS)
def test_every_status_that_a_rule_asks_for_can_be_declared(year: int) -> None:
    """A rule that asks for an unknown status would never apply."""
    book = book_of(year)
    pi = book.promoting_interoperability

    asked = (
        pi.reweighted_statuses.value
        | pi.reweighted_group_statuses.value
        | book.improvement_activities.special_statuses.value
        | book.improvement_activities.apm_credit_statuses.value
    )

    assert asked <= book.submission.special_statuses.value


@pytest.mark.parametrize("year", YEARS)
def test_every_status_that_facts_show_can_be_declared(year: int) -> None:
    """A status that no rule knows would count for nothing."""
    rules = book_of(year).eligibility

    shown = {
        *rules.group_shares.value,
        *rules.location_statuses.value,
        *rules.statuses_of_types.value.values(),
        "smallPractice",
        "ascBased",
    }

    assert shown <= book_of(year).submission.special_statuses.value
    assert set(rules.statuses_of_types.value) <= rules.clinician_types.value


def test_a_new_year_needs_no_python(tmp_path: Path) -> None:
    """Files of 2031 with another threshold are read as they stand."""
    for name, content in files_of(2026).items():
        text = content.decode().replace('value = "2026"', 'value = "2031"')
        if name == "payment.toml":
            text = text.replace('value = "75"', 'value = "82.5"', 1)
        (tmp_path / name).write_text(text)
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    book = read_rules("mips/py2031", files)

    assert book.year == 2031
    assert str(book.payment.performance_threshold.value) == "82.5"
    assert book.id.startswith("mips/py2031@")
    assert book.id.partition("@")[2] != book_of(2026).id.partition("@")[2]


@pytest.mark.parametrize("change", ["missing", "extra"])
def test_a_year_has_exactly_its_own_files(change: str) -> None:
    """A forgotten or a stray file is refused, not ignored."""
    files = files_of(2026)
    if change == "missing":
        del files["cost.toml"]
    else:
        files["costs.toml"] = b""

    with pytest.raises(
        RuleError, match=r"^mips/py2026: needs exactly the files cost, "
    ):
        read_rules("mips/py2026", files)


def test_a_changed_note_makes_another_book() -> None:
    """The id names the exact bytes, so that a score can be traced to them."""
    files = files_of(2026)
    files["cost.toml"] += b"# checked again\n"

    assert read_rules("mips/py2026", files).id != book_of(2026).id


@pytest.mark.shared
@pytest.mark.skipif(not MEASURES.is_dir(), reason="CMS's files are not here")
@pytest.mark.parametrize("year", library.years())
def test_every_measure_named_in_a_rule_is_in_cms_data(year: int) -> None:
    """A misspelt measure id would be a rule that never applies."""
    data = json.loads((MEASURES / str(year) / "measures-data.json").read_text())
    known = {item["measureId"] for item in data}
    book = book_of(year)
    pi, cost = book.promoting_interoperability, book.cost

    named = {
        *pi.measure_points.value,
        *(name for names in pi.objectives.value.values() for name in names),
        *pi.attestations.value,
        *pi.bonus_measures.value,
        *pi.any_answer_earns_full.value,
        *(
            name + suffix
            for name in pi.engagement_measures.value
            for suffix in pi.engagement_suffixes.value
        ),
        *book.improvement_activities.medical_home_activities.value,
        *book.improvement_activities.not_outside_an_mvp.value,
        *cost.case_minimum_by_measure.value,
        *cost.case_minimum_in_doubt.value,
        *cost.types_by_measure.value,
        *cost.groups_only.value,
        *cost.suppressed.value,
        *(
            name
            for slots in book.programs.app_slots.value.values()
            for names in slots.values()
            for name in names
        ),
        *(
            name
            for names in book.programs.app_claims_measures.value.values()
            for name in names
        ),
        *book.quality.administrative_claims_case_minimum.value,
        *book.quality.administrative_claims_large_groups_only.value,
        book.quality.cahps_container.value,
    }
    if pi.advancing_care is not None:
        care = pi.advancing_care
        named |= {care.activity_bonus_measure.value, *care.performance_points.value}
        for names in (*care.base_sets.value.values(), *care.exclusions.value.values()):
            named |= {*care.exclusions.value, *names}

    assert named <= known
