"""Help texts that break where the terminal ends, and nowhere else."""

import inspect
import re
from typing import Final

import typer

# Examples are indented; everything else is prose.
PROSE: Final = re.compile(r"(?<=\S)\n(?=\S)")


def flow_all(app: typer.Typer) -> None:
    """Let the help of all commands of *app*, also of its groups, flow."""
    for command in app.registered_commands:
        text = inspect.getdoc(command.callback)
        if command.help is None and text is not None:
            command.help = flowing(text)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            flow_all(group.typer_instance)


def flowing(text: str) -> str:
    """Join the lines of each paragraph; indented lines stay as they are."""
    return PROSE.sub(" ", text)
