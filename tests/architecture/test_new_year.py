"""A new performance year is a folder of data: the recipe, followed to the letter.

The commands of CONTRIBUTING.md run in a copy of the source tree. Python finds the
copy by its path alone, so no setting, and no line of Python, is changed for it.
"""

import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any, Final

import pytest

pytestmark = pytest.mark.slow

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = ("qpp", "services", "schemas", "contracts", "docs", "tests")
HEADING: Final = "## To add a performance year\n"
COMMAND: Final = re.compile(r"^    \$ ((?:.*\\\n)*.*)$", re.MULTILINE)
COPIED: Final = 2026
YEAR: Final = 2031
EXAMPLE: Final = Path("schemas/mips/py2026/examples") / (
    "submission.individual-with-six-registry-measures-pi-and-ia.pass.json"
)
FIRST: Final = f"first-{YEAR}.json"
MAIN: Final = "from qppflow.cli.main import main; main()"

# What a user of the library would write; it prints what it found as JSON.
PUBLIC: Final = """
import json, sys
from qpp import library
from qpp.checks import check_submission
from qpp.feeds import compose, law_set
from qpp.inputs import read_input
from qpp.mips.scoring import Law, score

document = json.load(open(sys.argv[1]))
year = document["performanceYear"]
law = Law(library.rules(year), library.catalogue(year))
findings = check_submission(document, law.rules, law.catalogue, library.finding_rules())
sets = [law_set(item) for item in document["measurementSets"]]
entity = read_input(compose(year, document["entityType"], sets, {}), "mips")
made = score(entity, law)
print(json.dumps({"years": library.years(), "findings": len(findings),
                  "score": made.score, "payment": made.payment}))
"""


def recipe(page: str) -> list[str]:
    """Give the commands of a page's recipe for a new year, in order."""
    section = page.partition(HEADING)[2].partition("\n## ")[0]
    return COMMAND.findall(section)


def python_of(tree: Path) -> dict[str, str]:
    """Give the hash of every Python file of the program."""
    files = [*(tree / "qpp").rglob("*.py"), *(tree / "services").rglob("*.py")]
    return {
        file.relative_to(tree).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def run_in(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a contributor does whose checkout is *tree*."""
    paths = (str(Path(sys.executable).parent), os.environ["PATH"])
    where = {
        "PYTHONPATH": f"{tree}{os.pathsep}{tree / 'services'}",
        "PATH": os.pathsep.join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        words,
        cwd=tree,
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Follow the recipe in a copy of the source tree."""
    made = tmp_path_factory.mktemp("checkout")
    for name in FOLDERS:
        copytree(ROOT / name, made / name, ignore=ignore_patterns("__pycache__"))
    for command in recipe((ROOT / "CONTRIBUTING.md").read_text("utf-8")):
        ended = run_in(made, "sh", "-euc", command)
        assert ended.returncode == 0, f"{command}\n{ended.stdout}{ended.stderr}"
    return made


def of_command(tree: Path, *words: str) -> Any:  # noqa: ANN401 - any JSON
    """Run qppflow in a tree and read its JSON."""
    ended = run_in(tree, sys.executable, "-c", MAIN, *words, "--json")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_the_recipe_has_commands() -> None:
    """Following nothing would prove nothing; a longer one is read to its end."""
    commands = recipe((ROOT / "CONTRIBUTING.md").read_text("utf-8"))

    assert len(commands) >= 8
    assert recipe(f"{HEADING}\n    $ a \\\n        b\n    out\n## C\n    $ c\n") == [
        "a \\\n        b"
    ]


def test_no_python_was_touched(tree: Path) -> None:
    """Only data came: rules, facts, and what is generated from them."""
    assert python_of(tree) == python_of(ROOT)
    assert (tree / "qpp" / "rules" / "mips" / f"py{YEAR}").is_dir()
    assert (tree / "docs" / "rules" / f"py{YEAR}.md").is_file()


def test_the_new_year_differs_in_what_was_changed(tree: Path) -> None:
    """The year, the year of payment, its days, and one value of the law."""
    found = of_command(tree, "rules", "diff", str(COPIED), str(YEAR))

    assert {item["path"]: item["new"]["value"] for item in found["changes"]} == {
        "submission.performance_year": str(YEAR),
        "submission.payment_year": str(YEAR + 2),
        "submission.window_opens": f"{YEAR + 1}-01-02",
        "submission.window_closes": f"{YEAR + 1}-03-31",
        "submission.registration_opens": f"{YEAR}-04-01",
        "submission.registration_closes": f"{YEAR}-11-30",
        "payment.performance_threshold": "80",
    }


def test_the_library_scores_the_new_year(tree: Path) -> None:
    """By its public functions: checked, scored and paid by the year's own rules."""
    ended = run_in(tree, sys.executable, "-c", PUBLIC, FIRST)

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["years"][-1] == YEAR
    assert found["findings"] == 0
    assert found["score"]["ruleBook"].startswith(f"mips/py{YEAR}@")
    assert Decimal(found["score"]["finalScore"]) > 0


def test_the_command_judges_and_scores_the_new_year(tree: Path) -> None:
    """As it does the year that was copied, but for the value that was changed."""
    verdict = of_command(tree, "validate", FIRST)
    scored = of_command(tree, "score", FIRST)
    before = of_command(tree, "score", str(EXAMPLE))

    assert verdict["fate"] == scored["fate"] == "accepted"
    assert verdict["performanceYear"] == YEAR
    assert scored["score"]["finalScore"] == before["score"]["finalScore"]
    assert scored["payment"]["paymentYear"] == YEAR + 2
    # 93.79 points: 9 x 3 x (93.79 - 80) / (100 - 80), and from 75 on before.
    assert scored["payment"]["range"]["high"] == "18.6165"
    assert before["payment"]["range"]["high"] == "20.2932"


def test_this_tree_does_not_know_the_new_year() -> None:
    """Its twin: without the folders the year is refused, not scored by another."""
    ended = run_in(
        ROOT, sys.executable, "-c", MAIN, "rules", "show", "x", "--year", str(YEAR)
    )

    assert ended.returncode == 2
    assert f"there is no rule book of {YEAR}" in ended.stderr
