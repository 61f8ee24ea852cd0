"""Scores the cost category of every revision."""
