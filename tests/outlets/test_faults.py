"""`voicecoach render` as a process: what is asked, refused, interrupted and killed."""

from __future__ import annotations

import os
import pty
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e.stage import SHORT, alive, descendants
from outlets.stage import needs_ffmpeg, probed, samples

RENDER = (sys.executable, "-m", "voicecoach", "render")
SLOW = ("--wait", "4000")
"""Hours of silence: long enough to be interrupted in."""


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A person without a profile, whose clips are kept from test to test."""
    folder = tmp_path_factory.mktemp("person")
    return {
        **os.environ,
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(env: dict[str, str]) -> Run:
    def run(*arguments: str | Path, **how: object) -> subprocess.CompletedProcess[str]:
        how = {"env": env, "stdin": subprocess.DEVNULL, "timeout": 100, **how}
        command = [*RENDER, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, **how)  # type: ignore[call-overload,no-any-return]

    return run


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(env: dict[str, str]) -> Iterator[Start]:
    """A render that is going to be interrupted, when its file has begun to grow."""
    begun: list[subprocess.Popen[bytes]] = []

    def start(out: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [*RENDER, *map(str, arguments or (SHORT,)), "-o", str(out), *SLOW, "--force"],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        begun.append(process)
        folder = out.parent if len(arguments) <= 1 else out.with_suffix("")
        wait_for(lambda: any(p.stat().st_size > 100_000 for p in folder.glob(".*.part")))
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def wait_for(true: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# -- asked and refused -------------------------------------------------------------------------


def test_an_open_number_is_asked_for_by_its_name(run: Run, tmp_path: Path) -> None:
    done = run("morning-back", "-o", tmp_path / "out.wav")
    assert done.returncode == 1
    assert "--set s2-side-lying-rotation.reps=NUMBER" in done.stderr
    assert names(tmp_path) == []


def test_an_unknown_suffix_is_refused_with_those_that_are_known(run: Run, tmp_path: Path) -> None:
    done = run(SHORT, "-o", tmp_path / "out.ogg")
    assert done.returncode == 1
    assert "End it in .wav, .flac, .mp3, .opus, .m4b." in done.stderr


def test_without_ffmpeg_it_says_how_to_get_it(
    run: Run, tmp_path: Path, env: dict[str, str]
) -> None:
    done = run(SHORT, "-o", tmp_path / "out.mp3", env={**env, "PATH": str(tmp_path)})
    assert done.returncode == 1
    assert "ffmpeg is missing" in done.stderr
    assert "sudo apt-get install ffmpeg" in done.stderr
    assert names(tmp_path) == []


def test_what_is_there_is_replaced_only_with_force(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    out.write_text("old")
    refused = run(SHORT, "-o", out)
    assert refused.returncode == 1
    assert refused.stderr == f"{out}: already there. Add --force to replace.\n"
    assert out.read_text() == "old"
    done = run(SHORT, "-o", out, "--force", "--wait", "0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{out}: 1 minute ")
    assert done.stderr == ""  # no progress where nobody looks on
    assert len(samples(out)) > 60 * 48_000


@pytest.mark.parametrize(("answer", "replaced"), [("no", False), ("yes", True)])
def test_at_a_terminal_it_asks(
    tmp_path: Path, env: dict[str, str], answer: str, *, replaced: bool
) -> None:
    out = tmp_path / "out.wav"
    out.write_text("old")
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(
        [*RENDER, SHORT, "-o", out, "--wait", "0"],
        env=env,
        stdin=theirs,
        stderr=theirs,
        check=False,
        timeout=100,
    )
    told = os.read(ours, 10_000).decode()
    os.close(ours)
    os.close(theirs)
    assert f"{out}: already there. Replace? yes/no:" in told
    assert (done.returncode == 0) == replaced
    assert (out.read_bytes() == b"old") != replaced


def test_a_routine_may_be_named_once_and_must_exist(run: Run, tmp_path: Path) -> None:
    twice = run("gentle-back", "gentle-back", "-o", tmp_path / "out.wav")
    assert twice.returncode == 1
    assert "Name each routine once" in twice.stderr
    unknown = run("gentle-bak", "-o", tmp_path / "out.wav")
    assert unknown.returncode == 1
    assert "gentle-back" in unknown.stderr


# -- several -----------------------------------------------------------------------------------


def test_several_are_made_in_a_folder_and_one_that_fails_does_not_harm_the_others(
    run: Run, tmp_path: Path
) -> None:
    second = tmp_path / "second.yaml"
    second.write_text(SHORT.read_text().replace("Short test", "Second test"))
    (tmp_path / "out" / "second.wav").mkdir(parents=True)  # cannot become a file
    done = run(SHORT, second, "-o", tmp_path / "out.wav", "--wait", "0", "--force")
    assert done.returncode == 1
    assert "second.wav cannot be written: Is a directory." in done.stderr
    assert len(samples(tmp_path / "out" / "short.wav")) > 60 * 48_000
    assert names(tmp_path) == ["second.yaml", "short.wav"]


# -- interrupted, killed, full -----------------------------------------------------------------


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".wav", ".mp3"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_it_leaves_the_old_file_and_no_process(
    start: Start, tmp_path: Path, suffix: str, number: signal.Signals
) -> None:
    out = tmp_path / f"out{suffix}"
    out.write_text("old")
    process = start(out)
    below = [pid for pid, _ in descendants(process.pid)]
    os.killpg(process.pid, number)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told.decode() == "Interrupted. What was not finished is not there.\n"
    assert out.read_text() == "old"
    assert names(tmp_path) == [out.name]
    wait_for(lambda: not any(map(alive, below)), 10)


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".wav", ".m4b"])
def test_killed_it_leaves_the_old_file_and_no_process_and_the_next_one_sweeps(
    start: Start, run: Run, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"out{suffix}"
    out.write_text("old")
    process = start(out)
    below = [pid for pid, _ in descendants(process.pid)]
    assert bool(below) == (suffix != ".wav")
    process.kill()
    process.wait()
    wait_for(lambda: not any(map(alive, below)), 30)
    assert out.read_text() == "old"
    assert run(SHORT, "-o", out, "--force", "--wait", "0").returncode == 0
    assert names(tmp_path) == [out.name]
    assert out.stat().st_size > 100_000


@needs_ffmpeg
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_several_end_together(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    second = tmp_path / "second.yaml"
    second.write_text(SHORT.read_text().replace("Short test", "Second test"))
    process = start(tmp_path / "out.mp3", SHORT, second)
    below = [pid for pid, _ in descendants(process.pid)]
    assert below
    os.kill(process.pid, number)
    process.communicate(timeout=30)
    wait_for(lambda: not any(map(alive, below)), 30)
    assert not [name for name in names(tmp_path / "out") if not name.startswith(".")]
    if number is signal.SIGINT:
        assert process.returncode == 130
        assert names(tmp_path) == ["second.yaml"]


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_no_more_room_is_a_sentence_and_leaves_the_old_file(
    run: Run, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"out{suffix}"
    out.write_text("old")

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    done = run(SHORT, "-o", out, "--force", preexec_fn=little_room)
    assert done.returncode == 1
    assert f"{out} cannot be written: " in done.stderr
    assert "Traceback" not in done.stderr
    assert "Choose another place." in done.stderr
    assert out.read_text() == "old"
    assert names(tmp_path) == [out.name]


@needs_ffmpeg
def test_an_encoder_that_dies_is_a_sentence(start: Start, tmp_path: Path) -> None:
    process = start(tmp_path / "out.mp3")
    encoder = next(pid for pid, command in descendants(process.pid) if "ffmpeg" in command)
    os.kill(encoder, signal.SIGKILL)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "out.mp3 cannot be written: ffmpeg failed (exit code -9)." in told.decode()
    assert names(tmp_path) == []


@needs_ffmpeg
def test_an_encoder_that_lacks_a_codec_says_so(
    run: Run, tmp_path: Path, env: dict[str, str]
) -> None:
    bare = tmp_path / "bin" / "ffmpeg"
    bare.parent.mkdir()
    bare.write_text("#!/bin/sh\necho \"Unknown encoder 'libmp3lame'\" >&2\nexit 1\n")
    bare.chmod(0o755)
    path = f"{bare.parent}:{env['PATH']}"
    done = run(SHORT, "-o", tmp_path / "out.mp3", env={**env, "PATH": path})
    assert done.returncode == 1
    assert "ffmpeg failed (Unknown encoder 'libmp3lame')" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission_is_a_sentence(run: Run, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = run(SHORT, "-o", tmp_path / "out.wav")
    assert done.returncode == 1
    assert "out.wav cannot be written: Permission denied." in done.stderr


@needs_ffmpeg
def test_a_name_that_looks_like_an_option_or_an_address_is_a_name(run: Run, tmp_path: Path) -> None:
    done = run(SHORT, "--output=-http:x.mp3", "--wait", "0", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert float(probed(tmp_path / "-http:x.mp3")["format"]["duration"]) > 60
