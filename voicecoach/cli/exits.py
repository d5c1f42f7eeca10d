"""Exit codes of the command line."""

from enum import IntEnum


class Exit(IntEnum):
    """What the process tells its caller."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    PAIN = 3
    NO_AUDIO = 4
    INTERRUPTED = 130
