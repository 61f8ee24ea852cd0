"""Says at the end of a run which rule files are due to be checked again."""

from datetime import UTC, datetime

import pytest

from tests.architecture.law_age import RULES, overdue


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Warn in plain sight, and let the run pass: only time went by."""
    if found := overdue(RULES, datetime.now(UTC).date()):
        terminalreporter.section("warning: the law is due to be checked", yellow=True)
        for line in found:
            terminalreporter.line(line)
