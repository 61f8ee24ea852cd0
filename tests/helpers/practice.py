"""One practice with all that reports for it: documents, and what came of them."""

from collections.abc import Iterable
from typing import Any, Final

from qppflow.intake.entity import entity_of, token_of
from qppflow.intake.handlers import FEEDS, SUBMISSIONS
from qppflow.runtime.events import decode, kind_of
from tests.helpers import documents
from tests.helpers.chain import TOKENS, Chain, Json
from tests.helpers.corpus_entities import FOUR, MVP
from tests.helpers.corpus_sheet import NPI, TIN, YEARS, Sheet
from tests.helpers.corpus_values import rate, six

YEAR: Final = 2025
ONE, TWO = "urn:registry:one", "urn:registry:two"
SHEET: Final = Sheet(YEARS[1], "practice")
HOME: Final = SHEET.tin
HER: Final = SHEET.npi
OTHER: Final = Sheet(YEARS[1], "colleague").npi
SUB, VIRTUAL, APM = "SUB-1", "VIRTUAL-1", "APM-1"
# What is said of payments, scores and eligibility.
PAID, SCORES = "qpp-payment-adjustments", "qpp-final-scores"
INPUTS, RESULTS, FACTS = (
    "qpp-score-inputs",
    "qpp-submission-results",
    "qpp-entity-facts",
)
ELIGIBILITY, CANDIDATES = "qpp-eligibility", "qpp-payment-inputs"


def herself(npi: str = HER) -> Json:
    """Name a clinician of the practice."""
    return {"entityType": "individual", TIN: HOME, NPI: npi}


def practice() -> Json:
    """Name the practice as a group."""
    return {"entityType": "group", TIN: HOME}


def named(kind: str, entity_id: str) -> Json:
    """Name an entity that is known by its entity id."""
    return {"entityType": kind, "entityId": entity_id}


def subgroup(entity_id: str = SUB) -> Json:
    """Name a subgroup."""
    return named("subgroup", entity_id)


def virtual(entity_id: str = VIRTUAL) -> Json:
    """Name a virtual group."""
    return named("virtualGroup", entity_id)


def apm() -> Json:
    """Name an APM entity."""
    return named("apm", APM)


def reports(who: Json, *sets: Json) -> Json:
    """Write a submission, without sets six quality measures."""
    listed = list(sets) or [SHEET.quality(*six())]
    return {**who, "performanceYear": YEAR, "measurementSets": listed}


def quality(met: int = 85, **changed: object) -> Json:
    """Write a set of six measures, one of them as good as a test wants it."""
    return SHEET.quality(*six(m236=rate("236", met, 100 - met))) | changed


def pathway(*, met: int = 90) -> Json:
    """Write the quality set of an MVP."""
    first = rate("404", 100 - met, met)
    return SHEET.quality(first, *FOUR[1:], programName=MVP)


def takes_back(category: str = "quality", **more: object) -> Json:
    """Withdraw a set by registry."""
    back = {"category": category, "submissionMethod": "registry", "withdrawn": True}
    return {**back, **more}


def feed(name: str, who: Json, **fields: object) -> Json:
    """Write a feed about an entity."""
    return {"feed": name, "performanceYear": YEAR, **who, **fields}


def member(npi: str = HER, tin: str = HOME, **dates: str) -> Json:
    """Write a member of a roster."""
    return {TIN: tin, NPI: npi, **dates}


def roster(
    who: Json, *members: Json, name: str = "r1", chunk: int = 1, chunks: int = 1
) -> Json:
    """Write a chunk of a roster, by default the only one; a subgroup's has a TIN."""
    of = {"affiliatedGroup": {TIN: HOME}} if who["entityType"] == "subgroup" else {}
    made = {"rosterId": name, "chunk": chunk, "chunks": chunks, **of}
    return feed("roster", who, **made, members=list(members) or [member()])


def registered(who: Json, *programs: str) -> Json:
    """Write registrations for MVPs."""
    listed = [{"programName": name} for name in programs or (MVP,)]
    return feed("registration", who, registrations=listed)


