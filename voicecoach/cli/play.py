"""`voicecoach play`: coaches a person through a routine, live."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from voicecoach.cli.exits import Exit
from voicecoach.cli.options import (
    add_diary,
    add_person,
    add_routine,
    add_voice,
    for_person,
    milliseconds,
)
from voicecoach.errors import SpeakerError

SUMMARY = "Coach a person through a routine, aloud, hands-free."


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of this verb."""
    add_routine(parser)
    add_person(parser)
    parser.add_argument(
        "--ears",
        choices=("auto", "microphone", "keys", "typed", "none"),
        default="auto",
        help="how the person is heard: auto is microphone and keys; typed is words on lines",
    )
    parser.add_argument(
        "--speaker",
        choices=("auto", "device", "silent"),
        default="auto",
        help="device fails where there is no loudspeaker; auto then goes on as text",
    )
    parser.add_argument(
        "--recognizer",
        default="pocketsphinx",
        metavar="NAME",
        help="another engine for all but the safety words: vosk, whisper, google ...",
    )
    add_voice(parser)
    parser.add_argument(
        "--wait",
        type=milliseconds,
        metavar="SECONDS",
        help="go on so long after an exercise is explained, without being told ready",
    )
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="write what happens, as JSON lines"
    )
    parser.add_argument(
        "--keep-audio",
        type=Path,
        metavar="DIR",
        help="keep what the microphone hears there, for finding faults; it is announced",
    )
    add_diary(parser)


def run(arguments: argparse.Namespace) -> int:
    """Plays a routine to its end; the exit code tells how it ended."""
    from voicecoach.library import find_routine, load_routine
    from voicecoach.library.profile import load_profile, profile_path
    from voicecoach.live import Options, coach

    routine = load_routine(find_routine(arguments.routine))
    options = Options(
        ears=arguments.ears,
        speaker=arguments.speaker,
        recogniser=arguments.recognizer,
        voice=arguments.voice,
        rate=arguments.rate,
        wait=arguments.wait,
        log=arguments.log,
        diary=arguments.diary,
        keep_audio=arguments.keep_audio,
        profile=for_person(routine, load_profile(profile_path()), arguments),
    )
    try:
        return Exit[coach(routine, options).name]
    except SpeakerError as error:
        print(error, file=sys.stderr)
        return Exit.NO_AUDIO
