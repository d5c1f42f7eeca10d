"""`voicecoach setup --aloud` with a scripted person: no device, no waiting."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripted import Hours

from voicecoach.cli.setup_aloud import Talk, converse
from voicecoach.core.commands import Context, Intent
from voicecoach.core.en import EN
from voicecoach.core.events import Back, Event, Heard, Lost
from voicecoach.core.units import Ms
from voicecoach.ears.base import Spoken
from voicecoach.errors import EarsError
from voicecoach.library.profile import load_profile, profile_path
from voicecoach.speaker.silent import SilentSpeaker
from voicecoach.voice.silent import SilentVoice


class Script(Hours):
    """After each sentence the next event that belongs to it comes."""

    def __init__(self, **events: list[Event]) -> None:
        super().__init__()
        said = {name: EN.sentences.get(name, f"{name.capitalize()}.") for name in events}
        self.events = {said[name]: some for name, some in events.items()}


class Ears:
    def __init__(self, script: Script) -> None:
        self.script, self.said = script, list[str]()
        self.hushed = 0

    def speaking(self, spoken: Spoken) -> None:
        self.said.append(spoken.text)
        if some := self.script.events.get(spoken.text):
            event = some.pop(0)
            self.script.due.append((spoken.end + event.at, event))

    def hush(self, _at: Ms) -> None:
        self.hushed += 1

    def listen(self, context: Context) -> None:
        assert isinstance(context, Context)


class Loud(SilentSpeaker):
    cuts = 0

    def cut(self) -> None:
        self.cuts += 1


def key(name: str, intent: Intent = Intent.NUMBER, at: int = 100) -> Heard:
    return Heard(Ms(at), intent, name, "keys")


def talked(*, keys: bool = True, **events: list[Event]) -> Ears:
    script = Script(**events)
    ears = Ears(script)
    speaker = Loud(clock=script.now)
    converse(Talk(script, SilentVoice(), speaker, [ears], keys=keys))  # type: ignore[list-item]
    assert speaker.cuts == ears.hushed  # whatever was heard broke the sentence off
    return ears


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_what_is_called_right_is_kept_also_when_it_is_ended_then() -> None:
    ears = talked(
        setup_place=[key("2")],
        setup_right=[key("y", Intent.YES)],
        setup_scores=[key("space", Intent.STOP)],
    )
    assert "A and E." in ears.said
    assert load_profile(profile_path()).contacts == {"place": "A and E"}
    assert ears.said[-1] == "The set-up is over."


def test_enter_ends_a_number() -> None:
    ears = talked(
        setup_digits=[key("1")],
        setup_right=[key("y", Intent.YES)],
        one=[key("1"), key("2")],
        two=[key("enter", Intent.STOP)],
    )
    assert "One one two." in ears.said
    assert load_profile(profile_path()).contacts == {"emergency": "112"}


def test_a_stop_ends_it() -> None:
    ears = talked(setup_emergency=[key("space", Intent.STOP, -500)])
    assert ears.said[-2:] == [EN.say("setup_emergency"), "The set-up is over."]
    assert not profile_path().exists()


def test_a_lost_microphone_is_said_and_the_keys_go_on() -> None:
    ears = talked(
        setup_emergency=[Lost(Ms(-100), "microphone", "The microphone is gone.")],
        setup_digits=[Back(Ms(0), "microphone")],
        setup_scores=[key("y", Intent.YES)],
    )
    assert ears.said.count("The microphone is gone.") == 1
    assert ears.said.count("I can hear you again.") == 1
    assert ears.said[-1] == "The set-up is over."


def test_without_keys_a_lost_microphone_ends_it_with_the_reason() -> None:
    with pytest.raises(EarsError, match="gone"):
        talked(keys=False, setup_leave=[Lost(Ms(0), "microphone", "The microphone is gone.")])


def test_who_never_answers_comes_to_the_end_and_nothing_is_written() -> None:
    ears = talked()
    assert ears.said.count(EN.say("setup_emergency")) == 2
    assert ears.said[-1] == "The set-up is over."
    assert not profile_path().exists()
