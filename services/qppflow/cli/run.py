"""`qppflow run`: consumers in this process, for containers and the supervisor."""

from typing import Annotated

import typer

from qppflow.cli.exits import EPILOG, Exit
from qppflow.cli.terminal import complain

Services = Annotated[
    list[str],
    typer.Argument(
        metavar="SERVICE...",
        help="Which consumers, such as intake or quality; several share the process.",
        show_default=False,
    ),
]


def run(services: Services) -> None:
    """Run one consumer, or several in one process, until told to stop.

    Reads QPPFLOW_BOOTSTRAP_SERVERS, QPPFLOW_TOKEN_KEY, QPPFLOW_SEALING_KEY and
    QPPFLOW_STATE_FOLDER; QPPFLOW_STORE_URL and QPPFLOW_TOPIC_PREFIX if they are set.
    SIGTERM finishes the batch at hand and ends. It waits for a broker or a database
    that is away. On one machine, qppflow up does this for all of them.

    Examples:
      qppflow run intake

      qppflow run completeness pi_period quality
    """
    from qppflow.services import (  # noqa: PLC0415 - loads FastStream, which takes long
        SERVICES,
        run_services,
    )

    unknown = [name for name in services if name not in SERVICES]
    if unknown:
        named = ", ".join(map(repr, unknown))
        complain(f"There is no service {named}. There are {', '.join(SERVICES)}.")
        raise typer.Exit(Exit.USAGE)
    raise typer.Exit(run_services(list(dict.fromkeys(services))))


def main() -> None:
    """Run as ``python -m qppflow.cli.run``, which loads no other command."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(name="run", epilog=EPILOG)(run)
    app()


if __name__ == "__main__":
    main()
