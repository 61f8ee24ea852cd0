"""Who is paid by what: counted from the topics, printed and given to machines."""

import io
import json
from collections import Counter, defaultdict
from decimal import Decimal
from functools import cache
from typing import Any

from rich.console import Console

from qppflow.demo.latest import Latest
from qppflow.demo.payees import ENTITIES, Payees, kind_of_program, payees
from qppflow.demo.population import population
from qppflow.demo.report_payees import show_payees
from qppflow.demo.years import years_to_play
from tests.helpers.chain import Chain
from tests.helpers.cli import too_wide
from tests.helpers.pure_scores import (
    accepted_scores,
    differing,
    pure_scores,
    streamed_scores,
)
from tests.helpers.stream_log import StreamLog

Json = dict[str, Any]
SIZE = 160


def paid(entity: str, program: str, *others: str) -> Json:
    """Make a payment with the scores that do not pay, by reason."""
    return {
        "kind": "payment-adjusted.v1",
        "decidedBy": {"entityType": entity, "program": program},
        "others": [{"reason": reason} for reason in others],
    }


def unpaid(reason: str, *others: str) -> Json:
    """Make a retraction."""
    return {
        "kind": "score-retracted.v1",
        "reason": reason,
        "others": [{"reason": one} for one in others],
    }


def scored(subject: str, entity: str, points: str, program: str = "mips") -> Json:
    """Make a final score."""
    return {
        "kind": "final-score.v1",
        "subject": subject,
        "program": program,
        "score": {"entityType": entity, "finalScore": points},
    }


def latest() -> Latest:
    """Make what stands of some clinicians and entities."""
    events = [
        scored("a", "group", "80.00"),
        scored("a", "group", "60.50", "G0059"),
        scored("b", "group", "70.00"),
        scored("c", "apm", "90.00", "appPlus"),
        {**scored("d", "group", ""), "kind": "final-score-retracted.v1"},
    ]
    return Latest(
        {(event["subject"], event["program"]): event for event in events},
        {
            "1": paid("group", "mips", "lower-score", "lower-score"),
            "2": paid("group", "G0059"),
            "3": {**paid("apm", "appPlus"), "kind": "score-released.v1"},
            "4": unpaid("qp", "qp"),
            "5": unpaid("voluntary", "voluntary", "excluded"),
            "6": {"kind": "score-held.v1", "reason": "parked"},
            "7": {"kind": "score-retracted.v1", "reason": "retracted"},
        },
        {
            "a": {"outcome": "required", "reason": "aboveLowVolume"},
            "b": {"outcome": "excluded", "reason": "qp"},
            "c": {"outcome": "required", "reason": "aboveLowVolume"},
        },
    )


def told(found: Payees) -> str:
    """Print it as into a file, 80 columns wide."""
    console = Console(file=io.StringIO(), width=80, highlight=False, emoji=False)
    show_payees(console, found)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def words_of(text: str) -> str:
    """Give a text without its line breaks and columns."""
    return " ".join(text.split())


def test_programs_are_of_three_kinds() -> None:
    """The APP Plus is an APP; what is neither is an MVP."""
    programs = ("mips", "app1", "appPlus", "G0059", "M0001")

    kinds = [kind_of_program(name) for name in programs]

    assert kinds == ["mips", "app", "app", "mvp", "mvp"]


def test_each_clinician_is_paid_held_or_not_paid() -> None:
    """By what pays her, or by the reason why nothing does."""
    found = payees(latest())

    assert found.paid == {("group", "mips"): 1, ("group", "mvp"): 1, ("apm", "app"): 1}
    assert found.unpaid == {"qp": 1, "voluntary": 1, "retracted": 1}
    assert found.held == 1
    assert found.clinicians == 7


def test_several_scores_are_one_that_pays_and_another_or_two_that_do_not() -> None:
    """The scores that do not pay are counted one by one."""
    found = payees(latest())

    assert found.several == 2
    assert found.others == {"lower-score": 2, "qp": 1, "voluntary": 1, "excluded": 1}


