"""CMS's measures data of a year as a catalogue, with all its quirks."""

from decimal import Decimal

import pytest

from qpp.catalog_cells import CatalogueError
from qpp.cms_record import CmsError, parse_json, records
from tests.helpers.cms_checkout import (
    YEAR,
    Checkout,
    Row,
    activity,
    cost,
    interoperability,
    quality,
    several_rates,
)


def with_measure(*rows: Row) -> Checkout:
    """Make a checkout with more measures."""
    checkout = Checkout()
    checkout.measures += rows
    return checkout


def test_every_kind_of_fact_arrives() -> None:
    """One of each in, one of each out, and nothing to warn of."""
    catalogue, warnings = Checkout().imported()

    assert list(catalogue.quality) == ["902", "901"]
    assert list(catalogue.interoperability) == ["PI_X_1"]
    assert list(catalogue.activities) == ["IA_X_1"]
    assert list(catalogue.cost) == ["COST_X_1", "MSPB_9"]
    assert set(catalogue.benchmarks) == {
        ("901", "registry"),
        ("COST_X_1", "administrativeClaims"),
    }
    assert catalogue.exclusion_reasons == {
        ("901", "electronicHealthRecord"): ("BR-009",)
    }
    assert catalogue.year == YEAR
    assert catalogue.id.startswith(f"py{YEAR}@")
    assert warnings == ()


def test_programs_come_from_measures_and_from_the_list_without_aliases() -> None:
    """DEFAULT is another name of mips, not a program of its own."""
    catalogue = Checkout().imported().catalogue

    assert catalogue.programs == {"mips", "pcf", "G0099"}


def test_only_measures_of_several_rates_have_strata_to_send() -> None:
    """The strata of single rates hold ids of electronic measures, nothing else."""
    catalogue = Checkout().imported().catalogue

    assert catalogue.quality["901"].strata == ()
    assert catalogue.quality["901"].overall_algorithm == ""
    assert catalogue.quality["902"].strata == ("overall", "male65+", "follow-up/trtmt")
    assert catalogue.quality["902"].overall_algorithm == "overallStratumOnly"


@pytest.mark.parametrize(
    ("sent", "read"),
    [(None, ()), ("PI_L", ("PI_L",)), (["PI_A", "PI_B"], ("PI_A", "PI_B"))],
)
def test_an_exclusion_is_nothing_a_text_or_a_list(
    sent: object, read: tuple[str, ...]
) -> None:
    """The shape changed over the years; the meaning did not."""
    checkout = with_measure(interoperability("PI_X_2", exclusion=sent))

    measure = checkout.imported().catalogue.interoperability["PI_X_2"]

    assert measure.exclusions == read
    assert measure.reporting_category == ""
    assert measure.title == "Exchange of everything"


def test_lists_of_methods_say_what_the_flags_are_about() -> None:
    """Suppressed, truncated, uncapped and removed are said for each method."""
    checkout = with_measure(
        quality(
            "903",
            isClinicalGuidelineChanged=True,
            clinicalGuidelineChanged=["registry"],
            isIcdImpacted=True,
            icdImpacted=["electronicHealthRecord"],
            isSevenPointCapRemoved=True,
            sevenPointCapRemoved=["registry"],
            historic_benchmarks={"registry": "removed"},
        )
    )

    measure = checkout.imported().catalogue.quality["903"]

    assert measure.suppressed == {"registry"}
    assert measure.truncated == {"electronicHealthRecord"}
    assert measure.cap_removed == {"registry"}
    assert measure.historic_benchmark_removed == {"registry"}


def test_an_activity_has_a_weight_until_2024() -> None:
    """The weight is kept where CMS gives one."""
    checkout = with_measure(activity("IA_X_2", weight="high", subcategoryId="care"))

    activities = checkout.imported().catalogue.activities

    assert activities["IA_X_2"].weight == "high"
    assert activities["IA_X_2"].subcategory == "care"
    assert activities["IA_X_1"].weight == activities["IA_X_1"].subcategory == ""


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("This procedural measure includes costs.", "procedural"),
        ("This acute inpatient medical condition measure.", "acuteInpatient"),
        ("This Chronic condition measure.", "chronic"),
        ("This care setting measure.", "careSetting"),
    ],
)
def test_a_cost_type_is_read_from_the_description(description: str, found: str) -> None:
    """CMS names the type in words only."""
    checkout = with_measure(cost("COST_X_2", description=description))

    assert checkout.imported().catalogue.cost["COST_X_2"].cost_type == found


def test_the_type_that_a_rule_decides_stays_open() -> None:
    """A changed rule then needs no new import."""
    assert Checkout().imported().catalogue.cost["MSPB_9"].cost_type == ""


