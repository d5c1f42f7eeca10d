"""`schema`: the routine format for editors, which then complete and check while one types."""

from __future__ import annotations

import argparse
import json

from voicecoach.cli.exits import Exit

SUMMARY = "Print the JSON Schema of a routine file, for editors."


def configure(_parser: argparse.ArgumentParser) -> None:
    """Adds nothing: `schema` stands alone."""


def run(_arguments: argparse.Namespace) -> int:
    """Prints the schema."""
    from voicecoach.library.json_schema import json_schema

    print(json.dumps(json_schema(), indent=2))
    return Exit.DONE
