"""A made-up population of clinicians and groups, as seen by the stream."""
