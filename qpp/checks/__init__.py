"""Semantic checks: what a document alone can tell, beyond its JSON Schema."""

from qpp.checks.feeds import check_feed
from qpp.checks.submission import check_submission

__all__ = ["check_feed", "check_submission"]
