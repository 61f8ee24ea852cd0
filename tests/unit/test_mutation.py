"""The mutator of the law makes the mistakes it is meant to make, and only those."""

import ast

import pytest

from tests.mutation.operators import mutants_of


def made(body: str) -> set[str]:
    """Write a function with a body and give what its mutants say instead."""
    source = f'def f(a: int, b: int = 7) -> int:\n    """Say 0 or 1."""\n    {body}\n'
    return {
        ast.unparse(mutant.tree()).splitlines()[-1].strip()
        for mutant in mutants_of("f.py", source)
    }


@pytest.mark.parametrize(
    ("body", "mistakes"),
    [
        ("g = a < b", {"g = a <= b", "g = a >= b"}),
        (
            "g = a < b <= c",
            {"g = a <= b <= c", "g = a >= b <= c", "g = a < b < c", "g = a < b > c"},
        ),
        ("g = a + b", {"g = a - b"}),
        ("g = a and b", {"g = a or b"}),
        ("g = not a", {"g = a"}),
        ("g = -a", {"g = a"}),
        ("g = 3", {"g = 4", "g = 0"}),
        ("g = True", {"g = False"}),
        ("g = min(a, b)", {"g = max(a, b)"}),
        ("g = [x for x in a if x.b]", {"g = [x for x in a if not x.b]"}),
        ("return a", {"return None"}),
        ("return False", {"return True"}),
        ("say(a)", {"pass"}),
        ("g: 'a < b' = c", set()),
        ("g = 'words'", set()),
    ],
)
def test_a_mutant_is_one_mistake(body: str, mistakes: set[str]) -> None:
    """Each mutant differs in one place; signature, types and wording stay."""
    assert made(body) == mistakes


def test_a_mutant_says_where_it_is() -> None:
    """A method is named with its class, a change with what was and what became."""
    source = "class A:\n    def f(self):\n        return self.b == 1\n"

    names = [mutant.name for mutant in mutants_of("qpp/a.py", source)]

    assert "qpp/a.py:3:15 A.f [comparison] self.b == 1 -> self.b != 1" in names
    assert len(names) == len(set(names)) == 4
