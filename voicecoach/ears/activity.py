"""Whether a process that does not answer is too slow, or stands still.

Law: what cannot be known counts as work: a process that is merely slow is not to be ended.
"""

from __future__ import annotations

from pathlib import Path


class Activity:
    """Watches the main thread of a process; the others of a frozen one may well go on."""

    def __init__(self) -> None:
        self._pid = self._used = -1
        self._seen = 0

    def idle(self, pid: int, now: int) -> int:
        """Ms for which it has neither worked nor waited for a processor or a disk.

        `now`: of any clock, in ms. Known on Linux (proc(5)): 0 everywhere else.
        """
        try:
            line = Path(f"/proc/{pid}/task/{pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return 0
        # The name before may hold anything. Fields 3, 14 and 15: state, and ticks of the processor.
        facts = line.rpartition(")")[2].split()
        used = int(facts[11]) + int(facts[12])
        if facts[0] in {"R", "D"} or (pid, used) != (self._pid, self._used):
            self._pid, self._used, self._seen = pid, used, now
        return now - self._seen
