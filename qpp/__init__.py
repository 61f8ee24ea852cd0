"""The law of the Quality Payment Program, pure: values in, scores and reasons out."""

__version__ = "0.1.0"
