"""What the listening test found, kept from one session to the next.

It lies in the person's state folder (`XDG_STATE_HOME`), for them alone to read. It is a
convenience: where it is missing or damaged, everything works without it.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from math import isfinite
from pathlib import Path
from typing import Any

from voicecoach.ears.told import Signs
from voicecoach.errors import EarsError

VERSION = 1

LOUDER = 15.0
"""dB of noise, or of the coach in the microphone, above those of the test: another room, or a
loudspeaker in the place of a headset."""

ELSEWHERE = 80.0
"""Ms by which the echo comes sooner or later than in the test: another device."""

_HARMLESS = -50.0  # dBFS; what is softer than this hinders nobody


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a test: the words that were heard, and the sound."""

    heard: tuple[str, ...]
    signs: Signs


def checked_path() -> Path:
    """Where the result lies."""
    base = Path(os.environ.get("XDG_STATE_HOME") or "relative")
    # An XDG path that is not absolute is to be ignored: specifications.freedesktop.org/basedir
    base = base if base.is_absolute() else Path.home() / ".local" / "state"
    return base / "voicecoach" / "listening.json"


def load_checked(path: Path) -> Checked | None:
    """The result; None where there was no test. Raises EarsError, to be told and passed over."""
    try:
        return _read(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        raise EarsError(
            f"{path}: the listening test's result cannot be read, and is passed over. "
            "Make the test anew: voicecoach listen-check."
        ) from None


def _read(data: dict[str, Any]) -> Checked:
    if data["version"] != VERSION:
        raise ValueError
    heard = tuple(str(word) for word in data["heard"])
    return Checked(heard, Signs(**{one.name: _level(data[one.name]) for one in fields(Signs)}))


def _level(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise TypeError
    return float(value)


def save_checked(path: Path, checked: Checked) -> None:
    """Keeps it, whole or not at all. Raises EarsError."""
    data = {"version": VERSION, "heard": checked.heard, **asdict(checked.signs)}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".listening-")  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(json.dumps(data) + "\n")
            os.replace(name, path)  # noqa: PTH105 - mkstemp gives a name
        except BaseException:
            os.unlink(name)  # noqa: PTH108 - mkstemp gives a name
            raise
    except OSError as error:
        raise EarsError(f"{path}: the result cannot be kept: {error.strerror}.") from None


def changed(then: Signs, now: Signs) -> bool:
    """Whether it will be harder to be heard than the test said, or it is another device."""
    for before, after in ((then.noise, now.noise), (then.echo, now.echo)):
        if before is not None and after is not None and after > max(before + LOUDER, _HARMLESS):
            return True
    if then.delay is None or now.delay is None:
        return False
    return abs(then.delay - now.delay) > ELSEWHERE
