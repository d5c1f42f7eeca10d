from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from setup.machine import Checkout

PLAY = "python -P -m voicecoach play"


def starts(calls: list[str]) -> list[str]:
    return [call for call in calls if " -m voicecoach" in call]


def pips(calls: list[str]) -> list[str]:
    return [call for call in calls if " -m pip " in call]


def test_a_fresh_machine_is_set_up_and_the_coach_starts(checkout: Checkout) -> None:
    done = checkout.run("scripts/coach")
    assert done.returncode == 0, done.stderr
    calls = checkout.calls()
    assert pips(calls)[0].endswith(" -e .[audio]")
    assert calls[-1] == PLAY
    for call in pips(calls):
        assert call.removeprefix("python ").replace(".[audio]", "'.[audio]'") in done.stderr


def test_what_is_ready_starts_with_no_other_programme_at_all(checkout: Checkout) -> None:
    checkout.set_up()
    for programme in checkout.path.iterdir():
        if programme.name not in {"bash", "env"}:
            programme.unlink()
    done = checkout.run("scripts/coach")
    assert (done.returncode, done.stderr) == (0, "")
    assert checkout.calls() == [PLAY]


def test_it_starts_through_links_and_from_any_folder(checkout: Checkout, tmp_path: Path) -> None:
    checkout.set_up()
    (tmp_path / "first link").symlink_to(checkout.root / "scripts" / "coach")
    (tmp_path / "second link").symlink_to("first link")
    done = checkout.run(tmp_path / "second link", "my knee.yaml", "--rate=150", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert checkout.calls() == [f"{PLAY} my knee.yaml --rate=150"]


def test_it_starts_by_a_relative_path(checkout: Checkout) -> None:
    checkout.set_up()
    done = subprocess.run(
        ["bash", "coach"],  # noqa: S607
        cwd=checkout.root / "scripts",
        env=checkout.environment(CDPATH="/:..:."),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert checkout.calls() == [PLAY]


@pytest.mark.parametrize(
    ("words", "passed"),
    [
        ([], "play"),
        (["gentle-back"], "play gentle-back"),
        (["routines/list"], "play routines/list"),
        (["../cli/list"], "play ../cli/list"),
        (["--dry-run"], "play --dry-run"),
        (["list"], "list"),
        (["list", "--long"], "list --long"),
        (["--help"], "--help"),
        (["--version"], "--version"),
    ],
)
def test_a_verb_is_passed_on_and_anything_else_is_played(
    checkout: Checkout, words: list[str], passed: str
) -> None:
    checkout.set_up()
    checkout.run("scripts/coach", *words)
    assert checkout.calls() == [f"python -P -m voicecoach {passed}"]


def test_a_changed_dependency_is_installed(checkout: Checkout) -> None:
    checkout.set_up()
    project = checkout.root / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace('"numpy', '"another",\n  "numpy'), encoding="utf-8")
    checkout.run("scripts/coach")
    calls = checkout.calls()
    assert len(pips(calls)) == 1
    assert not [call for call in calls if "-m venv" in call]
    assert starts(calls) == [PLAY]


def test_a_changed_rule_of_style_installs_nothing(checkout: Checkout) -> None:
    checkout.set_up()
    with (checkout.root / "pyproject.toml").open("a", encoding="utf-8") as project:
        project.write("\n[tool.another]\n")
    checkout.run("scripts/coach")
    assert checkout.calls() == [PLAY]


def test_a_moved_checkout_is_made_anew(checkout: Checkout, tmp_path: Path) -> None:
    checkout.set_up()
    moved = Checkout(tmp_path / "elsewhere", checkout.path, checkout.calls_file)
    shutil.copytree(checkout.root, moved.root)
    done = moved.run("scripts/coach")
    assert "made anew" in done.stderr
    assert f"python -m venv {moved.root}/.venv" in moved.calls()
    assert not list(moved.root.glob(".venv.old*"))


def test_a_venv_of_a_python_that_is_gone_is_made_anew(checkout: Checkout) -> None:
    checkout.set_up()
    python = checkout.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    done = checkout.run("scripts/coach")
    assert "made anew" in done.stderr
    assert starts(checkout.calls()) == [PLAY]


def test_a_venv_that_the_person_made_is_kept(checkout: Checkout) -> None:
    own = checkout.root / ".venv" / "bin"
    own.mkdir(parents=True)
    shutil.copy(checkout.path / "python3", own / "python")
    (own / "activate").write_text(f"    export VIRTUAL_ENV='{own.parent}'\n", encoding="utf-8")
    done = checkout.run("scripts/coach")
    assert "anew" not in done.stderr
    assert not [call for call in checkout.calls() if "-m venv" in call]


@pytest.mark.parametrize("words", [[], ["--set-up"]])
@pytest.mark.parametrize("last_words", [signal.SIGKILL, signal.SIGINT])
def test_a_second_run_mends_an_interrupted_set_up(
    checkout: Checkout, tmp_path: Path, last_words: signal.Signals, words: list[str]
) -> None:
    if words:
        checkout.set_up()
    hanging = tmp_path / "hanging"
    first = subprocess.Popen(
        [checkout.root / "scripts" / "coach", *words],
        env=checkout.environment(FAKE_PIP_HANGS=str(hanging)),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while not hanging.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(first.pid, last_words)
    _, told = first.communicate(timeout=20)
    if last_words == signal.SIGINT:
        assert told.splitlines()[-1] == (
            "The set-up was interrupted. To go on, run scripts/coach again."
        )
        assert first.returncode == 130
    checkout.calls()
    second = checkout.run("scripts/coach")
    assert second.returncode == 0, second.stderr
    calls = checkout.calls()
    assert [call for call in calls if "-m venv" in call]
    assert starts(calls) == [PLAY]
    checkout.run("scripts/coach")
    assert checkout.calls() == [PLAY]


def test_two_set_ups_at_once_take_turns(checkout: Checkout, tmp_path: Path) -> None:
    hanging = tmp_path / "hanging"
    first = subprocess.Popen(
        [checkout.root / "scripts" / "coach"],
        env=checkout.environment(FAKE_PIP_HANGS=str(hanging)),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while not hanging.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    second = subprocess.Popen(
        [checkout.root / "scripts" / "coach"],
        env=checkout.environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert second.stderr
    waiting = second.stderr.readline()
    assert waiting == f"Another set-up is at work here, process {first.pid}; waiting for it.\n"
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    second.communicate(timeout=20)
    assert second.returncode == 0


def test_no_network_is_one_sentence_and_a_second_run_succeeds(checkout: Checkout) -> None:
    done = checkout.run("scripts/coach", FAKE_PIP="1", FAKE_PIP_SAYS="NewConnectionError(...)")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "The Python packages could not be installed: the network cannot be reached: connect and "
        f"run scripts/coach again. All is written in {checkout.root}/set-up.log."
    )
    assert "NewConnectionError" in (checkout.root / "set-up.log").read_text(encoding="utf-8")
    assert len(pips(checkout.calls())) == 1
    assert checkout.run("scripts/coach").returncode == 0
    assert starts(checkout.calls()) == [PLAY]


def test_a_full_disk_is_named(checkout: Checkout) -> None:
    done = checkout.run(
        "scripts/coach", FAKE_PIP="1", FAKE_PIP_SAYS="[Errno 28] No space left on device"
    )
    assert done.returncode == 1
    assert "the disk is full: free about 600 MB" in done.stderr.splitlines()[-1]


def test_what_ran_yesterday_runs_without_a_network(checkout: Checkout) -> None:
    checkout.set_up()
    project = checkout.root / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace('"numpy', '"another",\n  "numpy'), encoding="utf-8")
    done = checkout.run("scripts/coach", FAKE_PIP="1", FAKE_PIP_SAYS="NewConnectionError(...)")
    assert done.returncode == 0
    assert "Going on with what is here." in done.stderr
    assert starts(checkout.calls()) == [PLAY]
    checkout.run("scripts/coach", FAKE_PIP="1", FAKE_PIP_SAYS="NewConnectionError(...)")
    calls = checkout.calls()
    assert not [call for call in calls if "-m venv" in call]
    assert starts(calls) == [PLAY]
    checkout.run("scripts/coach")
    assert len(pips(checkout.calls())) == 1


def test_without_a_compiler_the_coach_runs_and_says_how(checkout: Checkout) -> None:
    done = checkout.run("scripts/coach", FAKE_PIP="1", FAKE_PIP_SAYS="error: gcc not found")
    assert done.returncode == 0, done.stderr
    calls = checkout.calls()
    assert [call.rsplit(" ", 1)[1] for call in pips(calls)] == [".[audio]", "."]
    assert starts(calls) == [PLAY]
    again = checkout.run("scripts/coach")
    assert again.stderr == (
        "The coach runs with keys and text, without sound, because PyAudio could not be built. "
        "To try again: scripts/coach --set-up\n"
    )
    checkout.set_up()
    assert checkout.run("scripts/coach").stderr == ""


def test_an_old_python_is_named_with_what_to_do(checkout: Checkout) -> None:
    done = checkout.run("scripts/coach", FAKE_PYTHON="old 3.9")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "voicecoach needs Python 3.11 or newer, and only 3.9 was found: install it "
        "(python.org/downloads, or your package manager) and run scripts/coach again."
    )
    assert [call for call in checkout.calls() if "python3.11 python3.11-venv" in call]


def test_a_python_without_venv_names_the_package(checkout: Checkout) -> None:
    done = checkout.run("scripts/coach", FAKE_PYTHON="bare 3.12")
    assert done.returncode == 1
    assert "install the package python3.12-venv" in done.stderr.splitlines()[-1]


def test_root_sees_each_command_that_installs(checkout: Checkout) -> None:
    done = checkout.run("scripts/coach", FAKE_LACKS="headers compiler")
    assert "$ apt-get update" in done.stderr.splitlines()
    installs = [call for call in checkout.calls() if call.startswith("apt-get install")]
    assert len(installs) == 1
    assert "--no-remove" in installs[0]
    assert "python3.11-dev gcc libc6-dev" in installs[0]
    assert f"$ env DEBIAN_FRONTEND=noninteractive {installs[0]}" in done.stderr


@pytest.mark.parametrize("manager", ["dnf", "pacman", "brew"])
def test_other_managers_have_their_own_words(checkout: Checkout, manager: str) -> None:
    (checkout.path / "apt-get").unlink()
    (checkout.path / "espeak-ng").unlink()
    checkout.fake(manager)
    checkout.run("scripts/coach", FAKE_LACKS="compiler")
    (call,) = [call for call in checkout.calls() if call.startswith(manager)]
    expected = {
        "dnf": "dnf install -y gcc",
        "pacman": "pacman -S --needed --noconfirm gcc",
        "brew": "brew install",
    }
    assert call.startswith(expected[manager])
    assert "espeak-ng" in call


def test_nobody_to_ask_means_nothing_is_installed_and_the_command_is_told(
    checkout: Checkout,
) -> None:
    checkout.fake("sudo")
    done = checkout.run("scripts/coach", FAKE_ID="1000", FAKE_LACKS="compiler")
    assert done.returncode == 0
    assert (
        "Set-up may not install what is missing, because nobody is here to be asked: "
        'run "sudo apt-get install gcc libc6-dev'
    ) in done.stderr
    assert '" and then scripts/coach --set-up.' in done.stderr
    calls = checkout.calls()
    assert not [call for call in calls if call.startswith(("sudo", "apt-get"))]
    assert starts(calls) == [PLAY]


def test_without_sudo_the_command_for_root_is_told(checkout: Checkout) -> None:
    done = checkout.run("scripts/coach", FAKE_ID="1000", FAKE_LACKS="compiler")
    assert done.returncode == 0
    assert 'have somebody run "apt-get install gcc' in done.stderr


def test_rights_can_be_given_beforehand(checkout: Checkout) -> None:
    checkout.fake("sudo")
    checkout.run("scripts/coach", FAKE_ID="1000", FAKE_LACKS="compiler", VOICECOACH_SETUP="yes")
    calls = checkout.calls()
    assert "sudo -n apt-get update" in calls
    assert [call for call in calls if call.startswith("sudo -n env DEBIAN_FRONTEND")]


@pytest.mark.parametrize(
    ("answer", "allowed"), [("yes", True), ("y", True), ("no", False), ("", False)]
)
def test_sudo_waits_for_a_yes(checkout: Checkout, answer: str, *, allowed: bool) -> None:
    checkout.fake("sudo")
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(
        [checkout.root / "scripts" / "coach"],
        env=checkout.environment(FAKE_ID="1000", FAKE_LACKS="compiler"),
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        check=False,
        timeout=30,
    )
    os.close(theirs)
    told = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "Allow? yes/no: " in told
    calls = checkout.calls()
    assert bool([call for call in calls if call.startswith("sudo")]) is allowed
    assert ("Nothing was installed." in told) is not allowed
    assert starts(calls) == [PLAY]
