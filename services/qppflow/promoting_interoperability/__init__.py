"""Scores Promoting Interoperability of every revision."""
