"""What the Advanced APM rule file of a performance year must say, §§ 414.1425-.1450."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from qpp.rulebook import Provision, RuleError, bind, digest, parse_files

Figure = Provision[Decimal]
Count = Provision[int]
Day = Provision[date]
Flag = Provision[bool]

QUALIFYING: Final = "qualifying"


@dataclass(frozen=True, slots=True, eq=False)
class Thresholds:
    """What one status asks for, in percent, by either method."""

    payment_amount: Figure
    patient_count: Figure


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What both statuses ask for under one option."""

    qp: Thresholds
    partial_qp: Thresholds


@dataclass(frozen=True, slots=True, eq=False)
class QualifyingRules:
    """``qualifying.toml``: who qualifies, and what it is worth. Figures are percent.

    ``all_payer`` and what belongs to it are None in years without that option, a
    conversion-factor update in payment years that have none.
    """

    performance_year: Count
    payment_year: Count
    # The QP performance period.
    first_day: Day
    last_day: Day
    snapshots: Provision[tuple[date, ...]]
    several_snapshots: Provision[Literal["best", "last"]]
    several_methods: Provision[Literal["better_status"]]
    # Of what is compared.
    percent_compared: Provision[Literal["exact", "rounded"]]
    percent_decimals: Count
    # Who is judged.
    entity_level: Provision[Literal["all_clinicians_together"]]
    individual_level: Provision[
        Literal["affiliated_or_several_entities", "every_clinician"]
    ]
    # What is asked for.
    medicare: Standing
    all_payer_option: Flag
    all_payer: Standing | None
    medicare_floor: Standing | None
    medicare_floor_method: Provision[Literal["either", "same"]] | None
    # What it does to MIPS.
    qp_in_mips: Provision[Literal["excluded"]]
    partial_qp_in_mips: Provision[Literal["may_elect"]]
    partial_qp_without_election: Provision[Literal["excluded", "participates"]]
    # What it is worth.
    incentive_percent: Figure
    conversion_factor_update_qp: Figure | None
    conversion_factor_update_other: Figure | None


@dataclass(frozen=True, slots=True, eq=False)
class AdvancedApmRules:
    """The Advanced APM rules of a performance year; ``id`` names their exact bytes."""

    id: str
    qualifying: QualifyingRules

    @property
    def year(self) -> int:
        """The performance year this book is the law of."""
        return self.qualifying.performance_year.value


def read_rules(name: str, files: Mapping[str, bytes]) -> AdvancedApmRules:
    """Read the rule file of one year, given as ``{"qualifying.toml": bytes}``.

    *name* is ``advanced_apm/py2026``; the book's id is that and the hash of its file.

    Raises:
        RuleError: the file or a provision is missing, unknown or of the wrong shape.
    """
    tables = parse_files(files)
    if set(tables) != {QUALIFYING}:
        message = f"{name}: needs exactly the file {QUALIFYING}"
        raise RuleError(message)
    found = bind(QualifyingRules, tables[QUALIFYING], QUALIFYING)
    parts = (found.all_payer, found.medicare_floor, found.medicare_floor_method)
    if any((part is not None) != found.all_payer_option.value for part in parts):
        message = f"{QUALIFYING}.all_payer_option: does not agree with what follows"
        raise RuleError(message)
    book = f"{name}@{digest(files)[: len('0123456789ab')]}"
    return AdvancedApmRules(id=book, qualifying=found)
