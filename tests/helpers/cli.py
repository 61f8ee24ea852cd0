"""The command as a user runs it, and files that it reads."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from typer.testing import CliRunner, Result

from qppflow.cli.main import app
from tests.helpers.submissions import (
    NPI,
    TIN,
    measurement,
    measurement_set,
    pi_set,
    rate,
    submission,
)

Json: TypeAlias = dict[str, Any]

WIDTH = 80
# Measures that the real catalogues of all years hold, the first one of an outcome.
MEASURES = ("001", "047", "130", "134", "236", "317")
PI_WHOLE: Mapping[str, Any] = {
    "PI_PPHI_1": True,
    "PI_PPHI_2": True,
    "PI_INFBLO_1": True,
    "PI_ONCDIR_1": True,
    "PI_EP_1": {"numerator": 49, "denominator": 115},
    "PI_EP_2": True,
    "PI_HIE_5": True,
    "PI_PEA_1": {"numerator": 861, "denominator": 1809},
    "PI_PHCDRR_1": True,
    "PI_PHCDRR_1_PROD": True,
    "PI_PHCDRR_3": True,
    "PI_PHCDRR_3_PROD": True,
}


def accepted(year: int = 2025, **more: object) -> Json:
    """Make an individual's submission that a real year accepts."""
    quality = [measurement(name, rate()) for name in MEASURES]
    period = {"performanceStart": f"{year}-01-01", "performanceEnd": f"{year}-12-31"}
    return submission(
        measurement_set("quality", quality, year=year),
        pi_set(PI_WHOLE, **period),
        measurement_set("ia", [measurement("IA_BE_4", value=True)], year=year),
        performanceYear=year,
        **more,
    )


def excellent(year: int = 2025) -> Json:
    """Make a submission that earns a small practice more than the threshold."""
    made = accepted(year)
    for item in made["measurementSets"][0]["measurements"]:
        item["value"] = (
            rate(met=0, not_met=100)
            if item["measureId"] == "001"
            else (rate(met=100, not_met=0))
        )
    for item in made["measurementSets"][1]["measurements"]:
        if item["value"] is not True:
            item["value"] = {"numerator": 100, "denominator": 100}
    return made


def rejected() -> Json:
    """Make a submission with two errors, in two of its sets."""
    made = accepted()
    made["measurementSets"][0]["measurements"][1]["measureId"] = "no-such-measure"
    made["measurementSets"][2]["performanceEnd"] = "2026-03-01"
    return made


def feed_about(year: int = 2025, **fields: object) -> Json:
    """Make a feed about the individual of ``accepted``."""
    return {
        "performanceYear": year,
        "entityType": "individual",
        "taxpayerIdentificationNumber": TIN,
        "nationalProviderIdentifier": NPI,
        **fields,
    }


def profile(year: int = 2025, **more: object) -> Json:
    """Make the profile of a small practice."""
    fields: Json = {"feed": "profile", "specialStatuses": ["smallPractice"]}
    return feed_about(year, **fields | more)


def costs(year: int = 2025, measure: str = "COST_AKID_1") -> Json:
    """Make the costs of one measure."""
    one = {"measureId": measure, "score": "1518.4950", "caseCount": 40}
    return feed_about(year, feed="cost-attribution", measures=[one])


def put(folder: Path, name: str, *documents: object) -> Path:
    """Write a file of one document, or of one a line."""
    path = folder / name
    lines = [item if isinstance(item, str) else json.dumps(item) for item in documents]
    path.write_text("\n".join(lines) + "\n" * (len(lines) > 1))
    return path


def run(*arguments: object, text: str | None = None) -> Result:
    """Run the command with arguments, and with *text* on standard input."""
    return CliRunner().invoke(app, [str(item) for item in arguments], input=text)


def lines(result: Result) -> list[Json]:
    """Read the JSON lines that a run wrote."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def too_wide(text: str) -> list[str]:
    """List the lines that a terminal of 80 columns would break.

    A line that ends with a file's name is let through: names stay whole.
    """
    broken = [line for line in text.splitlines() if len(line) > WIDTH]
    return [line for line in broken if not line.endswith(".json")]
