"""Every wrong file of the corpus: exact place and rule, and a remedy, for every finding.

The first line of each file in `wrong/` says what is expected of it.
"""

from __future__ import annotations

import os
import re
import time
import tracemalloc
from pathlib import Path

import pytest
import yaml

from voicecoach.errors import RoutineError
from voicecoach.library import check_routine, load_routine, nodes

WRONG = sorted((Path(__file__).parent / "wrong").glob("*.yaml"))
GOOD = b"voicecoach: 1\ntitle: Small routine\n"

BYTES = {
    # name: (bytes of the file, line, column, rule)
    "empty": (b"", 1, 1, "empty"),
    "blank": (b"\n\n  \n", 1, 1, "empty"),
    "comment_only": (b"# nothing yet\n", 1, 1, "empty"),
    "dashes_only": (b"---\n...\n", 1, 1, "empty"),
    "null_only": (b"~\n", 1, 1, "empty"),
    "bom_only": (b"\xef\xbb\xbf", 1, 1, "empty"),
    "zero_byte": (GOOD + b"a\0b", 3, 2, "binary"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 3, 1, "binary"),
    "zip": (b"PK\x03\x04\x14\x00\x06\x00", 1, 6, "binary"),
    "utf_16": (GOOD.decode().encode("utf-16"), 1, 1, "encoding"),
    "utf_16_big": (b"\xfe\xff" + GOOD.decode().encode("utf-16-be"), 1, 1, "encoding"),
    "utf_16_bare": (GOOD.decode().encode("utf-16-le"), 1, 2, "binary"),
    "latin_1": (GOOD + "summary: caf\u00e9\n".encode("latin-1"), 3, 13, "encoding"),
    "surrogate": (GOOD + b"summary: \xed\xa0\x80\n", 3, 10, "encoding"),
    "cut_character": (GOOD + "summary: \u00e9".encode()[:-1], 3, 10, "encoding"),
    "escape_key": (GOOD + b"summary: \x1b[31mred\n", 3, 10, "control"),
    "too_large": (b"#" * 1_000_001, 1, 1, "too-large"),
    "too_many_values": (b"[" + b"1," * 60_000 + b"]", 1, 120_000, "too-large"),
    "carriage_returns": (
        b"voicecoach: 1\rtitle: Any\rreps: 5\rexercises: 5\r",
        3,
        1,
        "unknown-key",
    ),
    # Of more than 1000 levels newer versions of libyaml complain first, and as well.
    "deep_flow": (b"[" * 900, 1, 13, "nesting"),
    "deep_maps": (b"{a: " * 30_000, 1, 49, "nesting"),
    "deep_block": (b"- " * 100_000, 1, 25, "nesting"),
    "version_line": (b"%YAML 9.9\n---\na: 1\n", 1, 1, "yaml"),
}


@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_a_wrong_file_is_answered_with_place_rule_and_remedy(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    expected = first.removeprefix("# expect: ").split(", ")
    findings = check_routine(file)
    errors = [f"{found.line}:{found.column} {found.rule}" for found in findings.errors]
    advice = [f"{found.line}:{found.column} advice {found.rule}" for found in findings.advice]
    assert [*errors, *advice] == expected
    for what, fix in [(found.what, found.fix) for found in findings.errors] + [
        (found.what, found.fix) for found in findings.advice
    ]:
        assert fit_to_be_heard(what), what
        assert fit_to_be_heard(fix), fix
    if errors:
        assert findings.routine is None
        with pytest.raises(RoutineError, match=re.escape(str(findings.errors[0]))):
            load_routine(file)
    else:
        assert findings.routine == load_routine(file)


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_routine(name: str, tmp_path: Path) -> None:
    content, line, column, rule = BYTES[name]
    file = tmp_path / "file.yaml"
    file.write_bytes(content)
    begun = time.process_time()
    (error, *_more) = check_routine(file).errors
    assert time.process_time() - begun < 1
    assert (error.line, error.column, error.rule) == (line, column, rule)
    assert fit_to_be_heard(error.what)
    assert fit_to_be_heard(error.fix)


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(WRONG) >= 240


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "routines" / "gentle-back.yaml"
    file = tmp_path / "file.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + shipped.read_bytes().replace(b"\n", b"\r\n"))
    assert load_routine(file) == load_routine(shipped)


def test_a_line_of_a_hundred_megabytes(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    with file.open("wb") as out:
        out.write(GOOD + b"summary: ")
        out.truncate(100_000_000)
    tracemalloc.start()
    try:
        begun = time.process_time()
        assert _only_error(file).rule == "too-large"
        assert time.process_time() - begun < 1
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_folder(tmp_path: Path) -> None:
    assert _only_error(tmp_path).rule == "folder"


def test_nothing_there(tmp_path: Path) -> None:
    assert _only_error(tmp_path / "none.yaml").rule == "not-found"


def test_a_file_taken_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(GOOD)
    assert _only_error(tmp_path / "file" / "inside.yaml").rule == "unreadable"


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000])
def test_impossible_names(name: str) -> None:
    assert _only_error(Path(name)).rule == "unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert _only_error(tmp_path / "pipe").rule == "not-a-file"


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert _only_error(tmp_path / "loop").rule == "unreadable"


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="no users here")
def test_a_forbidden_file(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_bytes(GOOD)
    file.chmod(0)
    me = os.geteuid()
    if me == 0:
        # Nothing is forbidden to root: be nobody for a moment.
        os.seteuid(65534)
    try:
        error = _only_error(file)
    finally:
        os.seteuid(me)
    assert error.rule == "permission"


def _only_error(path: Path) -> RoutineError:
    findings = check_routine(path)
    assert findings.routine is None
    (error,) = findings.errors
    assert (error.line, error.column) == (1, 1)
    assert fit_to_be_heard(error.what)
    assert fit_to_be_heard(error.fix)
    return error


def fit_to_be_heard(text: str) -> bool:
    """A printable sentence or two, with an end, and not longer than one can listen to."""
    return text.isprintable() and len(text) < 300 and text.endswith((".", "?", '"'))


@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_without_libyaml_the_rules_are_the_same(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_libyaml = [(found.line, found.rule) for found in check_routine(file).errors]
    monkeypatch.setattr(nodes, "_LOADER", yaml.SafeLoader)
    assert [(found.line, found.rule) for found in check_routine(file).errors] == with_libyaml
