"""From a path to its text, or to the sentence that says why not.

Law: whatever stands at the path (nothing, a folder, a pipe, a photograph) the answer comes at
once, and reads no more than `MOST_BYTES`.
"""

from __future__ import annotations

import codecs
import re
import stat
from pathlib import Path
from typing import NoReturn

from voicecoach.errors import RoutineError
from voicecoach.library.report import TOP, Spot

MOST_BYTES = 1_000_000
"""A routine of fifty long exercises is some 150 kB; a megabyte is something else."""

UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML forbids in a text (YAML 1.1, c-printable)."""

LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line in YAML 1.1."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path) -> str:
    """The text of a routine file, without byte order mark. Raises RoutineError."""
    return _decoded(path, _bytes(path))


def spot_at(text: str, index: int) -> Spot:
    """Line and column of a character, lines ending as YAML has them."""
    before = LINE_END.split(text[:index])
    return Spot(len(before), len(before[-1]) + 1)


def _refuse(path: Path, at: Spot, rule: str, what: str, fix: str) -> NoReturn:
    raise RoutineError(path, at.line, at.column, rule, what, fix) from None


def _bytes(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            _refuse(path, TOP, "folder", "This is a folder.", "Name a routine file inside it.")
        if not stat.S_ISREG(mode):
            # A pipe or a device may never end, or never begin.
            _refuse(path, TOP, "not-a-file", "This is no ordinary file.", "Name a routine file.")
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        _refuse(path, TOP, "not-found", "There is no such file.", "Check the name and the folder.")
    except PermissionError:
        fix = "Allow yourself to read it, or copy it to a folder of your own."
        _refuse(path, TOP, "permission", "You are not allowed to read this file.", fix)
    except (OSError, ValueError) as error:
        # ValueError: a path with a NUL byte in it.
        why = getattr(error, "strerror", None) or "the name cannot be used"
        _refuse(path, TOP, "unreadable", f"The file cannot be read: {why}.", "Check the name.")
    if len(raw) > MOST_BYTES:
        what = "This file is larger than one megabyte, too large for a routine."
        _refuse(path, TOP, "too-large", what, "Name a routine file, or split it in two.")
    return raw


def _decoded(path: Path, raw: bytes) -> str:
    if raw.startswith(_UTF_16):
        fix = "Save it again from your editor as UTF-8."
        _refuse(path, TOP, "encoding", "The file is saved as UTF-16.", fix)
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if (nul := raw.find(0)) >= 0:
        at = spot_at(raw[:nul].decode("utf-8", "replace"), nul)
        fix = "Name a routine file; if it is one, save it again as plain text in UTF-8."
        _refuse(path, at, "binary", "This is no text file: it holds a zero byte.", fix)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        at = spot_at(raw[: error.start].decode("utf-8"), error.start)
        what = f"The byte {raw[error.start]:#04x} here is no UTF-8."
        _refuse(path, at, "encoding", what, "Save the file again from your editor as UTF-8.")
    if bad := UNPRINTABLE.search(text):
        what = f"There is a control character here, code {ord(bad[0])}."
        _refuse(path, spot_at(text, bad.start()), "control", what, "Delete it.")
    return text
