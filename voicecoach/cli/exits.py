"""Exit codes of the command line."""

from __future__ import annotations

from enum import IntEnum

from voicecoach.core.actions import Outcome


class Exit(IntEnum):
    """What the process tells its caller."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    PAIN = 3
    NO_AUDIO = 4
    INTERRUPTED = 130

    @classmethod
    def of(cls, outcome: Outcome) -> Exit:
        """The code of a session that ended so."""
        match outcome:
            case Outcome.DONE:
                return cls.DONE
            case Outcome.PAIN:
                return cls.PAIN
            case Outcome.INTERRUPTED:
                return cls.INTERRUPTED
