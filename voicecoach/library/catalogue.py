"""The shelf: which routines are shipped, and what a name means.

Law: a name that nobody knows is answered with the names that come near.
"""

from __future__ import annotations

import re
from pathlib import Path

from voicecoach.errors import VoicecoachError

_PACKAGE = Path(__file__).resolve().parents[1]
_SHELVES = (_PACKAGE / "routines", _PACKAGE.parent / "routines")
"""In a wheel the routines travel inside the package; in a checkout they stand beside it."""

SUFFIXES = (".yaml", ".yml")


def shipped_routines() -> list[Path]:
    """The routine files that come with the coach, by name."""
    shelf = next((folder for folder in _SHELVES if folder.is_dir()), None)
    return sorted(p for p in shelf.iterdir() if p.suffix in SUFFIXES) if shelf else []


def find_routine(name_or_path: str) -> Path:
    """The file that is meant: a path, or the name of a shipped routine, however it is typed.

    Raises VoicecoachError for a name that is not on the shelf. A path is not looked into:
    `load_routine` says what is wrong with it.
    """
    path = Path(name_or_path)
    looks_like_path = len(path.parts) > 1 or path.suffix in SUFFIXES or path.is_absolute()
    shelf = {file.stem: file for file in shipped_routines()}
    name = _plain(path.stem if path.suffix in SUFFIXES else name_or_path)
    if not looks_like_path and name in shelf:
        return shelf[name]
    if looks_like_path and (len(path.parts) > 1 or _exists(path)):
        return path
    if name in shelf:
        return shelf[name]
    if _exists(path):
        return path
    raise VoicecoachError(_unknown(name_or_path, name, shelf))


def _plain(name: str) -> str:
    """A name as a person may type it: "Gentle Back" -> "gentle-back"."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _unknown(typed: str, name: str, shelf: dict[str, Path]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong name pays for it

    near = get_close_matches(name[:60], shelf, 3, 0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"I know {', '.join(shelf)}."
    short = typed if len(typed) <= 60 else typed[:60] + "..."  # noqa: PLR2004
    return f"There is no routine and no file named {short!r}. {hint}"
