"""The demo's population: it repeats itself, and each message is what its kind says."""

from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from qpp.feeds import law_set
from qpp.identifiers import looks_like_identifier, npi_check_digit_ok
from qpp.inputs import read_input
from qpp.mips.scoring import score
from qpp.standing import score_input_of
from qppflow.cli.documents import UnreadableError
from qppflow.cli.feeds import entity
from qppflow.demo.alliances import practices
from qppflow.demo.chance import draw
from qppflow.demo.documents import inside_out
from qppflow.demo.folder import documents_in
from qppflow.demo.garbage import GARBLERS
from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message
from qppflow.demo.mistakes import MISTAKES
from qppflow.demo.offer import choices
from qppflow.demo.payees import ENTITIES
from qppflow.demo.people import PLACES, npi, tin
from qppflow.demo.population import population
from qppflow.demo.specialties import SPECIALTIES
from qppflow.demo.years import years_to_play
from qppflow.runtime.judging import (
    ACCEPTED,
    REJECTED,
    Judged,
    judge_feed,
    judge_submission,
)
from qppflow.runtime.law import law_of
from tests.helpers.submissions import rules_of

SIZE = 300
SEED = 11


@cache
def sent() -> tuple[Message, ...]:
    """Give a population that is large enough to hold one of everything usual."""
    return tuple(population(SIZE, SEED, years_to_play()))


def judged(message: Message) -> Judged:
    """Judge a message as its topic's consumer would."""
    judge = judge_feed if message.topic == FEEDS else judge_submission
    return judge(message.value)


def right() -> list[Message]:
    """Give the submissions that nobody spoiled."""
    spoilt = ("mistake", "undecipherable")
    return [
        message
        for message in sent()
        if message.topic == SUBMISSIONS and not message.kind.startswith(spoilt)
    ]


def whole(message: Message) -> dict[str, Any]:
    """Give the submission of a message as a whole one."""
    document = judged(message).document
    assert document is not None
    return document


def test_equal_arguments_give_equal_messages() -> None:
    """The demo can be repeated byte for byte."""
    again = tuple(population(SIZE, SEED, years_to_play()))

    assert again == sent()


def test_another_seed_gives_another_population() -> None:
    """The seed is what the population hangs on."""
    other = tuple(population(SIZE, SEED + 1, years_to_play()))

    assert other != sent()


def test_a_larger_population_begins_with_the_same_practices() -> None:
    """Nothing about one practice depends on how many others there are."""
    few = list(practices(20, SEED, years_to_play()))
    many = list(practices(200, SEED, years_to_play()))

    assert many[:20] == few
    assert len(many) == 200


def test_each_message_meets_the_fate_that_its_kind_names() -> None:
    """What is right is accepted; mistakes and garbage never are."""
    wrong = [
        (message.kind, found.fate)
        for message in sent()
        if ((found := judged(message)).fate == ACCEPTED)
        == message.kind.startswith(("mistake", "undecipherable"))
    ]

    assert wrong == []


def test_all_years_entities_methods_and_categories_occur() -> None:
    """A live view of the demo shows the whole program."""
    documents = [whole(message) for message in right()]
    sets = [item for document in documents for item in document["measurementSets"]]

    assert {item["performanceYear"] for item in documents} == set(years_to_play())
    assert {item["entityType"] for item in documents} == set(ENTITIES)
    assert {item["category"] for item in sets} == {"quality", "pi", "ia"}
    assert len({(item["category"], item["submissionMethod"]) for item in sets}) > 4
    assert {judged(message).kind for message in right()} == {
        "submission",
        "measurementSet",
    }


def test_some_profiles_come_after_the_submission_and_some_never() -> None:
    """Both orders have to be right, so both are in the demo."""
    submitted: set[str] = set()
    early, late = 0, 0
    profiled = set()
    for message in sent():
        who = judged(message).document
        if who is None or "taxpayerIdentificationNumber" not in who:
            continue
        name = str(who["taxpayerIdentificationNumber"])
        if message.kind == "feed: profile":
            profiled.add(name)
            early, late = early + (name not in submitted), late + (name in submitted)
        elif message.topic == SUBMISSIONS:
            submitted.add(name)

    assert early > late > 0
    assert submitted - profiled


def test_a_resend_repeats_bytes_and_id_and_a_correction_does_not() -> None:
    """Duplicates are told by both, corrections change the bytes."""
    bodies = Counter(message.value for message in sent())
    resent = [message for message in sent() if message.kind == "resend"]
    late = [message for message in sent() if message.kind == "late correction"]

    assert resent
    assert all(bodies[message.value] > 1 for message in resent)
    assert late
    assert any(bodies[message.value] == 1 for message in late)


def test_documents_that_differ_in_practice_never_share_an_id() -> None:
    """An id names one document and its corrections, of one entity."""
    owners: dict[bytes | None, set[str]] = {}
    for message in right():
        event = dict(message.headers)["ce_id"]
        document = whole(message)
        name = str(entity(document))
        owners.setdefault(event, set()).add(name)

    assert all(len(names) == 1 for names in owners.values())


def test_no_key_or_header_holds_an_identifier() -> None:
    """Senders of the demo keep to the contract that others are held to."""
    texts = [
        (part or b"").decode()
        for message in sent()
        for part in (message.key, *(value for _, value in message.headers))
    ]
    names = ("taxpayerIdentificationNumber", "entityId")
    planted = {
        whole(message)[name]
        for message in right()
        for name in names
        if name in whole(message)
    }

    assert not any(looks_like_identifier(text) for text in texts if "." in text)
    assert not any(number in text for number in planted for text in texts)


