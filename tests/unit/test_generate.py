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
    monkeypatch.setattr(resources, "docs", lambda: tmp_path / "docs")
    (tmp_path / "docs").mkdir()

    names = generate()

    assert {"contracts/asyncapi.json", "docs/rules/py2026.md"} <= set(names)
    assert all(
        (tmp_path / name).read_bytes() == (committed / name).read_bytes()
        for name in names
    )


def test_an_installed_program_has_no_pages_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without pages for readers none is begun."""
    copytree(resources.contracts(), tmp_path / "contracts")
    monkeypatch.setattr(resources, "schemas", lambda: tmp_path / "schemas")
    monkeypatch.setattr(resources, "contracts", lambda: tmp_path / "contracts")
    monkeypatch.setattr(resources, "docs", lambda: tmp_path / "docs")

    names = generate()

    assert not [name for name in names if name.startswith("docs")]
    assert not (tmp_path / "docs").exists()
