"""Files that have their names only when they are whole.

Law: what was there before stays until all files of one piece of work are whole; what a killed
process left behind is swept away by the next one that writes to the same name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from voicecoach.errors import SpeakerError

_SUFFIX = ".part"


@dataclass(frozen=True, slots=True)
class Draft:
    """A file in the making: where it is written, and what it will be called."""

    path: Path
    name: Path

    def failure(self, why: object) -> SpeakerError:
        """What to say when it cannot be written."""
        reason = why.strerror if isinstance(why, OSError) and why.strerror else why
        return SpeakerError(f"{self.name} cannot be written: {reason}. Choose another place.")

    @contextmanager
    def text(self) -> Iterator[TextIO]:
        """Opened for text, UTF-8. Raises SpeakerError when that, or writing, fails."""
        try:
            with self.path.open("w", encoding="utf-8", newline="\n") as stream:
                yield stream
        except OSError as error:
            raise self.failure(error) from error


class Drafts:
    """The files of one piece of work, to be kept together or not at all."""

    def __init__(self) -> None:
        self._drafts: list[Draft] = []

    def new(self, name: Path) -> Draft:
        """A place beside the name, always the same, in a folder that is made where it is missing.

        Raises SpeakerError where there can be none.
        """
        known = next((one for one in self._drafts if one.name == name), None)
        if known is not None:
            return known
        draft = Draft(name.with_name(f".{name.name}.{os.getpid()}{_SUFFIX}"), name)
        try:
            name.parent.mkdir(parents=True, exist_ok=True)
            _sweep(name)
            draft.path.touch()
        except OSError as error:
            raise draft.failure(error) from error
        self._drafts.append(draft)
        return draft

    def keep(self) -> None:
        """Gives all of them their names. Raises SpeakerError; then the others are gone."""
        while self._drafts:
            draft = self._drafts[0]
            try:
                draft.path.replace(draft.name)
            except OSError as error:
                raise draft.failure(error) from error
            self._drafts.pop(0)

    def close(self) -> None:
        """Removes what has no name yet. May be called twice."""
        while self._drafts:
            with suppress(OSError):
                self._drafts.pop().path.unlink()


def _sweep(name: Path) -> None:
    """Removes what dead processes left of a file of this name."""
    for left in name.parent.glob(f".{_literal(name.name)}.*{_SUFFIX}"):
        process = left.name.removesuffix(_SUFFIX).rpartition(".")[2]
        if process.isdecimal() and not _alive(int(process)):
            with suppress(OSError):
                left.unlink()


def _literal(name: str) -> str:
    """A name as a pattern that means nothing but itself."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _alive(process: int) -> bool:
    if os.name == "nt":
        return True  # there, asking would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
