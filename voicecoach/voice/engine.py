"""What an engine is, in the child that holds it: a text in, the bytes of a sound file out.

Standard library only: the child must come up fast, and answer also where no engine loads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Unrenderable(Exception):  # noqa: N818 - it is an answer, not a fault of this program
    """No sound for that text, or (fatal) for any; the error's text is a sentence."""

    def __init__(self, sentence: str, *, fatal: bool) -> None:
        super().__init__(sentence)
        self.fatal = fatal


@dataclass(frozen=True, slots=True)
class Known:
    """A voice that an engine has. `language` as in "en-gb", empty where the engine tells none."""

    id: str
    name: str
    language: str
    chosen: bool  # it speaks where no voice is asked for


class Engine(Protocol):
    """One at a time is asked, from the child's main thread."""

    def render(self, text: str, rate: int, voice: str | None) -> bytes:
        """A whole WAV or AIFF file of the text at so many words a minute; None: its own voice.

        Raises Unrenderable; whatever else it raises is told as a fault of the engine.
        """

    def voices(self) -> list[Known]:
        """The voices that can be asked for by name. Raises Unrenderable."""
