"""The spoken set-up: every answer is said back, and nothing is kept that was not called right."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.core.commands import OPEN, SAFETY, Context, Intent, understand
from voicecoach.core.en import EN, PHRASES
from voicecoach.core.events import Heard
from voicecoach.core.profile import Profile
from voicecoach.core.setup import PLACES, QUESTIONS, SetUp, begin, step
from voicecoach.core.units import Ms

SILENCE = ""


def talk(*answers: str, profile: Profile | None = None) -> tuple[SetUp, list[tuple[str, ...]]]:
    """The state after these words, and what was said before and after each of them."""
    state, words = begin(EN, profile or Profile())
    said = [words]
    for answer in answers:
        heard = answered(state, answer)
        assert heard or answer == SILENCE, f"{answer!r} is no answer to {state.question}"
        state, words = step(state, heard)
        said.append(words)
    return state, said


def answered(state: SetUp, answer: str) -> Heard | None:
    """A digit is a key, which is open always; all else is words, as far as they are open."""
    if answer.isdigit():
        return Heard(Ms(0), Intent.NUMBER, answer, "keys")
    match = understand(answer, state.context, PHRASES)
    return Heard(Ms(0), match.intent, match.phrase, "decoder") if match else None


ALL = (
    *("one", "one", "two", "finish", "yes"),
    *("zero", "eight", "zero", "one", "finish", "yes"),
    *("two", "yes", "no"),
)


def test_all_of_it_can_be_given_by_voice() -> None:
    state, said = talk(*ALL)
    assert state.over
    assert state.profile.contacts == {"emergency": "112", "urgent_line": "0801", "place": PLACES[1]}
    assert state.profile.scores is False
    assert said[-1][-1] == "The set-up is over."


def test_each_digit_and_then_the_number_is_said_back() -> None:
    _, said = talk("one", "one", "two", "finish")
    assert said[1:4] == [("One.",), ("One.",), ("Two.",)]
    assert said[4] == ("I heard this.", "One one two.", "Is that right? Yes or no.")


def test_a_long_number_is_said_in_groups_and_ends_by_itself() -> None:
    state, said = talk(*["seven"] * 15)
    assert state.proposed == "7" * 15
    assert said[-1] == ("I heard this.", *["Seven seven seven."] * 5, "Is that right? Yes or no.")


def test_a_number_that_is_not_right_is_given_anew() -> None:
    state, said = talk("nine", "one", "one", "finish", "no")
    assert said[-1][0] == "Which number do you call in an emergency?"
    assert (state.digits, state.proposed, dict(state.profile.contacts)) == ("", "", {})


@pytest.mark.parametrize("digits", [("one",), ("one", "two")])
def test_what_can_be_no_number_is_asked_for_again(digits: tuple[str, ...]) -> None:
    state, said = talk(*digits, "finish")
    assert said[-1][0] == "That is not three to fifteen digits. Once more."
    assert (state.number, state.digits) == (0, "")


def test_twelve_is_no_digit() -> None:
    state, said = talk("one", "twelve", "two")
    assert said[2] == ("One digit at a time, please.",)
    assert state.digits == "12"


def test_the_number_so_far_can_be_heard_again() -> None:
    _, said = talk("nine", "one", "repeat")
    assert said[-1] == ("So far I have this.", "Nine one.", "The next digit, or finish.")


def test_what_is_skipped_stays_as_it_was() -> None:
    profile = Profile(contacts={"emergency": "999", "place": "my sister's"}, scores=False)
    state, said = talk("skip", "don't know", "finish", "skip", profile=profile)
    assert state.over
    assert state.profile == profile
    assert "To keep what there is, say skip." in said[0]
    assert "To leave it open, say skip." in said[1]


def test_silence_asks_once_more_and_leads_on_without_keeping_anything() -> None:
    state, said = talk(SILENCE)
    assert said[1] == said[0][1:]
    state, _ = talk("one", "one", "two", "finish", SILENCE, SILENCE)
    assert (state.number, dict(state.profile.contacts), state.digits) == (1, {}, "")
    state, _ = talk(*[SILENCE] * (2 * len(QUESTIONS)))
    assert state.over
    assert state.profile == Profile()


def test_keys_one_and_two_are_yes_and_no_where_that_is_asked() -> None:
    state, _ = talk("1", "1", "2", "finish", "1")
    assert state.profile.contacts == {"emergency": "112"}
    state, _ = talk("1", "1", "2", "finish", "2")
    assert (state.number, dict(state.profile.contacts)) == (0, {})


@pytest.mark.parametrize("word", sorted(SAFETY - {Intent.DONT_STOP}))
def test_a_safety_word_ends_it_and_what_was_kept_stays(word: Intent) -> None:
    state, said = talk("9", "9", "9", "finish", "yes", PHRASES[word][0])
    assert state.over
    assert state.profile.contacts == {"emergency": "999"}
    helped = said[-1] == (
        *("If you need help now, call nine nine nine, or call out.", "The set-up is over."),
    )
    assert helped == (word in {Intent.EMERGENCY, Intent.FALLEN, Intent.HELP})


WORDS = st.sampled_from([SILENCE, *(variants[0] for variants in PHRASES.values()), *"0123456789"])


@given(st.lists(WORDS, max_size=60))
def test_whatever_is_said_it_goes_on_or_is_over_and_keeps_only_what_was_confirmed(
    words: list[str],
) -> None:
    state, said = begin(EN, Profile())
    for word in words:
        if state.over:
            return
        heard = answered(state, word)
        if word and heard is None:
            continue
        before, (state, said) = state, step(state, heard)
        assert said
        right = heard is not None and heard.intent in {Intent.YES, Intent.NUMBER}
        if state.profile.contacts != before.profile.contacts:
            assert before.proposed
            assert right
            assert state.profile.contacts[before.question] == before.proposed
        for sentence in (one for text in said for one in re.split(r"(?<=[.!?]) ", text)):
            assert len(sentence.split()) <= 14
            assert understand(sentence, Context.QUESTION, PHRASES, final=False) is None
    for _ in range(2 * len(QUESTIONS)):  # who falls silent comes to its end
        state, _ = (state, said) if state.over else step(state, None)
    assert state.over


def test_what_is_asked_for_can_be_answered() -> None:
    for number, question in enumerate(QUESTIONS):
        state = SetUp(EN, Profile(), number=number)
        wanted = Intent.YES if question == "scores" else Intent.NUMBER
        assert wanted in OPEN[state.context]
        assert Intent.YES in OPEN[SetUp(EN, Profile(), number=number, proposed="112").context]
