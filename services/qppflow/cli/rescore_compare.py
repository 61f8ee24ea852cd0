"""What the law of this build makes of the newest inputs, beside what stands. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

from qpp.inputs import read_input
from qpp.mips.adjustment import Factors
from qpp.mips.closed_payment import closed_payment
from qpp.mips.payment import PAYMENT, payment
from qpp.mips.review import review
from qpp.mips.scoring import Law, score
from qpp.numbers import HUNDRED, ZERO, plain
from qpp.parts import reason
from qpp.trace import Trace
from qppflow.cli.rescore_entities import Pair

JsonObject: TypeAlias = dict[str, Any]

# Changes up to and including each bound, in points or percent, and what is above.
BOUNDS: Final = tuple(map(Decimal, ("-10", "-5", "-1", "-0.0001", "0", "1", "5", "10")))
BANDS: Final = (
    "-10 or less",
    "-10 to -5",
    "-5 to -1",
    "-1 to 0",
    "none",
    "0 to 1",
    "1 to 5",
    "5 to 10",
    "more than 10",
)
FIGURES: Final = ("adjustmentPercent", "status", "range")


class Again(NamedTuple):
    """A score by the law of this build."""

    final: str
    pays: str
    payment: JsonObject
    explanation: list[JsonObject]


@dataclass(slots=True)
class Changes:
    """How many figures change, and by how much."""

    compared: int = 0
    changed: int = 0
    total: Decimal = ZERO
    least: Decimal = ZERO
    most: Decimal = ZERO
    bands: Counter[str] = field(default_factory=Counter)

    def add(self, by: Decimal | None, *, changed: bool) -> None:
        """Count one; *by* is None where no figure stands on both sides."""
        self.compared += 1
        self.changed += changed
        if by is None:
            return
        self.total += by
        self.least, self.most = min(self.least, by), max(self.most, by)
        place = sum(by > bound for bound in BOUNDS)
        self.bands[BANDS[place]] += 1

    def as_json(self) -> JsonObject:
        """Write it for programs."""
        return {
            "compared": self.compared,
            "changed": self.changed,
            "sum": plain(self.total),
            "largestDecrease": plain(self.least),
            "largestIncrease": plain(self.most),
            "distribution": {name: self.bands[name] for name in BANDS},
        }


@dataclass(slots=True)
class Comparison:
    """Scores and payments side by side, and the rules that moved them.

    ``missing`` counts scores whose input the log keeps no more.
    """

    law: Law
    scaling_factor: Decimal | None = None
    closing: Mapping[str, Any] | None = None
    scores: Changes = field(default_factory=Changes)
    payments: Changes = field(default_factory=Changes)
    dollars: Decimal = ZERO
    rules: Counter[str] = field(default_factory=Counter)
    missing: int = 0

    def add(self, pair: Pair, payments: Iterable[JsonObject]) -> None:
        """Compare a score, and the *payments* that it decides."""
        if pair.input is None:
            self.missing += 1
            return
        again = scored_again(pair, self.law, self.scaling_factor)
        before = pair.score["score"]["finalScore"]
        by = Decimal(again.final) - Decimal(before)
        self.scores.add(by, changed=again.final != before)
        moved = again.final != before
        for paid in payments:
            moved = self._paid(paid, again) or moved
        if moved:
            self.rules.update(differing(pair.score["explanation"], again.explanation))

    def _paid(self, paid: JsonObject, again: Again) -> bool:
        """Compare a payment; says whether it changes."""
        now = self._closed(paid, again)
        changed = any(now[name] != paid[name] for name in FIGURES)
        changed = changed or again.pays != paid["score"]
        by = None
        if None not in (now["adjustmentPercent"], paid["adjustmentPercent"]):
            by = Decimal(now["adjustmentPercent"]) - Decimal(paid["adjustmentPercent"])
            self.dollars += by * Decimal(paid.get("allowedAmount", 0)) / HUNDRED
        self.payments.add(by, changed=changed)
        return changed

    def _closed(self, paid: JsonObject, again: Again) -> JsonObject:
        """Apply the closing that stands to whom it was told."""
        if self.closing is None or paid["status"] != "final":
            return again.payment
        texts = (self.closing["factor"], self.closing["additionalFactor"])
        factors = Factors(*(None if text is None else Decimal(text) for text in texts))
        return closed_payment(
            again.payment, Decimal(again.pays), factors, self.law.rules
        )

    def as_json(self) -> JsonObject:
        """Write it for programs."""
        return {
            "scores": self.scores.as_json(),
            "payments": {**self.payments.as_json(), "dollars": plain(self.dollars)},
            "rules": [
                {"rule": rule, "scores": count}
                for rule, count in sorted(
                    self.rules.items(), key=lambda one: (-one[1], one[0])
                )
            ],
            "withoutInput": self.missing,
        }


def scored_again(pair: Pair, law: Law, scaling_factor: Decimal | None) -> Again:
    """Score an input by the law of this build, as `final_scores` would."""
    assert pair.input is not None
    rules = law.rules
    default = rules.submission.default_program.value
    found = score(read_input(pair.input["input"], default), law)
    trace = Trace()
    held = review(found.score, pair.score.get("review"), rules.payment, trace)
    published = rules.payment.published_highest_adjustment is not None
    paid, money = payment(held, rules, None if published else scaling_factor)
    reasons = [one for one in found.explanation if one["category"] != PAYMENT]
    reasons += [reason(step, PAYMENT) for step in trace.steps]
    return Again(
        found.score["finalScore"], held["finalScore"], paid, [*reasons, *money]
    )


def differing(
    before: Iterable[JsonObject], now: Iterable[JsonObject]
) -> frozenset[str]:
    """Name the rules whose steps differ between two explanations."""
    one, other = _steps(before), _steps(now)
    return frozenset(rule for rule, *_ in (one - other) + (other - one))


def _steps(explanation: Iterable[JsonObject]) -> Counter[tuple[str, str, str]]:
    """Count what each rule said of what."""
    return Counter(
        (one["rule"], one.get("measureId", ""), one["says"]) for one in explanation
    )
