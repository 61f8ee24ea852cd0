"""A score once more, from its explanation alone: no rules, no catalogue, no law.

Each formula of an explanation is written here a second time. A figure that does not
follow from those before it is an ``UnequalError``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import (
    ROUND_CEILING,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    localcontext,
)
from typing import Any, Final, TypeAlias

Json: TypeAlias = Mapping[str, Any]
F: TypeAlias = Mapping[str, Decimal]
Key: TypeAlias = tuple[str, str, str]

CATEGORIES: Final = ("quality", "cost", "ia", "pi")
ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
EXACT: Final = Context(prec=28, rounding=ROUND_HALF_EVEN)


class UnequalError(ValueError):
    """A figure of an explanation does not follow from the others."""


@dataclass
class Measure:
    """What is known of a measure so far; ``rungs`` are its places on benchmarks."""

    points: Decimal = ZERO
    used: bool = True
    rungs: list[Decimal] = field(default_factory=list)


@dataclass
class Category:
    """What is known of a category so far; None until its percent is made."""

    measures: dict[Key, Measure] = field(default_factory=dict)
    bonus: Decimal = ZERO
    gained: Decimal = ZERO
    percent: Decimal | None = None

    @property
    def points(self) -> Decimal:
        """Add up the measures that count."""
        return sum((m.points for m in self.measures.values() if m.used), ZERO)


@dataclass
class Score:
    """A score made of an explanation; figures as they are before they are written."""

    categories: dict[str, Category]
    facility: dict[str, Decimal] = field(default_factory=dict)
    weights: dict[str, Decimal] | None = None
    components: Decimal | None = None
    bonus: Decimal = ZERO
    total: Decimal = ZERO
    final: Decimal | None = None
    chosen: Decimal | None = None
    percent: Decimal | None = None
    low: Decimal = ZERO
    high: Decimal = ZERO
    payment: tuple[Decimal, ...] = ()

    def percent_of(self, name: str) -> Decimal:
        """Give a category's percent, or that of a facility in its place."""
        return self.facility.get(name, self.categories[name].percent or ZERO)


def equal(told: Decimal, made: Decimal, what: str) -> None:
    """Insist that a figure is what the others make of it."""
    if told != made:
        message = f"{what}: told {told}, made {made}"
        raise UnequalError(message)


def rounded(value: Decimal, decimals: Decimal, how: str = ROUND_HALF_UP) -> Decimal:
    """Round to a number of places."""
    return value.quantize(Decimal(1).scaleb(-int(decimals)), how)


def _tenths(f: F, _before: Measure) -> Decimal:
    begun = (f["numerator"] / f["denominator"] * f["tenths"]).to_integral_value(
        ROUND_CEILING
    )
    return begun * f["available"] / f["tenths"]


def _share(how: str) -> Callable[[F, Measure], Decimal]:
    def share(f: F, _before: Measure) -> Decimal:
        earned = f["numerator"] / f["denominator"] * f["maximum"]
        equal(f["earned"], earned, "earned")
        return max(rounded(earned, f["decimals"], how), f["least"])

    return share


def _ladder(f: F, _before: Measure) -> Decimal:
    way, width = f["rate"] - f["begins"], f["ends"] - f["begins"]
    equal(f["way"], abs(way), "way")
    equal(f["width"], abs(width), "width")
    return f["decile"] + way / width


def _before(f: F, measure: Measure) -> Decimal:
    equal(f["before"], measure.points, "before")
    return f["before"]


