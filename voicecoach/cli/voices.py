"""`voicecoach voices`: the voices of this machine, and how each of them sounds."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from voicecoach.cli.exits import Exit
from voicecoach.cli.options import add_rate

if TYPE_CHECKING:
    from voicecoach.voice.engine import Known

SUMMARY = "List the voices of this machine; let one speak, with --try."

_SENTENCE = "This is how I sound. One, two, three."


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of this verb."""
    parser.add_argument(
        "--language", default="", metavar="LANGUAGE", help="only voices of that one: en, or en-us"
    )
    parser.add_argument(
        "--try",
        nargs="?",
        const="",
        default=None,
        dest="tried",
        metavar="VOICE",
        help="speak a sentence: in that voice, or in the one that is chosen",
    )
    add_rate(parser)


def run(arguments: argparse.Namespace) -> int:
    """Lists voices, or lets one speak. Exit code 4 where there is no loudspeaker for that."""
    if arguments.tried is not None:
        return _try(arguments.tried or None, arguments.rate)
    return _list(arguments.language)


def _list(language: str) -> int:
    from voicecoach.voice.child import Renderer

    renderer = Renderer()
    try:
        known = renderer.voices()
    finally:
        renderer.close()
    wanted = [voice for voice in known if _speaks(voice, language)]
    for voice in sorted(wanted, key=lambda one: (one.language, one.id)):
        spoken = f", language {voice.language}" if voice.language else ""
        chosen = ", chosen: it speaks where you name none" if voice.chosen else ""
        print(f"{voice.id}: {voice.name}{spoken}{chosen}.")
    if not wanted:
        languages = ", ".join(sorted({voice.language for voice in known} - {""}))
        print(f"There is no voice of the language {language}. There are: {languages}.")
    print("Hear one: voicecoach voices --try NAME. Be coached by it: voicecoach play --voice NAME.")
    print(_about_piper())
    return Exit.DONE


def _speaks(voice: Known, language: str) -> bool:
    """Whether it is of that language: en is any English, en-us only one."""
    wanted = language.lower().replace("_", "-")
    return not wanted or voice.language == wanted or voice.language.startswith(f"{wanted}-")


def _about_piper() -> str:
    from importlib.util import find_spec

    if find_spec("piper") is None:
        return "A more natural voice: pip install 'voicecoach[piper]', and a voice file of Piper."
    return "Piper is installed. A voice file of it is a name, too: --voice path/to/NAME.onnx."


def _try(name: str | None, rate: int) -> int:
    from voicecoach.errors import SpeakerError
    from voicecoach.speaker.base import play_once
    from voicecoach.speaker.choice import open_speaker
    from voicecoach.voice.spoken import SpokenVoice

    voice = SpokenVoice(name)
    try:
        clip = voice.clip(_SENTENCE, rate)
    finally:
        voice.close()
    try:
        speaker = open_speaker("device", lambda _why: None, lambda: None)
    except SpeakerError as error:
        print(f"The voice works, but it cannot be heard. {error}")
        return Exit.NO_AUDIO
    print(f"{name or 'The chosen voice'} says: {_SENTENCE}")
    play_once(speaker, clip)
    return Exit.DONE
