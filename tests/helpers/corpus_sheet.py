"""What the corpus is written on: facts of a year, identities, whole sets.

Facts are stated by hand from CMS's data of the year; nothing is taken from the program
that the corpus tests.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from tests.helpers.corpus_values import EHR, REGISTRY, Json, share, yes

TIN: Final = "taxpayerIdentificationNumber"
NPI: Final = "nationalProviderIdentifier"
CEHRT: Final = "2025CABCDEFGHIJ"
ATTESTED: Final = ("PI_PPHI_1", "PI_PPHI_2", "PI_INFBLO_1", "PI_ONCDIR_1")
REPORTED: Final = (
    "PI_PHCDRR_1",
    "PI_PHCDRR_1_PROD",
    "PI_PHCDRR_3",
    "PI_PHCDRR_3_PROD",
)


@dataclass(frozen=True)
class Facts:
    """What differs between the years, as CMS's data and the rules have it.

    ``unknown`` is a measure of another year; ``new`` one without benchmark in its
    first or second year; ``suppressed`` one by registry that does not count, if any.
    ``ecqm_needs_cehrt``: eCQM sets need the certification id. ``ecr_counts_anyhow``:
    electronic case reporting may be answered no. ``exact`` is how CMS wrote this word
    in the names of the strata of 398.
    """

    year: int
    unknown: str
    new: str
    suppressed: str | None
    ecqm_needs_cehrt: bool
    ecr_counts_anyhow: bool
    exact: str = "Exact"


YEARS: Final = (
    Facts(
        2024,
        "508",
        "501",
        "389",
        ecqm_needs_cehrt=False,
        ecr_counts_anyhow=False,
        exact="Exac",
    ),
    Facts(2025, "514", "506", "389", ecqm_needs_cehrt=True, ecr_counts_anyhow=True),
    Facts(2026, "424", "516", None, ecqm_needs_cehrt=True, ecr_counts_anyhow=False),
)


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper to write one document on: the year's facts and whose it is."""

    facts: Facts
    name: str

    @property
    def year(self) -> int:
        """The performance year."""
        return self.facts.year

    @property
    def tin(self) -> str:
        """A TIN that no other document of the corpus has."""
        return f"000{self._digits()[:6]}"

    @property
    def npi(self) -> str:
        """An NPI that no other document of the corpus has, with its check digit."""
        body = f"0{self._digits()[6:14]}"
        return f"{body}{check_digit(body)}"

    def _digits(self) -> str:
        """Draw digits from the name, so that a new document changes no other one."""
        text = f"{self.year} {self.name}".encode()
        return f"{int.from_bytes(sha256(text).digest()):020d}"

    def individual(self, *sets: Json, **changed: object) -> Json:
        """Write an individual's submission."""
        return {
            "entityType": "individual",
            TIN: self.tin,
            NPI: self.npi,
            "performanceYear": self.year,
            "measurementSets": list(sets),
            **changed,
        }

    def group(self, *sets: Json, **changed: object) -> Json:
        """Write a group's submission."""
        return {
            "entityType": "group",
            TIN: self.tin,
            "performanceYear": self.year,
            "measurementSets": list(sets),
            **changed,
        }

    def entity(self, kind: str, *sets: Json, **changed: object) -> Json:
        """Write the submission of an entity that is known by its entity id."""
        return {
            "entityType": kind,
            "entityId": f"E{self.tin[3:]}",
            "performanceYear": self.year,
            "measurementSets": list(sets),
            **changed,
        }

    def nested(self, inner: Json, *, group: bool = False, kind: str = "") -> Json:
        """Write a measurement set with its submission inside."""
        outer = self.group() if group else self.individual()
        outer = self.entity(kind) if kind else outer
        del outer["measurementSets"]
        return {"submission": outer, **inner}

    def quality(
        self, *measurements: Json, method: str = REGISTRY, **changed: object
    ) -> Json:
        """Write a quality set of the whole year; from an EHR with its CEHRT id."""
        cehrt = {"cehrtId": CEHRT} if method == EHR else {}
        return self._set("quality", method, measurements) | cehrt | changed

    def pi(self, *measurements: Json, **changed: object) -> Json:
        """Write a Promoting Interoperability set, without arguments a perfect one."""
        answers = measurements or (*self.pi_rest(), yes("PI_HIE_5"))
        return self._set("pi", REGISTRY, answers) | {"cehrtId": CEHRT} | changed

    def ia(self, *names: str, **changed: object) -> Json:
        """Write a set of activities that were performed, without names enough."""
        chosen = names or ("IA_BE_6", "IA_ERP_2")
        return self._set("ia", REGISTRY, [yes(name) for name in chosen]) | changed

    def pi_rest(self, *without: str) -> list[Json]:
        """Answer all but health information exchange, and but what is left out.

        With an exchange worth 30 points these are 10 + 10 + 30 + 25 + 25 = 100.
        """
        answers = [
            *(yes(name) for name in ATTESTED),
            share("PI_EP_1", 40, 40),
            yes("PI_EP_2"),
            share("PI_PEA_1", 25, 25),
            *(yes(name) for name in REPORTED),
        ]
        return [item for item in answers if item["measureId"] not in without]

    def _set(self, category: str, method: str, measurements: Any) -> Json:  # noqa: ANN401 - a list or tuple of measurements
        """Write a set of the whole year."""
        return {
            "category": category,
            "submissionMethod": method,
            "programName": "mips",
            "performanceStart": f"{self.year}-01-01",
            "performanceEnd": f"{self.year}-12-31",
            "measurements": list(measurements),
        }


def check_digit(body: str) -> int:
    """Compute an NPI's last digit: Luhn over 80840 and the nine digits before it."""
    digits = [int(digit) for digit in reversed(f"80840{body}")]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[::2])
    return -(sum(doubled) + sum(digits[1::2])) % 10
