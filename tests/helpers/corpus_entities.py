"""Corpus: every kind of entity, every program, and sets that are withdrawn."""

from typing import Final

from qpp.codes import Code
from tests.helpers.corpus_case import Case, fails, passes, warns
from tests.helpers.corpus_sheet import NPI, TIN, Sheet
from tests.helpers.corpus_structure import quality_alone
from tests.helpers.corpus_values import EHR, Json, rate, six, yes

MVP: Final = "G0059"
SUBGROUP, VIRTUAL, APM = "subgroup", "virtualGroup", "apm"
# Four measures of the MVP of anesthesia, an intermediate outcome among them.
FOUR: Final = (
    rate("404", 80, 20),
    rate("430", 90, 10),
    rate("463", 90, 10),
    rate("477", 90, 10),
)
# What clinicians send for the APP.
APP: Final = (rate("001", 20, 80), rate("134", 80, 20), rate("236", 80, 20))


def of_mvp(sheet: Sheet) -> list[Json]:
    """Write the three sets of an MVP."""
    return [
        sheet.quality(*FOUR, programName=MVP),
        sheet.pi(programName=MVP),
        sheet.ia("IA_BE_6", "IA_BE_22", programName=MVP),
    ]


def of_app(sheet: Sheet, program: str = "app1") -> list[Json]:
    """Write what is sent for the APP; activities are credited anyhow."""
    return [
        sheet.quality(*APP, programName=program),
        sheet.pi(programName=program),
        sheet.ia(programName=program),
    ]


def withdrawn(category: str = "quality", **more: object) -> Json:
    """Take back a set by registry."""
    return {
        "category": category,
        "submissionMethod": "registry",
        "withdrawn": True,
        **more,
    }


PROGRAMS: Final[tuple[Case, ...]] = (
    passes("submission.value-pathway", lambda s: s.individual(*of_mvp(s))),
    passes("submission.value-pathway-of-a-group", lambda s: s.group(*of_mvp(s))),
    passes(
        "submission.quality-of-a-value-pathway",
        lambda s: s.individual(s.quality(*FOUR, programName=MVP)),
    ),
    passes(
        "measurement-set.pi-of-a-value-pathway",
        lambda s: s.nested(s.pi(programName=MVP)),
    ),
    passes(
        "measurement-set.quality-of-the-alternative-payment-model-pathway",
        lambda s: s.nested(s.quality(*APP, programName="app1")),
    ),
    passes(
        "submission.activity-that-only-a-value-pathway-has",
        lambda s: s.individual(s.ia("IA_MVP", programName=MVP)),
    ),
    passes(
        "submission.traditional-and-a-value-pathway",
        lambda s: s.individual(s.quality(*six()), *of_mvp(s)),
    ),
    passes(
        "submission.alternative-payment-model-pathway",
        lambda s: s.individual(*of_app(s)),
    ),
    passes(
        "submission.activities-of-the-alternative-payment-model-pathway",
        lambda s: s.individual(s.ia("IA_BE_6", programName="app1")),
    ),
    passes(
        "submission.alternative-payment-model-pathway-plus",
        lambda s: s.entity(APM, *of_app(s, "appPlus")),
        when=lambda facts: facts.year > 2024,
    ),
    warns(
        "submission.value-pathway-of-three-measures",
        lambda s: s.individual(s.quality(*FOUR[:3], programName=MVP)),
        Code.FEWER_MEASURES,
    ),
    warns(
        "submission.value-pathway-without-an-outcome",
        lambda s: s.individual(
            s.quality(
                *(rate(name, 90, 10) for name in ("006", "008", "118", "326")),
                programName="G0055",
            )
        ),
        Code.NO_OUTCOME_MEASURE,
    ),
    fails(
        "submission.program-that-is-not-scored",
        lambda s: s.individual(s.ia(programName="ssp")),
        Code.NOT_SCORED_BY_THIS_VERSION,
    ),
    fails(
        "submission.value-pathway-of-no-year",
        lambda s: s.individual(s.ia("IA_BE_6", programName="G0056")),
        Code.PROGRAM_UNKNOWN,
    ),
    fails(
        "submission.measure-outside-its-value-pathway",
        lambda s: quality_alone(s, *FOUR, rate("236", 80, 20), programName=MVP),
        Code.MEASURE_PROGRAM,
    ),
    fails(
        "submission.activity-outside-its-value-pathway",
        lambda s: s.individual(s.ia("IA_ERP_2", programName=MVP)),
        Code.MEASURE_PROGRAM,
    ),
    fails(
        "submission.measure-outside-the-alternative-payment-model-pathway",
        lambda s: quality_alone(s, *APP, rate("418", 80, 20), programName="app1"),
        Code.MEASURE_PROGRAM,
    ),
)

