"""The wheel holds all that is needed at run time, and no examples."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.helpers.cli import accepted, put

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
DATA = "qppflow/_data"
LEFT_OUT = ("examples", "published", "published.lock")
PROGRAM = "from qppflow.cli.main import main; main()"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, and unpack it as an installation does."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        str(folder),
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as file:
        file.extractall(folder / "site")
    return folder / "site"


def below(folder: Path) -> set[str]:
    """List the files of a folder that somebody wrote."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def kept(folder: str) -> Mapping[str, bytes]:
    """Read what the wheel must have of a folder, by name; ``schemas`` is one."""
    root = ROOT / folder
    leave = LEFT_OUT if folder == "schemas" else LEFT_OUT[:1]
    return {
        name: (root / name).read_bytes()
        for name in below(root)
        if not set(leave) & set(Path(name).parts)
    }


@pytest.mark.parametrize("folder", ["schemas", "contracts"])
def test_schemas_and_contracts_are_in_it_and_examples_are_not(
    site: Path, folder: str
) -> None:
    """Every other file is there, byte for byte."""
    inside = site / DATA / folder

    found = {name: (inside / name).read_bytes() for name in below(inside)}

    assert len(found) > 12
    assert found == kept(folder)


@pytest.mark.parametrize(
    ("package", "source"), [("qpp", "qpp"), ("qppflow", "services/qppflow")]
)
def test_all_code_and_rules_are_in_it(site: Path, package: str, source: str) -> None:
    """What a package has in the checkout it has when installed."""
    found = {name for name in below(site / package) if not name.startswith("_data/")}

    assert found == below(ROOT / source)


def test_the_command_runs_from_it_without_the_checkout(
    site: Path, tmp_path: Path
) -> None:
    """Rules, catalogue, schemas and findings are found where they were installed."""
    code = f"import qppflow; print(qppflow.__file__, flush=True); {PROGRAM}"
    document = put(tmp_path, "march.json", accepted())

    ended = subprocess.run(
        [sys.executable, "-c", code, "validate", str(document)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(f"{site}/qppflow/")
    assert "accepted" in ended.stdout
