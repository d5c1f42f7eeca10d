"""One session's diary, put together: what is remembered at its start, and who writes it down.

Law: a diary that cannot be used is told of once and changes nothing else about the session.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from voicecoach.core.memory import Memory
from voicecoach.core.routine import Routine
from voicecoach.diary.diary import Diary
from voicecoach.diary.recall import recall
from voicecoach.diary.scribe import Scribe
from voicecoach.diary.writer import Writer
from voicecoach.errors import DiaryError


class SessionDiary:
    """`memory` for the session, `scribe` to observe it; `close` when it is over."""

    def __init__(self, path: Path, routine: Routine, failed: Callable[[str], None]) -> None:
        """`routine` is the one that is played, for this person. `failed` gets a sentence, once.

        It is called here, or on the writer's thread.
        """
        self.memory = Memory()
        told = False

        def tell_once(why: str) -> None:
            nonlocal told
            if not told:
                told = True
                failed(why)

        diary: Diary | None = None
        try:
            diary = Diary(path)
            self.memory = recall(diary, routine)
        except DiaryError as error:
            tell_once(str(error))
        self._writer = Writer(path, tell_once, diary=diary)
        self.scribe = Scribe(routine, self._writer.put, lambda: datetime.now().astimezone())

    def close(self) -> None:
        """Waits until all is written, though not for ever."""
        self._writer.close()
