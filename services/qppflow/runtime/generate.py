"""Rewrites what is generated and committed: ``python -m qppflow.runtime.generate``."""

import sys

from qpp import library
from qppflow.runtime import asyncapi, resources
from qppflow.runtime.rule_pages import rule_page
from qppflow.runtime.schema_writer import year_files


def generate() -> list[str]:
    """Write schemas and pages of every year and the AsyncAPI document; gives names."""
    done = []
    for year in library.years():
        folder = resources.schemas() / "mips" / f"py{year}"
        folder.mkdir(parents=True, exist_ok=True)
        rules = library.rules(year).submission
        for name, content in year_files(library.catalogue(year), rules).items():
            (folder / name).write_bytes(content)
            done.append(f"schemas/mips/py{year}/{name}")
    target = resources.contracts() / "asyncapi.json"
    target.write_bytes(asyncapi.written(resources.contracts()))
    return [*done, "contracts/asyncapi.json", *_pages()]


def _pages() -> list[str]:
    """Write the page of each year's rules, where there are pages for readers at all."""
    if not resources.docs().is_dir():
        return []
    folder = resources.docs() / "rules"
    folder.mkdir(exist_ok=True)
    for year in library.years():
        (folder / f"py{year}.md").write_bytes(rule_page(library.rules(year)))
    return [f"docs/rules/py{year}.md" for year in library.years()]


if __name__ == "__main__":
    sys.stdout.write("\n".join(generate()) + "\n")
