"""Completes revisions: four categories become one final score."""
