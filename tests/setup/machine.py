"""A checkout on a machine made of fakes, so that a set-up runs in a moment and changes nothing."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent.parent
SCRIPTS = ("coach", "test", "setup.sh", "virtual-audio")

REAL = (
    *("bash", "env", "cat", "cp", "df", "grep", "ln", "mkdir", "mv", "readlink", "rm"),
    *("sed", "sleep", "tail", "uname"),
)
"""The real programmes that a set-up may use; all else on its PATH is fake."""

FAKE_PYTHON = r"""#!/usr/bin/env bash
# A Python that records what it is asked and does as FAKE_… says.
case "$*" in
  "-c "*ensurepip*) echo "${FAKE_PYTHON:-fit 3.11} $0" && exit ;;
  "-c "*Python.h*) printf '%s\n' ${FAKE_LACKS:-} && exit ;;
  "-c import pip"*) exit 0 ;;
esac
echo "python $*" >>"$FAKE_CALLS"
case "$*" in
  "-m venv "*)
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python" || exit 1
    echo "VIRTUAL_ENV=\"$3\"" >"$3/bin/activate" ;;
  *"-m pip install"*audio*)
    echo "${FAKE_PIP_SAYS:-}" >&2
    if [[ -n ${FAKE_PIP_HANGS:-} ]]; then echo hanging >"$FAKE_PIP_HANGS" && exec sleep 60; fi
    exit "${FAKE_PIP:-0}" ;;
  *"-m ruff check"*) exit "${FAKE_RUFF:-0}" ;;
  *"-m mypy"*) exit "${FAKE_MYPY:-0}" ;;
  *"-m pytest"*) exit "${FAKE_PYTEST:-0}" ;;
esac
"""

FAKE_COMMAND = r"""#!/usr/bin/env bash
echo "${0##*/} $*" >>"$FAKE_CALLS"
"""

FAKE_ID = r"""#!/usr/bin/env bash
echo "${FAKE_ID:-0}"
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout in a folder with a space in its name, and the PATH its scripts see."""

    root: Path
    path: Path
    calls_file: Path

    def environment(self, **fakes: str) -> dict[str, str]:
        return {
            "PATH": str(self.path),
            "FAKE_CALLS": str(self.calls_file),
            "HOME": str(self.path),
            **fakes,
        }

    def run(
        self, script: str | Path, *words: str, cwd: Path | None = None, **fakes: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs a script of the checkout with nobody there to answer; the fakes do as told."""
        return subprocess.run(
            [str(self.root / script), *words],
            cwd=cwd or Path("/"),
            env=self.environment(**fakes),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    def fake(self, name: str, text: str = FAKE_COMMAND) -> None:
        """Puts a programme on the PATH."""
        programme = self.path / name
        programme.write_text(text, encoding="utf-8")
        programme.chmod(0o755)

    def calls(self) -> list[str]:
        """What was called since last asked."""
        if not self.calls_file.exists():
            return []
        calls = self.calls_file.read_text(encoding="utf-8").splitlines()
        self.calls_file.unlink()
        return calls

    def set_up(self) -> None:
        """A finished set-up of the coach."""
        done = self.run("scripts/coach", "--set-up")
        assert done.returncode == 0, done.stderr
        self.calls()
