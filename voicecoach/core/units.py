"""Units of the core. Time is whole milliseconds; a float second never decides anything."""

from typing import NewType

Ms = NewType("Ms", int)
"""A moment on the session's clock, or a span of it, in whole milliseconds."""

SECOND = Ms(1000)


def seconds(count: int) -> Ms:
    """Whole seconds as milliseconds."""
    return Ms(count * 1000)


def clock_time(at: Ms) -> str:
    """A moment as `hh:mm:ss.mmm`, which captions and chapters share."""
    minutes, rest = divmod(at, 60 * SECOND)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // SECOND:02}.{rest % SECOND:03}"


RATE = 165
"""Words a minute to begin with: calm, and every number up to sixty fits in its second."""

RATES = range(80, 601)
"""Words a minute that engines can speak, and that somebody understands: people who use a screen
reader listen at 400 and more. "Slower" and "faster" keep within them.
"""
