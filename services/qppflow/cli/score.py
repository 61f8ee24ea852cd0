"""`qppflow score`: what a submission earns, on this computer, and why."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from qpp.feeds import WITHDRAWN, law_set
from qpp.inputs import read_input
from qpp.mips.adjustment import ScalingFactorError
from qpp.mips.scoring import Scored
from qpp.mips.scoring import score as score_entity
from qpp.standing import score_input_of
from qppflow.cli.documents import UnreadableError, read_documents
from qppflow.cli.exits import Exit
from qppflow.cli.feeds import FeedError, Feeds
from qppflow.cli.judge import judge
from qppflow.cli.show_findings import show_fate
from qppflow.cli.show_score import show_score
from qppflow.cli.tally import Tally
from qppflow.cli.terminal import complain, err, out, print_json
from qppflow.cli.validate import AsJson, Files, StrictNpi, answer
from qppflow.runtime.decode import SIZE_LIMIT
from qppflow.runtime.judging import ACCEPTED, Judged
from qppflow.runtime.law import law_of

JsonObject: TypeAlias = dict[str, Any]

Profile = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="Profiles: special statuses and rosters.",
        show_default=False,
    ),
]
Costs = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="Cost attributions.", show_default=False),
]
Feed = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="Any other feed: claims measures, CAHPS, reweighting, prior scores,"
        " complex patients, facility-based scores, elections, registrations.",
        show_default=False,
    ),
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Every point's reason, with its paragraph.")
]
Factor = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER",
        help="CMS's scaling factor, within what the year's rules allow.",
        show_default=False,
    ),
]
Mock = Annotated[
    bool,
    typer.Option(
        "--with-mock-benchmarks",
        help="Score with stand-in benchmarks too; never billable.",
    ),
]


def score(  # noqa: PLR0913 - each argument is an option of the command
    files: Files,
    *,
    profile: Profile = None,
    costs: Costs = None,
    feed: Feed = None,
    explain: Explain = False,
    scaling_factor: Factor = None,
    with_mock_benchmarks: Mock = False,
    strict_npi: StrictNpi = False,
    as_json: AsJson = False,
) -> None:
    """Score submissions as the stream would, each document for itself.

    Without a profile no special status counts and nothing is billable; without
    costs the cost category's weight moves to the others. Feeds are matched to
    submissions by year, entity type, and TIN and NPI or entity id.

    Examples:
      qppflow score march.json --explain

      qppflow score outbox/ --profile profiles.ndjson --costs costs.json --json
    """
    factor, tally = _factor(scaling_factor), Tally()
    try:
        feeds = _feeds(profile, costs, feed)
        for document in read_documents(files, tally.unreadable, limit=SIZE_LIMIT):
            judged = judge(document, strict_npi=strict_npi)
            tally.add(judged.fate)
            feeds.see(judged.document)
            scores: list[Scored] = []
            if judged.fate == ACCEPTED:
                scores = score_document(
                    judged, feeds, factor, explain=explain, mock=with_mock_benchmarks
                )
            _tell(document.name, judged, scores, explain=explain, as_json=as_json)
    except (UnreadableError, ScalingFactorError) as error:
        complain(str(error))
        raise typer.Exit(Exit.USAGE) from None
    except FeedError as error:
        complain(str(error))
        if error.judged is not None:
            show_fate(err(), "the feed", error.judged.fate, error.judged.findings)
        raise typer.Exit(Exit.USAGE) from None
    if not as_json:
        tally.sum_up(out())
    _tell_of_feeds(feeds)
    tally.end()


def score_document(
    judged: Judged,
    feeds: Feeds,
    factor: Decimal | None = None,
    *,
    explain: bool = False,
    mock: bool = False,
) -> list[Scored]:
    """Score one accepted submission with the feeds about its entity, best first.

    There is one score for each program it has sets for.

    Raises:
        ScalingFactorError: the factor is not above 0 or exceeds its year's maximum.
    """
    document, year = judged.document, judged.year
    assert document is not None
    assert year is not None
    law = law_of(year)
    if factor is not None:
        _check_factor(factor, law.rules.payment.scaling_factor_maximum.value)
    default = law.rules.submission.default_program.value
    by_program: dict[str, list[JsonObject]] = {}
    for item in document["measurementSets"]:
        if not item.get(WITHDRAWN):
            program = item.get("programName") or default
            by_program.setdefault(program, []).append(law_set(item))
    known = feeds.of(document)
    scores = []
    for program in sorted(by_program):
        written = score_input_of(
            document["entityType"],
            by_program[program],
            known,
            law.rules,
            program_name=program,
            with_mock_benchmarks=mock,
        )
        entity = read_input(written, default)
        made = score_entity(entity, law, explain=explain, scaling_factor=factor)
        scores.append(made)
    return sorted(scores, key=lambda made: -Decimal(made.score["finalScore"]))


def _factor(text: str | None) -> Decimal | None:
    """Read the scaling factor; its bounds are those of a document's year."""
    if text is None:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        complain("--scaling-factor takes a number, such as 0.1167")
        raise typer.Exit(Exit.USAGE)
    return number


def _check_factor(factor: Decimal, limit: Decimal) -> None:
    """Refuse a factor that scores below the threshold would hide: they need none."""
    if not 0 < factor <= limit:
        message = f"--scaling-factor is above 0 and at most {limit}"
        raise ScalingFactorError(message)


def _feeds(
    profile: Iterable[Path] | None,
    costs: Iterable[Path] | None,
    other: Iterable[Path] | None,
) -> Feeds:
    """Read all feeds that were given."""
    feeds = Feeds()
    feeds.add(profile or (), "--profile")
    feeds.add(costs or (), "--costs")
    feeds.add(other or (), "--feed")
    for told in feeds.replaced:
        complain(f"warning: {told}; the last one counts")
    return feeds


def _tell_of_feeds(feeds: Feeds) -> None:
    """Say which feeds count for nothing."""
    if feeds.unused:
        entities = "1 entity" if feeds.unused == 1 else f"{feeds.unused} entities"
        err().print(f"There are feeds about {entities} that no document here is about.")


def _tell(
    name: str, judged: Judged, scores: list[Scored], *, explain: bool, as_json: bool
) -> None:
    """Print one document's fate and scores, the best one first."""
    if as_json:
        written: JsonObject = answer(name, judged)
        for number, scored in enumerate(scores):
            one: JsonObject = {"score": scored.score, "payment": scored.payment}
            if explain:
                one["explanation"] = scored.explanation
            if number:
                # Of several programs the highest score counts.
                written.setdefault("otherPrograms", []).append(one)
            else:
                written |= one
        print_json(written)
        return
    console = out()
    show_fate(console, name, judged.fate, judged.findings)
    for scored in scores:
        show_score(console, scored, explain=explain)
