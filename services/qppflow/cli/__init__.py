"""The `qppflow` command."""
