"""Do the patient counts of a rate agree with one another?"""

from sys import maxsize
from typing import Final

from qpp.checks.line import Line
from qpp.checks.reading import JsonTable, count, optional_count
from qpp.codes import Code
from qpp.identifiers import shown
from qpp.submission import Counts

MET: Final = "performanceMet"
NOT_MET: Final = "performanceNotMet"
EXCLUSION: Final = "eligiblePopulationExclusion"
EXCEPTION: Final = "eligiblePopulationException"
POPULATION: Final = "eligiblePopulation"


def whole_counts(value: JsonTable) -> tuple[int, int, int, int, int] | None:
    """Read counts that are all written as whole numbers of 64 bits, as most are.

    They stand in the order of ``Counts``.
    """
    get = value.get
    met, population = get(MET), get(POPULATION)
    not_met, exclusion = get(NOT_MET, 0), get(EXCLUSION, 0)
    exception = get(EXCEPTION, 0)
    if not (
        type(met) is type(population) is type(not_met) is int
        and type(exclusion) is type(exception) is int
        and met <= population
        # All bits of all: one that is negative or too large makes it so.
        and 0 <= met | not_met | exclusion | exception | population <= maxsize
    ):
        return None
    return met, not_met, exclusion, exception, population


def check_counts(
    value: JsonTable, at: str, line: Line, stratum: str = ""
) -> Counts | None:
    """Check one set of counts at pointer *at*; give it if it is whole and sound."""
    whole = whole_counts(value)
    if whole is not None:
        counts = Counts(*whole, stratum)
        if counts.exclusion:
            _check_exclusion(counts.exclusion, at, line)
        return counts if _adds_up(counts, at, line) else None
    met = count(value.get(MET))
    population = count(value.get(POPULATION))
    exclusion = optional_count(value.get(EXCLUSION))
    if exclusion:
        _check_exclusion(exclusion, at, line)
    if met is None or population is None:
        return None
    if met > population:
        line.report.add(
            Code.MET_ABOVE_POPULATION,
            f"{at}/{MET}",
            f"{shown(met)} of {shown(population)}",
            f"at most {POPULATION}",
        )
        return None
    not_met = optional_count(value.get(NOT_MET))
    exception = optional_count(value.get(EXCEPTION))
    if not_met is None or exclusion is None or exception is None:
        return None
    counts = Counts(met, not_met, exclusion, exception, population, stratum)
    return counts if _adds_up(counts, at, line) else None


def _check_exclusion(exclusion: int, at: str, line: Line) -> None:
    """Report patients excluded after they were already left out of the population."""
    context = line.report.context
    if line.method in context.no_exclusions and not line.measure.is_qcdr:
        line.report.add(
            Code.EXCLUSION_NOT_ZERO,
            f"{at}/{EXCLUSION}",
            shown(exclusion),
            f"0: {POPULATION} of a MIPS CQM counts patients after exclusions",
            context.rules.submission.exclusion_must_be_zero_for,
        )


def _adds_up(counts: Counts, at: str, line: Line) -> bool:
    """Say whether the populations fit into the eligible one; an eCQM's must fill it."""
    population, reported = counts.eligible_population, counts.reported
    if reported == population:
        return True
    context = line.report.context
    if line.method in context.adds_up:
        line.report.add(
            Code.POPULATIONS_UNEQUAL,
            f"{at}/{POPULATION}",
            f"{shown(population)}, but the populations add up to {shown(reported)}",
            f"an eCQM whose {MET}, {NOT_MET}, {EXCLUSION} and {EXCEPTION} add up to "
            f"{POPULATION} exactly",
            context.rules.submission.populations_must_add_up_for,
        )
        return False
    if reported > population:
        line.report.add(
            Code.POPULATIONS_ABOVE_TOTAL,
            f"{at}/{POPULATION}",
            f"{shown(population)}, but the populations add up to {shown(reported)}",
            f"{POPULATION} of at least the sum of {MET}, {NOT_MET}, {EXCLUSION} and "
            f"{EXCEPTION}",
        )
        return False
    return True
