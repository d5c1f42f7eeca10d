"""`voicecoach hear`: what the live ears would have heard in these recordings.

Law: the same speech detector, decoder and decisions as in a session; nothing is sent anywhere
unless a recogniser that does so is named.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli.exits import Exit
from voicecoach.core.commands import Context
from voicecoach.errors import EarsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.ears.hearing import Decision, Hearing

SUMMARY = "Tell which commands are heard in WAV files."

ANY = "any"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.wav", help="a PCM WAV file")
    parser.add_argument("--json", action="store_true", help="one JSON object on a line")
    parser.add_argument(
        "--context",
        choices=(ANY, *Context),
        default=ANY,
        help="which commands are open; any (the default): all together, but numbers only in number",
    )
    parser.add_argument(
        "--recognizer",
        "--recogniser",
        default="pocketsphinx",
        metavar="NAME",
        help="the engine for commands (pocketsphinx); safety words always use pocketsphinx",
    )


def run(arguments: argparse.Namespace) -> int:
    """Hears each file; exit code 1 when one of them could not be read."""
    from voicecoach.ears.recogniser import check_recogniser, sends_audio

    check_recogniser(arguments.recognizer)
    if sends_audio(arguments.recognizer):
        print(
            f"The recogniser {arguments.recognizer} sends this audio over the internet.",
            file=sys.stderr,
        )
    code = Exit.DONE
    for path in arguments.files:
        try:
            found = list(_hear(path, arguments.context, arguments.recognizer))
        except EarsError as error:
            print(error, file=sys.stderr, flush=True)
            code = Exit.ERROR
            continue
        for line in _json(path, found) if arguments.json else _sentences(path, found):
            print(line, flush=True)
    return code


def _hear(path: Path, context: str, recogniser: str) -> Iterator[Decision]:
    from voicecoach.ears.sound import chunks, read_wav

    pcm = read_wav(path)
    hearing = _hearing(context, recogniser)
    for chunk in chunks(pcm):
        yield from hearing.feed(chunk)
    yield from hearing.flush()


def _hearing(context: str, recogniser: str) -> Hearing:
    from voicecoach.core.en import PHRASES
    from voicecoach.ears.hearing import every_context, hearing

    def failed(error: EarsError) -> None:
        print(error, file=sys.stderr, flush=True)

    ears = hearing(recogniser, PHRASES, failed)
    ears.contexts = every_context() if context == ANY else (Context(context),)
    return ears


def _json(path: Path, found: list[Decision]) -> Iterator[str]:
    from voicecoach.ears.hearing import ms

    if not found:
        yield json.dumps({"file": str(path), "intent": None})
    for one in found:
        yield json.dumps(
            {
                "file": str(path),
                "intent": one.intent.value,
                "phrase": one.phrase,
                "by": one.by,
                "at_ms": ms(one.began),
                "decided_ms": ms(one.decided),
            }
        )


def _sentences(path: Path, found: list[Decision]) -> Iterator[str]:
    from voicecoach.ears.hearing import ms

    if not found:
        yield f"{path}: no command."
    for one in found:
        yield (
            f'{path}: "{one.phrase}" ({one.intent.value}) at {ms(one.began) / 1000:.2f} seconds, '
            f"decided at {ms(one.decided) / 1000:.2f}."
        )
