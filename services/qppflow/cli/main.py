"""The `qppflow` command: what it offers, and how it ends."""

import sys
from typing import Annotated

import typer

import qpp
from qppflow.cli import catalog, dlq, rules, snapshot, state, topics
from qppflow.cli.close_year import close_year
from qppflow.cli.demo import demo
from qppflow.cli.down import down
from qppflow.cli.eligibility import eligibility
from qppflow.cli.ending import ending
from qppflow.cli.exits import EPILOG
from qppflow.cli.help import flow_all
from qppflow.cli.qp import qp
from qppflow.cli.rescore import rescore_year
from qppflow.cli.run import run
from qppflow.cli.score import score
from qppflow.cli.status import EPILOG as STATUS_EPILOG
from qppflow.cli.status import status
from qppflow.cli.submit import submit
from qppflow.cli.up import up
from qppflow.cli.validate import validate
from qppflow.cli.watch import watch

app = typer.Typer(
    name="qppflow",
    help="The Medicare Quality Payment Program as a stream: validate and score MIPS"
    " submissions, with every point explained.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _version(*, asked: bool) -> None:
    """Print the version and end."""
    if asked:
        sys.stdout.write(f"qppflow {qpp.__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    *,
    _asked: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda asked: _version(asked=asked),
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Hold the options of the command as a whole."""


app.command(epilog=EPILOG)(validate)
app.command(epilog=EPILOG)(score)
app.command(epilog=EPILOG)(eligibility)
app.command(epilog=EPILOG)(qp)
app.command(epilog=EPILOG)(demo)
app.add_typer(catalog.app, name="catalog")
app.add_typer(rules.app, name="rules")
app.command(epilog=EPILOG)(up)
app.command(epilog=EPILOG)(down)
app.command(epilog=STATUS_EPILOG)(status)
app.command(epilog=EPILOG)(run)
app.add_typer(topics.app, name="topics")
app.add_typer(state.app, name="state")
app.command(epilog=EPILOG)(submit)
app.command(epilog=EPILOG)(watch)
app.add_typer(dlq.app, name="dlq")
app.add_typer(snapshot.app, name="snapshot")
app.command("close-year", epilog=EPILOG)(close_year)
app.command("rescore", epilog=EPILOG)(rescore_year)
flow_all(app)


def main() -> None:
    """Run the command."""
    with ending():
        app()
