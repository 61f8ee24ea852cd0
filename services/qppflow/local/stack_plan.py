"""What the stack of one machine consists of: choices, environment, processes."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import qpp
from qppflow.local.children import ChildPlan
from qppflow.local.files import make_folder
from qppflow.local.launching import helper_environment
from qppflow.local.paths import STATE_FOLDER
from qppflow.runtime.sealing import KEY_SIZE
from qppflow.runtime.tokens import SHORTEST_KEY, kept_key

# What the settings of every service begin with; reading it there would load them.
PREFIX: Final = "QPPFLOW_"
BOOTSTRAP: Final = "QPPFLOW_BOOTSTRAP_SERVERS"
TOPIC_PREFIX: Final = "QPPFLOW_TOPIC_PREFIX"
STORE_URL: Final = "QPPFLOW_STORE_URL"
JOINT: Final = "+"
# A service that is draining answers within its own bounds; then it is killed.
STOP_SECONDS: Final = 30.0

# All services in the order records meet them, and the processor time of each in a run
# of the demonstration, as a share that spreads them evenly over processes.
WORK: Final[Mapping[str, int]] = {
    "intake": 12,
    "entities": 12,
    "completeness": 9,
    "pi_period": 7,
    "quality": 12,
    "promoting_interoperability": 7,
    "improvement_activities": 8,
    "cost": 8,
    "final_scores": 30,
    "payments": 19,
}


@dataclass(frozen=True)
class StackConfig:
    """What a caller decides about the stack of one state folder.

    ``bootstrap_servers``: a cluster that is there; None runs one on this machine, on
    ``port`` or any free one. ``store_url``: a database that is there; None keeps a
    file a service, or with ``postgres`` runs a server here. ``detach``: all goes on
    when this process has ended. ``extra`` are lines of the broker's settings, and
    ``variables`` go to every service. Without ``services`` all are run.
    """

    state: Path = STATE_FOLDER
    processes: int = 2
    port: int | None = None
    bootstrap_servers: str | None = None
    topic_prefix: str = ""
    postgres: bool = False
    store_url: str | None = None
    detach: bool = False
    full_jit: bool = False
    services: tuple[str, ...] = ()
    start_seconds: float = 180.0
    extra: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_environment(cls, state: Path) -> "StackConfig":
        """Take cluster, database and prefix from the environment where it says so."""
        return cls(
            state=state,
            bootstrap_servers=os.environ.get(BOOTSTRAP) or None,
            topic_prefix=os.environ.get(TOPIC_PREFIX, ""),
            store_url=os.environ.get(STORE_URL) or None,
        )


def spread(services: Sequence[str], processes: int) -> list[tuple[str, ...]]:
    """Share services out so that processes have about the same work.

    Within a process they stand in the order records meet them.
    """
    count = max(1, min(processes, len(services)))
    shares: list[list[str]] = [[] for _ in range(count)]
    loads = [0] * count
    for name in sorted(services, key=lambda name: -WORK.get(name, 1)):
        least = loads.index(min(loads))
        shares[least].append(name)
        loads[least] += WORK.get(name, 1)
    ordered = [tuple(sorted(share, key=services.index)) for share in shares]
    return sorted(ordered, key=lambda share: services.index(share[0]))


def service_variables(
    config: StackConfig, bootstrap_servers: str, store_url: str | None
) -> dict[str, str]:
    """Give what every service reads from its environment.

    The keys are this state folder's own, made at the first call and readable by
    their owner alone.
    """
    state = config.state.absolute()
    keys = make_folder(state / "keys")
    told = {
        "bootstrap_servers": bootstrap_servers,
        "topic_prefix": config.topic_prefix,
        "state_folder": str(state),
        "token_key": kept_key(keys / "token", SHORTEST_KEY),
        "sealing_key": kept_key(keys / "sealing", KEY_SIZE),
        "build": qpp.__version__,
    }
    if store_url is not None:
        told["store_url"] = store_url
    return {f"{PREFIX}{name.upper()}": value for name, value in told.items()}


def plans(
    config: StackConfig, services: Sequence[str], variables: Mapping[str, str]
) -> list[ChildPlan]:
    """Plan one process for each share of the services, named after them."""
    environment = {
        "PYTHONPATH": helper_environment()["PYTHONPATH"],
        **config.variables,
        **variables,
    }
    logs = config.state.absolute() / "logs"
    return [
        ChildPlan(
            name=JOINT.join(share),
            argv=(sys.executable, "-m", "qppflow.cli.run", *share),
            log=logs / f"{JOINT.join(share)}.log",
            environment=environment,
            stop_seconds=STOP_SECONDS,
        )
        for share in spread(services, config.processes)
    ]


def services_of(child: str) -> Iterable[str]:
    """Give the services that a process of this name runs."""
    return child.split(JOINT)
