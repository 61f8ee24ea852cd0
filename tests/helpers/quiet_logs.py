"""Logs of this process, given back as they were."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def logs_restored() -> Iterator[None]:
    """Undo what a service or command does to the logs of its whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()


def logs_dropped() -> None:
    """Write no log line of this process any more."""
    most = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=most)
