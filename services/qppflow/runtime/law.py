"""The rule books and catalogues of this build, found by the ids that inputs pin."""

from functools import cache

from qpp import library
from qpp.mips.scoring import Law
from qppflow.runtime.events import Payload
from qppflow.runtime.faults import RuleBookMissingError


@cache
def law_of(year: int) -> Law:
    """Give the law of a performance year that this build has.

    Raises:
        RuleBookMissingError: this build has no rule book or no catalogue of it; a
            newer one of `intake` may have let the year in.
    """
    if year not in library.years():
        missing = f"py{year}"
        raise RuleBookMissingError(missing)
    return Law(library.rules(year), library.catalogue(year))


def pinned(event: Payload) -> Law:
    """Give the law an event must be scored by.

    Raises:
        RuleBookMissingError: this build has another rule book or catalogue.
    """
    book, catalogue = event["ruleBook"], event["catalogue"]
    year = event["performanceYear"]
    if year not in library.years():
        raise RuleBookMissingError(book)
    law = law_of(year)
    if law.rules.id != book or law.catalogue.id != catalogue:
        missing = f"{book} {catalogue}"
        raise RuleBookMissingError(missing)
    return law
