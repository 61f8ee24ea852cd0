"""Joins what is known of an entity: facts in, one revision out for each."""
