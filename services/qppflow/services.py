"""The consumers of the stream, in the order records meet them."""

from importlib import import_module
from typing import Final

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


def run_service(name: str) -> int:
    """Run one consumer in this process until told to stop; gives the exit code.

    Raises:
        KeyError: no consumer has this name.
    """
    if name not in SERVICES:
        raise KeyError(name)
    code: int = import_module(f"qppflow.{name}.app").main()
    return code