# How many points a measure has after a reason.
POINTS: Final[Mapping[str, Callable[[F, Measure], Decimal]]] = {
    "ladder": _ladder,
    "ladder_best": lambda f, _: f["maximum"],
    "ladder_beyond": lambda f, _: f["points"],
    "fixed": lambda f, _: f["points"],
    "at_least": lambda f, m: max(_before(f, m), f["least"]),
    "at_most": lambda f, m: min(_before(f, m), f["most"]),
    "rounded": lambda f, m: rounded(_before(f, m), f["decimals"]),
    "mean": lambda f, m: sum(m.rungs, ZERO) / (f["counted"] or 1),
    "share": _share(ROUND_HALF_UP),
    "share_half_even": _share(ROUND_HALF_EVEN),
    "tenths": _tenths,
    "part": lambda f, _: f["numerator"] / f["denominator"] * f["available"],
    "product": lambda f, _: f["base"] * f["factor"],
    "quotient": lambda f, _: f["full"] / f["required"],
}


def on_measure(formula: str, f: F, measure: Measure) -> None:
    """Take one reason of a measure."""
    if formula == "aside":
        measure.used = False
    elif formula == "completeness":
        population = f["population"]
        made = f["reported"] * HUNDRED / population if population else ZERO
        equal(f["percent"], made, formula)
    elif formula in POINTS:
        measure.points = POINTS[formula](f, measure)
        equal(f["points"], measure.points, formula)
        if formula.startswith("ladder"):
            measure.rungs.append(measure.points)


def _percent(f: F, c: Category) -> None:
    for name, made in (
        ("points", c.points),
        ("bonuses", c.bonus),
        ("improvement", c.gained),
    ):
        equal(f[name], made, name)
    earned = (f["points"] + f["bonuses"]) * HUNDRED / f["possible"] + f["improvement"]
    c.percent = min(earned, HUNDRED)


def _by_weight(f: F, c: Category) -> None:
    equal(f["earned"], c.points, "earned")
    equal(f["points"], min(c.points, f["possible"]), "points")
    equal(f["missed"], f["possible"] - f["points"], "missed")
    c.percent = f["points"] * HUNDRED / f["possible"]


def _by_count(f: F, c: Category) -> None:
    equal(f["performed"], Decimal(len(c.measures)), "performed")
    equal(f["points"], min(c.points, f["possible"]), "points")
    equal(f["missed"], f["possible"] - f["points"], "missed")
    counted = min(f["performed"], f["required"])
    c.percent = counted * HUNDRED / f["required"]


def _credit(f: F, c: Category) -> None:
    if c.percent is not None:
        equal(f["before"] * HUNDRED / f["possible"], c.percent, "before")
    c.percent = f["points"] * HUNDRED / f["possible"]


def _given(f: F, c: Category) -> None:
    c.percent = f["percent"]


# What a reason of a category does to it.
PERCENTS: Final[Mapping[str, Callable[[F, Category], None]]] = {
    "percent": _percent,
    "by_weight": _by_weight,
    "by_count": _by_count,
    "credit": _credit,
    "given": _given,
}


def on_category(formula: str, f: F, category: Category) -> None:
    """Take one reason of a category."""
    if formula == "bonus":
        category.bonus += f["bonus"]
    elif formula == "bonus_over":
        if "share" in f:
            equal(f["most"], f["share"] * f["possible"] / HUNDRED, "most")
        equal(f["over"], f["before"] - f["most"], "over")
        category.bonus -= f["over"]
    elif formula == "improvement":
        made = f["most"] * (f["current"] - f["before"]) / f["before"]
        equal(f["gained"], min(max(made, ZERO), f["most"]), "gained")
        category.gained = f["gained"]
    elif formula == "improvement_from_zero":
        category.gained = f["gained"]
    elif formula in PERCENTS:
        PERCENTS[formula](f, category)
        equal(f["percent"], category.percent or ZERO, formula)


def _total(f: F, s: Score) -> None:
    total, weights = s.bonus, ZERO
    equal(f["bonus"], s.bonus, "bonus")
    for name in CATEGORIES:
        percent, weight = f[f"{name}Percent"], f[f"{name}Weight"]
        equal(percent, s.percent_of(name), name)
        if s.weights is not None:
            equal(weight, s.weights[name], name)
        weights += weight
    for name in CATEGORIES:
        total += f[f"{name}Percent"] * f[f"{name}Weight"] / HUNDRED
    equal(weights, HUNDRED, "weights")
    s.total = min(total, f["most"])
    # Sums of 28 digits differ in the last one by their order.
    equal(rounded(f["total"], Decimal(20)), rounded(s.total, Decimal(20)), "total")


