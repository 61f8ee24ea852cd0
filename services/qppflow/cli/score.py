"""`qppflow score`: what a submission earns, on this computer, and why."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from qpp.feeds import compose, law_set
from qpp.inputs import read_input
from qpp.mips.adjustment import ScalingFactorError
from qpp.mips.scoring import Scored
from qpp.mips.scoring import score as score_entity
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
        " complex patient bonus.",
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
    submissions by year, entity type, TIN and NPI.

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
            scored = None
            if judged.fate == ACCEPTED:
                scored = score_document(
                    judged, feeds, factor, explain=explain, mock=with_mock_benchmarks
                )
            _tell(document.name, judged, scored, explain=explain, as_json=as_json)
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
) -> Scored:
    """Score one accepted submission with the feeds about its entity.

    Raises:
        ScalingFactorError: the factor is not above 0 or exceeds its year's maximum.
    """
    document, year = judged.document, judged.year
    assert document is not None
    assert year is not None
    law = law_of(year)
    if factor is not None:
        _check_factor(factor, law.rules.payment.scaling_factor_maximum.value)
    composed = compose(
        year,
        document["entityType"],
        [law_set(item) for item in document["measurementSets"]],
        feeds.of(document),
        with_mock_benchmarks=mock,
    )
    program = law.rules.submission.default_program.value
    entity = read_input(composed, program)
    return score_entity(entity, law, explain=explain, scaling_factor=factor)


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
    name: str, judged: Judged, scored: Scored | None, *, explain: bool, as_json: bool
) -> None:
    """Print one document's fate and score."""
    if as_json:
        written = answer(name, judged)
        if scored is not None:
            written |= {"score": scored.score, "payment": scored.payment}
            if explain:
                written["explanation"] = scored.explanation
        print_json(written)
        return
    console = out()
    show_fate(console, name, judged.fate, judged.findings)
    if scored is not None:
        show_score(console, scored, explain=explain)
