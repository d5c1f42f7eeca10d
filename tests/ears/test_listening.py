"""The one path of sound: every part gets what it is due, and none keeps it from the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from voicecoach.core.commands import SAFETY, Context, Intent
from voicecoach.ears.endpoint import CHUNK, CHUNK_BYTES, Began, Ended, Endpointer, Sound
from voicecoach.ears.health import MUTED, Health
from voicecoach.ears.hearing import Decision, Hearing
from voicecoach.ears.listening import AMID, TAIL, UNLEARNT, Listening, NoGrading, around
from voicecoach.ears.told import Notice, Signs, Suspicion
from voicecoach.errors import EarsError

RAW, CLEAN, FLAT = b"\x10\x00\x20\x00" * 256, b"\x01\x00" * CHUNK, b"\x10\x00" * CHUNK


class Log(list[object]):
    """What each part was given, in order."""


class Canceller:
    delay = 41.5
    learnt = False
    heard = 0.0

    def __init__(self, log: Log) -> None:
        self.log = log

    def reference(self, index: int, pcm: bytes, at: int) -> None:
        self.log.append(("reference", index, pcm, at))

    def feed(self, chunk: bytes, at: int) -> bytes:
        self.log.append(("canceller", chunk, at))
        return CLEAN


class Spotter:
    def __init__(self, log: Log) -> None:
        self.log = log

    def feed(self, chunk: bytes) -> Mapping[str, float]:
        self.log.append(("spotter", chunk))
        return {"stop": 0.5}


class Grading:
    doubtful = False

    def __init__(self, log: Log) -> None:
        self.log = log

    def feed(
        self, scores: Mapping[str, float], decisions: list[Decision]
    ) -> list[Decision | Suspicion]:
        self.log.append(("grading", dict(scores), list(decisions)))
        return [Suspicion(CHUNK), *decisions]


DECISION = Decision(Intent.NEXT, "next", "decoder", 0, CHUNK)


class Ears(Hearing):
    """A hearing that decides at once."""

    def __init__(self, log: Log) -> None:
        super().__init__(Endpointer(lambda _: 0.0), None, None, {})  # type: ignore[arg-type]
        self.log = log

    def _take(self, marks: Sequence[Began | Sound | Ended]) -> list[Decision]:  # noqa: ARG002
        return [DECISION]

    def feed(self, chunk: bytes) -> list[Decision]:
        self.log.append(("hearing", chunk))
        return super().feed(chunk)


def whole(log: Log) -> Listening:
    return Listening(
        Ears(log), canceller=Canceller(log), spotter=Spotter(log), grading=Grading(log)
    )


def test_a_chunk_goes_the_whole_way() -> None:
    log = Log()
    told = whole(log).feed(RAW, 5000)
    assert log == [
        ("canceller", RAW, 5000),
        ("spotter", CLEAN),
        ("hearing", CLEAN),
        ("grading", {"stop": 0.5}, [DECISION]),
    ]
    assert told == [Suspicion(CHUNK), DECISION]


def test_while_the_coach_is_heard_its_remains_are_veiled_for_those_who_decide() -> None:
    log = Log()
    ears = whole(log)
    assert isinstance(ears.canceller, Canceller)
    ears.canceller.heard = 0.01
    ears.feed(RAW, 5000)
    (spotted,) = (one[1] for one in log if isinstance(one, tuple) and one[0] == "spotter")
    (decoded,) = (one[1] for one in log if isinstance(one, tuple) and one[0] == "hearing")
    assert spotted == decoded != CLEAN


def test_the_reference_goes_to_the_canceller_and_to_the_health() -> None:
    log = Log()
    ears = whole(log)
    ears.reference(7, b"\x00\x20" * 640, 5000)
    assert log == [("reference", 7, b"\x00\x20" * 640, 5000)]
    for number in range(60):
        ears.reference(7, b"\x00\x20" * 640, 5000 + 32 * number)
        ears.feed(RAW, 5032 + 32 * number)
    assert ears.signs.echo is not None
    assert ears.signs.left is not None
    assert ears.signs.left < ears.signs.echo
    assert ears.signs.delay == 41.5


def test_health_sees_the_sound_as_it_came() -> None:
    ears = whole(Log())
    told = [one for number in range(60) for one in ears.feed(FLAT, 32 * number)]
    assert Notice("muted", MUTED * CHUNK) in told


def test_contexts_reach_the_hearing() -> None:
    hearing = Ears(Log())
    ears = Listening(hearing)
    ears.open((Context.NUMBER,))
    assert hearing.contexts == (Context.NUMBER,)


def test_without_its_parts_the_decoder_is_alone() -> None:
    log = Log()
    ears = Listening(Ears(log))
    ears.reference(0, b"\0\0", 0)
    assert ears.feed(RAW, 5000) == [DECISION]
    assert log == [("hearing", RAW)]
    assert ears.flush() == [DECISION]
    assert ears.signs == Signs()
    assert ears.sample == CHUNK


def test_alone_the_decoder_is_believed_of_safety_words_only() -> None:
    found = [Decision(one, "", "decoder", 0, CHUNK, 0.3) for one in (Intent.NO, Intent.STOP)]
    assert NoGrading().feed({}, found) == found[1:]


def test_what_is_lacking_is_told_once() -> None:
    ears = Listening(Ears(Log()), lacking=("unspotted",))
    assert ears.feed(bytes(CHUNK_BYTES), 0) == [DECISION, Notice("unspotted", 0)]
    assert ears.feed(bytes(CHUNK_BYTES), 32) == [DECISION]


def test_another_health_may_be_given() -> None:
    health = Health(typical=-40)
    assert Listening(Ears(Log()), health=health).health is health


@pytest.mark.parametrize("content", [None, b"", b"PK\x05\x06 no weights"])
def test_a_missing_or_damaged_spotter_is_told_and_the_decoder_is_alone(
    tmp_path: Path, content: bytes | None
) -> None:
    weights = tmp_path / "weights.npz"
    if content is not None:
        weights.write_bytes(content)
    failures: list[EarsError] = []
    ears = around(Ears(Log()), failures.append, weights)
    assert ears.feed(RAW, 5000) == [DECISION, Notice("unspotted", 0)]
    assert len(failures) == 1


SPEECH = b"\1\0" * CHUNK


def while_the_coach_speaks(sure: float, intent: Intent, *, learnt: bool) -> list[Intent]:
    """What is told of a word that began with the coach's."""
    log = Log()
    ears, grading = Ears(log), Grading(log)
    heard = Decision(intent, intent.value, "decoder", 0, CHUNK, sure)
    ears._take = lambda marks: [heard] if marks is not None else []  # type: ignore[method-assign]
    canceller = Canceller(log)
    canceller.learnt = learnt
    one = Listening(ears, canceller=canceller, grading=grading)
    one.reference(0, SPEECH, 100)
    return [told.intent for told in one.feed(RAW, 140) if isinstance(told, Decision)]


