"""Comparing two catalogues fact by fact."""

from dataclasses import replace
from decimal import Decimal

from qpp import library
from qpp.catalog_compare import Difference, KindChange, RowChange, compare
from qpp.catalogue import Catalogue, Cluster
from tests.helpers.cms_checkout import Checkout, cluster


def small() -> Catalogue:
    """Give a small catalogue with two clusters."""
    rows = [cluster(name, "901", "902") for name in ("901", "902")]
    return Checkout(clusters=rows).imported().catalogue


def by_kind(old: Catalogue, new: Catalogue) -> dict[str, KindChange]:
    """Give what is different by kind, without kinds that say the same."""
    return {change.kind: change for change in compare(old, new) if change}


def test_a_catalogue_says_the_same_as_itself() -> None:
    """No kind is different, and each is named."""
    found = compare(small(), small())

    assert not any(found)
    assert [change.kind for change in found] == [
        "quality",
        "interoperability",
        "activities",
        "cost",
        "mvps",
        "clusters",
        "benchmarks",
        "exclusion_reasons",
        "programs",
    ]


def test_the_anesthesia_mvp_lost_two_measures_and_two_activities() -> None:
    """From 2025 to 2026, in the catalogues that ship."""
    mvps = by_kind(library.catalogue(2025), library.catalogue(2026))["mvps"]

    changed = {row.key: row.differences for row in mvps.changed}
    quality, activities = changed[("G0059",)]
    assert isinstance(quality.old, frozenset)
    assert isinstance(quality.new, frozenset)
    assert isinstance(activities.old, frozenset)
    assert isinstance(activities.new, frozenset)
    assert (quality.field, activities.field) == ("quality", "activities")
    assert quality.old - quality.new == {"424", "487"}
    assert activities.old - activities.new == {"IA_CC_2", "IA_PM_26"}
    assert quality.new <= quality.old
    assert activities.new <= activities.old
    assert len(mvps.added) == 6
    assert mvps.removed == ()


def test_activities_of_2026_are_new_renumbered_or_gone() -> None:
    """Three new, six under another id, twelve gone."""
    found = by_kind(library.catalogue(2025), library.catalogue(2026))["activities"]

    assert len(found.added) == 3
    assert found.renumbered == (
        (("IA_AHE_1",), ("IA_EPA_7",)),
        (("IA_AHE_10",), ("IA_PSPA_35",)),
        (("IA_AHE_3",), ("IA_BE_26",)),
        (("IA_AHE_6",), ("IA_EPA_8",)),
        (("IA_AHE_7",), ("IA_BE_27",)),
        (("IA_PM_13",), ("IA_AHW_1",)),
    )
    assert len(found.removed) == 12
    assert not {key for pair in found.renumbered for key in pair} & {
        *found.added,
        *found.removed,
    }


def test_what_else_a_renumbered_row_says_is_compared() -> None:
    """Under its new id, as any other change."""
    old = small()
    moved = replace(old.activities["IA_X_1"], measure_id="IA_Y_1", weight="high")

    found = by_kind(old, replace(old, activities={"IA_Y_1": moved}))["activities"]

    assert (found.added, found.removed) == ((), ())
    assert found.renumbered == ((("IA_X_1",), ("IA_Y_1",)),)
    assert found.changed == (
        RowChange(("IA_Y_1",), (Difference("weight", "", "high"),)),
    )


def test_a_title_of_two_rows_tells_neither() -> None:
    """Then one went and two came."""
    old = small()
    one = old.activities["IA_X_1"]
    two = {name: replace(one, measure_id=name) for name in ("IA_Y_1", "IA_Y_2")}

    found = by_kind(old, replace(old, activities=two))["activities"]

    assert found.added == (("IA_Y_1",), ("IA_Y_2",))
    assert found.removed == (("IA_X_1",),)
    assert found.renumbered == ()


def test_a_renamed_measure_is_a_changed_title() -> None:
    """Same id, other words."""
    old = small()
    renamed = replace(old.quality["901"], title="Better words")

    found = by_kind(old, replace(old, quality={**old.quality, "901": renamed}))

    assert found["quality"].changed == (
        RowChange(("901",), (Difference("title", "Measure 901", "Better words"),)),
    )


def test_a_benchmark_changes_with_old_and_new_cut_points() -> None:
    """All eleven of each."""
    old = small()
    key = ("901", "registry")
    row = old.benchmarks[key]
    cuts = (*row.percentiles[:-1], Decimal(101))
    new = replace(
        old, benchmarks={**old.benchmarks, key: replace(row, percentiles=cuts)}
    )

    found = by_kind(old, new)["benchmarks"]

    assert found.changed == (
        RowChange(key, (Difference("percentiles", row.percentiles, cuts),)),
    )


def test_programs_of_measures_leave_out_mvps() -> None:
    """An MVP that comes is one line, not one line for each of its measures."""
    old = small()
    pathway = replace(old.mvps["G0099"], mvp_id="G0100")
    measures = {
        name: replace(item, allowed_programs=item.allowed_programs | {"G0100"})
        for name, item in old.quality.items()
    }

    found = by_kind(
        old, replace(old, quality=measures, mvps={**old.mvps, "G0100": pathway})
    )

    assert set(found) == {"mvps"}
    assert found["mvps"].added == (("G0100",),)


def test_a_cluster_says_what_it_lost() -> None:
    """By method, kind and name."""
    old = small()
    less = Cluster("aTopic", "clinicalTopic", frozenset({"901"}))

    found = by_kind(old, replace(old, clusters={("901", "registry"): (less,)}))

    assert found["clusters"].changed == (
        RowChange(
            ("registry", "clinicalTopic", "aTopic"),
            (Difference("measures", frozenset({"901", "902"}), frozenset({"901"})),),
        ),
    )


def test_a_cluster_that_counts_for_fewer_measures_is_different() -> None:
    """In 2017 some measures stood in clusters without having them."""
    old = small()
    key = ("901", "registry")

    found = by_kind(old, replace(old, clusters={key: old.clusters[key]}))

    assert found["clusters"].changed == (
        RowChange(
            ("registry", "clinicalTopic", "aTopic"),
            (Difference("counted_for", frozenset(), frozenset({"901|902 of 901"})),),
        ),
    )


def test_reasons_and_programs_are_compared() -> None:
    """They have no title and so are never renumbered."""
    old = small()

    found = by_kind(old, replace(old, exclusion_reasons={}, programs=frozenset({"x"})))

    assert found["exclusion_reasons"].removed == (("901", "electronicHealthRecord"),)
    assert found["programs"].added == (("x",),)
    assert found["programs"].removed == (("G0099",), ("mips",), ("pcf",))
    assert found["programs"].renumbered == ()
