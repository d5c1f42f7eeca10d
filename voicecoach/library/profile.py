"""The person's own file: what they must avoid, their numbers, and what they have set up.

It lies in the configuration folder of the person (`XDG_CONFIG_HOME`), never in a shipped file.
A damaged one is an error and is not touched: what somebody must avoid is not to be forgotten.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import yaml

from voicecoach.core.profile import LARGEST, Profile
from voicecoach.core.routine import Flag, PainRule
from voicecoach.errors import VoicecoachError


def profile_path() -> Path:
    """Where the profile lies."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "voicecoach" / "profile.yaml"


def load_profile(path: Path) -> Profile:
    """The profile; an empty one where there is no file. Raises VoicecoachError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Profile()
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        raise _damaged(path, "it cannot be read") from None
    if data is None:
        return Profile()
    if not isinstance(data, dict) or not set(data) <= _KEYS:
        raise _damaged(path, f"it may hold only {', '.join(sorted(_KEYS))}")
    contacts = {name: _text(path, data, key) for key, name in _CONTACTS.items() if key in data}
    return Profile(
        avoid=_avoid(path, data.get("avoid")),
        doses=_doses(path, data.get("doses")),
        contacts={name: text for name, text in contacts.items() if text},
        alert=_text(path, data, "alert_command"),
        scores=_scores(path, data.get("scores", True)),
        pain_rule=_pain_rule(path, data.get("pain_rule")),
    )


_CONTACTS = {
    "emergency_number": "emergency",
    "urgent_line": "urgent_line",
    "emergency_place": "place",
}
_KEYS = {"avoid", "doses", *_CONTACTS, "alert_command", "scores", "pain_rule"}


def _text(path: Path, data: dict[str, object], key: str) -> str:
    """A number without its quotes loses its zeros, or is read as another one: 0112 is 74."""
    value = data.get(key, "")
    if not isinstance(value, str) or not value.isprintable():
        raise _damaged(path, f'{key} is one line of text, and a number stands in quotes, as "112"')
    return value.strip()


def _scores(path: Path, data: object) -> bool:
    if not isinstance(data, bool):
        raise _damaged(path, "scores is on or off")
    return data


def _pain_rule(path: Path, data: object) -> PainRule | None:
    names = [rule.value for rule in PainRule]
    if data is not None and data not in names:
        raise _damaged(path, f"pain_rule is {' or '.join(names)}")
    return None if data is None else PainRule(data)


def _avoid(path: Path, data: object) -> frozenset[Flag]:
    names = [flag.value for flag in Flag]
    if data is None:
        return frozenset()
    if not isinstance(data, list) or any(name not in names for name in data):
        raise _damaged(path, f"avoid is a list of {', '.join(names)}")
    return frozenset(Flag(name) for name in data)


def _doses(path: Path, data: object) -> dict[str, dict[str, int]]:
    if data is None:
        return {}
    if not isinstance(data, dict) or not all(isinstance(one, dict) for one in data.values()):
        raise _damaged(path, "doses holds numbers by exercise and name")
    for exercise, numbers in data.items():
        for name, value in numbers.items():
            largest = LARGEST.get(str(name).partition(".")[0], 0)
            if type(value) is not int or not 1 <= value <= largest:
                raise _damaged(path, f"{exercise}.{name} is no number from 1 to {largest}")
    return {str(exercise): dict(numbers) for exercise, numbers in data.items()}


def _damaged(path: Path, what: str) -> VoicecoachError:
    return VoicecoachError(f"{path}: {what}. Mend it, or move it away to begin with a new one.")


def save_profile(path: Path, profile: Profile) -> None:
    """Writes the profile whole or not at all. Raises VoicecoachError."""
    contacts = {key: profile.contacts.get(name) for key, name in _CONTACTS.items()}
    data: dict[str, object] = {
        "avoid": sorted(flag.value for flag in profile.avoid),
        "doses": {exercise: dict(own) for exercise, own in profile.doses.items()},
        **{key: text for key, text in contacts.items() if text},
        "scores": profile.scores,
    }
    if profile.alert:
        data["alert_command"] = profile.alert
    if profile.pain_rule is not None:
        data["pain_rule"] = profile.pain_rule.value
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".profile-", text=True)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                yaml.safe_dump(data, stream, allow_unicode=True)
            os.replace(name, path)  # noqa: PTH105 - mkstemp gives a name
        except BaseException:
            os.unlink(name)  # noqa: PTH108 - mkstemp gives a name
            raise
    except OSError as error:
        raise VoicecoachError(f"{path}: cannot be written: {error.strerror}.") from None
