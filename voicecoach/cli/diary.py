"""`voicecoach diary`: where the diary lies and what it holds; and its deletion."""

from __future__ import annotations

import argparse
import sys

from voicecoach.cli.consent import sure
from voicecoach.cli.exits import Exit
from voicecoach.cli.options import add_diary

SUMMARY = "Tell where the diary is; delete it, with `diary delete --all`."


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of this verb."""
    parser.add_argument("do", nargs="?", choices=("show", "delete"), default="show")
    parser.add_argument("--all", action="store_true", help="with delete: all that was ever kept")
    parser.add_argument("--yes", action="store_true", help="with delete: do not ask")
    add_diary(parser)


def run(arguments: argparse.Namespace) -> int:
    """Shows or deletes; what cannot be undone is asked for first."""
    from voicecoach.diary.diary import delete_diary, diary_path

    path = arguments.diary or diary_path()
    if not path.exists():
        print(f"{path}: there is no diary.")
        return Exit.DONE
    if arguments.do == "show":
        return _show(arguments)
    if not arguments.all:
        print("diary delete deletes all of the diary: add --all, to say so.", file=sys.stderr)
        return Exit.USAGE
    question = f"Delete the whole diary {path}? It cannot be brought back."
    if not arguments.yes and not sure(question):
        print("Nothing was deleted.")
        return Exit.DONE
    delete_diary(path)
    print(f"{path}: the diary was deleted.")
    return Exit.DONE


def _show(arguments: argparse.Namespace) -> int:
    from voicecoach.diary.diary import diary_path
    from voicecoach.diary.reading import count_sessions
    from voicecoach.diary.words import count

    path = arguments.diary or diary_path()
    print(f"{path}: a diary of {count(count_sessions(path), 'session')}.")
    return Exit.DONE
