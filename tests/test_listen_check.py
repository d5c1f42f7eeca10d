"""`voicecoach listen-check` with a scripted person: no device, no waiting."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from scripted import Hours

from voicecoach.cli import listen_check
from voicecoach.core.commands import Intent
from voicecoach.core.en import SENTENCES
from voicecoach.core.events import Event, Heard, Lost, Noticed
from voicecoach.core.units import Ms
from voicecoach.ears.base import Spoken
from voicecoach.ears.told import Signs
from voicecoach.speaker.silent import SilentSpeaker
from voicecoach.voice.silent import SilentVoice

GOOD = Signs(noise=-60, speech=-22, echo=-58.5, left=-60)


class Script(Hours):
    """After each sentence the next lines of the script happen."""

    def __init__(self, **answers: list[Event]) -> None:
        super().__init__()
        self.answers = {SENTENCES[name]: events for name, events in answers.items()}

    def said(self, text: str, until: Ms) -> None:
        for event in self.answers.pop(text, []):
            self.due.append((until + event.at, event))


class Ears:
    hearing = True

    def __init__(self, script: Script, signs: Signs) -> None:
        self.script, self.signs = script, signs

    def speaking(self, spoken: Spoken) -> None:
        self.script.said(spoken.text, spoken.end)


class Loud(SilentSpeaker):
    """Counts how often it was cut."""

    audible = True
    cuts = 0

    def cut(self) -> None:
        self.cuts += 1


def heard(intent: Intent, after: int = 500, by: str = "decoder") -> Heard:
    return Heard(Ms(after), intent, intent.value, by)


class Done:
    """A test as it went."""

    def __init__(self, signs: Signs = GOOD, **answers: list[Event]) -> None:
        script, lines = Script(**answers), io.StringIO()
        self.speaker = Loud(clock=script.now)
        self.test = listen_check._Test(
            script,  # type: ignore[arg-type]
            SilentVoice(),
            self.speaker,
            Ears(script, signs),  # type: ignore[arg-type]
            lines,
        )
        self.ended = self.test.conduct()
        self.lines = lines.getvalue().splitlines()


STOP, NEXT = [heard(Intent.STOP)], [heard(Intent.NEXT)]


def test_a_person_who_is_heard() -> None:
    done = Done(check_halt=list(STOP), check_move=list(NEXT))
    assert done.ended == ""
    assert done.test.heard == ["stop", "next"]
    assert done.test.advice == ["check_well"]
    assert done.lines[-5:] == [
        "Room: -60 dB.",
        "My voice does not come back through the microphone.",
        "Your voice: -22 dB.",
        "I hear you well.",
        "The listening test is over.",
    ]
    assert done.speaker.cuts == 1  # a stop that was asked for is silence, too


def test_a_word_is_asked_for_twice() -> None:
    done = Done(check_unheard=list(STOP), check_move=list(NEXT))
    assert done.test.heard == ["stop", "next"]
    assert SENTENCES["check_unheard"] in done.lines


def test_a_word_that_is_not_heard_is_told_with_what_to_do() -> None:
    done = Done(check_halt=list(STOP))
    assert done.test.heard == ["stop"]
    assert done.test.advice == ["check_lacking"]
    mute = Done(replace(GOOD, speech=None))
    assert mute.test.heard == []
    assert mute.test.advice == ["check_nothing", "check_lacking"]


def test_other_words_are_shown_and_waited_over() -> None:
    done = Done(check_halt=[heard(Intent.SKIP), *STOP], check_move=list(NEXT))
    assert done.test.heard == ["stop", "next"]
    assert "You: skip." in done.lines


def test_ouch_makes_it_silent_and_counts() -> None:
    done = Done(check_halt=[heard(Intent.PAIN)], check_move=list(NEXT))
    assert done.test.heard == ["stop", "next"]


@pytest.mark.parametrize(
    ("signs", "advice"),
    [
        (replace(GOOD, speech=-50.0, noise=-80.0), ["check_near"]),
        (replace(GOOD, noise=-30.0), ["check_calm"]),
        (replace(GOOD, echo=-5.0, left=-10.0), ["check_headset"]),
        (replace(GOOD, echo=-5.0, left=-40.0), []),
        (replace(GOOD, noise=None), []),
    ],
)
def test_what_is_to_be_changed(signs: Signs, advice: list[str]) -> None:
    done = Done(signs, check_halt=list(STOP), check_move=list(NEXT))
    assert done.test.advice == [*advice, "check_well"]


def test_a_voice_that_is_too_loud() -> None:
    done = Done(check_halt=[Noticed(Ms(10), "clipping"), *STOP], check_move=list(NEXT))
    assert done.test.advice == ["noticed_clipping", "check_well"]


@pytest.mark.parametrize("intent", [Intent.STOP, Intent.HELP, Intent.FINISH])
@pytest.mark.parametrize("by", ["keys", "decoder"])
@pytest.mark.parametrize("when", ["check_room", "check_move"])
def test_a_stop_ends_it_in_silence_first(intent: Intent, by: str, when: str) -> None:
    done = Done(GOOD, **{when: [heard(intent, by=by)], "check_halt": list(STOP)})  # type: ignore[arg-type]
    assert done.ended == "stopped"
    assert done.speaker.cuts >= (intent is not Intent.FINISH)
    assert done.lines[-1] == SENTENCES["check_over"]
    assert "check_self" not in done.test.advice


def test_the_space_bar_ends_it_also_where_the_word_is_asked_for() -> None:
    done = Done(check_halt=[heard(Intent.STOP, by="keys")])
    assert done.ended == "stopped"
    assert done.test.heard == []


def test_a_word_while_it_talks_may_have_been_its_own() -> None:
    done = Done(check_start=[heard(Intent.STOP, after=-300)])
    assert done.ended == "stopped"
    assert done.lines[-2:] == [SENTENCES["check_self"], SENTENCES["check_over"]]


def test_a_stop_while_it_takes_its_leave_only_silences_it() -> None:
    done = Done(
        check_halt=list(STOP), check_move=list(NEXT), check_well=[heard(Intent.STOP, after=-100)]
    )
    assert done.ended == ""
    assert done.lines[-1] == SENTENCES["check_over"]


def test_a_microphone_that_is_lost_is_said() -> None:
    done = Done(check_room=[Lost(Ms(5), "microphone", "It was pulled out.")])
    assert done.ended == "no microphone"
    assert done.lines[-2:] == ["I cannot hear you. It was pulled out.", SENTENCES["check_over"]]


def test_a_microphone_that_never_answers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ears, "hearing", False)
    done = Done()
    assert done.ended == "no microphone"
    assert done.lines[-2] == "I cannot hear you. It does not answer."


def test_it_never_says_the_words_it_asks_for() -> None:
    for word, prompt, _ in listen_check.WORDS:
        assert word not in SENTENCES[prompt].lower().replace(",", "")
