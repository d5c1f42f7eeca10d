"""The language tables and the understanding of words."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.core.commands import OPEN, SAFETY, Context, Intent, normal, understand
from voicecoach.core.en import EN, PHRASES, SENTENCES

SAID = [
    ("stop", Intent.STOP),
    ("Stop!", Intent.STOP),
    ("stop, it hurts", Intent.PAIN),
    ("ouch", Intent.PAIN),
    ("please stop now", Intent.STOP),
    ("don't stop", Intent.DONT_STOP),
    ("Don\u2019t stop", Intent.DONT_STOP),
    ("oh it hurts a lot", Intent.PAIN),
    ("that doesn't hurt", Intent.DONT_STOP),
    ("help me", Intent.FALLEN),
    ("please help", Intent.HELP),
    ("I'm dizzy", Intent.DIZZY),
    ("I'm not dizzy", Intent.DONT_STOP),
    ("my leg has gone numb", Intent.NERVE),
    ("it hurts, I have chest pain", Intent.EMERGENCY),
    ("help me, it hurts", Intent.PAIN),
    ("it's getting worse", Intent.WORSENING),
    ("stop counting", Intent.DONT_STOP),
    ("I have a pain in my chest", Intent.EMERGENCY),
    ("I'm going to pass out", Intent.EMERGENCY),
    ("I am numb down one side", Intent.EMERGENCY),
    ("I'm in a cold sweat", Intent.DIZZY),
    ("my foot is numb", Intent.NERVE),
    ("it's going down my leg", Intent.NERVE),
    ("oh, my back", Intent.PAIN),
    ("that's too much", Intent.PAIN),
    ("next", Intent.NEXT),
    ("go back", Intent.GO_BACK),
    ("say again", Intent.REPEAT),
    ("carry on", Intent.CONTINUE),
    ("continue", Intent.CONTINUE),
]
NOTHING = ["next week", "it's not next", "back", "pain", "hold", "help", "stuff", "unstoppable", ""]


@pytest.mark.parametrize(("words", "intent"), SAID)
def test_what_is_said_is_what_is_meant(words: str, intent: Intent) -> None:
    context = Context.HALTED if intent is Intent.CONTINUE else Context.COACHING
    match = understand(words, context, PHRASES)
    assert match is not None
    assert match.intent is intent


@pytest.mark.parametrize("words", NOTHING)
def test_talk_is_no_command(words: str) -> None:
    assert all(understand(words, context, PHRASES) is None for context in Context)


@given(st.text(), st.sampled_from(["stop", "it hurts", "ouch", "help me"]), st.text())
def test_safety_words_are_found_anywhere_and_in_every_context(a: str, word: str, b: str) -> None:
    for context in Context:
        for final in (True, False):
            match = understand(f"{a} {word} {b}", context, PHRASES, final=final)
            assert match is not None
            assert match.intent in SAFETY


def test_a_partial_result_gives_nothing_but_safety() -> None:
    assert understand("next", Context.COACHING, PHRASES, final=False) is None


def test_phrases_keep_their_rules() -> None:
    phrases = list(chain.from_iterable(PHRASES.values()))
    assert set(PHRASES) == set(Intent)
    assert all(len(variants) >= 2 for variants in PHRASES.values())
    assert len(phrases) == len(set(phrases))
    assert all(phrase == normal(phrase) for phrase in phrases)
    assert not {"back", "pain", "hold", "help", "halt"} & set(phrases)


def test_every_context_is_open_to_safety() -> None:
    assert all(open_ >= SAFETY for open_ in OPEN.values())


def test_sentences_are_short_and_none_is_a_command() -> None:
    filled = {"number": "three", "title": "Gentle back", "name": "Bridge", "seconds": "five"}
    for name, template in SENTENCES.items():
        text = re.sub(r"{(\w+)}", lambda match: filled.get(match[1], "three"), template)
        for sentence in re.split(r"(?<=[.!?]) ", text):
            assert len(sentence.split()) <= 14, name
        # "Stopped." is the safety protocol's own word, and said only when all is silent already.
        assert understand(text, Context.COACHING, PHRASES, final=False) is None, name


@pytest.mark.parametrize(
    ("count", "word"),
    [(0, "zero"), (19, "nineteen"), (20, "twenty"), (42, "forty-two"), (100, "one hundred"),
     (115, "one hundred fifteen"), (1000, "1000")],
)  # fmt: skip
def test_numbers_are_words(count: int, word: str) -> None:
    assert EN.number(count) == word


def test_ordinals_go_on_after_the_list() -> None:
    assert EN.ordinal(3) == "Third"
    assert EN.ordinal(23) == "Number twenty-three"
