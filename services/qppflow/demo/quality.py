"""Quality sets: which measures a practice chose, and what it counted."""

from typing import Any, Final, TypeAlias

from qpp.submission import ELECTRONIC, QUALITY, REGISTRY
from qppflow.demo.chance import Draw, happens, some
from qppflow.demo.offer import APP, APP_PLUS, MIPS, Choice, choices
from qppflow.demo.practices import Practice
from qppflow.demo.quality_values import Patients, value

JsonObject: TypeAlias = dict[str, Any]

USUAL: Final = 6
USUAL_IN_AN_MVP: Final = 4
# More than any program has measures that everybody sends.
ALL: Final = 50
_GOOD_KINDS: Final = frozenset(
    {"outcome", "intermediateOutcome", "patientReportedOutcome"}
)


def quality_sets(practice: Practice, cehrt: str, chance: Draw) -> list[JsonObject]:
    """Draw the quality sets of a practice: by registry, from the EHR, or both."""
    methods = [REGISTRY]
    if happens(chance, practice.specialty.electronic):
        methods = [ELECTRONIC]
        if happens(chance, 0.2):
            methods = [REGISTRY, ELECTRONIC]
    wanted = _wanted(practice, chance)
    sets = []
    for method in methods:
        offered = _offered(practice, method)
        # Half a registry's measures leave room for the other half from the EHR.
        chosen = _choose(offered, max(1, wanted // len(methods)), chance)
        if chosen:
            sets.append(_set(practice, method, chosen, cehrt, chance))
    if sets or methods == [REGISTRY]:
        return sets
    chosen = _choose(_offered(practice, REGISTRY), wanted, chance)
    return [_set(practice, REGISTRY, chosen, cehrt, chance)]


def _offered(practice: Practice, method: str) -> tuple[Choice, ...]:
    """List what a practice may send by a method for its program."""
    return choices(practice.year, practice.specialty, method, practice.program)


def _wanted(practice: Practice, chance: Draw) -> int:
    """Draw how many measures are sent: enough, often more, now and then fewer."""
    if practice.program in {APP, APP_PLUS}:
        return ALL
    usual = USUAL if practice.program == MIPS else USUAL_IN_AN_MVP
    if happens(chance, 0.1):
        return chance.randint(1, usual - 1)
    return usual + chance.choice((0, 0, 1, 1, 2, 3, 5))


def _choose(offered: tuple[Choice, ...], wanted: int, chance: Draw) -> list[Choice]:
    """Choose as practices do: measures with a benchmark, an outcome among them."""
    names = {item.measure.measure_id: item for item in offered}
    scored = [
        name
        for name, item in names.items()
        if item.benchmark is not None
        and (not item.benchmark.capped or happens(chance, 0.55))
    ]
    picked = some(chance, scored, wanted)
    others = [name for name in names if name not in picked]
    if len(picked) < wanted:
        picked += some(chance, others, wanted - len(picked))
    outcomes = [
        name for name in scored if names[name].measure.measure_type in _GOOD_KINDS
    ]
    if outcomes and picked and not any(name in outcomes for name in picked):
        picked[-1] = chance.choice(outcomes)
    return [names[name] for name in picked]


def _set(
    practice: Practice,
    method: str,
    chosen: list[Choice],
    cehrt: str,
    chance: Draw,
) -> JsonObject:
    """Write one quality set of the whole year."""
    size = _panel(practice, chance)
    written: JsonObject = {
        "category": QUALITY,
        "submissionMethod": method,
        "performanceStart": f"{practice.year}-01-01",
        "performanceEnd": f"{practice.year}-12-31",
        "measurements": [
            {
                "measureId": choice.measure.measure_id,
                "value": value(choice, _patients(size, chance), practice.skill, chance),
            }
            for choice in chosen
        ],
    }
    if practice.program != MIPS or happens(chance, 0.8):
        written["programName"] = practice.program
    if method == ELECTRONIC:
        written["cehrtId"] = cehrt
    if happens(chance, 0.02):
        written["performanceEnd"] = f"{practice.year}-{chance.randint(6, 11):02d}-30"
    return written


def _panel(practice: Practice, chance: Draw) -> int:
    """Draw how many patients a measure of the practice usually has."""
    people = practice.clinicians if practice.is_group else 1
    return int(chance.uniform(60, 260) * people**0.8)


def _patients(size: int, chance: Draw) -> Patients:
    """Draw the patients of one measure; few are below the case minimum."""
    eligible = max(1, int(size * chance.uniform(0.3, 1.5)))
    if happens(chance, 0.03):
        eligible = chance.randint(3, 19)
    share = chance.uniform(0.3, 0.74) if happens(chance, 0.025) else 1.0
    if share == 1 and happens(chance, 0.5):
        share = chance.uniform(0.78, 1)
    return Patients(eligible, max(1, round(eligible * share)))
