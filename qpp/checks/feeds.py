"""The semantic checks of what CMS declares: profiles, measures, earlier scores.

A feed names its kind in ``feed``. Like a submission it may be broken anywhere.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from qpp.catalogue import Catalogue
from qpp.checks.context import context_of
from qpp.checks.eligibility import check_election, check_eligibility
from qpp.checks.identity import NPI, check_identity, check_npi, is_doubtful
from qpp.checks.order import in_document_order
from qpp.checks.reading import rows, table, text, written_number
from qpp.checks.registrations import check_registrations
from qpp.checks.reporting import Report
from qpp.checks.reweighting import check_reweighting
from qpp.checks.rosters import check_roster
from qpp.checks.score_feeds import (
    check_bonus_source,
    check_facility,
    check_prior_match,
)
from qpp.codes import Code
from qpp.finding_rules import FindingRules
from qpp.findings import Finding
from qpp.identifiers import shown
from qpp.inputs import GROUP
from qpp.mips.rules import MipsRules
from qpp.numbers import HUNDRED, ZERO, plain
from qpp.rulebook import Provision
from qpp.submission import ADMINISTRATIVE_CLAIMS, SURVEY

Document = Mapping[str, object]

PROFILE: Final = "profile"
COSTS: Final = "cost-attribution"
CLAIMS_MEASURES: Final = "administrative-claims"
CAHPS: Final = "cahps"
REWEIGHTING: Final = "reweighting"
PRIOR_SCORES: Final = "prior-scores"
COMPLEX_PATIENT_BONUS: Final = "complex-patient-bonus"
ROSTER: Final = "roster"
REGISTRATION: Final = "registration"
PAID_AMOUNT: Final = "paid-amount"
FACILITY: Final = "facility-based"
ELECTION: Final = "election"
REVIEW: Final = "targeted-review"


def check_feed(
    document: Document,
    rules: MipsRules,
    catalogue: Catalogue,
    describe: FindingRules,
) -> list[Finding]:
    """Give all findings of a CMS feed in document order; pointers lead into it.

    Raises:
        KeyError: *describe* lacks a code.
    """
    report = Report(describe, context_of(rules, catalogue))
    check_identity(document, report)
    check = _CHECKS.get(text(document.get("feed")) or "")
    if check is not None:
        check(document, report)
    return in_document_order(document, report.findings)


def _check_profile(document: Document, report: Report) -> None:
    """Check special statuses, roster and eligibility facts, § 414.1305."""
    statuses = report.context.rules.submission.special_statuses
    for number, raw in enumerate(rows(document.get("specialStatuses"))):
        status = text(raw)
        if status is not None and status not in statuses.value:
            report.add(
                Code.STATUS_UNKNOWN,
                f"/specialStatuses/{number}",
                shown(status),
                f"one of {', '.join(sorted(statuses.value))}",
                statuses,
            )
    roster = rows(document.get("roster"))
    if roster and document.get("entityType") != GROUP:
        report.add(
            Code.ROSTER_NOT_FOR_INDIVIDUAL,
            "/roster",
            shown(roster),
            "no roster: only a group has one",
        )
    _check_roster(roster, report)
    check_eligibility(document, report)


def _check_roster(roster: list[object], report: Report) -> None:
    """Check the clinicians of a group: each once, and whether they exist.

    Wrong check digits are told once for all, since a large roster may have thousands.
    """
    places: dict[str, str] = {}
    doubtful: list[tuple[str, str]] = []
    for number, raw in enumerate(roster):
        npi = text((table(raw) or {}).get(NPI))
        if npi is None:
            continue
        at = f"/roster/{number}/{NPI}"
        if is_doubtful(npi, report.context.rules.submission):
            doubtful.append((npi, at))
        first = places.setdefault(npi, at)
        if first != at:
            report.add(
                Code.ROSTER_DUPLICATE,
                at,
                f"the NPI of {first} again",
                "each clinician of the group once",
            )
    if doubtful:
        check_npi(*doubtful[0], report, len(doubtful))


def _check_costs(document: Document, report: Report) -> None:
    """Check the cost measures attributed to the entity, in dollars."""
    known = frozenset(report.context.catalogue.cost)
    _check_measures(document, known, "a cost measure", None, report)


def _check_claims_measures(document: Document, report: Report) -> None:
    """Check the quality measures that CMS computes from administrative claims."""
    known = _by_method(ADMINISTRATIVE_CLAIMS, report) & frozenset(
        report.context.rules.quality.administrative_claims_case_minimum.value
    )
    _check_measures(document, known, "an administrative-claims measure", None, report)


def _check_survey(document: Document, report: Report) -> None:
    """Check the summary measures of the CAHPS survey, from 0 to 100."""
    container = report.context.rules.quality.cahps_container.value
    known = _by_method(SURVEY, report) - {container}
    _check_measures(document, known, "a CAHPS summary measure", HUNDRED, report)


def _by_method(method: str, report: Report) -> frozenset[str]:
    """List the quality measures of one collection type."""
    return frozenset(
        measure.measure_id
        for measure in report.context.catalogue.quality.values()
        if method in measure.submission_methods
    )


def _check_measures(
    document: Document,
    known: frozenset[str],
    kind: str,
    maximum: Decimal | None,
    report: Report,
) -> None:
    """Check that each measure is *known*, stands once, and can have its score."""
    year = report.context.rules.submission.performance_year
    places: dict[str, str] = {}
    for number, raw in enumerate(rows(document.get("measures"))):
        item = table(raw) or {}
        at = f"/measures/{number}"
        _check_figure(item.get("score"), f"{at}/score", maximum, year, report)
        measure_id = text(item.get("measureId"))
        if measure_id is None:
            continue
        if measure_id not in known:
            report.add(
                Code.FEED_MEASURE_UNKNOWN,
                f"{at}/measureId",
                shown(measure_id),
                f"the id of {kind} of {year.value}",
            )
        first = places.setdefault(measure_id, at)
        if first != at:
            report.add(
                Code.FEED_MEASURE_DUPLICATE,
                f"{at}/measureId",
                f"{shown(measure_id)} again",
                f"each measure once; the first is {first}",
            )


def _check_prior_scores(document: Document, report: Report) -> None:
    """Check last year's scores, in percent."""
    rule = report.context.rules.quality.improvement_maximum
    for name in ("qualityAchievementPercent", "costPercent"):
        _check_figure(document.get(name), f"/{name}", HUNDRED, rule, report)
    check_prior_match(document, report)


