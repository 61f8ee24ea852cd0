"""Assesses the 180-day period of Promoting Interoperability sets."""
