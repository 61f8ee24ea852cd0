"""What a score remembers of its making: the rules it used, and the reasons.

A trace is cheap while scoring (tuples only); words are made when someone reads it.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from qpp.rulebook import Provision

T = TypeVar("T")


class Step(NamedTuple):
    """One reason: the rule, a sentence with ``{}`` places, and what goes in them."""

    rule: Provision[object]
    sentence: str
    details: tuple[object, ...]

    def text(self) -> str:
        """Say the reason."""
        return self.sentence.format(*self.details)


@dataclass(slots=True)
class Trace:
    """Collects reasons and assumptions while one thing is scored."""

    steps: list[Step] = field(default_factory=list)
    assumptions: set[str] = field(default_factory=set)

    def use(self, rule: Provision[T]) -> T:
        """Take a rule's value; an unverified one leaves its assumption behind."""
        if rule.status == "unverified":
            self.assumptions.add(f"unverified:{rule.path}")
        return rule.value

    def say(self, rule: Provision[T], sentence: str, *details: object) -> T:
        """Take a rule's value and give it as a reason."""
        self.steps.append(Step(rule, sentence, details))
        return self.use(rule)

    def assume(self, name: str) -> None:
        """Record an assumption that no rule file holds."""
        self.assumptions.add(name)
