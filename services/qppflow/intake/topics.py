"""The topics of the front door, by the contracts' names."""

from typing import Final

STAGE: Final = "intake"
SUBMISSIONS: Final = "qpp-submissions"
FEEDS: Final = "qpp-cms-feeds"
FACTS: Final = "qpp-entity-facts"
RESULTS: Final = "qpp-submission-results"
