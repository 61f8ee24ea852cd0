"""Scores improvement activities of every revision."""
