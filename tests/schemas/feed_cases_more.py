"""Cases of feeds about membership, registration and paid amounts; and entity ids."""

from typing import Final

from qpp.codes import Code
from tests.helpers.corpus_case import warns
from tests.helpers.corpus_sheet import NPI, TIN, Sheet
from tests.helpers.corpus_values import Json
from tests.schemas.feed_cases import YEARS, bad, decision, good, group, one

ROSTER, REGISTRATION, PAID = "roster", "registration", "paid-amount"
REVIEW = "targeted-review"


def entity(feed: str, name: str, kind: str = "apm", **fields: object) -> Json:
    """Write a feed about an entity that is known by its entity id."""
    about = group(feed, name)
    return {
        "feed": feed,
        "performanceYear": about["performanceYear"],
        "entityType": kind,
        "entityId": f"E{about[TIN][3:]}",
        **fields,
    }


def member(name: str, **changed: object) -> Json:
    """Write a member of a roster under a TIN of her own, unless another is given."""
    sheet = Sheet(YEARS[2025], f"member {name}")
    return {TIN: sheet.tin, NPI: sheet.npi, **changed}


def roster(name: str, *members: Json, kind: str = "apm", **changed: object) -> Json:
    """Write the only chunk of a roster."""
    listed = list(members) or [member(name)]
    chunk = {"rosterId": "2025-03", "chunk": 1, "chunks": 1, "members": listed}
    return entity(ROSTER, name, kind, **{**chunk, **changed})


def of_group(name: str, *members: Json) -> Json:
    """Write a group's roster; its members bill under its TIN."""
    about = group(ROSTER, name)
    own = [{**item, TIN: about[TIN]} for item in (members or (member(name),))]
    return {**about, "rosterId": "1", "chunk": 1, "chunks": 1, "members": own}


def registered(name: str, *programs: Json, **more: object) -> Json:
    """Write a group's registrations."""
    return {**group(REGISTRATION, name), "registrations": list(programs), **more}


def reviewed(decision: str, **more: object) -> Json:
    """Write the members of a targeted review's decision."""
    made = {"decision": decision, "decidedOn": "2026-10-01", "reference": "TR-17"}
    return {**made, **more}


def program(name: str, **more: object) -> Json:
    """Write one registration."""
    return {"programName": name, **more}


_TWICE: Final = member("twice")
_HOME: Final = {TIN: member("home")[TIN]}

