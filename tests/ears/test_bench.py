"""The bench of the ears: it mixes what it says it mixes, and tells a deaf ear from a good one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pocketsphinx", reason="the decoder is not installed")

from ears.recordings import random, recorded, word
from listening import bench, intervals, measure
from listening.conditions import (
    CLEAN,
    PERSON,
    Condition,
    Item,
    Setting,
    Stream,
    Surroundings,
    simulated_echo,
    stream,
)
from listening.corpus import RATE
from listening.lines import Line
from listening.measure import Heard, hear, judged, strays
from listening.mixing import power, speech_power
from listening.report import Figure, Target, missed, share, table, targets

from voicecoach.core.commands import Context, Intent
from voicecoach.ears.endpoint import CHUNK
from voicecoach.ears.hearing import Decision
from voicecoach.ears.listening import Told
from voicecoach.errors import VoiceError

NOWHERE = Surroundings(None, None)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("people"), 24, 2)


class Ear:
    """Says stop as often as the loudest 32 ms of a word are over a level."""

    def __init__(self, level: float) -> None:
        self.level, self.sample, self.last = level, 0, -RATE
        self.references: list[tuple[int, int, int]] = []
        self.fed: list[tuple[int, int]] = []

    def open(self, contexts: tuple[Context, ...]) -> None:
        assert contexts

    def reference(self, index: int, pcm: bytes, at: int) -> None:
        self.references.append((index, len(pcm) // 2, at))

    def feed(self, chunk: bytes, at: int) -> Sequence[Told]:
        self.fed.append((len(chunk), at))
        self.sample += CHUNK
        samples = np.frombuffer(chunk, "<i2") / 32768
        if power(samples.astype(np.float32)) < self.level**2 or self.sample - self.last < RATE:
            return []
        self.last = self.sample
        return [Decision(Intent.STOP, "stop", "test", self.sample - CHUNK, self.sample)]

    def flush(self) -> Sequence[Told]:
        return []


# -- mixing ------------------------------------------------------------------------------------

ITEMS = [Item(word(n), 4800, 11_200) for n in range(3)]


def decibels(share: float) -> float:
    return 10 * float(np.log10(share))


@pytest.mark.parametrize("snr", [20, 10, 5])
@pytest.mark.parametrize("noise", ["pink", "music", "babble", "home"])
def test_noise_is_as_loud_as_it_says(people: Path, noise: str, snr: int) -> None:
    around = Surroundings(people, 1)
    loud = stream(ITEMS, Setting(Condition(noise, snr), around), random())
    soft = stream(ITEMS, Setting(Condition(noise, 200), around), random())
    start = 0
    for place in loud.places:
        added = loud.sound[start : place.until] - soft.sound[start : place.until]
        assert decibels(PERSON**2 / power(added)) == pytest.approx(snr, abs=0.1)
        said = soft.sound[place.start - 4800 : place.start - 4800 + RATE]
        assert decibels(speech_power(said) / PERSON**2) == pytest.approx(0, abs=0.1)
        start = place.until


@pytest.mark.parametrize("echo", [-10, 0, 10])
@pytest.mark.parametrize("path", ["simulated", "two devices"])
def test_the_coach_is_as_loud_as_it_says(echo: int, path: str) -> None:
    coach = random().normal(0, 0.1, 5 * RATE).astype(np.float32)
    one, none = (
        stream(ITEMS, Setting(Condition(echo=level, path=path), NOWHERE, coach), random())
        for level in (echo, -200)
    )
    level = speech_power(one.sound - none.sound) / PERSON**2
    assert decibels(level) == pytest.approx(echo, abs=0.1)
    assert one.reference is not None
    assert len(one.reference) == len(one.sound)


def test_ears_that_are_not_told_hear_the_same_coach() -> None:
    coach = random().normal(0, 0.1, 5 * RATE).astype(np.float32)
    told, untold = (
        stream(ITEMS, Setting(Condition(echo=0, path=path), NOWHERE, coach), random())
        for path in ("simulated", "untold")
    )
    assert untold.reference is None
    assert np.array_equal(told.sound, untold.sound)


@pytest.mark.parametrize("seed", range(5))
def test_an_echo_comes_20_to_80_ms_later(seed: int) -> None:
    click = np.zeros(2 * RATE, np.float32)
    click[RATE] = 1
    late = int(np.abs(simulated_echo(click, "simulated", random(seed))).argmax()) - RATE
    assert 0.020 * RATE <= late <= 0.080 * RATE


def test_two_devices_drift_apart() -> None:
    clicks = np.zeros(60 * RATE, np.float32)
    clicks[RATE], clicks[59 * RATE] = 1, 1
    late = simulated_echo(clicks, "two devices", random())
    first = int(np.abs(late[: 2 * RATE]).argmax())
    last = int(np.abs(late[58 * RATE :]).argmax()) + 58 * RATE
    assert last - first == pytest.approx(58 * RATE * (1 + 150e-6), abs=3)


def test_the_same_seed_is_the_same_stream() -> None:
    one, two, other = (
        stream(ITEMS, Setting(Condition("music", 10), NOWHERE), random(seed)) for seed in (3, 3, 4)
    )
    assert np.array_equal(one.sound, two.sound)
    assert not np.array_equal(one.sound, other.sound[: len(one.sound)])


def test_clean_is_as_recorded() -> None:
    one = stream(ITEMS, Setting(CLEAN, NOWHERE), random())
    place = one.places[1]
    said = one.sound[place.start - 4800 : place.start - 4800 + RATE]
    assert np.abs(said - ITEMS[1].sound).max() < 0.01


# -- measuring ---------------------------------------------------------------------------------

LINE = Line("stop", Intent.STOP, "somebody")


def test_every_chunk_is_fed_and_what_is_played_is_never_ahead() -> None:
    coach = random().normal(0, 0.1, RATE).astype(np.float32)
    ear, one = Ear(9), stream(ITEMS, Setting(Condition(echo=0), NOWHERE, coach), random())
    assert list(hear(ear, one)) == []
    assert len(ear.fed) == len(one.sound) // CHUNK
    assert {length for length, _ in ear.fed} == {CHUNK * 2}
    moments = [at for _, at in ear.fed]
    assert moments == sorted(set(moments))
    assert [index for index, _, _ in ear.references] == [n * CHUNK for n in range(len(moments))]
    for (index, length, due), at in zip(ear.references, moments, strict=True):
        assert due == index * 1000 // RATE
        assert due + length * 1000 // RATE <= at


def test_a_good_ear_a_deaf_ear_and_a_nervous_ear() -> None:
    one = stream(ITEMS, Setting(Condition("pink", 20), NOWHERE), random())
    lines = [LINE] * 3
    shares = {}
    for name, level in (("good", PERSON / 2), ("deaf", 1.0), ("nervous", 0.0)):
        heard = list(hear(Ear(level), one))
        trials, rest = judged(lines, one.places, heard)
        shares[name] = sum(trial.halted for trial in trials), len(rest) > 0
    assert shares == {"good": (3, False), "deaf": (0, False), "nervous": (3, True)}


def test_delay_is_from_the_end_of_the_word() -> None:
    places = stream(ITEMS[:1], Setting(CLEAN, NOWHERE), random()).places
    late = Heard(places[0].end + 1600, 0, Intent.PAIN, "it hurts")
    later = Heard(places[0].end + 3200, 0, Intent.STOP, "stop")
    (trial,), rest = judged([LINE], places, [late, later])
    assert (trial.delay, trial.halted, trial.right, trial.wrong, rest) == (
        100,
        True,
        True,
        True,
        [],
    )


def test_too_late_is_not_heard() -> None:
    places = stream(ITEMS[:1], Setting(CLEAN, NOWHERE), random()).places
    (trial,), rest = judged([LINE], places, [Heard(places[0].end + 2 * RATE, 0, Intent.STOP)])
    assert not trial.halted
    assert len(rest) == 1


def test_a_suspicion_is_no_stop_but_is_noted() -> None:
    places = stream(ITEMS[:1], Setting(CLEAN, NOWHERE), random()).places
    (trial,), _ = judged([LINE], places, [Heard(places[0].end, 0, None)])
    assert (trial.halted, trial.suspected) == (False, 0)


def test_the_guard_keeps_commands_but_never_stops() -> None:
    said = [(0, 2 * RATE, "Say ready, and then stop.")]
    heard = [
        Heard(RATE, RATE // 2, Intent.READY, "ready"),
        Heard(RATE, RATE // 2, Intent.STOP, "stop"),
        Heard(2 * RATE, RATE, Intent.PAIN, "it hurts"),
        Heard(30 * RATE, 29 * RATE, Intent.READY, "ready"),
        Heard(30 * RATE, 30 * RATE, None),
    ]
    found = strays(heard, 3600 * RATE, said)
    assert (found.halts, found.commands, found.guarded, found.suspicions) == (1, 1, 1, 1)
    assert found.hours == 1


# -- how sure ----------------------------------------------------------------------------------


def test_intervals_are_those_of_the_books() -> None:
    assert intervals.wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert intervals.wilson(0, 0) == (0.0, 1.0)
    assert intervals.per_hour(0, 1) == pytest.approx((0, 3.6889), abs=1e-3)
    assert intervals.per_hour(5, 0.5) == pytest.approx((2 * 1.6235, 2 * 11.6683), abs=1e-3)


def test_takes_of_one_speaker_count_less_than_as_many_speakers() -> None:
    alike = [(f"{n % 10}", n % 10 < 7) for n in range(100)]
    apart = [(f"{n}", n % 10 < 7) for n in range(100)]
    few, many = (intervals.share_by_speaker(trials) for trials in (alike, apart))
    assert few[1] - few[0] > 2 * (many[1] - many[0])
    assert many[0] < 0.7 < many[1]


def test_where_all_are_heard_the_interval_is_not_empty() -> None:
    low, high = intervals.share_by_speaker([(f"{n}", True) for n in range(20)])
    assert low == pytest.approx(0.839, abs=0.001)
    assert high == 1


def test_a_floor_that_is_missed_is_told() -> None:
    better = Figure("stop, clean", 80, 70, 90, "%", "8 of 10")
    fewer = Figure("false stops", 4, 1, 9, "an hour", "4 in 60 min", "less")
    wanted = {"stop, clean": Target(93, 97, 75, 90), "false stops": Target(3, 0.5, 5)}
    assert missed([better, fewer], wanted, quick=False) == []
    assert missed([better, fewer], wanted, quick=True) == ["stop, clean: 80.0 % is less than 90."]
    assert better.verdict(wanted["stop, clean"]) == "missed"
    lines = table([better, fewer], wanted).splitlines()
    assert len(lines) == 3
    assert all(line.isprintable() for line in lines)


def test_what_is_asked_of_figures_is_in_order() -> None:
    for name, target in targets().items():
        worse = (target.floor, target.quick)
        if target.must is not None and target.aim is not None:
            less = target.aim < target.must or name.startswith("false")
            for floor in worse:
                assert floor is None or (floor >= target.must) == less or floor == target.must, name


# -- the whole ---------------------------------------------------------------------------------


def run(folder: Path, level: float, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    def silent(_: object) -> None:
        raise VoiceError("No voice here.")

    monkeypatch.setattr(bench, "prepare", silent)
    monkeypatch.setattr(measure, "ears", lambda *_: Ear(level))
    asked = ["--corpus", str(folder), "--quick", "--only", "stop", "--processes", "1", *words]
    return bench.main(asked)


def test_floors_fail_a_deaf_ear_and_pass_a_good_one(
    people: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "targets", lambda: {"stop, clean": Target(quick=80)})
    good = run(people, 0.05, monkeypatch, "--floors", "--json")
    report = json.loads(capsys.readouterr().out)
    clean = next(row for row in report["figures"] if row["name"] == "stop, clean")
    assert (good, clean["value"], clean["of"]) == (0, 100.0, "12 of 12, 12 people")
    deaf = run(people, 1.0, monkeypatch, "--floors")
    said = capsys.readouterr()
    assert deaf == 1
    assert "Below its floor: stop, clean: 0.0 % is less than 80." in said.err
    assert "stop, clean" in said.out


def test_a_folder_that_is_no_corpus_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main(["--corpus", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_shares_of_synthetic_voices_say_so() -> None:
    from listening.voices import Speaker  # noqa: PLC0415

    line = Line("next", Intent.NEXT, "flite slt", voice=Speaker("flite", "slt"))
    trial = measure.Trial(line, ((Intent.NEXT, "next", 300),), None)
    (figure,) = share("other commands", [trial], lambda one: one.right)
    assert (figure.note, figure.of) == ("synthetic voices", "1 of 1, 1 voices")


def test_a_stream_that_is_too_loud_is_made_softer_as_a_whole() -> None:
    coach = random().normal(0, 0.1, RATE).astype(np.float32)
    one = stream(ITEMS, Setting(Condition(echo=40), NOWHERE, coach), random())
    assert isinstance(one, Stream)
    assert float(np.abs(one.sound).max()) < 1
