"""The JSON Schema says what the loader says, as far as a schema can."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from voicecoach.cli import schema as verb
from voicecoach.library import check_routine, shipped_routines
from voicecoach.library.json_schema import json_schema

HERE = Path(__file__).parent
SAVED = HERE.parents[1] / "routines" / "routine.schema.json"
WRONG = sorted((HERE / "wrong").glob("*.yaml"))

BEYOND = {
    # Between several values, or in how a sentence sounds.
    "command-phrase", "duplicate-id", "endless", "instead", "no-side", "placeholder", "range",
    "reserve", "safety-word", "same-as-before", "side-unnamed", "too-long-to-say", "unknown-id",
    # In what YAML has already read away: 010, 1:30, the first of two keys, marks and quotes.
    "alias", "anchor", "documents", "duplicate-key", "merge-key", "nesting", "octal",
    "sexagesimal", "tag", "control",
}  # fmt: skip
"""Rules that a schema cannot judge, at least not always."""

DESPITE = {
    # A rule that a schema judges elsewhere, but not between these keys or within this text.
    "phase_hold_without_release", "form_hold_without_release", "form_hold_without_way_in",
    "as_before_in_form", "as_before_misspelt", "range_hold_high_end", "range_hold_many_breaths",
    # YAML has read the difference away: "10-20", 5.0, 0x5 and 1_0.
    "sentence_without_word",
    "range_hold_quoted", "reps_float", "reps_hexadecimal", "reps_underscore",
}  # fmt: skip
"""Files that a schema takes all the same."""


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(json_schema())


def read(file: Path) -> Any:  # noqa: ANN401 - whatever a wrong file holds
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def readable(file: Path) -> bool:
    try:
        read(file)
    except (yaml.YAMLError, ValueError, RecursionError):
        return False
    return True


def judged(file: Path) -> bool:
    rules = {error.rule for error in check_routine(file).errors}
    return readable(file) and not rules <= BEYOND and file.stem not in DESPITE


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


def test_the_saved_one_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    import argparse  # noqa: PLC0415

    assert verb.run(argparse.Namespace()) == 0
    printed = capsys.readouterr().out
    assert SAVED.read_text(encoding="utf-8") == printed, "voicecoach schema > routines/..."
    assert json.loads(printed) == json_schema()


@pytest.mark.parametrize("file", shipped_routines(), ids=lambda file: file.stem)
def test_a_shipped_routine_names_it_and_fits(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=routine.schema.json"
    assert (file.parent / first.partition("=")[2]).is_file()
    assert [error.message for error in validator().iter_errors(read(file))] == []


@pytest.mark.parametrize("file", [f for f in WRONG if judged(f)], ids=lambda file: file.stem)
def test_what_is_wrong_for_the_loader_is_wrong_for_an_editor(file: Path) -> None:
    assert not validator().is_valid(read(file))


@pytest.mark.parametrize(
    "file", [f for f in WRONG if not check_routine(f).errors], ids=lambda file: file.stem
)
def test_what_the_loader_takes_an_editor_takes(file: Path) -> None:
    assert [error.message for error in validator().iter_errors(read(file))] == []


def test_an_editor_judges_most_of_what_is_wrong() -> None:
    assert sum(map(judged, WRONG)) > 100


def test_every_key_is_described() -> None:
    def keys(part: Any) -> Any:  # noqa: ANN401
        if isinstance(part, dict):
            yield from part.get("properties", {}).values()
            for inner in part.values():
                yield from keys(inner)
        elif isinstance(part, list):
            for inner in part:
                yield from keys(inner)

    found = list(keys(json_schema()))
    assert len(found) > 50
    assert all(key.get("description") for key in found)
