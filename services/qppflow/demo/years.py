"""The years that the demo plays: those its practices know how to report."""

from qpp import library


def years_to_play() -> tuple[int, ...]:
    """Give the years whose Promoting Interoperability is scored by objectives.

    Before, it was advancing care information, which no practice here reports.
    """
    return tuple(
        year
        for year in library.years()
        if library.rules(year).promoting_interoperability.advancing_care is None
    )
