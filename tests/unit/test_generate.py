"""Generated files are what their sources say, and are written by one command."""

from pathlib import Path
from shutil import copytree

import pytest

from qppflow.runtime import resources
from qppflow.runtime.generate import generate


def test_the_command_rewrites_what_is_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into a tree with spoilt files it writes the very bytes that are committed."""
    committed = resources.data_root()
    copytree(resources.contracts(), tmp_path / "contracts")
    (tmp_path / "contracts" / "asyncapi.json").write_text("spoilt")
    monkeypatch.setattr(resources, "schemas", lambda: tmp_path / "schemas")
    monkeypatch.setattr(resources, "contracts", lambda: tmp_path / "contracts")

    names = generate()

    assert "contracts/asyncapi.json" in names
    assert all(
        (tmp_path / name).read_bytes() == (committed / name).read_bytes()
        for name in names
    )
