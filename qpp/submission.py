"""A MIPS submission as the law sees it, read from a document that passed its schema.

Field names are those of CMS's Submissions API in snake case. Identifiers (TIN,
NPI) are not part of it: the law scores sets of measurements, not people.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

QUALITY: Final = "quality"
PI: Final = "pi"
IA: Final = "ia"
COST: Final = "cost"
CATEGORIES: Final = (QUALITY, COST, IA, PI)
REGISTRY: Final = "registry"
ELECTRONIC: Final = "electronicHealthRecord"
CLAIMS: Final = "claims"
ADMINISTRATIVE_CLAIMS: Final = "administrativeClaims"
SURVEY: Final = "certifiedSurveyVendor"
# What CMS called Promoting Interoperability until 2017.
OLD_NAMES: Final = {"aci": PI}

END_TO_END: Final = "isEndToEndReported"

# Makes a named tuple of all its fields in half the time; only for the many.
_made: Final = tuple.__new__

Json: TypeAlias = Mapping[str, Any]


class Counts(NamedTuple):
    """Patient counts of a rate: one measure, or one stratum of it.

    ``performance_rate`` is what a QCDR sent, in percent; None elsewhere.
    ``end_to_end`` says that no hand copied a figure on its way.
    """

    performance_met: int
    performance_not_met: int
    exclusion: int
    exception: int
    eligible_population: int
    stratum: str = ""
    performance_rate: Decimal | None = None
    end_to_end: bool = False

    @property
    def reported(self) -> int:
        """Patients accounted for: the numerator of data completeness."""
        return (
            self.performance_met
            + self.performance_not_met
            + self.exclusion
            + self.exception
        )

    @property
    def rated(self) -> int:
        """Patients in the performance rate's denominator."""
        return self.performance_met + self.performance_not_met


class Strata(NamedTuple):
    """Counts of a measure with several rates; the other fields as in Counts."""

    strata: tuple[Counts, ...]
    performance_rate: Decimal | None = None
    end_to_end: bool = False


class NonProportion(NamedTuple):
    """A measure that is not a rate: minutes, scores, ratios. All in raw units."""

    numerator: Decimal
    denominator: Decimal
    observation_instances: int
    numerator_exclusion: Decimal
    denominator_exception: Decimal
    end_to_end: bool = False


class Proportion(NamedTuple):
    """Numerator and denominator of a Promoting Interoperability measure."""

    numerator: int
    denominator: int


Value: TypeAlias = bool | Counts | Strata | NonProportion | Proportion


class Measurement(NamedTuple):
    """One ``measureId`` with its value."""

    measure_id: str
    value: Value


class MeasurementSet(NamedTuple):
    """The measurements of one category by one method over one period."""

    category: str
    submission_method: str
    program_name: str
    performance_start: date
    performance_end: date
    measurements: tuple[Measurement, ...]
    cehrt_id: str | None = None

    @property
    def days(self) -> int:
        """Length of the performance period; both end days count."""
        return (self.performance_end - self.performance_start).days + 1


def read_set(document: Json, default_program: str) -> MeasurementSet:
    """Read one measurement set that passed schema and semantic checks."""
    category: str = document["category"]
    return MeasurementSet(
        OLD_NAMES.get(category, category),
        document["submissionMethod"],
        document.get("programName") or default_program,
        date.fromisoformat(document["performanceStart"]),
        date.fromisoformat(document["performanceEnd"]),
        tuple(
            [
                _made(Measurement, (item["measureId"], read_value(item["value"])))
                for item in document["measurements"]
            ]
        ),
        document.get("cehrtId") or None,
    )


def read_sets(documents: Sequence[Json], default_program: str) -> list[MeasurementSet]:
    """Read all sets of a submission, in its order."""
    return [read_set(document, default_program) for document in documents]


def read_value(value: Any) -> Value:  # noqa: ANN401 - any of the shapes of the schema
    """Read a measurement's value by its shape; absent and null counts are 0."""
    if isinstance(value, bool):
        return value
    if "strata" in value:
        strata = tuple([_counts(item) for item in value["strata"]])
        return Strata(strata, _rate(value), _end_to_end(value))
    if "eligiblePopulation" in value:
        return _counts(value)
    # Until 2018 a measured value came without its instances.
    if "observationInstances" in value or END_TO_END in value:
        return NonProportion(
            numerator=_decimal(value, "numerator"),
            denominator=_decimal(value, "denominator"),
            observation_instances=int(value.get("observationInstances") or 0),
            numerator_exclusion=_decimal(value, "numeratorExclusion"),
            denominator_exception=_decimal(value, "denominatorException"),
            end_to_end=_end_to_end(value),
        )
    return Proportion(int(value["numerator"]), int(value["denominator"]))


def _counts(value: Json) -> Counts:
    """Read one set of patient counts."""
    get = value.get
    rate = get("performanceRate")
    return _made(
        Counts,
        (
            int(value["performanceMet"]),
            int(get("performanceNotMet") or 0),
            int(get("eligiblePopulationExclusion") or 0),
            int(get("eligiblePopulationException") or 0),
            int(value["eligiblePopulation"]),
            get("stratum", ""),
            None if rate is None else _exact(rate),
            get(END_TO_END) is True,
        ),
    )


def _end_to_end(value: Json) -> bool:
    """Say whether the figures went from record to report without a hand."""
    return value.get(END_TO_END) is True


def _rate(value: Json) -> Decimal | None:
    """Read the performance rate that a QCDR computed itself."""
    rate = value.get("performanceRate")
    return None if rate is None else _exact(rate)


def _decimal(value: Json, name: str) -> Decimal:
    """Read a number that may be absent; absent is 0."""
    return _exact(value.get(name) or 0)


def _exact(number: Any) -> Decimal:  # noqa: ANN401 - int, float or Decimal of a JSON reader
    """Take a JSON number exactly as it was written."""
    return number if isinstance(number, Decimal) else Decimal(str(number))
