"""What the command's exit codes mean; scripts may rely on them."""

from enum import IntEnum


class Exit(IntEnum):
    """0 means what was asked for is true; nothing else is 0."""

    OK = 0
    NOT_ACCEPTED = 1
    USAGE = 2
    NEEDS_OPERATOR = 3
    UNREACHABLE = 4


EPILOG = (
    "Exit codes: 0 all good; 1 something was rejected, parked or does not hold; "
    "2 wrong usage or an unreadable file; 3 an operator must act, also where output "
    "cannot be written or this build is broken; 4 broker or database cannot be reached."
)
