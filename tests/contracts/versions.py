"""A next version of an event, really published into a copy of the contracts."""

import json
import shutil
from pathlib import Path
from typing import Final

from qppflow.runtime.contracts import event_schema, event_versions
from tests.contracts.publishing import publish

CONTRACTS: Final = Path(__file__).parents[2] / "contracts"
LATER: Final = {"description": "Something that a later version says.", "type": "string"}


def published(event: str, number: str, tmp_path: Path) -> Path:
    """Publish a version with one more optional field; gives the folder."""
    folder = Path(shutil.copytree(CONTRACTS, tmp_path / "contracts"))
    schema = event_schema(event, str(max(event_versions(event))))
    schema["$id"] = f"urn:qppflow:event:{event}:{number}"
    schema["properties"]["saidLater"] = LATER
    draft = tmp_path / "draft.json"
    draft.write_text(json.dumps(schema), "utf-8")
    publish(event, draft, folder)
    return folder
