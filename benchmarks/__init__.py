"""Ratios of ours to a baseline of the same run; docs/benchmarks.md explains them."""
