"""The scores of a stream once more, without it: by the functions of ``qpp`` alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from qpp import rosters
from qpp.advanced_apm import with_status
from qpp.feeds import ADVANCED_APM, BONUS, MEASURES, PROFILE, ROSTER, law_set
from qpp.inputs import APM_ENTITY, GROUP, INDIVIDUAL, SUBGROUP, read_input
from qpp.library import advanced_apm_rules
from qpp.mips.scoring import PARTS
from qpp.mips.scoring import score as score_entity
from qpp.numbers import plain
from qpp.promoting_interoperability.roll_up import MemberScore, roll_up
from qpp.standing import score_input_of
from qpp.submission import PI
from qppflow.demo.messages import SUBMISSIONS
from qppflow.runtime.events import encode
from qppflow.runtime.law import law_of
from tests.helpers.cli import lines, run
from tests.helpers.pure_entities import (
    APPLIED,
    NPI,
    Revision,
    Standing,
    name_of,
    standing,
)
from tests.helpers.stream_log import StreamLog

Json: TypeAlias = dict[str, Any]
# An entity's token, a program, and the entity's revision.
ScoreName: TypeAlias = tuple[str, str, int]

TIN = "taxpayerIdentificationNumber"
MIPS = "mips"
# What a group's feeds say of its subgroups, where those have none of their own.
SHARED = (MEASURES["administrativeClaims"], BONUS)
NOTHING = MemberScore(None, excepted=False)
ADDING = frozenset({"added", "replaced"})


class _Known(NamedTuple):
    """What stood at each revision of everybody, and whose token is whose."""

    at: dict[Revision, Standing]
    tokens: dict[tuple[Any, ...], str]

    def lent(self, now: Standing, who: Json) -> Standing | None:
        """Give what stood of a lender when it lent; None where nothing was lent."""
        token = self.tokens.get((now.year, *name_of(who)))
        revision = now.loans.get(token or "")
        if token is None or revision is None:
            return None
        return self.at.get((token, revision))


def pure_scores(log: StreamLog) -> dict[ScoreName, bytes]:
    """Score every revision of every entity in each program that it touches.

    Left out is what the stream had no time to say before it ended.
    """
    steps = list(standing(log))
    unsaid = _unsaid(steps, log)
    known = _Known(
        dict(steps),
        {(now.year, *name_of(now.who)): token for (token, _), now in steps},
    )
    return {
        (token, program, revision): encode(_score(now, program, known))
        for (token, revision), now in steps
        for program in now.programs
        if now.touched is None or program in now.touched
        if (token, program, revision) not in unsaid
    }


def _unsaid(
    steps: Iterable[tuple[Revision, Standing]], log: StreamLog
) -> set[ScoreName]:
    """Name the scores that the stream did not say, and that were taken back later.

    A program that has no sets left ends at once; parts of an older revision that are
    still on their way come to nothing then.
    """
    said = streamed_scores(log)
    waiting: dict[str, set[tuple[str, int]]] = defaultdict(set)
    found: set[ScoreName] = set()
    for (token, revision), now in steps:
        over = {one for one in waiting[token] if one[0] not in now.programs}
        found |= {(token, *one) for one in over if (token, *one) not in said}
        waiting[token] -= over
        waiting[token] |= {(program, revision) for program in now.programs}
    return found


def _score(now: Standing, program: str, known: _Known) -> Json:
    """Score what stands in a program, with what others lent."""
    law = law_of(now.year)
    sets = [law_set(item.content) for item in now.sets if item.program == program]
    feeds, kind = dict(now.feeds), now.who["entityType"]
    if ADVANCED_APM in feeds:
        feeds = with_status(feeds, advanced_apm_rules(now.year))
    group = _group(now, known) if kind == SUBGROUP else None
    if group is not None:
        lent = [law_set(s.content) for s in group.sets if s.content["category"] == PI]
        sets += [{**item, "programName": program} for item in lent]
        if PROFILE in group.feeds:
            feeds[PROFILE] = group.feeds[PROFILE]
        feeds |= {
            name: group.feeds[name]
            for name in SHARED
            if name in group.feeds and name not in feeds
        }
    written = score_input_of(kind, sets, feeds, law.rules, program_name=program)
    if kind == APM_ENTITY:
        written["piRollUp"] = _rolled_up(now, known)
    return score_entity(read_input(written, MIPS), law, explain=False).score


def _group(now: Standing, known: _Known) -> Standing | None:
    """Give what stood of a subgroup's group when it lent."""
    if ROSTER not in now.feeds:
        return None
    tin = now.feeds[ROSTER]["affiliatedGroup"][TIN]
    return known.lent(now, {"entityType": GROUP, TIN: tin})


