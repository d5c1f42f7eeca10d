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

    from voicecoach.ears.listening import Listening, Told

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
            found: list[Told] = list(_hear(path, arguments.context, arguments.recognizer))
        except EarsError as error:
            print(error, file=sys.stderr, flush=True)
            code = Exit.ERROR
            continue
        for line in _json(path, found) if arguments.json else _sentences(path, found):
            print(line, flush=True)
    return code


def _hear(path: Path, context: str, recogniser: str) -> Iterator[Told]:
    from voicecoach.ears.endpoint import CHUNK
    from voicecoach.ears.hearing import ms
    from voicecoach.ears.sound import chunks, read_wav

    pcm = read_wav(path)
    ears = _listening(context, recogniser)
    for chunk in chunks(pcm):
        yield from ears.feed(chunk, ms(ears.sample + CHUNK))
    yield from ears.flush()


def _listening(context: str, recogniser: str) -> Listening:
    from voicecoach.core.en import PHRASES
    from voicecoach.ears.listening import listening

    def failed(error: EarsError) -> None:
        print(error, file=sys.stderr, flush=True)

    ears = listening(recogniser, PHRASES, failed)
    if context != ANY:
        ears.open((Context(context),))
    return ears


def _json(path: Path, found: list[Told]) -> Iterator[str]:
    from voicecoach.ears.hearing import Decision

    if not any(isinstance(one, Decision) for one in found):
        yield json.dumps({"file": str(path), "intent": None})
    for one in found:
        yield json.dumps({"file": str(path), **facts(one)})


def facts(told: Told) -> dict[str, object]:
    """What was told, as JSON; moments are ms of the recording."""
    from voicecoach.ears.hearing import Decision, ms
    from voicecoach.ears.told import Notice

    match told:
        case Decision():
            return {
                "is": "heard",
                "intent": told.intent.value,
                "phrase": told.phrase,
                "by": told.by,
                "at_ms": ms(told.began),
                "decided_ms": ms(told.decided),
            }
        case Notice():
            return {"is": "noticed", "what": told.what, "decided_ms": ms(told.decided)}
        case _:
            return {"is": "suspected", "decided_ms": ms(told.decided)}


def _sentences(path: Path, found: list[Told]) -> Iterator[str]:
    from voicecoach.ears.hearing import Decision

    if not any(isinstance(one, Decision) for one in found):
        yield f"{path}: no command."
    for one in found:
        yield f"{path}: {sentence(one)}"


def sentence(told: Told) -> str:
    """What was told, for people."""
    from voicecoach.ears.hearing import Decision, ms
    from voicecoach.ears.told import Notice

    moment = f"{ms(told.decided) / 1000:.2f}"
    match told:
        case Decision():
            began = f"{ms(told.began) / 1000:.2f}"
            name = f'"{told.phrase}" ({told.intent.value})'
            return f"{name} at {began} seconds, decided at {moment}."
        case Notice():
            return f"the sound is {told.what}, noticed at {moment} seconds."
        case _:
            return f"perhaps a stop, at {moment} seconds."