def test_while_the_coach_speaks_a_command_must_be_surer() -> None:
    for learnt, enough in ((True, AMID), (False, UNLEARNT)):
        assert while_the_coach_speaks(enough, Intent.NEXT, learnt=learnt) == [Intent.NEXT]
        assert while_the_coach_speaks(enough - 0.01, Intent.NEXT, learnt=learnt) == []


def test_a_safety_word_need_not() -> None:
    for intent in SAFETY:
        assert while_the_coach_speaks(0.01, intent, learnt=False) == [intent]


def test_a_stop_is_doubtful_only_while_a_coach_speaks_that_is_not_learnt() -> None:
    log = Log()
    grading, canceller = Grading(log), Canceller(log)
    one = Listening(Ears(log), canceller=canceller, grading=grading)

    def doubtful(at: int) -> bool:
        one.feed(RAW, at)
        return grading.doubtful

    assert not doubtful(50)
    one.reference(0, bytes(2 * CHUNK), 100)  # silence
    assert not doubtful(110)
    one.reference(CHUNK, SPEECH, 132)
    assert doubtful(150)
    assert not doubtful(132 + 32 + TAIL + 1)
    canceller.learnt = True
    assert not doubtful(150)


@pytest.mark.parametrize("grave", sorted(SAFETY))
def test_of_an_utterance_in_which_a_safety_word_was_told_no_command_counts(grave: Intent) -> None:
    """Whoever told it, and with or without a spotter."""
    for grading in (Grading(Log()), None):
        ears = Ears(Log())
        one = Listening(ears, grading=grading)

        def heard(*decisions: Decision, ears: Ears = ears, one: Listening = one) -> list[Decision]:
            ears._take = lambda marks: list(decisions) if marks is not None else []  # type: ignore[method-assign]
            return [told for told in one.feed(RAW, 0) if isinstance(told, Decision)]

        safety = Decision(grave, "", "decoder", 0, CHUNK)
        assert heard(safety, DECISION) == [safety]
        assert heard(DECISION) == []
        assert not one.counts(DECISION), "another engine's, that comes later"
        assert heard(safety) == [safety]
        later = Decision(Intent.NEXT, "next", "decoder", 2 * CHUNK + 1, 4 * CHUNK)
        assert heard(later) == []
        later = Decision(Intent.NEXT, "next", "decoder", 3 * CHUNK + 1, 5 * CHUNK)
        assert heard(later) == [later]