def _round_total(f: F, s: Score) -> None:
    equal(rounded(f["before"], Decimal(20)), rounded(s.total, Decimal(20)), "before")
    s.final = rounded(f["before"], f["decimals"])
    equal(f["score"], s.final, "score")
    if s.chosen is not None:
        equal(s.chosen, s.final, "chosen")


def _fixed_total(f: F, s: Score) -> None:
    s.total = f["total"]


def _component(f: F, s: Score) -> None:
    made = f["base"]
    if "deviation" in f:
        made += f["factor"] * (f["value"] - f["mean"]) / f["deviation"]
    equal(f["bonus"], made, "component")
    s.components = (s.components or ZERO) + made


def _complex(f: F, s: Score) -> None:
    if s.components is not None:
        equal(f["found"], s.components, "found")
    equal(f["bonus"], min(max(f["found"], f["low"]), f["high"]), "complex patients")
    s.bonus += f["bonus"]


def _small(f: F, s: Score) -> None:
    s.bonus += f["bonus"]


def _weights(f: F, s: Score) -> None:
    s.weights = {name: f[name] for name in CATEGORIES}


def _facility_counts(f: F, s: Score) -> None:
    if f["facility"] < f["own"]:
        message = "the facility's score counts, though it is lower"
        raise UnequalError(message)
    s.chosen = f["facility"]


def _submissions_count(f: F, s: Score) -> None:
    if f["facility"] > f["own"]:
        message = "the submitted score counts, though it is lower"
        raise UnequalError(message)
    s.facility, s.chosen = {}, f["own"]


def _facility(f: F, s: Score) -> None:
    s.facility = {"quality": f["quality"], "cost": f["cost"]}


FINAL: Final[Mapping[str, Callable[[F, Score], None]]] = {
    "component": _component,
    "complex_patients": _complex,
    "small_practice": _small,
    "weights": _weights,
    "facility": _facility,
    "facility_counts": _facility_counts,
    "submissions_count": _submissions_count,
    "fixed_total": _fixed_total,
    "total": _total,
    "round_total": _round_total,
}


def _full(f: F, s: Score) -> None:
    if f["final"] > f["threshold"] / f["divisor"]:
        message = "the score is above the lowest band"
        raise UnequalError(message)
    s.percent = -f["most"]


def _reduction(f: F, s: Score) -> None:
    s.percent = -f["most"] * (f["threshold"] - f["final"]) / f["threshold"]


def _neutral(f: F, s: Score) -> None:
    equal(f["final"], f["threshold"], "final")
    s.percent = ZERO


def _way(f: F) -> Decimal:
    return (f["final"] - f["threshold"]) / (f["highest"] - f["threshold"])


def _increase(f: F, s: Score) -> None:
    s.percent = f["most"] * _way(f) * f["factor"]


def _published(f: F, s: Score) -> None:
    s.percent = f["published"] * _way(f)


def _range(f: F, s: Score) -> None:
    s.high = f["most"] * _way(f) * f["factor"]
    equal(f["high"], s.high, "high")
    equal(f["low"], ZERO, "low")


def _extra(f: F) -> Decimal:
    extra = f["least"] + (f["most"] - f["least"]) * _way(f)
    equal(f["extra"], extra, "extra")
    return extra


def _exceptional(f: F, s: Score) -> None:
    more = _extra(f) * f["factor"]
    if s.percent is None:
        s.low, s.high = s.low + more, s.high + more
    else:
        s.percent += more


def _exceptional_range(f: F, s: Score) -> None:
    low = s.low if s.percent is None else s.percent
    high = s.high if s.percent is None else s.percent
    s.percent, s.low, s.high = None, low, high + _extra(f) * f["limit"]