ENTITIES: Final[tuple[Case, ...]] = (
    passes("submission.entity-type-subgroup", lambda s: s.entity(SUBGROUP, *of_mvp(s))),
    passes(
        "submission.subgroup-in-the-alternative-payment-model-pathway",
        lambda s: s.entity(SUBGROUP, *of_app(s)),
    ),
    passes(
        "submission.entity-type-virtualGroup",
        lambda s: s.entity(VIRTUAL, s.quality(*six()), s.ia()),
    ),
    passes("submission.entity-type-apm", lambda s: s.entity(APM, *of_app(s))),
    passes(
        "submission.apm-entity-in-traditional-mips",
        lambda s: s.entity(APM, s.quality(*six()), s.pi(), s.ia()),
    ),
    passes(
        "measurement-set.of-an-apm-entity",
        lambda s: s.nested(s.quality(*six()), kind=APM),
    ),
    warns(
        "submission.pi-of-a-virtual-group",
        lambda s: s.entity(VIRTUAL, s.pi()),
        Code.PI_ENTITY_IN_DOUBT,
    ),
    fails(
        "submission.subgroup-outside-a-value-pathway",
        lambda s: s.entity(SUBGROUP, s.ia()),
        Code.SUBGROUP_OUTSIDE_AN_MVP,
    ),
    fails(
        "submission.virtual-group-in-the-alternative-payment-model-pathway",
        lambda s: s.entity(VIRTUAL, s.ia(programName="app1")),
        Code.ENTITY_NOT_IN_PROGRAM,
    ),
    fails(
        "submission.virtual-group-in-a-value-pathway",
        lambda s: s.entity(VIRTUAL, s.quality(*FOUR, programName=MVP)),
        Code.ENTITY_NOT_IN_PROGRAM,
    ),
    fails(
        "submission.apm-entity-without-entity-id",
        lambda s: s.entity(APM, s.ia(), entityId=""),
        Code.FIELD_DROPPED,
        Code.IDENTIFIER_MISSING,
    ),
    fails(
        "submission.apm-entity-with-tin",
        lambda s: s.entity(APM, s.ia(), **{TIN: s.tin}),
        Code.IDENTIFIER_NOT_ALLOWED,
    ),
    fails(
        "submission.subgroup-with-npi",
        lambda s: s.entity(SUBGROUP, *of_mvp(s), **{NPI: s.npi}),
        Code.IDENTIFIER_NOT_ALLOWED,
    ),
    fails(
        "submission.entity-id-with-a-space",
        lambda s: s.entity(APM, s.ia(), entityId="A 1234"),
        Code.ENTITY_ID_MALFORMED,
    ),
)

WITHDRAWN: Final[tuple[Case, ...]] = (
    passes(
        "submission.set-withdrawn", lambda s: s.individual(withdrawn(), s.pi(), s.ia())
    ),
    passes(
        "submission.set-of-a-value-pathway-withdrawn",
        lambda s: s.individual(withdrawn(programName=MVP), s.quality(*six())),
    ),
    passes("measurement-set.withdrawn", lambda s: s.nested(withdrawn("pi"))),
    passes(
        "submission.everything-withdrawn",
        lambda s: s.individual(*(withdrawn(part) for part in ("quality", "pi", "ia"))),
    ),
    passes(
        "submission.activities-withdrawn-and-sent-from-the-ehr",
        lambda s: s.individual(withdrawn("ia"), s.ia(submissionMethod=EHR)),
    ),
    fails(
        "submission.withdrawn-set-with-measurements",
        lambda s: s.individual(withdrawn("ia", measurements=[yes("IA_BE_6")])),
        Code.WITHDRAWN_WITH_CONTENT,
    ),
    fails(
        "measurement-set.withdrawn-with-a-period",
        lambda s: s.nested(withdrawn(performanceStart=f"{s.year}-01-01")),
        Code.WITHDRAWN_WITH_CONTENT,
    ),
    fails(
        "submission.set-withdrawn-and-sent",
        lambda s: s.individual(withdrawn(), s.quality(*six())),
        Code.SET_DUPLICATE,
    ),
    fails(
        "submission.set-withdrawn-by-a-method-that-has-ended",
        lambda s: s.individual(withdrawn(submissionMethod="cmsWebInterface")),
        Code.METHOD_NOT_ALLOWED,
    ),
    fails(
        "submission.withdrawn-answered-false",
        lambda s: s.individual(s.ia(withdrawn=False)),
        Code.NOT_IN_LIST,
    ),
    fails(
        "submission.period-and-measurements-missing",
        lambda s: s.individual({"category": "ia", "submissionMethod": EHR}),
        Code.FIELD_MISSING,
    ),
)

CASES: Final = (*PROGRAMS, *ENTITIES, *WITHDRAWN)
