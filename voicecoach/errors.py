"""Every error the coach raises on purpose. Below one base stands whose fault it is.

The text of an error is read aloud to a person: what is wrong, where, and what to do.
"""

from __future__ import annotations

from pathlib import Path


class VoicecoachError(Exception):
    """Base of all errors raised on purpose; its text is fit to be shown and heard."""


class RoutineError(VoicecoachError):
    """A routine file is wrong: where, which rule, what, and what to do."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a part of the sentence
        self, path: Path | str, line: int, column: int, rule: str, what: str, fix: str
    ) -> None:
        """Line and column count from 1."""
        self.path, self.line, self.column = Path(path), line, column
        self.rule, self.what, self.fix = rule, what, fix
        super().__init__(f"{path}:{line}:{column}: {rule}: {what} {fix}")


class VoiceError(VoicecoachError):
    """No speech could be rendered."""


class SpeakerError(VoicecoachError):
    """No sound could be played."""


class EarsError(VoicecoachError):
    """Nothing could be heard."""


class DiaryError(VoicecoachError):
    """The diary could not be read or written; nothing in it was changed."""