def _round_percent(f: F, s: Score) -> None:
    assert s.percent is not None
    equal(f["before"], s.percent, "before")
    equal(f["percent"], rounded(s.percent, f["decimals"]), "percent")
    s.payment = (rounded(f["percent"], f["decimals"]),)


def _round_range(f: F, s: Score) -> None:
    for before, after, made in (("lowest", "low", s.low), ("highest", "high", s.high)):
        equal(f[before], made, before)
        equal(f[after], rounded(made, f["decimals"]), after)
    s.payment = (rounded(f["low"], f["decimals"]), rounded(f["high"], f["decimals"]))


PAYMENT: Final[Mapping[str, Callable[[F, Score], None]]] = {
    "full_reduction": _full,
    "reduction": _reduction,
    "neutral": _neutral,
    "increase": _increase,
    "increase_published": _published,
    "increase_range": _range,
    "exceptional": _exceptional,
    "exceptional_range": _exceptional_range,
    "round_percent": _round_percent,
    "round_range": _round_range,
}


def _on_whole(reason: Json, f: F, score: Score) -> None:
    """Take one reason of the last two steps."""
    formula = reason["formula"]
    if reason["category"] == "payment":
        if score.final is not None and "final" in f:
            equal(f["final"], score.final, "final")
        PAYMENT[formula](f, score)
        if "percent" in f and score.percent is not None and formula != "round_percent":
            equal(f["percent"], score.percent, formula)
    else:
        FINAL[formula](f, score)


def recompute(
    explanation: Iterable[Json], percents: Mapping[str, str | None] | None = None
) -> Score:
    """Make a score of its explanation; *percents* are those made elsewhere.

    Raises:
        UnequalError: a figure does not follow from the others.
    """
    score = Score({name: Category() for name in CATEGORIES})
    for name, percent in (percents or {}).items():
        score.categories[name].percent = None if percent is None else Decimal(percent)
    with localcontext(EXACT):
        for reason in explanation:
            _take(reason, score)
    return score


def _take(reason: Json, score: Score) -> None:
    """Take one reason, in order."""
    name = reason["category"]
    found = {k: Decimal(v) for k, v in reason.get("figures", {}).items()}
    if name not in score.categories:
        if "formula" in reason:
            _on_whole(reason, found, score)
        return
    category = score.categories[name]
    if "measureId" not in reason:
        on_category(reason.get("formula", ""), found, category)
        return
    key = name, reason["measureId"], reason.get("submissionMethod", "")
    measure = category.measures.setdefault(key, Measure())
    on_measure(reason.get("formula", ""), found, measure)


def written(value: Decimal, decimals: int) -> str:
    """Write a figure as events do."""
    return f"{rounded(value, Decimal(decimals)) or ZERO.scaleb(-decimals):f}"


def of_score(explanation: Iterable[Json]) -> dict[str, Any]:
    """Give what an explanation alone says of a score, as events write it."""
    made = recompute(explanation)
    with localcontext(EXACT):
        return {
            "final": None if made.final is None else f"{made.final:f}",
            "payment": [f"{item:f}" for item in made.payment],
            "percents": {
                name: written(made.percent_of(name), 4)
                if name in made.facility or item.percent is not None
                else None
                for name, item in made.categories.items()
            },
            "points": {
                key: written(measure.points, 4)
                for item in made.categories.values()
                for key, measure in item.measures.items()
            },
        }


def told_by(score: Json, payment: Json) -> dict[str, Any]:
    """Give the same figures of a score and its payment."""
    span = payment["range"] or {}
    percent = payment["adjustmentPercent"]
    return {
        "final": score["finalScore"],
        "payment": list(span.values()) if percent is None else [percent],
        "percents": {name: score["categories"][name]["percent"] for name in CATEGORIES},
        "points": {
            (name, item["measureId"], item["submissionMethod"]): item["points"]
            for name in CATEGORIES
            for item in score["categories"][name]["measures"]
        },
    }