def test_a_rule_for_a_measure_that_is_not_there_is_reported() -> None:
    """A misspelt id in the rule file would never take effect."""
    checkout = Checkout()
    checkout.measures.pop()

    _, warnings = checkout.imported()

    assert warnings == (
        f"the rules give a type to MSPB_9, which is no cost measure of {YEAR}",
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (quality("901"), r"record 7 \(901\): measureId: needs an id of its own"),
        (quality("903", category="art"), r"\(903\): category: needs one of quality,"),
        (quality("903", title=None), r"\(903\): title: needs a text"),
        (quality("903", title=7), r"\(903\): title: needs a value of kind str"),
        (quality("903", isInverse="no"), r"isInverse: needs a value of kind bool"),
        (
            quality("903", firstPerformanceYear=None),
            r"firstPerformanceYear: needs a whole number",
        ),
        (
            quality("903", firstPerformanceYear=True),
            r"firstPerformanceYear: needs a whole number",
        ),
        (quality("903", allowedPrograms=[7]), r"allowedPrograms: needs a list of text"),
        (quality("903", isIcdImpacted=True), r"icdImpacted: needs the methods that"),
        (
            quality("903", sevenPointCapRemoved=["registry"]),
            r"sevenPointCapRemoved: needs the methods that isSevenPointCapRemoved is",
        ),
        (
            quality("903", historic_benchmarks={"registry": "kept"}),
            r"historic_benchmarks: needs 'removed' for each method",
        ),
        (several_rates("903", strata=[]), r"strata: needs names, each once"),
        (
            several_rates("903", strata=[{"name": "a"}, {"name": "a"}]),
            r"strata: needs names, each once",
        ),
        (
            several_rates("903", strata=[{"description": "nameless"}]),
            r"\(903\): strata record 1: name: needs a text",
        ),
        (several_rates("903", overallAlgorithm=None), r"overallAlgorithm: needs"),
        (
            cost("COST_X_2", description=None),
            r"\(COST_X_2\): description: needs exactly one cost type, found none",
        ),
        (
            cost("COST_X_2", description="procedural care of a chronic disease"),
            r"exactly one cost type, found procedural and chronic; name it in",
        ),
    ],
)
def test_a_measure_that_says_too_little_stops_the_import(
    row: Row, message: str
) -> None:
    """The message names the record, the field and what it needs."""
    with pytest.raises(CmsError, match=message):
        with_measure(row).imported()


def test_a_name_with_the_separator_stops_the_import() -> None:
    """Written down, it would be read as two names."""
    checkout = with_measure(quality("903", allowedPrograms=["mips|pcf"]))

    with pytest.raises(CatalogueError, match=r"quality.csv: 'mips\|pcf' is no name"):
        checkout.imported()


def test_the_list_of_programs_is_an_object() -> None:
    """A list would lose which names are aliases."""
    with pytest.raises(CmsError, match="program-names: needs an object"):
        Checkout(programs=["mips"]).imported()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({}, "benchmarks: needs a list of records"),
        ([[]], "benchmarks record 1: needs an object"),
    ],
)
def test_a_file_is_a_list_of_objects(rows: object, message: str) -> None:
    """Anything else is not CMS's file."""
    with pytest.raises(CmsError, match=message):
        list(records("benchmarks", rows))


@pytest.mark.parametrize("content", [b"[1, 2", b"\xff[]"])
def test_a_file_that_is_not_json_is_named(content: bytes) -> None:
    """A half download is the usual reason."""
    with pytest.raises(CmsError, match=r"2031\.json: not a JSON file"):
        parse_json("2031.json", content)


def test_numbers_are_parsed_without_floats() -> None:
    """0.1 stays a tenth."""
    assert parse_json("x", b"[0.1, 84.0, 3]") == [Decimal("0.1"), Decimal(84), 3]


def test_the_vendors_of_a_qcdr_measure_are_kept() -> None:
    """A QCDR measure may be sent by the registries that CMS names, no others."""
    checkout = with_measure(quality("AQI99", allowedVendors=["7000002", "7000001"]))

    found = checkout.imported().catalogue.quality

    assert found["AQI99"].vendors == {"7000001", "7000002"}
    assert found["901"].vendors == frozenset()


def test_a_measure_of_the_years_before_programs_is_for_mips() -> None:
    """CMS lists programs since 2022; a list that is there and empty allows none."""
    old = quality("903")
    del old["allowedPrograms"]

    found = with_measure(old, quality("904", allowedPrograms=[])).imported().catalogue

    assert found.quality["903"].allowed_programs == {"mips"}
    assert found.quality["904"].allowed_programs == frozenset()


def test_measures_of_advancing_care_information_keep_their_weight() -> None:
    """In 2017 the data said what a measure is worth, and which set it belongs to."""
    row = interoperability(
        "ACI_X_1",
        category="aci",
        objective=None,
        weight=20,
        measureSets=["transition"],
        reportingCategory="base",
    )

    found = with_measure(row).imported().catalogue.interoperability

    assert found["ACI_X_1"].weight == Decimal(20)
    assert found["ACI_X_1"].measure_sets == {"transition"}
    assert found["ACI_X_1"].objective == ""
    assert found["PI_X_1"].weight is None


def test_an_activity_says_whether_certified_technology_earns_a_bonus() -> None:
    """Only the data of 2017 and 2018 know."""
    found = with_measure(activity("IA_X_2", cehrtEligible=True)).imported().catalogue

    assert found.activities["IA_X_2"].cehrt_eligible
    assert not found.activities["IA_X_1"].cehrt_eligible
