"""`voicecoach report`: the diary for a physiotherapist and for the person, as a page or aloud."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli.exits import Exit
from voicecoach.cli.options import add_diary, add_period
from voicecoach.core.units import RATE, Ms, seconds
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from voicecoach.diary.report.facts import Facts
    from voicecoach.speaker.base import Speaker
    from voicecoach.voice.base import Clip, Voice

SUMMARY = "Make a report of the diary: a web page, a PDF, text, a table; or say a summary."

LONGEST = seconds(60)
"""A summary is no longer than this."""

PAUSE = Ms(400)
"""Between two of its sentences."""

_FORMS = (".html", ".pdf", ".txt", ".csv")


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of this verb."""
    add_period(parser)
    add_diary(parser)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="where to write it: .html, .pdf, .txt or .csv; without it, text is printed",
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument(
        "--say", action="store_true", help="say a summary, in a minute at most; print it, too"
    )


def run(arguments: argparse.Namespace) -> int:
    """Writes, prints or says the report of a number of days."""
    from voicecoach.diary.reading import read_period
    from voicecoach.diary.report.facts import gather
    from voicecoach.diary.report.text import lines, summary

    output = arguments.output
    if output is not None:
        _check(output, force=arguments.force)
    facts = gather(read_period(arguments.diary, arguments.days, arguments.routine))
    if output is not None:
        _write(output, _made(facts, output.suffix.lower()))
        print(f"{output}: the report was written. It is readable by you alone.")
    elif not arguments.say:
        print("\n".join(lines(facts)))
    if arguments.say:
        _say(summary(facts))
    return Exit.DONE


def _check(output: Path, *, force: bool) -> None:
    if output.suffix.lower() not in _FORMS:
        raise VoicecoachError(
            f"{output}: a report is one of {', '.join(_FORMS)}. Give the file one of these endings."
        )
    if output.exists() and not force:
        raise VoicecoachError(
            f"{output}: there is such a file already. Name another one, or add --force."
        )


def _made(facts: Facts, form: str) -> bytes:
    from datetime import datetime

    from voicecoach.diary.report.page import page
    from voicecoach.diary.report.paper import pdf
    from voicecoach.diary.report.table import table
    from voicecoach.diary.report.text import lines
    from voicecoach.diary.words import day

    match form:
        case ".txt":
            return "".join(f"{line}\n" for line in lines(facts)).encode()
        case ".csv":
            return table(facts).encode()
        case _:
            html = page(facts, day(datetime.now().astimezone()))
            return pdf(html) if form == ".pdf" else html.encode()


def _write(output: Path, content: bytes) -> None:
    """Whole or not at all, and for its owner alone: it tells of somebody's health."""
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=".report-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(name, output)  # noqa: PTH105 - mkstemp gives a name
        except BaseException:
            os.unlink(name)  # noqa: PTH108 - mkstemp gives a name
            raise
    except OSError as error:
        raise VoicecoachError(
            f"{output}: the report cannot be written: {error.strerror}. Name another file."
        ) from None


def _say(sentences: list[str]) -> None:
    """Says what fits into a minute, and prints it; without voice or loudspeaker it is all printed.

    Its clips are kept nowhere: they tell of somebody's health.
    """
    from voicecoach.errors import VoiceError
    from voicecoach.speaker.choice import open_speaker
    from voicecoach.speaker.silent import SilentSpeaker
    from voicecoach.voice.spoken import SpokenVoice
    from voicecoach.voice.store import ClipStore

    speaker = open_speaker("auto", lambda _: None, lambda: None)
    with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder, ExitStack() as closing:
        closing.callback(speaker.close)
        voice = SpokenVoice(store=ClipStore(Path(folder)))
        closing.callback(voice.close)
        if isinstance(speaker, SilentSpeaker):
            print(f"{speaker.reason} So it is printed:")
        else:
            try:
                _speak(fitting(sentences, voice), speaker)
            except VoiceError as error:
                print(f"{error} So it is printed:")
            else:
                return
        print("\n".join(sentences))


def fitting(sentences: list[str], voice: Voice) -> Iterator[tuple[str, Clip]]:
    """The sentences with their clips, as long as they and the pauses fit into `LONGEST`."""
    end = 0
    for sentence in sentences:
        clip = voice.clip(sentence, RATE)
        end += clip.duration + PAUSE
        if end > LONGEST:
            return
        yield sentence, clip


def _speak(said: Iterable[tuple[str, Clip]], speaker: Speaker) -> None:
    from voicecoach.speaker.base import Placed

    at = 0
    for sentence, clip in said:
        at = max(at, speaker.now() + speaker.lead)
        speaker.play([Placed(Ms(at), clip)])
        at += clip.duration + PAUSE
        print(sentence, flush=True)
    while speaker.now() < at:
        time.sleep(0.05)
