"""Promoting Interoperability sets: measures, exclusions, and answers left out."""

from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from qpp.library import catalogue, rules
from qpp.submission import ELECTRONIC, PI, REGISTRY
from qppflow.demo.chance import Draw, around, happens
from qppflow.demo.practices import Practice

JsonObject: TypeAlias = dict[str, Any]
Answers: TypeAlias = dict[str, bool | JsonObject]

_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
_SUFFIX: Final = 10


def cehrt_id(chance: Draw) -> str:
    """Draw a CMS EHR certification id, in the newer or the older form."""
    rest = "".join(chance.choices(_LETTERS, k=_SUFFIX))
    return f"2025C{rest}" if happens(chance, 0.7) else f"0015C{rest}"


def interoperability_set(practice: Practice, cehrt: str, chance: Draw) -> JsonObject:
    """Draw one set; some lack an answer or cover too few days, and score 0."""
    answers = _answers(practice, chance)
    if happens(chance, 0.03):
        del answers[chance.choice(list(answers))]
    if happens(chance, 0.015):
        answers["PI_PPHI_2"] = False
    start, end = _period(practice.year, chance)
    known = catalogue(practice.year).interoperability
    return {
        "category": PI,
        "submissionMethod": ELECTRONIC if happens(chance, 0.5) else REGISTRY,
        "programName": practice.program,
        "performanceStart": start.isoformat(),
        "performanceEnd": end.isoformat(),
        "cehrtId": cehrt,
        "measurements": [
            {"measureId": name, "value": answer}
            for name, answer in answers.items()
            if name in known
        ],
    }


def _answers(practice: Practice, chance: Draw) -> Answers:
    """Answer every objective, by a measure or by its exclusion."""
    answers: Answers = dict.fromkeys(
        ("PI_PPHI_1", "PI_PPHI_2", "PI_INFBLO_1", "PI_ONCDIR_1"), True
    )
    few = practice.clinicians == 1 and happens(chance, 0.25)
    if few:
        answers["PI_LVPP_1"] = True
    else:
        answers["PI_EP_1"] = _share(practice, chance)
    if few or happens(chance, 0.2):
        answers["PI_EP_2_EX_1"] = True
    else:
        answers["PI_EP_2"] = True
    answers |= _exchange(practice, chance, few=few)
    answers["PI_PEA_1"] = _share(practice, chance)
    for name in ("PI_PHCDRR_1", "PI_PHCDRR_3"):
        answers |= _registry(name, chance, excused=happens(chance, 0.2))
    for name in ("PI_PHCDRR_2", "PI_PHCDRR_5"):
        if happens(chance, 0.3):
            answers |= _registry(name, chance, excused=False)
    if happens(chance, 0.3):
        answers["PI_ONCACB_1"] = True
    return answers


def _exchange(practice: Practice, chance: Draw, *, few: bool) -> Answers:
    """Answer the exchange objective in one of its three ways; *few* patients excuse."""
    way = chance.choices(("PI_HIE_5", "PI_HIE_6", "both"), (25, 5, 70))[0]
    if way != "both":
        return {way: True}
    answers: Answers = {}
    for name, exclusion in (("PI_HIE_1", "PI_LVOTC_1"), ("PI_HIE_4", "PI_LVITC_2")):
        if few and happens(chance, 0.7):
            answers[exclusion] = True
        else:
            answers[name] = _share(practice, chance)
    return answers


def _registry(name: str, chance: Draw, *, excused: bool) -> Answers:
    """Answer a public-health measure with its level of engagement, or excuse it."""
    if excused:
        return {f"{name}_EX_{chance.randint(1, 3)}": True}
    level = "PROD" if happens(chance, 0.7) else "PRE"
    answers: Answers = {name: True}
    if not happens(chance, 0.02):
        answers[f"{name}_{level}"] = True
    return answers


def _share(practice: Practice, chance: Draw) -> JsonObject:
    """Draw a numerator and a denominator."""
    many = chance.randint(40, 900)
    done = max(1, round(many * around(chance, 0.45 + practice.skill / 2, 15)))
    return {"numerator": min(done, many), "denominator": many}


def _period(year: int, chance: Draw) -> tuple[date, date]:
    """Draw a period: the year, a half of it, or too few days."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    least = rules(year).promoting_interoperability.minimum_days.value
    if happens(chance, 0.02):
        return first, first + timedelta(least - chance.randint(2, 90))
    if happens(chance, 0.4):
        days = timedelta(least - 1)
        start = first + timedelta(chance.randrange((last - first - days).days + 1))
        return start, start + days
    return first, last