def test_entities_have_the_mean_of_their_scores() -> None:
    """One that reports in two programs is one entity; what was taken back is none."""
    found = payees(latest())

    assert found.scores["group"][:2] == (2, 3)
    assert f"{found.scores['group'].mean:.2f}" == "70.17"
    assert found.scores["apm"] == (1, 1, Decimal("90.00"))
    assert found.ended == 1
    assert found.eligibility["required", "aboveLowVolume"] == 2


def test_people_read_it_in_words() -> None:
    """A dash is nobody; reasons are those of the eligibility command."""
    words = words_of(told(payees(latest())))

    assert words.startswith("Who is paid by what: 7 clinicians of a practice (TIN/NPI)")
    assert "Paid by the score of MIPS MVP APP All individual - - - - group 1 1 - 2" in (
        words
    )
    assert "APM entity - - 1 1 all 1 1 1 3" in words
    assert "Not paid: 3, 1 held" in words
    assert "1 qualifying APM participant" in words
    assert "Several scores: 2 clinicians; scores that do not pay: 5" in words
    assert "2 lower than the score that pays" in words
    assert "Eligibility of 3 entities 2 required: above the low-volume threshold" in (
        words
    )
    assert "group 2 3 70.17" in words
    assert "Scores taken back by their senders: 1" in words


def test_nothing_is_printed_of_what_is_not_there() -> None:
    """A run of rejected documents has no clinicians."""
    words = words_of(told(payees(Latest())))

    assert "0 clinicians" in words
    assert "Eligibility of" not in words
    assert "held" not in words
    assert "taken back" not in words


def test_a_reason_that_nobody_wrote_words_for_is_shown_as_it_is() -> None:
    """It is new, and still a reason."""
    state = Latest(payments={"1": unpaid("[bold]news", "[bold]news")})

    assert "1 [bold]news" in words_of(told(payees(state)))


def test_machines_get_the_same_numbers() -> None:
    """One object, which JSON can hold."""
    found = payees(latest()).as_json()

    assert json.loads(json.dumps(found)) == found
    assert found["clinicians"] == 7
    assert found["paidBy"]["group"] == {"mips": 1, "mvp": 1, "app": 0}
    assert found["paidBy"].keys() == set(ENTITIES)
    assert found["notPaid"] == {"qp": 1, "voluntary": 1, "retracted": 1}
    assert found["eligibility"] == {"required: aboveLowVolume": 2, "excluded: qp": 1}
    assert found["entities"]["apm"] == {
        "entities": 1,
        "scores": 1,
        "meanFinalScore": "90.00",
    }
    assert (found["held"], found["severalScores"], found["scoresTakenBack"]) == (
        1,
        2,
        1,
    )


@cache
def streamed() -> StreamLog:
    """Carry a population through all services in memory."""
    chain = Chain()
    for message in population(SIZE, 6, years_to_play()):
        chain.send(message.topic, message.value, message.headers)
    return StreamLog(defaultdict(list, chain.log))


def ended() -> Latest:
    """Read what stands at the end of the population."""
    found, log = Latest(), streamed().records
    found.score(log["qpp-final-scores"])
    found.pay(log["qpp-payment-adjustments"])
    found.stand(log["qpp-eligibility"])
    return found


def test_a_population_is_paid_in_every_way() -> None:
    """By every kind of entity and of program, and some by nothing."""
    found = payees(ended())

    by_entity = Counter(entity for entity, _ in found.paid.elements())
    by_program = Counter(program for _, program in found.paid.elements())
    assert set(by_entity) == set(found.scores) == set(ENTITIES)
    assert set(by_program) == {"mips", "mvp", "app"}
    assert found.paid.total() > found.unpaid.total() > 0
    assert found.held == 0
    assert {"virtual-group-pays", "lower-score"} <= found.others.keys()
    assert len({outcome for outcome, _ in found.eligibility}) > 4


def test_no_line_about_a_population_is_wider_than_a_terminal() -> None:
    """Whatever its reasons are."""
    assert too_wide(told(payees(ended()))) == []


def test_each_score_of_a_population_is_that_of_the_pure_functions() -> None:
    """At each revision and in each program, with what others lent."""
    log = streamed()

    pure = pure_scores(log)

    assert differing(streamed_scores(log), pure) == []
    assert len(pure) > SIZE
    assert accepted_scores(log) <= pure.keys()
