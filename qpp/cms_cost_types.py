"""The type of a cost measure, as CMS's own description names it.

The type decides the case minimum, so a measure without exactly one is never guessed:
either the rule file of its year names it, or the import fails.
"""

import re
from collections.abc import Mapping
from typing import Final

from qpp.cms_record import Record

SIGNS: Final = {
    "procedural": re.compile(r"\bprocedural\b", re.IGNORECASE),
    "acuteInpatient": re.compile(r"\bacute inpatient\b", re.IGNORECASE),
    "chronic": re.compile(r"\bchronic\b", re.IGNORECASE),
    "careSetting": re.compile(r"\bcare setting\b", re.IGNORECASE),
}


def cost_type(record: Record, types_by_measure: Mapping[str, str]) -> str:
    """Give the one type that the description names; empty where a rule names it.

    Raises:
        CmsError: the description names no type or several, and no rule decides.
    """
    if record.text("measureId") in types_by_measure:
        return ""
    description = record.optional_text("description")
    found = [name for name, sign in SIGNS.items() if sign.search(description)]
    if len(found) != 1:
        record.refuse(
            "description",
            f"exactly one cost type, found {' and '.join(found) or 'none'}; "
            "name it in types_by_measure of the year's cost.toml",
        )
    return found[0]
