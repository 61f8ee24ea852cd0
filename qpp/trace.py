"""What a score remembers of its making: the rules it used, and the reasons.

A trace is cheap while scoring (tuples only); words are made when someone reads it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, TypeVar

from qpp.rulebook import Provision
from qpp.sayings import Saying

T = TypeVar("T")


class Step(NamedTuple):
    """One reason: the rule, a sentence, and what goes in its places.

    A plain sentence has ``{}`` places; a saying has names for them, and its numbers
    can be computed again.
    """

    rule: Provision[object]
    sentence: str | Saying
    details: tuple[object, ...]

    def text(self) -> str:
        """Say the reason."""
        sentence = self.sentence
        if isinstance(sentence, Saying):
            return sentence.written(self.details)[0]
        return sentence.format(*self.details)


@dataclass(slots=True)
class Trace:
    """Collects reasons and assumptions while one thing is scored.

    ``told`` says whether the reasons are kept, for words that are costly to find.
    """

    told: ClassVar[bool] = True

    steps: list[Step] = field(default_factory=list)
    assumptions: set[str] = field(default_factory=set)

    def use(self, rule: Provision[T]) -> T:
        """Take a rule's value; an unverified one leaves its assumption behind."""
        if rule.status == "unverified":
            self.assumptions.add(f"unverified:{rule.path}")
        return rule.value

    def say(self, rule: Provision[T], sentence: str | Saying, *details: object) -> T:
        """Take a rule's value and give it as a reason."""
        self.steps.append(Step(rule, sentence, details))
        return self.use(rule)

    def assume(self, name: str) -> None:
        """Record an assumption that no rule file holds."""
        self.assumptions.add(name)

    def adopt(self, steps: Iterable[Step], assumptions: Iterable[str]) -> None:
        """Take over what was worked out before."""
        self.steps.extend(steps)
        self.assumptions.update(assumptions)

    def inner(self) -> "Trace":
        """Begin the reasons of a part; what it assumes, the whole assumes."""
        return Trace([], self.assumptions)


class Silent(Trace):
    """Keeps the assumptions of a score whose reasons nobody asks for."""

    __slots__ = ()
    told = False

    def say(self, rule: Provision[T], sentence: str | Saying, *details: object) -> T:  # noqa: ARG002 - nobody reads the words
        """Take a rule's value; the reason is not kept."""
        if rule.status == "unverified":
            self.assumptions.add(f"unverified:{rule.path}")
        return rule.value

    def adopt(self, steps: Iterable[Step], assumptions: Iterable[str]) -> None:  # noqa: ARG002 - nobody reads the steps
        """Take over what was assumed before."""
        self.assumptions.update(assumptions)

    def inner(self) -> Trace:
        """Go on with this one, since no part has reasons of its own."""
        return self


def ends_with(
    steps: tuple[Step, ...],
    rule: Provision[object],
    sentence: str | Saying,
    *details: object,
) -> tuple[Step, ...]:
    """Add a reason to those of a thing that was scored before."""
    return (*steps, Step(rule, sentence, details))


def tracing(*, explain: bool) -> Trace:
    """Give a trace that keeps reasons only to *explain*."""
    return Trace() if explain else Silent()
