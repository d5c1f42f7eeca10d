"""The voices that a machine has: listed, chosen by name, and told apart from what is none."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from voicecoach.cli import main
from voicecoach.errors import VoiceError
from voicecoach.voice.child import Renderer
from voicecoach.voice.engine import Known
from voicecoach.voice.spoken import SpokenVoice
from voicecoach.voice.store import ClipStore

needs_espeak = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="needs eSpeak NG: run scripts/test --set-up"
)

KNOWN = [
    Known("gmw/en-us", "English (America)", "en-us", chosen=False),
    Known("gmw/en", "English (Great Britain)", "en-gb", chosen=True),
    Known("gmw/de", "German", "de", chosen=False),
    Known("x/odd", "Odd", "", chosen=False),
]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Renderer, "voices", lambda _self: KNOWN)


@pytest.mark.usefixtures("known")
def test_voices_are_listed_and_the_chosen_one_is_told_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["voices"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:4] == [
        "x/odd: Odd.",
        "gmw/de: German, language de.",
        "gmw/en: English (Great Britain), language en-gb, chosen: it speaks where you name none.",
        "gmw/en-us: English (America), language en-us.",
    ]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(("language", "found"), [("en", 2), ("EN_us", 1), ("de", 1), ("e", 0)])
def test_a_language_narrows_the_list(
    capsys: pytest.CaptureFixture[str], language: str, found: int
) -> None:
    main(["voices", "--language", language])
    said = capsys.readouterr().out
    assert said.count(", language ") == found
    assert ("There are: de, en-gb, en-us." in said) == (found == 0)


@needs_espeak
def test_this_machine_has_one_chosen_voice() -> None:
    with closing(Renderer()) as renderer:
        voices = renderer.voices()
        assert sum(voice.chosen for voice in voices) == 1
        assert {"en-gb", "en-us"} <= {voice.language for voice in voices}


def spoken(folder: Path, name: str | None) -> bytes:
    with closing(SpokenVoice(name, store=ClipStore(folder / "clips"))) as voice:
        return voice.clip("How do I sound?", 175).samples.tobytes()


def sounds(folder: Path, name: str, like: str) -> bool:
    """Whether one name gives the very samples of another.

    eSpeak NG draws its noise anew for each text, so they differ where it had to be asked twice.
    """
    tries = [folder / str(number) for number in range(3)]
    return any(spoken(one, name) == spoken(one, like) for one in tries)


@needs_espeak
def test_a_voice_is_chosen_by_id_by_its_end_by_name_or_by_language(tmp_path: Path) -> None:
    american = "gmw/en-us"
    assert spoken(tmp_path, american) != spoken(tmp_path, None)
    for name in ("en-us", "EN-US", "English (America)"):
        assert sounds(tmp_path / name, name, american)
    assert sounds(tmp_path / "british", "en-gb", "gmw/en")


@needs_espeak
def test_a_variant_speaks_otherwise_and_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert spoken(tmp_path, "en-us+f3") != spoken(tmp_path, "en-us")
    with pytest.raises(VoiceError, match=r'en-us has no variant called "nonsense"\.'):
        spoken(tmp_path, "en-us+nonsense")


@needs_espeak
@pytest.mark.parametrize(
    ("wrong", "near"), [("enus", "gmw/en-us"), ("english (amerca)", "gmw/en-us"), ("zzz", "")]
)
def test_a_wrong_name_is_answered_with_near_ones(tmp_path: Path, wrong: str, near: str) -> None:
    with pytest.raises(VoiceError, match="This computer has no voice called") as caught:
        spoken(tmp_path, wrong)
    said = str(caught.value)
    assert f"Names like it: {near}" in said if near else "Names like it" not in said
    assert said.endswith("All: voicecoach voices.")


@needs_espeak
def test_play_tells_a_wrong_voice_before_anything_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    code = main(["play", "--voice", "nobody", "--ears", "none", "--speaker", "silent"])
    said = capsys.readouterr()
    assert code == 1
    assert said.out == ""
    assert 'no voice called "nobody"' in said.err


@needs_espeak
def test_a_try_without_a_loudspeaker_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from voicecoach.errors import SpeakerError  # noqa: PLC0415

    def none(*_: object) -> None:
        raise SpeakerError("This computer has no loudspeaker.")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("voicecoach.speaker.choice.open_speaker", none)
    assert main(["voices", "--try"]) == 4
    said = capsys.readouterr().out
    assert said == ("The voice works, but it cannot be heard. This computer has no loudspeaker.\n")
