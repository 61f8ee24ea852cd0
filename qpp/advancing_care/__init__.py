"""Advancing care information: what Promoting Interoperability was until 2018."""
