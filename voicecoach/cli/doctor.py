"""`voicecoach doctor`: says what works on this machine, and what to do where it does not."""

from __future__ import annotations

import argparse
import time

from voicecoach.cli.exits import Exit

SUMMARY = "Check voice, loudspeaker, microphone and keys on this machine."

_PATIENCE = 8.0  # seconds for the microphone: the listening process loads its models first


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of this verb."""
    parser.add_argument("--quiet", action="store_true", help="do not speak the test sentence")


def run(arguments: argparse.Namespace) -> int:
    """One line for each organ. Exit code 4 when no sound can be made or none heard."""
    speaks = _voice_and_speaker(quiet=arguments.quiet)
    hears = _microphone()
    _listening_test()
    _keys()
    _routines()
    if speaks and hears:
        print("All is well.")
        return Exit.DONE
    print("A session goes on without what is missing: as text, or with keys.")
    return Exit.NO_AUDIO


def _voice_and_speaker(*, quiet: bool) -> bool:
    from voicecoach.core.units import RATE
    from voicecoach.errors import SpeakerError, VoiceError
    from voicecoach.speaker.base import play_once
    from voicecoach.speaker.choice import open_speaker
    from voicecoach.voice.silent import SilentVoice
    from voicecoach.voice.spoken import SpokenVoice

    voice, speaks = SpokenVoice(), True
    try:
        clip = voice.clip("This is how I sound.", RATE)
        print("Voice: works.")
    except VoiceError as error:
        clip, speaks = SilentVoice().clip("This is how I sound.", RATE), False
        print(f"Voice: {error}")
    finally:
        voice.close()
    try:
        speaker = open_speaker("device", lambda _why: None, lambda: None)
    except SpeakerError as error:
        print(f"Loudspeaker: {error}")
        return False
    print("Loudspeaker: works.")
    if speaks and not quiet:
        play_once(speaker, clip)
    else:
        speaker.close()
    return speaks


def _microphone() -> bool:
    from voicecoach.core.events import Lost
    from voicecoach.core.units import Ms
    from voicecoach.ears.base import Posted
    from voicecoach.ears.microphone import MicrophoneEars

    why: list[str] = []

    def post(event: Posted) -> None:
        if isinstance(event, Lost):
            why.append(event.why)

    ears = MicrophoneEars()
    ears.start(post, lambda: Ms(0))
    until = time.monotonic() + _PATIENCE
    while not (ears.hearing or ears.lost) and time.monotonic() < until:
        time.sleep(0.02)
    hears = ears.hearing
    ears.close()
    if hears:
        print("Microphone and recogniser: work.")
    else:
        print(f"Microphone: {why[0] if why else 'It does not answer. Use the keys.'}")
    return hears


def _listening_test() -> None:
    from voicecoach.ears.checked import checked_path, load_checked
    from voicecoach.errors import EarsError

    try:
        found = load_checked(checked_path())
    except EarsError as error:
        print(f"Listening test: {error}")
        return
    if found is None or found.signs.noise is None:
        print("Listening test: not made yet. Make it with: voicecoach listen-check")
    else:
        print(f"Listening test: heard {' and '.join(found.heard) or 'nothing'}.")


def _keys() -> None:
    from voicecoach.ears.keys import KeyEars

    keyboard = KeyEars()
    attached = keyboard.attached
    keyboard.close()
    print("Keys: work." if attached else "Keys: there is no terminal to press keys in.")


def _routines() -> None:
    from voicecoach.library import check_routine, shipped_routines

    for path in shipped_routines():
        errors = check_routine(path).errors
        print(f"Routine {path.stem}: {'has errors: voicecoach check.' if errors else 'fine.'}")
