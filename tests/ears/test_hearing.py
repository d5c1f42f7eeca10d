"""Decisions: one an utterance, safety at once and only upwards. With a decoder that is a script."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.core.commands import SAFETY, Context, Intent, Match
from voicecoach.core.en import PHRASES
from voicecoach.ears.endpoint import CHUNK, CHUNK_BYTES, Endpointer, Endpointing
from voicecoach.ears.grammar import listened_for
from voicecoach.ears.hearing import (
    ANSWER,
    CERTAIN,
    FIRST_LOOK,
    LIKELY,
    OUTWEIGHS,
    RANK,
    WHOLE,
    Decision,
    Hearing,
    Other,
    every_context,
    understood,
)
from voicecoach.ears.phones.phrases import Heard
from voicecoach.errors import EarsError

SILENCE = bytes(CHUNK_BYTES)
SPEECH = b"\1" * CHUNK_BYTES


class Script:
    """A decoder that takes the words of a script, chunk by chunk; the last are final."""

    def __init__(self, partials: list[str], final: str) -> None:
        self._partials, self._final = partials, final
        self._fed = 0

    def begin(self, contexts: Collection[Context]) -> None:
        self.begun_in = tuple(contexts)
        self._fed = 0

    def feed(self, pcm: bytes) -> str:
        del pcm
        self._fed += 1
        return self._partials[min(self._fed, len(self._partials)) - 1] if self._partials else ""

    def end(self) -> str:
        return self._final


class Said:
    """A second look that takes the whole for some words, and is so sure of them."""

    def __init__(self, words: str, sure: float = 1.0, *, unlike_stop: bool = False) -> None:
        self._words, self._sure, self._unlike_stop = words, sure, unlike_stop

    def heard(self, pcm: bytes, contexts: Collection[Context], first: Match | None) -> Heard | None:
        del first
        assert pcm.startswith(SILENCE)
        counting = listened_for(PHRASES, contexts)
        match = understood(self._words, contexts, counting, final=True)
        return None if match is None else Heard(match, self._sure, self._unlike_stop)

    def within(self, pcm: bytes, phrase: str) -> float:
        assert pcm.startswith(SILENCE)
        return self._sure if f" {phrase} " in f" {self._words} " else 0.0


def fed(ears: Hearing) -> list[Decision]:
    """What an utterance decides."""
    utterance = [SILENCE] * 4 + [SPEECH] * 10 + [SILENCE] * 6
    return [one for chunk in utterance for one in ears.feed(chunk)] + ears.flush()


def hear(  # noqa: PLR0913, PLR0917  what there may be
    partials: list[str],
    final: str,
    other: Other | None = None,
    contexts: tuple[Context, ...] | None = None,
    second: str | None = None,
    sure: float = 1.0,
) -> list[Decision]:
    endpointer = Endpointer(lambda chunk: float(chunk[0]), Endpointing(end=3))
    whole = Said(final if second is None else second, sure)
    ears = Hearing(endpointer, Script(partials, final), whole, PHRASES, other=other)
    ears.contexts = contexts or every_context()
    return fed(ears)


def intents(
    partials: list[str], final: str, other: Other | None = None, second: str | None = None
) -> list[Intent]:
    """What is told, each once: first as likely, then as sure."""
    found = [one.intent for one in hear(partials, final, other, second=second)]
    return [one for n, one in enumerate(found) if one not in found[:n]]


def test_a_command_is_decided_at_its_end() -> None:
    assert hear(["next"], "next") == [
        Decision(Intent.NEXT, "next", "decoder", 4 * CHUNK, 17 * CHUNK)
    ]


def test_a_stop_is_decided_on_the_partial() -> None:
    first, again = hear(["", "stop"], "stop")
    assert (first.intent, first.decided, first.sure) == (Intent.STOP, 7 * CHUNK, FIRST_LOOK)
    assert (again.intent, again.decided, again.sure) == (Intent.STOP, 17 * CHUNK, 1.0)


def test_a_stop_that_the_second_look_does_not_find_stays_likely() -> None:
    (one,) = hear(["stop"], "stop", second="step")
    assert (one.intent, one.sure) == (Intent.STOP, FIRST_LOOK)


@pytest.mark.parametrize("second", ["stop", "next"])
@pytest.mark.parametrize("first", ["stop", ""])
def test_a_stop_that_another_word_fits_better_is_never_more_than_likely(
    first: str, second: str
) -> None:
    endpointer = Endpointer(lambda chunk: float(chunk[0]), Endpointing(end=3))
    whole = Said(second, CERTAIN, unlike_stop=True)
    ears = Hearing(endpointer, Script([first], first), whole, PHRASES)
    found = fed(ears)
    assert {one.sure for one in found if one.intent is Intent.STOP} <= {FIRST_LOOK}
    assert any(one.intent is Intent.STOP for one in found) == ("stop" in {first, second})


def test_a_stop_that_only_the_end_shows_is_still_a_stop() -> None:
    assert intents(["that"], "stop") == [Intent.STOP]


def test_a_partial_is_no_command() -> None:
    assert intents(["next"], "next door") == []


def test_pain_follows_stop() -> None:
    assert intents(["stop", "stop it", "stop it hurts"], "stop it hurts") == [
        Intent.STOP,
        Intent.PAIN,
    ]


def test_after_a_stop_only_a_command_that_outweighs_it_counts() -> None:
    """Whether the stop was told, and the command is dropped for that, the listening knows."""

    def heard(sure: float) -> list[Intent]:
        return [one.intent for one in hear(["stop"], "next", sure=sure)]

    assert heard(OUTWEIGHS - 0.01) == [Intent.STOP]
    assert heard(OUTWEIGHS) == [Intent.STOP, Intent.NEXT]


def test_a_stop_whose_phones_are_there_is_outweighed_by_nothing() -> None:
    class Both(Said):
        def within(self, pcm: bytes, phrase: str) -> float:
            return LIKELY if phrase == "stop" else super().within(pcm, phrase)

    endpointer = Endpointer(lambda chunk: float(chunk[0]), Endpointing(end=3))
    ears = Hearing(endpointer, Script(["stop"], "next"), Both("next"), PHRASES)
    assert [one.intent for one in fed(ears)] == [Intent.STOP]


def test_a_negation_after_its_stop_was_told_asks() -> None:
    assert intents(["stop", "don't stop"], "don't stop") == [Intent.STOP, Intent.DONT_STOP]


def test_a_flash_of_pain_is_not_believed_but_the_stop_in_it_is() -> None:
    assert intents(["ouch", "ouch", "ouch", "next"], "next") == [Intent.NEXT]
    assert intents(["ouch stop", "stop"], "stop") == [Intent.STOP]
    found = hear(["ouch"], "ouch")
    assert [(one.intent, one.decided) for one in found] == [
        (Intent.PAIN, 9 * CHUNK),
        (Intent.PAIN, 17 * CHUNK),
    ]


def test_pain_that_only_the_end_shows_is_believed() -> None:
    assert intents(["that"], "that hurts") == [Intent.PAIN]


def test_the_second_look_may_find_a_stop() -> None:
    found = hear([], "that", second="stop")
    assert [one.intent for one in found] == [Intent.STOP]


def test_a_command_is_what_the_second_look_finds() -> None:
    assert hear([], "next", second="text") == []
    (one,) = hear([], "text", second="next")
    assert one.intent is Intent.NEXT


def test_a_command_must_be_likely_enough() -> None:
    assert hear([], "next", sure=CERTAIN - 0.01) == []
    (one,) = hear([], "next", sure=CERTAIN)
    assert (one.intent, one.sure) == (Intent.NEXT, CERTAIN)


def test_a_yes_or_no_may_be_no_more_than_likely() -> None:
    asked = (Context.QUESTION,)
    for sure in (ANSWER, 1.0):
        (one,) = hear([], "no", contexts=asked, sure=sure)
        assert (one.intent, one.sure) == (Intent.NO, sure)
    assert hear([], "no", contexts=asked, sure=ANSWER - 0.01) == []
    assert hear([], "no", Other(Engine("know"), lambda _: None), asked, sure=ANSWER) == []


def test_a_safety_word_within_talk_counts_where_its_phones_are() -> None:
    talk = "he said please stop and went"
    (first, again) = hear(["stop"], "stop", second=talk)
    assert (first.intent, first.sure) == (Intent.STOP, FIRST_LOOK)
    assert (again.intent, again.sure) == (Intent.STOP, 1.0)
    found = hear(["stop"], "stop", second=talk, sure=LIKELY - 0.01)
    assert [one.sure for one in found] == [FIRST_LOOK]


def test_what_is_too_long_to_be_a_phrase_is_searched_for_safety_words_alone() -> None:
    whole = Said("next")
    ears = Hearing(
        Endpointer(lambda chunk: float(chunk[0]), Endpointing(end=3)),
        Script([], "next"),
        whole,
        PHRASES,
    )
    chunks = [SILENCE] * 4 + [SPEECH] * (WHOLE // CHUNK_BYTES) + [SILENCE] * 6
    assert [one for chunk in chunks for one in ears.feed(chunk)] == []


def test_stop_may_follow_a_negation() -> None:
    assert intents(["don't stop", "don't stop stop"], "don't stop stop") == [
        Intent.DONT_STOP,
        Intent.STOP,
    ]


def test_only_what_is_open_is_a_command() -> None:
    assert hear([], "yes", contexts=(Context.COACHING,)) == []
    assert [d.intent for d in hear([], "yes", contexts=(Context.QUESTION,))] == [Intent.YES]


NUMBER = (Context.NUMBER,)


def test_a_number_counts_where_one_is_asked_for() -> None:
    (one,) = hear([], "twenty five", contexts=NUMBER, sure=0.1)
    assert (one.intent, one.phrase) == (Intent.NUMBER, "twenty five")
    assert hear([], "five") == []
    for context in set(Context) - {Context.NUMBER}:
        assert hear([], "five", contexts=(context,)) == []


def test_where_a_number_is_asked_for_little_else_counts() -> None:
    assert hear([], "next", contexts=NUMBER) == []
    assert [one.intent for one in hear([], "skip", contexts=NUMBER)] == [Intent.SKIP]
    heard = hear(["stop"], "skip", contexts=NUMBER, sure=OUTWEIGHS - 0.01)
    assert [one.intent for one in heard] == [Intent.STOP]


def test_a_number_that_flashed_as_a_stop_is_a_number_unless_that_stopped_the_coach() -> None:
    heard = [one.intent for one in hear(["stop"], "five", contexts=NUMBER)]
    assert heard == [Intent.STOP, Intent.NUMBER]
    endpointer = Endpointer(lambda chunk: float(chunk[0]), Endpointing(end=3))
    ears = Hearing(endpointer, Script(["stop"], "five"), Said("five"), PHRASES)
    ears.contexts = NUMBER
    told: list[Intent] = []
    for chunk in [SILENCE] * 4 + [SPEECH] * 10 + [SILENCE] * 6:
        told += [one.intent for one in ears.feed(chunk)]
        if told:
            ears.contexts = (Context.HALTED,)
    assert told == [Intent.STOP]


def test_an_utterance_belongs_to_the_question_it_began_in() -> None:
    decoder = Script([], "five")
    endpointer = Endpointer(lambda chunk: float(chunk[0]), Endpointing(end=3))
    ears = Hearing(endpointer, decoder, Said("five"), PHRASES)

    def said(first: Context, then: Context) -> list[Decision]:
        found: list[Decision] = []
        ears.contexts = (first,)
        for chunk in [SILENCE] * 4 + [SPEECH] * 10:
            found += ears.feed(chunk)
        ears.contexts = (then,)
        for chunk in [SILENCE] * 6:
            found += ears.feed(chunk)
        return found

    assert said(Context.COACHING, Context.NUMBER) == []
    assert said(Context.NUMBER, Context.QUESTION) == []
    assert [one.intent for one in said(Context.NUMBER, Context.NUMBER)] == [Intent.NUMBER]
    assert decoder.begun_in == NUMBER


def test_another_engine_may_write_a_number_in_digits() -> None:
    other = Other(Engine("25."), lambda _: None)
    (one,) = hear([], "nine", other, contexts=NUMBER)
    assert (one.intent, one.phrase, one.by) == (Intent.NUMBER, "25", "engine")


words = st.lists(
    st.sampled_from(["stop", "don't", "it", "hurts", "help me", "next", "ouch", "that", "back"]),
    max_size=5,
).map(" ".join)


@given(st.lists(words, max_size=10), words, st.sampled_from([OUTWEIGHS - 0.01, 1.0]))
def test_safety_rises_and_only_what_outweighs_it_follows(
    partials: list[str], final: str, sure: float
) -> None:
    found = hear(partials, final, sure=sure)
    likely = [RANK.get(one.intent, 0) for one in found if one.sure == FIRST_LOOK]
    assert likely == sorted(set(likely))
    assert len([one for one in found if one.sure == sure]) <= 1
    commands = [one for one in found if one.intent not in SAFETY]
    assert not commands or commands == (found[-1:] if sure >= OUTWEIGHS else found)


@given(words, st.sampled_from(list(Context)))
def test_a_stop_outside_a_negation_is_always_understood(before: str, context: Context) -> None:
    found = understood(f"{before} please stop", (context,), PHRASES, final=False)
    assert found is not None
    assert found.intent in {Intent.STOP, Intent.PAIN, Intent.FALLEN}


class Engine:
    """Another engine, by script."""

    def __init__(self, words: str) -> None:
        self._words = words

    def words(self, pcm: bytes) -> str:
        assert pcm.startswith(SILENCE)
        if not self._words:
            raise EarsError("It failed.")
        return self._words


def test_another_engine_decides_the_commands() -> None:
    failures: list[EarsError] = []
    (one,) = hear([], "next", Other(Engine("Go back."), failures.append))
    assert (one.intent, one.by, failures) == (Intent.GO_BACK, "engine", [])


def test_safety_stays_with_the_built_in_decoder() -> None:
    found = hear(["stop"], "stop", Other(Engine("next"), lambda _: None))
    assert {(one.intent, one.by) for one in found} == {(Intent.STOP, "decoder")}


def test_when_the_engine_fails_the_built_in_decoder_decides() -> None:
    failures: list[EarsError] = []
    (one,) = hear([], "next", Other(Engine(""), failures.append))
    assert (one.intent, one.by, len(failures)) == (Intent.NEXT, "decoder", 1)


def test_slow_work_is_left_to_others() -> None:
    work: list[Callable[[], Decision | None]] = []
    assert hear([], "next", Other(Engine("repeat"), lambda _: None, work.append)) == []
    (job,) = work
    done = job()
    assert done is not None
    assert (done.intent, done.began) == (Intent.REPEAT, 4 * CHUNK)


@pytest.mark.parametrize("context", list(Context))
def test_every_context_has_stop(context: Context) -> None:
    assert {one.intent for one in hear(["stop"], "", contexts=(context,))} == {Intent.STOP}


def test_the_noise_is_taken_out_for_the_decoder_and_not_for_the_endpoints() -> None:
    class Half:
        def feed(self, chunk: bytes) -> bytes:
            return bytes(byte // 2 for byte in chunk)

    fed: list[bytes] = []

    class Decoder(Script):
        def feed(self, pcm: bytes) -> str:
            fed.append(pcm)
            return ""

    whole: list[bytes] = []

    class Whole(Said):
        def heard(
            self, pcm: bytes, contexts: Collection[Context], first: Match | None
        ) -> Heard | None:
            del contexts, first
            whole.append(pcm)
            return Heard(Match(Intent.NEXT, "next"), 1.0)

    seen: list[bytes] = []

    def probability(chunk: bytes) -> float:
        seen.append(chunk)
        return float(chunk == b"\2" * CHUNK_BYTES)

    ears = Hearing(
        Endpointer(probability, Endpointing(end=3)),
        Decoder([], "next"),
        Whole("next"),
        PHRASES,
        noise=Half(),  # type: ignore[arg-type]
    )
    found = [one for _ in range(10) for one in ears.feed(b"\2" * CHUNK_BYTES)]
    found += [one for _ in range(4) for one in ears.feed(SILENCE)]
    assert [one.intent for one in found] == [Intent.NEXT]
    assert b"".join(fed).startswith(b"\1" * CHUNK_BYTES)
    assert b"\2" not in b"".join(fed)
    assert seen[0] == b"\2" * CHUNK_BYTES
    # The second look is at the sound as it is.
    assert whole[0].startswith(b"\2" * CHUNK_BYTES)