def _rolled_up(now: Standing, known: _Known) -> Json | None:
    """Give what an APM entity's members had when they lent."""
    rules = law_of(now.year).rules.entities
    listed = now.feeds.get(ROSTER, {}).get("members", ())
    members = rosters.members(listed, APM_ENTITY, now.year, rules)
    found = roll_up(list(_held(now, member, known)) for member in members)
    if found is None:
        return None
    return {
        "percent": plain(found.percent),
        "counted": found.counted,
        "excepted": found.excepted,
    }


def _held(now: Standing, member: Json, known: _Known) -> Iterator[MemberScore]:
    """Give what a member has alone, and what her group has."""
    alone = {"entityType": INDIVIDUAL, TIN: member[TIN], NPI: member[NPI]}
    for who in (alone, {"entityType": GROUP, TIN: member[TIN]}):
        lender = known.lent(now, who)
        yield NOTHING if lender is None else _interoperability(lender)


def _interoperability(lender: Standing) -> MemberScore:
    """Score what a lender has in Promoting Interoperability."""
    law = law_of(lender.year)
    sets = [law_set(s.content) for s in lender.sets if s.content["category"] == PI]
    kind = lender.who["entityType"]
    given = read_input(score_input_of(kind, sets, lender.feeds, law.rules), MIPS)
    found = PARTS[PI](given, law, explain=False)
    approved = any(category == PI for category, *_ in given.reweighted)
    percent = found.percent if found.has_data else None
    exact = None if percent is None else Decimal(plain(percent))
    excepted = bool(found.automatic_reweighting) or approved
    return MemberScore(exact, excepted=excepted)


def command_scores(log: StreamLog, folder: Path) -> dict[ScoreName, bytes]:
    """Score each submission that stands alone with ``qppflow score``, file by file.

    A revision is one at which a submission was accepted. Those of an entity come in
    rounds, since a run of the command knows one feed of a name about an entity. Who
    borrows is left out: a file has no loans.
    """
    accepted = accepted_scores(log)
    wanted = {(token, revision) for token, _, revision in accepted}
    rounds: dict[int, dict[Revision, Standing]] = defaultdict(dict)
    seen: Counter[str] = Counter()
    for revision, now in standing(log):
        borrows = now.who["entityType"] in {SUBGROUP, APM_ENTITY}
        if revision in wanted and now.alone is not None and not borrows:
            rounds[seen[revision[0]]][revision] = now
            seen[revision[0]] += 1
    found: dict[ScoreName, bytes] = {}
    for number, chosen in rounds.items():
        place = folder / str(number)
        place.mkdir()
        found |= _one_round(list(chosen.items()), place)
    return {name: score for name, score in found.items() if name in accepted}


def _one_round(
    chosen: list[tuple[Revision, Standing]], folder: Path
) -> dict[ScoreName, bytes]:
    """Run the command over documents of different entities with all their feeds."""
    feeds = folder / "feeds.ndjson"
    said = [record.value or b"" for _, now in chosen for record in now.feed_records]
    feeds.write_bytes(b"\n".join(said))
    files = []
    for number, (_, now) in enumerate(chosen):
        files.append(folder / f"{number}.json")
        files[-1].write_bytes(now.alone or b"")
    result = run("score", *files, *(["--feed", feeds] if said else []), "--json")
    found: dict[ScoreName, bytes] = {}
    for ((token, revision), _), line in zip(chosen, lines(result), strict=True):
        for one in (line, *line.get("otherPrograms", ())):
            name = (token, one["score"]["programName"], revision)
            found[name] = encode(one["score"])
    return found


def streamed_scores(log: StreamLog) -> dict[ScoreName, bytes]:
    """Give the ``score`` member of every final score event, as bytes."""
    return {
        (event["subject"], event["program"], event["revision"]): encode(event["score"])
        for event in log.events("qpp-final-scores")
        if "score" in event
    }


def accepted_scores(log: StreamLog) -> set[ScoreName]:
    """Name the scores that each accepted submission first counted in.

    Left out is what the stream had no time to say before it ended.
    """
    submissions = {record.origin for record in log.records[SUBMISSIONS]}
    return {
        (answers[0]["subject"], item["programName"], answers[0]["revision"])
        for origin, answers in log.answers().items()
        if origin in submissions and answers[0]["effect"] == APPLIED
        for item in answers[0]["sets"]
        if item["effect"] in ADDING
    } - _unsaid(standing(log), log)


def differing(
    one: Mapping[ScoreName, bytes], other: Mapping[ScoreName, bytes]
) -> list[ScoreName]:
    """List the scores whose bytes differ or that one side lacks."""
    every = sorted(one.keys() | other.keys())
    return [key for key in every if one.get(key) != other.get(key)]
