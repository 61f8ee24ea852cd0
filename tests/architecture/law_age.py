"""Which rule files hold values that nobody compared with their sources for a year.

``python -m tests.architecture.law_age`` lists them and exits with 1 if there are any.
A run of all tests prints the same at its end as a warning: no build may fail because
time has passed, and none may be silent about it.
"""

import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
RULES: Final = ROOT / "qpp" / "rules"
# A whole year, also one with a leap day.
TWELVE_MONTHS: Final = timedelta(days=366)


def checked(tables: dict[str, Any], path: str = "") -> Iterator[tuple[date, str]]:
    """Yield each value's last check and its name, however deep its table stands."""
    for name, item in tables.items():
        if isinstance(item, dict):
            here = f"{path}.{name}" if path else name
            if isinstance(day := item.get("last_checked"), date):
                yield day, here
            else:
                yield from checked(item, here)


def overdue(folder: Path, today: date) -> list[str]:
    """Say of each rule file what to check again, as of *today*."""
    found = []
    for file in sorted(folder.rglob("*.toml")):
        values = list(checked(tomllib.loads(file.read_text("utf-8"))))
        old = sorted(one for one in values if today - one[0] > TWELVE_MONTHS)
        if old:
            day, name = old[0]
            found.append(
                f"Compare {file.relative_to(folder)} with its sources again: {len(old)}"
                f" of {len(values)} values are older than 12 months, first [{name}],"
                f" last checked on {day}."
            )
    return found


def main() -> int:
    """Print what is overdue today; gives the exit code."""
    found = overdue(RULES, datetime.now(UTC).date())
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
