"""`voicecoach cache`: the spoken sentences that are kept, so that they need no second rendering."""

from __future__ import annotations

import argparse

from voicecoach.cli.consent import sure
from voicecoach.cli.exits import Exit

SUMMARY = "Show how much rendered speech is kept; delete it, with --clear."


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of this verb."""
    parser.add_argument(
        "--clear", action="store_true", help="delete all of it; it is rendered again when needed"
    )
    parser.add_argument("--yes", action="store_true", help="with --clear: do not ask")


def run(arguments: argparse.Namespace) -> int:
    """Shows or clears; what is cleared costs only time to make again, but it is asked for."""
    from voicecoach.voice.store import LIMIT, ClipStore, clips_folder

    folder = clips_folder()
    store = ClipStore(folder)
    kept = store.usage()
    print(f"The clip cache is in {folder}.")
    print(f"It holds {_amount(kept.clips, kept.size)}; it keeps at most {_megabytes(LIMIT)}.")
    if not arguments.clear or not kept.clips:
        return Exit.DONE
    if not arguments.yes and not sure("Delete all of it?"):
        print("Nothing was deleted.")
        return Exit.DONE
    gone = store.clear()
    print(f"Deleted {_amount(gone.clips, gone.size)}.")
    return Exit.DONE


def _amount(clips: int, size: int) -> str:
    return f"{clips} {'clip' if clips == 1 else 'clips'}, {_megabytes(size)}"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} megabytes"
