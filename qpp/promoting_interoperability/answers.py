"""What a Promoting Interoperability set answers, and what it leaves open.

§ 414.1375(b): every required measure is reported or its exclusion claimed, the
attestations are answered yes, and public-health reports name their level of
active engagement. Anything missing makes the category 0.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from qpp.catalogue import Catalogue
from qpp.promoting_interoperability.rules import InteroperabilityRules
from qpp.submission import MeasurementSet, Proportion, Value
from qpp.trace import Trace

Answers = Mapping[str, Value]


class Reported(NamedTuple):
    """The required measures of one set: answered, excluded, or missing."""

    answers: Answers
    required: tuple[str, ...]
    answered: frozenset[str]
    excluded: frozenset[str]

    @property
    def missing(self) -> tuple[str, ...]:
        """Required measures with neither an answer nor an exclusion."""
        return tuple(
            name
            for name in self.required
            if name not in self.answered and name not in self.excluded
        )


def read_answers(measurements: MeasurementSet) -> dict[str, Value]:
    """Map each measure id of the set to its value."""
    return {item.measure_id: item.value for item in measurements.measurements}


def read_reported(
    answers: Answers, catalogue: Catalogue, rules: InteroperabilityRules, trace: Trace
) -> Reported:
    """Sort the required measures of the way that was chosen to report."""
    required = _required(answers, catalogue, rules, trace)
    excluded, answered = set(), set()
    for name in required:
        if name in rules.any_answer_earns_full.value and _answered_anyhow(
            name, answers, catalogue
        ):
            trace.say(rules.any_answer_earns_full, "{}: any answer counts", name)
            answered.add(name)
        elif _excluded(answers, name, catalogue):
            excluded.add(name)
        elif _earns(answers.get(name), rules, trace):
            answered.add(name)
    return Reported(answers, required, frozenset(answered), frozenset(excluded))


def missing_attestations(
    answers: Answers, rules: InteroperabilityRules, trace: Trace
) -> list[str]:
    """Name the attestations that are not answered yes."""
    return [
        name for name in trace.use(rules.attestations) if not _claimed(answers, name)
    ]


def missing_engagement(
    answers: Answers, rules: InteroperabilityRules, trace: Trace
) -> list[str]:
    """Name the public-health reports whose level of active engagement is missing."""
    suffixes = rules.engagement_suffixes.value
    return [
        name
        for name in rules.engagement_measures.value
        if _claimed(answers, name)
        and not any(_claimed(answers, name + suffix) for suffix in suffixes)
        and trace.use(rules.engagement_measures)
    ]


def _required(
    answers: Answers, catalogue: Catalogue, rules: InteroperabilityRules, trace: Trace
) -> tuple[str, ...]:
    """List the measures to answer, with one way to exchange information.

    A way that is reported whole goes before one that is not, and one that is
    answered before one that is excluded.
    """
    ways = rules.alternatives.value

    def worth(way: Iterable[str]) -> tuple[int, ...]:
        """Order ways to report: whole before part, answered before excluded."""
        earned = [_earns(answers.get(name), rules, trace) for name in way]
        settled = [
            earns or _excluded(answers, name, catalogue)
            for name, earns in zip(way, earned, strict=True)
        ]
        return all(settled), any(earned), _touched(way, answers, catalogue)

    chosen = max(ways, key=worth)
    others = {name for way in ways if way is not chosen for name in way}
    objectives = rules.objectives.value.values()
    return tuple(name for names in objectives for name in names if name not in others)


def _touched(way: Iterable[str], answers: Answers, catalogue: Catalogue) -> int:
    """Count the measures of one way that are answered or excluded."""
    return sum(
        name in answers or any(item in answers for item in _exclusions(name, catalogue))
        for name in way
    )


def _exclusions(name: str, catalogue: Catalogue) -> tuple[str, ...]:
    """List the ids that may replace a measure."""
    return catalogue.interoperability[name].exclusions


def _excluded(answers: Answers, name: str, catalogue: Catalogue) -> bool:
    """Say whether an exclusion of the measure is claimed."""
    return any(_claimed(answers, item) for item in _exclusions(name, catalogue))


def _claimed(answers: Answers, name: str) -> bool:
    """Say whether *name* is answered yes."""
    return answers.get(name) is True


def _answered_anyhow(name: str, answers: Answers, catalogue: Catalogue) -> bool:
    """Say whether a measure has any answer at all, or an exclusion."""
    return name in answers or _excluded(answers, name, catalogue)


def _earns(value: Value | None, rules: InteroperabilityRules, trace: Trace) -> bool:
    """Say whether an answer reports the measure: yes, or a numerator of at least 1."""
    if isinstance(value, Proportion):
        return value.numerator > 0
    if value is False:
        return not trace.use(rules.false_is_missing)
    return value is True
