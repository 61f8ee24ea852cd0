"""A broker of this machine and services in processes, laid out as `make demo` does."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks.machine import cores
from qppflow.local.children import ChildPlan
from qppflow.local.paths import CACHE_VARIABLE
from qppflow.local.stack import Stack
from qppflow.local.stack_children import Foreground
from qppflow.local.stack_plan import (
    PREFIX,
    StackConfig,
    plans,
    service_variables,
    services_of,
)
from qppflow.local.stack_steps import make_topics, wait_for_reports
from qppflow.local.status import read_status

CORES: Final = 2
START_SECONDS: Final = 180.0
OURS: Final = ("-m", "qppflow.cli.run")


class BenchmarkError(Exception):
    """A run that measured something else than it should have."""


class Site(NamedTuple):
    """A broker with its topics; ``variables`` are what services read."""

    config: StackConfig
    servers: str
    variables: Mapping[str, str]


@contextmanager
def two_cores() -> Iterator[int]:
    """Keep this process and all it starts on two cores, where the system can.

    Gives how many cores that leaves.
    """
    before = cores()
    if sys.platform != "linux" or len(before) <= CORES:
        yield len(before)
        return
    os.sched_setaffinity(0, before[:CORES])
    try:
        yield CORES
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def site(processes: int = 2, prefixes: Sequence[str] = ("",)) -> Iterator[Site]:
    """Have a new broker and its topics for the length of a block.

    Each prefix has topics of its own. Variables of the environment that would send
    services elsewhere are left out.
    """
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        if name != CACHE_VARIABLE:
            del os.environ[name]
    with TemporaryDirectory(prefix="qppflow-bench-") as folder:
        config = StackConfig(state=Path(folder), processes=processes)
        with Stack(config).serving() as servers:
            for prefix in prefixes:
                make_topics(servers.bootstrap_servers, prefix, lambda _text: None)
            variables = service_variables(config, *servers)
            yield Site(config, servers.bootstrap_servers, variables)


@contextmanager
def services(
    here: Site, names: Sequence[str], command: Sequence[str] = OURS
) -> Iterator[None]:
    """Run services for the length of a block, *command* taking their names.

    Raises:
        BenchmarkError: a process ended in between; figures would tell nothing.
    """
    root = here.config.state.absolute()
    (root / "progress").mkdir(exist_ok=True)
    children = [
        replace(child, argv=(sys.executable, *command, *services_of(child.name)))
        for child in plans(here.config, names, here.variables)
    ]
    with processes(here, children):
        wait_for_reports(root, names, START_SECONDS, lambda _text: None)
        yield


@contextmanager
def processes(here: Site, children: Sequence[ChildPlan]) -> Iterator[None]:
    """Run processes for the length of a block.

    Raises:
        BenchmarkError: one ended in between.
    """
    root = here.config.state.absolute()
    foreground = Foreground(children, root)
    foreground.start()
    try:
        yield
        status = read_status(root)
        if status is None or any(child.restarts for child in status.children):
            message = "a process ended and was started again"
            raise BenchmarkError(message)
    finally:
        foreground.stop()
