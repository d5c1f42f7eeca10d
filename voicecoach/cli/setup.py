"""`voicecoach setup`: asks for what the coach must not guess: whom to call, where to go."""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.cli.exits import Exit

if TYPE_CHECKING:
    from voicecoach.core.profile import Profile

SUMMARY = "Say whom to call in an emergency, and what the coach asks you."

_QUESTIONS: Mapping[str, str] = {
    "emergency": "Emergency number, as in 112, 999 or 911",
    "urgent_line": "Whom to call for urgent advice: a number, or words",
    "place": "Where to go when something must be seen at once, as in: the emergency room",
}
_ALERT = "A command to run in an emergency, as in: /home/me/bin/text-my-sister"
_ALERT_WHEN = (
    "A command can send an alert for you: in an emergency, and when you do not answer after pain."
)
_YES, _NO = "yes", "no"
_LONGEST = 200


def configure(parser: argparse.ArgumentParser) -> None:
    """In lines, or aloud."""
    parser.epilog = "One question a line. Enter keeps what there is; a dash takes it away."
    parser.add_argument(
        "--aloud",
        action="store_true",
        help="ask aloud, and be answered by voice or single keys; each answer is said back",
    )


def run(arguments: argparse.Namespace) -> int:
    """Asks, shows what was answered, and keeps it when that is right."""
    if arguments.aloud:
        from voicecoach.cli.setup_aloud import set_up

        return set_up()
    from voicecoach.library.profile import load_profile, profile_path, save_profile

    path = profile_path()
    print("Enter keeps what there is. A dash takes it away.")
    try:
        profile = _asked(load_profile(path))
        _show(profile)
        if _answer("Is that right? yes or no", _YES) != _YES:
            print("Nothing was changed.")
            return Exit.DONE
    except EOFError:
        print("Nothing was changed.", file=sys.stderr)
        return Exit.ERROR
    save_profile(path, profile)
    print(f"Kept in {path}.")
    return Exit.DONE


def _asked(profile: Profile) -> Profile:
    contacts = dict(profile.contacts)
    for name, question in _QUESTIONS.items():
        contacts[name] = _text(question, contacts.get(name, ""))
    print(_ALERT_WHEN)
    alert = _command(_ALERT, profile.alert)
    old = _YES if profile.scores else _NO
    scores = _answer("Ask how strong your pain is, before and after? yes or no", old) == _YES
    kept = {name: text for name, text in contacts.items() if text}
    return replace(profile, contacts=kept, alert=alert, scores=scores)


def _text(question: str, old: str) -> str:
    while True:
        words = _answer(question, old)
        if words == "-":
            return ""
        if words.isprintable() and len(words) <= _LONGEST:
            return words
        print(f"At most {_LONGEST} letters, on one line.")


def _command(question: str, old: str) -> str:
    """A command that this machine has: one that cannot be run is found out now, not then."""
    while True:
        command = _text(question, old)
        try:
            words = shlex.split(command)
        except ValueError:
            words = [""]
        if not words or shutil.which(words[0]):
            return command
        print("There is no such command here. Write its whole path, or a dash for none.")


def _answer(question: str, old: str) -> str:
    """What was typed; what there was where that is nothing. Raises EOFError."""
    print(f"{question} [{old}]: " if old else f"{question}: ", end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        print()
        raise EOFError
    words = line.strip() or old
    short = words.lower()
    return {"y": _YES, "n": _NO}.get(short, short if short in {_YES, _NO} else words)


def _show(profile: Profile) -> None:
    """All of it, as it will be said and run."""
    from voicecoach.core.en import EN
    from voicecoach.core.en_safety import UNSET

    for name, unset in UNSET.items():
        said = EN.dialled(profile.contacts.get(name, "")) or unset
        print(f"The coach will say: {_SAID[name].format(said)}")
    words = shlex.split(profile.alert)
    print(f"In an emergency it runs: {words}" if words else "In an emergency it runs nothing.")
    print(f"It asks how strong your pain is: {_YES if profile.scores else _NO}.")


_SAID = {"emergency": "Call {}.", "urgent_line": "Call {}.", "place": "Go to {}."}
