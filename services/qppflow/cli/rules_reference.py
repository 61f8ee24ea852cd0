"""Submissions that a rule can be tried on: our examples, and the demo's population."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from qpp import library
from qpp.feeds import law_set
from qpp.inputs import ScoreInput, read_input
from qpp.standing import score_input_of
from qppflow.cli.feeds import entity
from qppflow.demo.messages import FEEDS, Message
from qppflow.demo.population import population
from qppflow.demo.years import years_to_play
from qppflow.runtime import headers, resources
from qppflow.runtime.judging import ACCEPTED, judge_feed, judge_submission

JsonObject: TypeAlias = dict[str, Any]
Slot: TypeAlias = tuple[str | None, ...]

EXPECTED: Final = "expected.json"


class Practice(NamedTuple):
    """What stands of an entity: its sets by slot, its feeds by name."""

    sets: dict[Slot, JsonObject]
    feeds: dict[str, JsonObject]


def from_examples(years: Iterable[int]) -> Iterator[ScoreInput]:
    """Give what is scored of the examples of a source checkout; none elsewhere."""
    for year in years:
        folder = resources.schemas() / "mips" / f"py{year}" / "examples"
        for file in sorted(folder.glob("*.json")):
            if file.name != EXPECTED:
                yield from _from_example(file.read_bytes())


def _from_example(body: bytes) -> Iterator[ScoreInput]:
    """Give the scores of one example, if it is accepted."""
    judged = judge_submission(body)
    if judged.fate == ACCEPTED and judged.document is not None:
        yield from inputs_of(judged.document, judged.document["measurementSets"], {})


def from_population(size: int, seed: int, years: Sequence[int]) -> Iterator[ScoreInput]:
    """Give what is scored of the demo's *size* practices once all was sent.

    They report for those of *years* that the demo plays; if it plays none, nobody does.
    """
    played = [year for year in years_to_play() if year in years]
    if not played:
        return
    known: dict[tuple[Any, ...], Practice] = {}
    about: dict[tuple[Any, ...], JsonObject] = {}
    for message in population(size, seed, played):
        judge = judge_feed if message.topic == FEEDS else judge_submission
        judged = judge(message.value)
        if judged.fate != ACCEPTED or judged.document is None:
            continue
        who = entity(judged.document)
        practice = known.setdefault(who, Practice({}, {}))
        if message.topic == FEEDS:
            practice.feeds[judged.document["feed"]] = judged.document
        else:
            about[who] = judged.document
            _submit(practice, judged.document, message)
    for who, document in about.items():
        yield from inputs_of(document, known[who].sets.values(), known[who].feeds)


def _submit(practice: Practice, document: JsonObject, message: Message) -> None:
    """Let the sets of a document take the place of those it corrects."""
    source = headers.read(message.headers).source
    for item in document["measurementSets"]:
        slot = (
            source,
            item["category"],
            item.get("submissionMethod"),
            item.get("programName"),
        )
        practice.sets[slot] = item


def inputs_of(
    document: JsonObject, sets: Iterable[JsonObject], feeds: dict[str, JsonObject]
) -> Iterator[ScoreInput]:
    """Give the score inputs of one entity, one for each program it has sets for."""
    year = document["performanceYear"]
    default = library.rules(year).submission.default_program.value
    programs: dict[str, list[JsonObject]] = {}
    for item in sets:
        programs.setdefault(item.get("programName") or default, []).append(item)
    for program, chosen in sorted(programs.items()):
        written = score_input_of(
            document["entityType"],
            [law_set(item) for item in chosen],
            feeds,
            library.rules(year),
            program_name=program,
        )
        yield read_input(written, default)
