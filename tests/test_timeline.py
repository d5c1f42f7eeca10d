"""The whole session as data: the golden transcripts, and what a spoken word changes in them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from voicecoach.core.actions import Outcome
from voicecoach.core.profile import Profile
from voicecoach.core.routine import Routine
from voicecoach.core.units import Ms
from voicecoach.library import load_routine, shipped_routines
from voicecoach.record import Recorder
from voicecoach.simulation import Words, simulate

HERE = Path(__file__).parent
ROUTINES = shipped_routines()
GENTLE = next(path for path in ROUTINES if path.stem == "gentle-back")
Entries = list[dict[str, Any]]


def timeline(*words: tuple[float, str], routine: Path = GENTLE) -> tuple[Outcome, Entries]:
    entries: Entries = []
    said = [Words(Ms(round(at * 1000)), text) for at, text in words]
    loaded = load_routine(routine)
    profile = answered(loaded)
    outcome, _ = simulate(loaded, [Recorder(entries.append)], said, profile=profile)
    return outcome, entries


def answered(routine: Routine) -> Profile:
    """Five, to every number that a routine asks for."""
    asked = {one.id: dict.fromkeys(one.dose.asked, 5) for one in routine.exercises}
    return Profile(doses=asked)


def of(entries: Entries, *kinds: str) -> Entries:
    return [entry for entry in entries if entry["kind"] in kinds]


def first(entries: Entries, kind: str, nth: int = 0) -> int:
    at: int = of(entries, kind)[nth]["at_ms"]
    return at


def lines(entries: Entries) -> str:
    return "".join(f"{e['at_ms'] / 1000:9.3f} {e['kind']}: {e['text']}\n" for e in entries)


@pytest.mark.parametrize("routine", ROUTINES, ids=lambda path: path.stem)
def test_golden_transcript(routine: Path, request: pytest.FixtureRequest) -> None:
    """`pytest --golden` writes them anew; the difference is then read by a person."""
    outcome, entries = timeline(routine=routine)
    golden = HERE / "golden" / f"{routine.stem}.txt"
    if request.config.getoption("--golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(lines(entries), encoding="utf-8")
    assert lines(entries) == golden.read_text(encoding="utf-8")
    assert outcome is Outcome.DONE


def test_every_hold_lasts_what_was_prescribed_and_is_counted_on_the_second() -> None:
    _, entries = timeline()
    holds = of(entries, "hold")
    assert len(holds) == 5 + 10 + 5
    for hold in holds:
        inside = [e for e in entries if hold["at_ms"] < e["at_ms"] <= hold["at_ms"] + 5000]
        counts = [e["at_ms"] - hold["at_ms"] for e in of(inside, "count")]
        assert counts == [1000, 2000, 3000, 4000, 5000]
        assert [e["at_ms"] - hold["at_ms"] for e in of(inside, "release")] == [5000]
        assert all(e["place"] == hold["place"] for e in inside)


def test_both_sides_get_the_same() -> None:
    _, entries = timeline()
    knee = [e["place"] for e in of(entries, "hold") if e["place"]["exercise"] == 2]
    assert [(p["side"], p["rep"]) for p in knee] == [
        (side, rep) for rep in range(1, 6) for side in ("left", "right")
    ]


def test_every_rep_of_a_side_names_the_side() -> None:
    _, entries = timeline()
    for hold in of(entries, "hold"):
        side = hold["place"]["side"]
        said = [e["text"] for e in of(entries, "prompt") if e["place"] == hold["place"]]
        if side:
            assert any(text.startswith(f"{side.capitalize()} side.") for text in said)


def test_cautions_come_before_the_first_movement() -> None:
    _, entries = timeline()
    texts = [e["text"] for e in of(entries, "prompt")]
    cautions = load_routine(GENTLE).cautions
    setup = load_routine(GENTLE).exercises[0].setup[0].say
    assert cautions
    assert all(texts.index(caution) < texts.index(setup) for caution in cautions)


def test_stop_in_a_hold_ends_the_timeline_there() -> None:
    _, plain = timeline()
    at = first(plain, "hold") + 2300
    outcome, entries = timeline((at / 1000, "stop"))
    stop = of(entries, "stop")[0]
    assert stop["at_ms"] == at
    after = [e for e in entries if e["at_ms"] >= at and e["kind"] in {"count", "release"}]
    assert after == []
    assert [e["text"] for e in of(entries, "prompt") if e["at_ms"] >= at] == [
        "Stopped.",
        "Say continue, repeat, skip, or finish.",
    ]
    assert outcome is Outcome.DONE


def test_pain_in_a_hold_says_the_way_out_and_ends_for_pain() -> None:
    _, plain = timeline()
    at = (first(plain, "hold") + 2300) / 1000
    outcome, entries = timeline((at, "stop, it hurts"), (at + 25, "finish"))
    after = [e["text"] for e in of(entries, "prompt", "release") if e["at_ms"] >= at * 1000]
    assert after[:3] == ["Stopped.", "Ease out slowly.", "Let your tummy go soft."]
    assert outcome is Outcome.PAIN


def test_pause_and_continue_hold_the_remaining_seconds() -> None:
    _, plain = timeline()
    at = first(plain, "hold") + 2300
    _, entries = timeline((at / 1000, "pause"), (at / 1000 + 30, "continue"))
    again = first(entries, "hold", 1)
    counts = [e for e in of(entries, "count") if e["at_ms"] > again][:3]
    assert [(e["at_ms"] - again, e["text"]) for e in counts] == [
        (700, "three"),
        (1700, "four"),
        (2700, "five"),
    ]
    assert next(e["at_ms"] for e in of(entries, "release") if e["at_ms"] > again) == again + 2700


def test_next_leads_on_and_go_back_leads_back() -> None:
    _, entries = timeline((60, "next"), (70, "go back"))
    heard = {e["text"]: e["at_ms"] for e in of(entries, "heard") if e["text"] != "ready"}
    between = [e for e in entries if heard["next"] < e["at_ms"] < heard["go back"]]
    assert {e["place"]["exercise"] for e in of(between, "prompt")} == {2}
    later = [e for e in of(entries, "prompt") if e["at_ms"] > heard["go back"]]
    assert later[0]["place"]["exercise"] == 1


def test_a_question_in_a_hold_leaves_the_clock_alone() -> None:
    _, plain = timeline()
    at = first(plain, "hold") + 500
    _, entries = timeline((at / 1000, "how long"))
    assert first(entries, "hold") == first(plain, "hold")
    assert first(entries, "release") == first(plain, "release")
    assert any("minutes left" in e["text"] for e in of(entries, "prompt"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voicecoach", "timeline", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_command_prints_json_lines() -> None:
    done = run("gentle-back", "--json", "--say", "100 ouch")
    assert done.returncode == 3
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert all({"at_ms", "kind", "text", "place"} <= set(entry) for entry in entries)
    assert [e["at_ms"] for e in entries] == sorted(e["at_ms"] for e in entries)
    assert of(entries, "heard")[-1]["intent"] == "pain"


@pytest.mark.parametrize("words", ["next", "12.5", "soon next", "-1 next", "nan next", "1e99 next"])
def test_words_without_a_moment_are_a_usage_error(words: str) -> None:
    done = run("--say", words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Write" in done.stderr


def test_words_that_are_no_command_are_told() -> None:
    done = run("--say", "5 banana")
    assert "'banana' was no command at that moment." in done.stderr
    assert done.returncode == 0


def test_an_unknown_routine_is_one_sentence() -> None:
    done = run("gentle-bak")
    assert done.returncode == 1
    assert "gentle-back" in done.stderr
    assert "Traceback" not in done.stderr
