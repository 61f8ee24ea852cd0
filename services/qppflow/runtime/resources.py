"""Where the data files are that ship with the code: schemas, contracts, findings."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from qpp import library
from qpp.finding_rules import FindingRule, read_finding_rules

_PACKAGE: Final = Path(__file__).resolve().parents[1]


def data_root(package: Path = _PACKAGE) -> Path:
    """Give the folder of ``schemas/`` and ``contracts/``, installed or in a checkout.

    Raises:
        FileNotFoundError: neither an installed nor a source tree is around *package*.
    """
    packaged = package / "_data"
    checkout = package.parents[1]
    for root in (packaged, checkout):
        if (root / "schemas").is_dir():
            return root
    message = "the schemas are neither installed with qppflow nor beside its source"
    raise FileNotFoundError(message)


def schemas() -> Path:
    """Give the folder of the JSON Schemas of what comes from outside."""
    return data_root() / "schemas"


def contracts() -> Path:
    """Give the folder of the topics and event schemas that are promised."""
    return data_root() / "contracts"


def docs() -> Path:
    """Give the folder of the pages for readers, which only a source tree has."""
    return data_root() / "docs"


def read_json(path: Path) -> dict[str, Any]:
    """Read one of our own JSON files, an object."""
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


@cache
def finding_rules() -> Mapping[str, FindingRule]:
    """Give what each finding code means, read once."""
    return read_finding_rules(library.finding_rules())