def finals() -> list[Decimal]:
    """Score traditional MIPS on all that was accepted, in ascending order."""
    sets: dict[tuple[Any, ...], dict[str, Any]] = {}
    feeds: dict[tuple[Any, ...], dict[str, Any]] = {}
    for message in sent():
        found = judged(message)
        if found.fate != ACCEPTED or found.document is None:
            continue
        document = found.document
        who = entity(document)
        if message.topic == FEEDS:
            feeds.setdefault(who, {})[document["feed"]] = document
        for item in document.get("measurementSets", ()):
            if item.get("programName", "mips") == "mips":
                slot = f"{item['category']} {item['submissionMethod']}"
                sets.setdefault(who, {})[slot] = law_set(item)
    made = []
    for who, slots in sets.items():
        rules = law_of(who[0]).rules
        known, kept = feeds.get(who, {}), list(slots.values())
        composed = score_input_of(who[1], kept, known, rules)
        scored = score(read_input(composed, "mips"), law_of(who[0]), explain=False)
        made.append(Decimal(scored.score["finalScore"]))
    return sorted(made)


def test_scores_spread_as_real_ones_do() -> None:
    """Half of the practices lie near 80 points, few at either end."""
    made = finals()

    assert Decimal(75) < made[len(made) // 2] < Decimal(88)
    assert Decimal(35) < made[len(made) // 20] < Decimal(60)
    assert made[-1] == Decimal(100)
    assert made[-len(made) // 20] > Decimal(95)


def test_an_office_has_a_tin_and_its_clinicians_npis_of_their_own() -> None:
    """Fakes begin with zeros, and their check digit is right unless asked otherwise."""
    rules = rules_of(2026).submission
    tins = {tin(office) for office in range(3000)}
    npis = {npi(office, place) for office in range(300) for place in range(PLACES)}

    assert len(tins) == 3000
    assert all(text.startswith("000") and len(text) == 9 for text in tins)
    assert len(npis) == 300 * PLACES
    assert all(
        text.startswith("0") and npi_check_digit_ok(text, rules) for text in npis
    )
    assert not npi_check_digit_ok(npi(1, 1, sound=False), rules)


@pytest.mark.parametrize("year", years_to_play())
def test_every_specialty_has_measures_in_every_year(year: int) -> None:
    """A catalogue that drops measures must not empty a specialty unseen."""
    offered = {
        item.name: {
            choice.measure.measure_id
            for method in ("registry", "electronicHealthRecord")
            for choice in choices(year, item, method)
        }
        for item in SPECIALTIES
    }

    assert len(offered) >= 25
    assert min(len(ids) for ids in offered.values()) >= 4


def test_every_measure_of_a_specialty_is_known_in_some_year() -> None:
    """A mistyped id would silently never be drawn."""
    catalogues = [law_of(year).catalogue for year in years_to_play()]
    known = {name for facts in catalogues for name in facts.quality}
    listed = {name for item in SPECIALTIES for name in item.measures.split()}

    assert listed - known == set()


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_gets_its_submission_rejected(name: str) -> None:
    """A mistake that is accepted would make the demo's count of rejections a lie."""
    fates = set()
    for message in population(120, 5, years_to_play()):
        if message.kind != "submission":
            continue
        assert message.value is not None
        document = orjson.loads(message.value)
        if "measurementSets" not in document:
            continue
        if MISTAKES[name](document, draw(name)):
            fates.add(judge_submission(orjson.dumps(document)).fate)
            if len(fates) > 1:
                break

    assert fates == {REJECTED}


@pytest.mark.parametrize("name", GARBLERS)
def test_no_garbled_bytes_are_accepted(name: str) -> None:
    """What nobody can read is parked or rejected, whatever it was before."""
    body = right()[0].value
    assert body is not None
    assert judge_submission(body).fate == ACCEPTED

    assert judge_submission(GARBLERS[name](body)).fate != ACCEPTED


def test_a_folder_gives_each_document_once_with_an_id_that_repeats(
    tmp_path: Path,
) -> None:
    """Real documents are sent as they are; feeds go to their own topic."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.json").write_bytes(b"{broken")
    (tmp_path / "b.json").write_bytes(b'{"feed": "profile"}')
    (tmp_path / "c.txt").write_bytes(b"not sent")
    (tmp_path / "d.xml").write_bytes(b"<a/>")
    first = list(documents_in(tmp_path))
    second = list(documents_in(tmp_path))

    assert first == second
    assert {(item.topic, item.value) for item in first} == {
        (SUBMISSIONS, b"{broken"),
        (FEEDS, b'{"feed": "profile"}'),
        (SUBMISSIONS, b"<a/>"),
    }
    assert len({dict(item.headers)["ce_id"] for item in first}) == 3


def test_a_folder_without_documents_is_an_error(tmp_path: Path) -> None:
    """Sending nothing would look like success."""
    with pytest.raises(UnreadableError):
        list(documents_in(tmp_path))


def test_a_submission_turned_inside_out_is_a_set_with_its_submission() -> None:
    """The nested form says the same about the same entity."""
    document = next(
        item for item in map(whole, right()) if len(item["measurementSets"]) == 1
    )
    text = orjson.dumps(inside_out(document), default=float)
    nested = judge_submission(text)

    assert nested.kind == "measurementSet"
    assert nested.document == document
