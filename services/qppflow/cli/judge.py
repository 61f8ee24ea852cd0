"""Documents judged as the stream would judge them, however long they are."""

from dataclasses import replace
from datetime import date

from qpp.codes import Code
from qpp.findings import Finding
from qppflow.cli.document_bytes import Start
from qppflow.cli.documents import Document
from qppflow.runtime.decode import SIZE_LIMIT
from qppflow.runtime.judging import (
    LENIENT,
    STRICT_NPI,
    Judged,
    judge_advanced_apm,
    judge_feed,
    judge_submission,
)


def judge(
    document: Document, *, strict_npi: bool = False, received: date | None = None
) -> Judged:
    """Judge a submission that was read up to the limit of a record.

    *received* is the day it arrives, or None where that is not judged.
    """
    strict = STRICT_NPI if strict_npi else LENIENT
    judged = judge_submission(document.body, received=received, strict=strict)
    return _sized(judged, document)


def judge_as_feed(document: Document) -> Judged:
    """Judge a feed that was read up to the limit of a record."""
    return _sized(judge_feed(document.body), document)


def judge_as_advanced_apm(document: Document) -> Judged:
    """Judge figures of an Advanced APM that were read up to the limit of a record."""
    return _sized(judge_advanced_apm(document.body), document)


def _sized(judged: Judged, document: Document) -> Judged:
    """Tell the size of the whole document, not of its start."""
    body = document.body
    if not isinstance(body, Start):
        return judged
    size = "" if body.length is None else f"{body.length} bytes, "
    found = f"{size}more than {SIZE_LIMIT}{'' if size else ' bytes'}"
    return replace(judged, findings=tuple(_told(f, found) for f in judged.findings))


def _told(finding: Finding, found: str) -> Finding:
    return replace(finding, found=found) if finding.code == Code.TOO_LARGE else finding