def _check_bonus(document: Document, report: Report) -> None:
    """Check the complex patient bonus, § 414.1380(c)(3)."""
    rule = report.context.rules.final_score.complex_patient_bonus_maximum
    _check_figure(document.get("points"), "/points", rule.value, rule, report)
    check_bonus_source(document, report)


def _check_paid(document: Document, report: Report) -> None:
    """Check the amount that a clinician's payment adjustment applies to, in dollars."""
    year = report.context.rules.submission.payment_year
    _check_figure(document.get("allowedAmount"), "/allowedAmount", None, year, report)


def _check_review(document: Document, report: Report) -> None:
    """Check the final score that a targeted review decided on, if it is one."""
    rule = report.context.rules.final_score.final_score_maximum
    _check_figure(document.get("decision"), "/decision", rule.value, rule, report)


def _check_figure(
    sent: object,
    at: str,
    maximum: Decimal | None,
    rule: Provision[Decimal] | Provision[int],
    report: Report,
) -> None:
    """Check that a figure is 0 or more, and at most *maximum* where there is one."""
    figure = written_number(sent)
    if figure is None or (figure >= ZERO and (maximum is None or figure <= maximum)):
        return
    report.add(
        Code.FEED_FIGURE_IMPOSSIBLE,
        at,
        # As sent: a number would lose the zeros that an identifier starts with.
        shown(sent),
        "0 or more" if maximum is None else f"0 to {plain(maximum)}",
        rule,
    )


_CHECKS: Final[Mapping[str, Callable[[Document, Report], None]]] = {
    PROFILE: _check_profile,
    COSTS: _check_costs,
    CLAIMS_MEASURES: _check_claims_measures,
    CAHPS: _check_survey,
    REWEIGHTING: check_reweighting,
    PRIOR_SCORES: _check_prior_scores,
    COMPLEX_PATIENT_BONUS: _check_bonus,
    ROSTER: check_roster,
    REGISTRATION: check_registrations,
    PAID_AMOUNT: _check_paid,
    FACILITY: check_facility,
    ELECTION: check_election,
    REVIEW: _check_review,
}
