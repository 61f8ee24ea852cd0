"""How the command ends where a fault is this build's or this machine's.

What a user can mend ends in the command that found it. What is left over comes here,
so that it is one sentence and an exit code, too.
"""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NoReturn

from qpp import library
from qpp.catalog_cells import CatalogueError
from qpp.rulebook import RuleError
from qppflow.cli.exits import Exit
from qppflow.cli.terminal import complain, drop_output
from qppflow.runtime.resources import data_root

# What a write says when the place that output goes to has no room or has gone.
UNWRITABLE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
GENERATED: Final = ("schemas", "contracts")


@contextmanager
def ending() -> Iterator[None]:
    """End in one sentence where output, rules or generated files fail."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
        sys.exit(Exit.OK)
    except FileNotFoundError as error:
        _end_by_missing(error)
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        _end(f"{error.filename or 'the output'} cannot be written: {error.strerror}")
    except RuleError as error:
        _end(f"This build is broken: {_rule_file(str(error))}{error}.")
    except CatalogueError as error:
        _end(f"This build is broken: in a catalogue of qpp/catalog, {error}.")


def _end_by_missing(error: FileNotFoundError) -> NoReturn:
    """Say which of our own files is not there; other files are no matter of ours."""
    if error.filename is None:
        _end(f"This build is broken: {error}.")
    missing, root = Path(error.filename), data_root()
    if not any(missing.is_relative_to(root / name) for name in GENERATED):
        raise error
    name = missing.relative_to(root)
    _end(f"This build is broken: {name} is not there; run make generate.")


def _rule_file(message: str) -> str:
    """Name the rule file that a message about a rule is about, if one can be found."""
    stem = message.partition(":")[0].partition(".")[0]
    for year in library.years():
        try:
            library.rules(year)
        except RuleError as error:
            if str(error) == message:
                return f"qpp/rules/mips/py{year}/{stem}.toml, "
    return ""


def _end(message: str) -> NoReturn:
    """Say it, and let what is buffered go nowhere."""
    with suppress(OSError):
        complain(message)
    drop_output()
    sys.exit(Exit.NEEDS_OPERATOR)
