"""Writing down in the background: a thread of its own, because a disk may take a second.

Laws:
- `put` never waits: the one who coaches is not stopped by a disk.
- `written` is told of what is on the disk, and only then.
- What cannot be written now is kept and tried again with the next; the person is told once.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

from voicecoach.diary.diary import Diary
from voicecoach.diary.rows import Entry
from voicecoach.errors import DiaryError

LAST_WAIT = 5.0
"""Seconds that the end of a session waits for a disk."""


class Writer:
    """Takes entries from the session and has them written, in their order."""

    def __init__(
        self,
        path: Path,
        failed: Callable[[str], None],
        written: Callable[[int], None] = lambda _: None,
        diary: Diary | None = None,
    ) -> None:
        """`written` is told how many are safe so far; both are called on the writer's thread.

        `diary` is one that is open already; it is the writer's from now on.
        """
        self._path, self._failed, self._written = path, failed, written
        self._diary = diary
        self._queue: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._waiting: list[Entry] = []
        self._count = 0
        self._told = False
        # A daemon: a disk that hangs for good does not keep the process.
        self._thread = threading.Thread(target=self._run, name="diary", daemon=True)
        self._thread.start()

    def put(self, entry: Entry) -> None:
        """Has it written; returns at once."""
        self._queue.put(entry)

    def close(self) -> None:
        """Waits for what is still to be written, though not for ever."""
        self._queue.put(None)
        self._thread.join(LAST_WAIT)

    def _run(self) -> None:
        going = True
        while going:
            taken = [self._queue.get()]
            while not self._queue.empty():  # what has gathered meanwhile is one transaction
                taken.append(self._queue.get())
            going = None not in taken
            self._waiting += [entry for entry in taken if entry is not None]
            self._write()
        if self._diary is not None:
            self._diary.close()

    def _write(self) -> None:
        if not self._waiting:
            return
        try:
            if self._diary is None:
                self._diary = Diary(self._path)
            self._diary.add(self._waiting)
        except DiaryError as error:
            if not self._told:
                self._told = True
                self._failed(str(error))
            return
        self._count += len(self._waiting)
        self._waiting = []
        self._written(self._count)
