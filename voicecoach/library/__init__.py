"""The library: routine files, read strictly, and the shelf they stand on.

Law: a file becomes a whole `Routine` or a `RoutineError` with file, line, column, rule and
fix; never a traceback, never half a routine, never a dose that nobody wrote.
"""

from voicecoach.library.catalogue import find_routine, shipped_routines
from voicecoach.library.loader import Findings, check_routine, load_routine
from voicecoach.library.report import Advice

__all__ = [
    "Advice",
    "Findings",
    "check_routine",
    "find_routine",
    "load_routine",
    "shipped_routines",
]
