"""The command line: one small file per verb, loaded only when its verb is used.

Law: `--help` imports no audio, and no traceback ever reaches the person.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from voicecoach import __version__
from voicecoach.cli.exits import Exit
from voicecoach.errors import VoicecoachError

VERBS = (
    *("play", "list", "show", "check", "schema", "timeline", "hear", "listen-check", "doctor"),
    *("render", "setup", "history", "report", "diary", "voices", "cache"),
)
"""Each is a module of this package with SUMMARY, configure(parser) and run(arguments) -> int."""


def module_of(verb: str) -> Any:  # noqa: ANN401 - each has its own
    """The module of a verb."""
    return import_module(f"voicecoach.cli.{verb.replace('-', '_')}")


def _parser(verbs: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="voicecoach",
        description="A hands-free voice coach for physiotherapy exercises.",
        epilog="Not medical advice. voicecoach VERB --help tells more about a verb.",
    )
    parser.add_argument("--version", action="version", version=f"voicecoach {__version__}")
    sub = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name in verbs:
        verb = module_of(name)
        verb.configure(sub.add_parser(name, help=verb.SUMMARY, description=verb.SUMMARY))
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one verb and returns its exit code."""
    # Not `list`: once the verb of that name is loaded, it is this package's attribute.
    words = [*(sys.argv[1:] if argv is None else argv)]
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file may be named with bytes that are no text; that is no reason for a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    # Only the verb that is used is loaded; all of them only to tell what there is.
    verbs = words[:1] if words[:1] and words[0] in VERBS else VERBS
    arguments = _parser(verbs).parse_args(words)
    try:
        code: int = module_of(arguments.verb).run(arguments)
    except VoicecoachError as error:
        print(error, file=sys.stderr)
        return Exit.ERROR
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our lines has left; say nothing more, not even at interpreter exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.ERROR
    except Exception as error:  # noqa: BLE001 - the last fence: no traceback reaches the person
        print(_kept(error), file=sys.stderr)
        return Exit.ERROR
    return code


def _kept(error: Exception) -> str:
    """A sentence about a fault of our own; its details go to a file that can be sent to us."""
    from tempfile import NamedTemporaryFile
    from traceback import print_exception

    sentence = f"voicecoach has failed: {type(error).__name__}. That is our fault, not yours."
    try:
        with NamedTemporaryFile(
            "w", prefix="voicecoach-fault-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            print_exception(error, file=file)
    except OSError:
        return sentence
    return f"{sentence} Please send us this file: {file.name}"
