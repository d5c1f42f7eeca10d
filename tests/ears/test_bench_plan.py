"""Who is judged by whom in the bench of the ears, in what, and of which recordings."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("pocketsphinx", reason="the decoder is not installed")

from ears.recordings import recorded
from listening import corpus, voices
from listening.conditions import Condition, Surroundings
from listening.lines import some, twice
from listening.measure import Nets
from listening.plan import Plan
from listening.spoken import CONNECTED, NEAR, command_jobs, ouch_jobs, stop_jobs
from listening.unspoken import false_jobs

from voicecoach.core.commands import Intent

JUDGES: dict[int | None, Nets] = {
    group: Nets(Path(f"stops {group}"), Path(f"phones {group}"))
    for group in (None, *range(corpus.FOLDS))
}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("people"), 24, 2)


def test_nobody_is_judged_by_a_network_that_met_them(people: Path) -> None:
    plan = Plan(people, JUDGES, speaks=False)
    judges: dict[str, set[Nets]] = {}
    for job in stop_jobs(plan):
        for line in job.lines:
            judges.setdefault(line.speaker, set()).add(job.weights)
    assert len(judges) == 24
    for speaker, networks in judges.items():
        assert networks == {JUDGES[corpus.fold(speaker)]}


@pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
def test_a_voice_of_flite_is_judged_like_a_person(people: Path) -> None:
    judges: dict[str, set[Nets]] = {}
    for job in command_jobs(Plan(people, JUDGES, speaks=False)):
        for line in job.lines:
            assert line.voice is not None
            judges.setdefault(line.voice.name, set()).add(job.weights)
    for name, networks in judges.items():
        assert networks == {JUDGES[voices.GROUPS.get(name)]}
    assert set(voices.GROUPS) <= set(judges)


def test_what_surrounds_a_group_is_of_that_group(people: Path) -> None:
    groups = [Surroundings(people, group) for group in range(corpus.FOLDS)]
    talk = [len(group.talk()) for group in groups]
    assert sum(talk) == 9
    assert sum(len(group.noises(("esc10_rain",))) for group in groups) == 9
    every = Surroundings(people, None)
    assert len(every.talk()) == 9
    assert not every.noises(("exercise_bike",))
    assert not every.has(Condition("bike", 10))
    assert not every.has(Condition(room="hall"))


def test_first_takes_of_all_come_before_second_takes(tmp_path: Path) -> None:
    clips = corpus.words(recorded(tmp_path, 6, 3))
    stops = [clip for clip in clips if clip.word == "stop"]
    assert len({clip.speaker for clip in some(stops, 6)}) == 6
    assert len(some(stops, 99)) == 18
    assert some(stops, 5) == some(list(reversed(stops)), 5)


def test_twice_is_by_one_person(tmp_path: Path) -> None:
    stops = [clip for clip in corpus.words(recorded(tmp_path, 4, 2)) if clip.word == "stop"]
    found = twice(stops, Intent.STOP)
    assert len(found) == 4
    assert all(
        one.speaker in one.paths[0].name and one.speaker in one.paths[1].name for one in found
    )


def test_a_shout_that_is_a_word_is_said_and_no_noise(people: Path) -> None:
    plan = Plan(people, JUDGES, speaks=False)
    noises = {path.stem for job in false_jobs(plan) for path in job.sounds}
    assert "npc_hurt_1" in noises
    assert "npc_shout_1" not in noises
    (job,) = [job for job in ouch_jobs(plan) if job.name == "clean"]
    (line,) = job.lines
    assert (line.text, line.intent, line.paths[0].stem) == ("ouch", Intent.PAIN, "npc_shout_1")
    assert job.weights == JUDGES[corpus.fold("npc_shout_1")]


def test_words_to_be_missed_hold_no_stop_and_those_to_be_heard_do() -> None:
    assert all("stop" in text.split() for text in CONNECTED)
    assert not [text for text in NEAR if "stop" in text.split()]
