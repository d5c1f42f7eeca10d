"""Exit codes of the command line."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the process tells its caller; an `Outcome` has the code of its name."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    PAIN = 3
    NO_AUDIO = 4
    INTERRUPTED = 130
