"""Rewrites what is generated and committed: ``python -m qppflow.runtime.generate``."""

import sys

from qpp import library
from qppflow.runtime import asyncapi, resources
from qppflow.runtime.schema_writer import year_files


def generate() -> list[str]:
    """Write the schemas of every year and the AsyncAPI document; gives their names."""
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
    return [*done, "contracts/asyncapi.json"]


if __name__ == "__main__":
    sys.stdout.write("\n".join(generate()) + "\n")
