from __future__ import annotations

import shutil
import subprocess

import pytest
from setup.machine import REPOSITORY, SCRIPTS, Checkout


@pytest.mark.parametrize("script", [*(f"scripts/{name}" for name in SCRIPTS), ".ci/run"])
def test_bash_can_read_it(script: str) -> None:
    done = subprocess.run(
        ["bash", "-n", REPOSITORY / script],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("script", ["scripts/coach", "scripts/test", ".ci/run"])
def test_shellcheck_has_no_fault_to_find(script: str) -> None:
    shellcheck = shutil.which("shellcheck")
    if shellcheck is None:
        pytest.skip("shellcheck is not installed")
    done = subprocess.run(
        [shellcheck, "-x", script], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""


def checks(calls: list[str]) -> list[str]:
    plain = [call.removeprefix("python ").removeprefix("-m ") for call in calls]
    named = [call.split()[0] for call in plain if not call.startswith("pip ")]
    return named[named.index("ruff") :]


def without_card(checkout: Checkout) -> None:
    (checkout.path / "pulseaudio").unlink()


def test_all_checks_run_and_the_arguments_go_to_pytest(checkout: Checkout) -> None:
    without_card(checkout)
    done = checkout.run("scripts/test", "-k", "a hold")
    assert done.returncode == 0, done.stderr
    calls = checkout.calls()
    assert [call for call in calls if call.endswith("-e .[audio,dev]")]
    assert checks(calls) == ["ruff", "ruff", "mypy", "voicecoach", "pytest"]
    assert calls[-1] == "python -m pytest -k a hold"
    assert done.stderr.splitlines()[-1] == "All checks passed."


def test_a_second_run_installs_nothing(checkout: Checkout) -> None:
    without_card(checkout)
    checkout.run("scripts/test")
    checkout.calls()
    checkout.run("scripts/test")
    assert len(checkout.calls()) == 6
    checkout.run("scripts/coach")
    assert checkout.calls() == ["python -P -m voicecoach play"]


def test_all_checks_run_after_a_failure_and_the_first_gives_the_code(checkout: Checkout) -> None:
    without_card(checkout)
    done = checkout.run("scripts/test", FAKE_RUFF="7", FAKE_PYTEST="5")
    assert done.returncode == 7
    calls = checkout.calls()
    assert checks(calls) == ["ruff", "ruff", "mypy", "voicecoach", "pytest", "scripts/bench_ears"]
    assert calls[-1].endswith("--quick --floors")
    assert done.stderr.splitlines()[-1] == (
        f"Failed; each can be run alone, in {checkout.root}: "
        ".venv/bin/python -m ruff check .; .venv/bin/python -m pytest"
    )


def test_a_run_that_collects_nothing_fails(checkout: Checkout) -> None:
    without_card(checkout)
    assert checkout.run("scripts/test", FAKE_PYTEST="5").returncode == 5


def test_without_a_card_it_says_what_was_skipped(checkout: Checkout) -> None:
    without_card(checkout)
    done = checkout.run("scripts/test")
    assert (
        "Tests of real sound were skipped, because the virtual sound card is missing: "
        "scripts/test --set-up installs it, on Linux."
    ) in done.stderr.splitlines()


def test_a_coach_without_sound_tests_without_sound(checkout: Checkout) -> None:
    done = checkout.run("scripts/test", FAKE_PIP="1", FAKE_PIP_SAYS="error: gcc not found")
    assert done.returncode == 0, done.stderr
    calls = checkout.calls()
    assert [call for call in calls if call.endswith("-e .[dev]")]
    assert checks(calls)[-1] == "pytest"  # the ears cannot be measured, either


def test_a_browser_is_installed_apart(checkout: Checkout) -> None:
    """Where there is no such package, the voice is installed all the same."""
    (checkout.path / "chromium").unlink()
    (checkout.path / "flite").unlink()
    checkout.run("scripts/test")
    installs = [call.split()[-1] for call in checkout.calls() if call.startswith("apt-get install")]
    assert installs[:2] == ["flite", "chromium"]
    assert checkout.run("scripts/coach").returncode == 0
    assert not [call for call in checkout.calls() if "chromium" in call]
