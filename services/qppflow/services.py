"""The consumers of the stream, in the order records meet them."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

from qppflow.runtime.compose import run_all
from qppflow.runtime.subscription import Service

SERVICES: Final = (
    "intake",
    "entities",
    "completeness",
    "pi_period",
    "quality",
    "promoting_interoperability",
    "improvement_activities",
    "cost",
    "final_scores",
    "payments",
)


def run_services(names: Sequence[str]) -> int:
    """Run consumers in this process until told to stop; gives the exit code.

    Raises:
        KeyError: no consumer has one of these names.
    """
    return run_all("+".join(names), [_composer(name) for name in names])


def run_service(name: str) -> int:
    """Run one consumer in this process until told to stop; gives the exit code.

    Raises:
        KeyError: no consumer has this name.
    """
    return run_services([name])


def _composer(name: str) -> Callable[[], Service]:
    """Find what composes a service from its environment."""
    if name not in SERVICES:
        raise KeyError(name)
    app = import_module(f"qppflow.{name}.app")

    def compose() -> Service:
        service: Service = app.build(app.Settings())
        return service

    return compose
