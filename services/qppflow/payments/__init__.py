"""Decides for each clinician which final score pays, and what it is worth."""