def volume(
    charges: str = "200000.00", patients: int = 300, services: int = 400
) -> Json:
    """Write both segments of a year with the same volume."""
    figures = {
        "allowedCharges": charges,
        "beneficiaries": patients,
        "coveredServices": services,
    }
    return {"segments": [{"segment": number, **figures} for number in (1, 2)]}


ABOVE: Final = volume()
# One of the three thresholds is exceeded.
MAY_OPT_IN: Final = volume(patients=10, services=10)
BELOW: Final = volume("10.00", 1, 1)


def profile(who: Json, eligibility: Json | None = ABOVE, *statuses: str) -> Json:
    """Write a profile with facts that decide on eligibility, or without."""
    facts = {} if eligibility is None else {"eligibility": eligibility}
    if who["entityType"] == "individual" and eligibility is not None:
        facts = {"eligibility": {"clinicianType": "physician", **eligibility}}
    return feed("profile", who, specialStatuses=list(statuses), **facts)


def elects(who: Json, word: str = "optIn", day: str = "2025-11-30") -> Json:
    """Write an election."""
    return feed("election", who, election=word, electedOn=day)


class Practice(Chain):
    """The services, told documents one after another."""

    def __init__(self, *told: Json) -> None:
        super().__init__(TOKENS, FEEDS)
        self.count = 0
        self.tell(*told)

    def tell(self, *told: Json, source: str = ONE) -> None:
        """Send documents, each under an id of its own."""
        for document in told:
            self.count += 1
            sender = (
                ("ce_source", source.encode()),
                ("ce_id", b"%d" % self.count),
            )
            topic = FEEDS if "feed" in document else SUBMISSIONS
            self.send(topic, documents.body(document), sender)
        assert self.parked == []

    def events(self, topic: str, *, of: str = "") -> list[Json]:
        """Read what was said on a topic, each with its ``kind``, or of one subject."""
        read = [
            {**decode(record.value), "kind": kind_of(record)}
            for record in self.log.get(topic, ())
        ]
        return [event for event in read if of in {"", event["subject"]}]

    def token(self, who: Json) -> str:
        """Give the token of an entity."""
        return token_of(TOKENS, YEAR, entity_of(who))

    def payments(self, npi: str = HER) -> list[Json]:
        """Read what billing heard of a clinician."""
        return self.events(PAID, of=TOKENS.clinician(YEAR, HOME, npi))

    def paid(self, npi: str = HER) -> Json:
        """Read what billing heard of a clinician last."""
        return self.payments(npi)[-1]

    def score(self, who: Json, program: str = "mips") -> Json:
        """Read what was said last of an entity's score in a program."""
        return self.scores(who, program)[-1]

    def scores(self, who: Json, program: str = "mips") -> list[Json]:
        """Read all that was said of an entity's score in a program."""
        of = self.events(SCORES, of=self.token(who))
        return [event for event in of if event["program"] == program]

    def input(self, who: Json, program: str = "mips") -> Json:
        """Read what an entity is scored on in a program."""
        of = self.events(INPUTS, of=self.token(who))
        given: Json = [item for item in of if item["program"] == program][-1]["input"]
        return given

    def answers(self) -> list[Json]:
        """Read the answers to all documents, in order."""
        return self.events(RESULTS)

    def last_answer(self) -> Json:
        """Read the answer to the last document."""
        return self.answers()[-1]

    def codes(self) -> list[str]:
        """List the codes found in the last document."""
        return [item["code"] for item in self.last_answer()["findings"]]

    def state(self, who: Json) -> Any:  # noqa: ANN401 - an entity as it is remembered
        """Read what is remembered of an entity."""
        kept: Any = self.services["entities"][0]
        return kept.state(self.token(who))


def scored(event: Json) -> Json:
    """Give of a final score what must not hang on how it came about."""
    return {name: event[name] for name in ("score", "explanation", "explanationHash")}


def others(event: Json) -> Iterable[tuple[str, str, str]]:
    """List the scores that do not pay, with their programs and the reasons."""
    return [
        (item["entityType"], item["program"], item["reason"])
        for item in event["others"]
    ]
