"""Assesses quality measurements: data completeness, cases and rates."""
