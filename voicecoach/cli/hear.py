"""`voicecoach hear`: what the live ears would have heard in these recordings.

Law: the same speech detector, decoder and decisions as in a session; nothing is sent anywhere
unless a recogniser that does so is named.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicecoach.cli.exits import Exit
from voicecoach.core.commands import Context
from voicecoach.errors import EarsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.ears.listening import Listening

Line = dict[str, Any]

SUMMARY = "Tell which commands are heard in WAV files."

ANY = "any"
_OF_A_DEVICE = frozenset({"muted", "sound", "gated"})  # a file may hold digital silence

_SAME = 500
"""Ms by which a decision may lie elsewhere, then and now."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.wav", help="a PCM WAV file")
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
    parser.add_argument(
        "--replay",
        type=Path,
        metavar="DIR",
        help="hear again what play --keep-audio kept: what was told then, and what now",
    )


def run(arguments: argparse.Namespace) -> int:
    """Hears each file; exit code 1 when one of them could not be read."""
    from voicecoach.ears.recogniser import check_recogniser, sends_audio

    if not arguments.files and arguments.replay is None:
        print("hear: name a WAV file, or a folder with --replay.", file=sys.stderr)
        return Exit.USAGE
    check_recogniser(arguments.recognizer)
    if sends_audio(arguments.recognizer):
        print(
            f"The recogniser {arguments.recognizer} sends this audio over the internet.",
            file=sys.stderr,
        )
    code = Exit.DONE
    for path in arguments.files:
        try:
            found = _hear(path, arguments.context, arguments.recognizer)
        except EarsError as error:
            print(error, file=sys.stderr, flush=True)
            code = Exit.ERROR
            continue
        for line in _json(path, found) if arguments.json else _sentences(path, found):
            print(line, flush=True)
    if arguments.replay is not None:
        _replay(arguments.replay, arguments.recognizer, as_json=arguments.json)
    return code


def _hear(path: Path, context: str, recogniser: str) -> list[Line]:
    """What is told of a file. Raises EarsError."""
    from voicecoach.ears.endpoint import CHUNK
    from voicecoach.ears.hearing import ms
    from voicecoach.ears.keeping import facts
    from voicecoach.ears.sound import chunks, read_wav

    pcm = read_wav(path)
    ears = _listening(recogniser)
    if context != ANY:
        ears.open((Context(context),))
    told = [one for chunk in chunks(pcm) for one in ears.feed(chunk, ms(ears.sample + CHUNK))]
    lines = [facts(one) for one in (*told, *ears.flush())]
    return [line for line in lines if line.get("what") not in _OF_A_DEVICE]


def _listening(recogniser: str) -> Listening:
    from voicecoach.core.en import PHRASES
    from voicecoach.ears.listening import listening

    def failed(error: EarsError) -> None:
        print(error, file=sys.stderr, flush=True)

    return listening(recogniser, PHRASES, failed)


def _json(path: Path, lines: list[Line]) -> Iterator[str]:
    if not any(line["is"] == "heard" for line in lines):
        yield json.dumps({"file": str(path), "intent": None})
    for line in lines:
        yield json.dumps({"file": str(path), **line})


def _sentences(path: Path, lines: list[Line]) -> Iterator[str]:
    if not any(line["is"] == "heard" for line in lines):
        yield f"{path}: no command."
    for line in lines:
        yield f"{path}: {_sentence(line)}"


def _sentence(line: Line) -> str:
    """What was told, for people."""
    decided = f"{line['decided_ms'] / 1000:.2f}"
    match line["is"]:
        case "heard":
            began = f"{line['at_ms'] / 1000:.2f}"
            name = f'"{line["phrase"]}" ({line["intent"]})'
            return f"{name} at {began} seconds, decided at {decided}."
        case "noticed":
            return f"the sound: {line['what']}, at {decided} seconds."
        case _:
            return f"perhaps a stop, at {decided} seconds."


def _replay(folder: Path, recogniser: str, *, as_json: bool) -> None:
    """Both lists, in order of time; a line of both stands once. Raises EarsError."""
    from voicecoach.ears.keeping import facts, kept

    for one in kept(folder):
        now = [facts(told) for told in one.again(_listening(recogniser))]
        both = compared(one.told, now)
        if not both and not as_json:
            print(f"{one.path}: nothing was told, then or now.")
        for when, line in both:
            if as_json:
                print(json.dumps({"file": str(one.path), "told": when, **line}), flush=True)
            else:
                print(f"{one.path}: {_WHEN[when]}: {_sentence(line)}", flush=True)


_WHEN = {"both": "then and now", "then": "only then", "now": "only now"}


def compared(then: list[Line], now: list[Line]) -> list[tuple[str, Line]]:
    """Each line with when it was told: "then", "now" or "both"."""
    left = list(now)
    found: list[tuple[str, Line]] = []
    for line in then:
        twin = next((other for other in left if _same(line, other)), None)
        if twin is not None:
            left.remove(twin)
        found.append(("both" if twin is not None else "then", line))
    found += [("now", line) for line in left]
    return sorted(found, key=lambda one: one[1]["decided_ms"])


def _same(one: Line, other: Line) -> bool:
    near = abs(one["decided_ms"] - other["decided_ms"]) <= _SAME
    return near and all(one.get(key) == other.get(key) for key in ("is", "intent", "what"))
