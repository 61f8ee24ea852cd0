"""Scores the quality category of every revision."""