ROSTERS: Final = (
    good("of-an-apm-entity", roster("apm", member("a"), member("b"))),
    good("second-of-two-chunks", roster("second", chunk=2, chunks=2)),
    good("of-a-virtual-group", roster("virtual", kind="virtualGroup")),
    good("of-a-group", of_group("group")),
    good(
        "of-a-subgroup",
        roster(
            "subgroup",
            member("s", **_HOME),
            kind="subgroup",
            affiliatedGroup=_HOME,
        ),
    ),
    good(
        "joined-and-left-in-the-year",
        roster("dates", member("d", **{"from": "2025-12-31"}, to="2025-12-31")),
    ),
    bad("chunk-above-chunks", roster("above", chunk=3), Code.CHUNK_ABOVE_CHUNKS),
    bad("chunk-zero", roster("zero", chunk=0), Code.OUT_OF_RANGE),
    bad("member-twice", roster("twice", _TWICE, _TWICE), Code.MEMBER_DUPLICATE),
    bad(
        "membership-reversed",
        roster("reversed", member("r", **{"from": "2025-07-01"}, to="2025-06-30")),
        Code.MEMBER_DATES_REVERSED,
    ),
    bad(
        "membership-ended-before-the-year",
        roster("before", member("e", to="2024-12-31")),
        Code.MEMBER_OUTSIDE_YEAR,
    ),
    bad(
        "membership-from-the-next-year",
        roster("after", member("n", **{"from": "2026-01-01"})),
        Code.MEMBER_OUTSIDE_YEAR,
    ),
    bad(
        "day-that-does-not-exist",
        roster("day", member("x", to="2025-02-30")),
        Code.DATE_IMPOSSIBLE,
    ),
    bad(
        "member-of-another-tin",
        {**of_group("tin"), "members": [member("other")]},
        Code.MEMBER_OF_ANOTHER_TIN,
    ),
    bad(
        "member-outside-the-affiliated-group",
        roster("outside", kind="subgroup", affiliatedGroup=_HOME),
        Code.MEMBER_OF_ANOTHER_TIN,
    ),
    bad(
        "subgroup-without-its-group",
        roster("alone", kind="subgroup"),
        Code.FIELD_MISSING,
    ),
    bad(
        "apm-entity-with-a-group",
        roster("affiliated", affiliatedGroup=_HOME),
        Code.IDENTIFIER_NOT_ALLOWED,
    ),
    bad("no-members", roster("nobody", members=[]), Code.TOO_FEW),
    bad(
        "of-an-individual",
        {**of_group("single"), "entityType": "individual", NPI: member("one")[NPI]},
        Code.NOT_IN_LIST,
    ),
    bad(
        "of-no-entity", {**roster("none"), "entityId": "A 1"}, Code.ENTITY_ID_MALFORMED
    ),
)
REGISTRATIONS: Final = (
    good(
        "for-an-mvp",
        registered(
            "mvp",
            program("G0059", populationHealthMeasure="484", registeredOn="2025-04-01"),
            cahps=True,
        ),
    ),
    good(
        "with-an-outcomes-based-measure",
        registered(
            "claims",
            program("G0055", outcomesMeasure="492", registeredOn="2025-11-30"),
        ),
    ),
    good(
        "of-a-subgroup-for-the-app",
        entity(REGISTRATION, "app", "subgroup", registrations=[program("app1")]),
    ),
    good("for-nothing", one(REGISTRATION, "nothing", registrations=[])),
    bad(
        "mvp-of-another-year",
        registered("other year", program("M1498")),
        Code.REGISTRATION_UNKNOWN,
    ),
    bad(
        "for-traditional-mips",
        registered("mips", program("mips")),
        Code.REGISTRATION_UNKNOWN,
    ),
    bad(
        "virtual-group-for-an-mvp",
        entity(
            REGISTRATION, "virtual", "virtualGroup", registrations=[program("G0059")]
        ),
        Code.ENTITY_NOT_IN_PROGRAM,
    ),
    bad(
        "measure-that-is-no-population-health-measure",
        registered("health", program("G0055", populationHealthMeasure="492")),
        Code.REGISTRATION_MEASURE,
    ),
    bad(
        "mvp-without-outcomes-based-measure",
        registered("outcome", program("G0059", outcomesMeasure="492")),
        Code.REGISTRATION_MEASURE,
    ),
    bad(
        "twice-for-one-program",
        registered("again", program("G0059"), program("G0059")),
        Code.REGISTRATION_DUPLICATE,
    ),
    warns(
        "registration.one-day-late",
        lambda _sheet: registered("late", program("G0059", registeredOn="2025-12-01")),
        Code.REGISTRATION_DAY,
    ),
    warns(
        "registration.one-day-early",
        lambda _sheet: registered("early", program("G0059", registeredOn="2025-03-31")),
        Code.REGISTRATION_DAY,
    ),
)
AMOUNTS: Final = (
    good("of-a-clinician", one(PAID, "clinician", allowedAmount="123456.78")),
    good("of-nothing", one(PAID, "nothing", allowedAmount="0")),
    bad(
        "negative-amount",
        one(PAID, "negative", allowedAmount="-0.01"),
        Code.FEED_FIGURE_IMPOSSIBLE,
    ),
    bad("amount-as-a-number", one(PAID, "number", allowedAmount=12.5), Code.WRONG_TYPE),
    bad("amount-in-words", one(PAID, "words", allowedAmount="$12"), Code.WRONG_FORM),
    bad("amount-missing", one(PAID, "missing"), Code.FIELD_MISSING),
)
REVIEWS: Final = (
    good("of-a-clinician", one(REVIEW, "clinician", **reviewed("82.50"))),
    good("upheld", group(REVIEW, "upheld", **reviewed("upheld"))),
    good("the-highest-score", group(REVIEW, "highest", **reviewed("100.00"))),
    good("of-an-mvp", group(REVIEW, "mvp", **reviewed("80.00", programName="G0059"))),
    bad(
        "above-the-highest-score",
        group(REVIEW, "above", **reviewed("100.01")),
        Code.FEED_FIGURE_IMPOSSIBLE,
    ),
    bad("score-in-words", group(REVIEW, "words", **reviewed("high")), Code.WRONG_FORM),
    bad(
        "an-identifier-as-reference",
        group(REVIEW, "tin", **reviewed("82.50", reference="R000000001")),
        Code.WRONG_FORM,
    ),
)
IDENTITIES: Final = (
    good(
        "of-an-apm-entity",
        entity("cost-attribution", "apm", measures=[]),
    ),
    good(
        "of-a-subgroup",
        entity("reweighting", "subgroup", "subgroup", decisions=decision()),
    ),
    good(
        "of-a-virtual-group",
        entity("profile", "virtual", "virtualGroup", specialStatuses=["rural"]),
    ),
    bad(
        "virtual-group-without-entity-id",
        {
            "feed": "profile",
            "performanceYear": 2025,
            "entityType": "virtualGroup",
            "specialStatuses": [],
        },
        Code.IDENTIFIER_MISSING,
    ),
    bad(
        "apm-entity-with-tin",
        entity(
            "prior-scores",
            "tin",
            costPercent="0",
            identifierMatch="sameIdentifier",
            **_HOME,
        ),
        Code.IDENTIFIER_NOT_ALLOWED,
    ),
)

CASES: Final = (*ROSTERS, *REGISTRATIONS, *AMOUNTS, *REVIEWS, *IDENTITIES)
