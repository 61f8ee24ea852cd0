"""Who is paid by what, once more without the stream: by the functions of ``qpp``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

from qpp import rosters
from qpp.advanced_apm import participation, with_status
from qpp.eligibility import determine, pays
from qpp.eligibility.outcome import (
    ELIGIBILITY_NOT_DECLARED,
    EXCLUDED,
    UNKNOWN,
)
from qpp.feeds import ADVANCED_APM, ELECTION, PROFILE, ROSTER
from qpp.inputs import APM_ENTITY, GROUP, INDIVIDUAL
from qpp.library import advanced_apm_rules
from qpp.mips import choice
from qpp.mips.payment import payment
from qpp.trace import Silent
from qppflow.runtime.events import decode
from qppflow.runtime.law import law_of
from tests.helpers.pure_entities import NPI, Standing, standing
from tests.helpers.pure_scores import TIN, pure_scores
from tests.helpers.stream_log import StreamLog

Json: TypeAlias = dict[str, Any]
# A clinician of a practice in a year.
Person: TypeAlias = tuple[int, str, str]
# What is compared of a payment.
FIGURES: Final = ("score", "adjustmentPercent", "range", "status", "billable")


class Known(NamedTuple):
    """What a clinician is herself."""

    outcome: str
    reason: str


class Paid(NamedTuple):
    """What a clinician is paid: figures, by whose score, and who else was no payer.

    Without figures ``reason`` says why she is not paid.
    """

    figures: tuple[Any, ...] | None
    by: tuple[str, str] | None
    others: frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class _Everything:
    """What stands at the end: of whom, and with which scores by program."""

    at: Mapping[str, Standing]
    scores: Mapping[tuple[str, str], Json]
    since: Mapping[str, int]

    def persons(self) -> Iterator[tuple[Person, str, str]]:
        """Give each clinician with each score that names her, by token and program."""
        for token, program in self.scores:
            now = self.at[token]
            for tin, npi in _members(now):
                yield (now.year, tin, npi), token, program

    def herself(self, person: Person) -> Known | None:
        """Give what a clinician is; an APM entity that takes her out goes first."""
        year, tin, npi = person
        said = []
        for now in self.at.values():
            if now.year != year or (tin, npi) not in _members(now):
                continue
            if now.who["entityType"] == APM_ENTITY and ADVANCED_APM in now.feeds:
                rules = advanced_apm_rules(year)
                why = participation(now.feeds[ADVANCED_APM], rules).excluded_for
                if why:
                    return Known(EXCLUDED, why)
            if now.who["entityType"] == INDIVIDUAL:
                said.append(_determined(now))
        known = [one for one in said if one.outcome != UNKNOWN]
        return known[0] if known else None


def pure_payments(log: StreamLog) -> dict[Person, Paid]:
    """Decide for each clinician whom a score that stands names."""
    at = {token: now for (token, _), now in standing(log)}
    latest: dict[tuple[str, str], tuple[int, Json]] = {}
    for (token, program, revision), score in pure_scores(log).items():
        found = latest.get((token, program))
        if program in at[token].programs and (found is None or found[0] < revision):
            latest[token, program] = revision, decode(score)
    first: dict[str, int] = {}
    for record in log.records["qpp-final-scores"]:
        token = decode(record.value)["subject"]
        first[token] = min(first.get(token, record.timestamp), record.timestamp)
    known = _Everything(at, {name: one for name, (_, one) in latest.items()}, first)
    naming: dict[Person, list[tuple[str, str]]] = {}
    for person, token, program in known.persons():
        naming.setdefault(person, []).append((token, program))
    return {person: _paid(person, names, known) for person, names in naming.items()}


def streamed_payments(log: StreamLog) -> dict[Person, Paid]:
    """Read the last word of billing's topic on each clinician."""
    return {
        (event["performanceYear"], event[TIN], event[NPI]): Paid(
            tuple(event[name] for name in FIGURES) if "score" in event else None,
            (
                (event["decidedBy"]["subject"], event["decidedBy"]["program"])
                if "score" in event
                else None
            ),
            frozenset(
                (one["subject"], one["program"], one["reason"])
                for one in event["others"]
            ),
        )
        for event in log.latest("qpp-payment-adjustments").values()
    }


def _members(now: Standing) -> set[tuple[str, str]]:
    """Name those whom a score of an entity may pay."""
    kind = now.who["entityType"]
    if kind == INDIVIDUAL:
        return {(now.who[TIN], now.who[NPI])}
    if ROSTER in now.feeds:
        rules = law_of(now.year).rules.entities
        listed = now.feeds[ROSTER]["members"]
        found = rosters.members(listed, kind, now.year, rules)
        return {(one[TIN], one[NPI]) for one in found}
    named = now.feeds.get(PROFILE, {}).get("roster") or ()
    return {(now.who[TIN], one[NPI]) for one in named} if kind == GROUP else set()


def _determined(now: Standing) -> Known:
    """Determine what a clinician is by her own feeds."""
    feeds = with_status(now.feeds, advanced_apm_rules(now.year))
    facts = feeds.get(PROFILE, {}).get("eligibility")
    rules = law_of(now.year).rules.eligibility
    election = feeds.get(ELECTION)
    found = determine(INDIVIDUAL, facts, election, rules, year=now.year)
    return Known(found.outcome, found.reason)


def _paid(person: Person, names: list[tuple[str, str]], known: _Everything) -> Paid:
    """Decide among the scores that name a clinician."""
    rules, herself = law_of(person[0]).rules, known.herself(person)
    kinds = {name: known.at[name[0]].who["entityType"] for name in names}
    outcomes = {n: known.scores[n].get("eligibility") or UNKNOWN for n in names}
    group = next((outcomes[n] for n in names if kinds[n] == GROUP), None)
    able, others, assumed = [], set[tuple[str, str, str]](), dict[Any, frozenset[str]]()
    for name in names:
        if herself and herself.reason in rules.eligibility.unpaid_reasons.value:
            others.add((*name, herself.reason))
            continue
        book = rules.eligibility
        kind, outcome = kinds[name], outcomes[name]
        ruling = pays(kind, outcome, herself, book, group_outcome=group)
        if ruling.pays is False:
            others.add((*name, ruling.reason))
            continue
        unknown = set() if ruling.pays else {ELIGIBILITY_NOT_DECLARED}
        assumed[name] = ruling.assumptions | unknown
        final = Decimal(known.scores[name]["finalScore"])
        since = known.since[name[0]]
        able.append(choice.Candidate(kind, name[1], name[0], final, since))
    found = choice.pays(able, rules.payment, Silent())
    others |= {
        (o.candidate.subject, o.candidate.program, o.reason) for o in found.losers
    }
    if found.winner is None:
        return Paid(None, None, frozenset(others))
    by = found.winner.subject, found.winner.program
    money, _ = payment(known.scores[by], rules)
    sure = ELIGIBILITY_NOT_DECLARED not in assumed[by]
    money = {
        **money,
        "score": known.scores[by]["finalScore"],
        "billable": money["billable"] and sure,
    }
    return Paid(tuple(money[one] for one in FIGURES), by, frozenset(others))
