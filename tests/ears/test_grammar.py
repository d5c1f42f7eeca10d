"""The language model and the dictionary that are made from the phrase tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from voicecoach.core.commands import OPEN, SAFETY, Context, Intent, Phrases, normal
from voicecoach.core.en import PHRASES
from voicecoach.ears import decoys
from voicecoach.ears.grammar import (
    BEGIN,
    END,
    Decoys,
    Shares,
    dictionary,
    language_model,
    listened_for,
    sentences,
    spoken,
    unheard,
    vocabulary,
)
from voicecoach.ears.hearing import every_context
from voicecoach.ears.recogniser import NUMBER_RIVALS, RIVALS

SPOKEN = spoken(PHRASES)
COMMANDS = listened_for(SPOKEN, every_context())
COACHING = listened_for(SPOKEN, {Context.COACHING})
NUMBERS = listened_for(SPOKEN, {Context.NUMBER})
Grammar = tuple[Phrases, Decoys]
GRAMMARS: tuple[Grammar, ...] = (
    (COMMANDS, RIVALS),
    (COACHING, RIVALS),
    (NUMBERS, NUMBER_RIVALS),
)


class Arpa:
    """A bigram model, read back."""

    def __init__(self, text: str) -> None:
        self.one: dict[str, float] = {}
        self.alpha: dict[str, float] = {}
        self.two: dict[tuple[str, str], float] = {}
        self.head: dict[str, int] = {}
        part = ""
        for line in text.splitlines():
            if line.startswith("\\"):
                part = line
            elif line.startswith("ngram "):
                order, count = line[6:].split("=")
                self.head[order] = int(count)
            elif line and part == "\\1-grams:":
                value, word, back = line.split()
                self.one[word], self.alpha[word] = 10 ** float(value), 10 ** float(back)
            elif line and part == "\\2-grams:":
                value, first, second = line.split()
                self.two[first, second] = 10 ** float(value)

    def after(self, first: str, second: str) -> float:
        if (first, second) in self.two:
            return self.two[first, second]
        return self.alpha[first] * self.one[second]

    def sentence(self, words: str) -> float:
        row = [BEGIN, *words.split(), END]
        result = 1.0
        for first, second in pairwise(row):
            result *= self.after(first, second)
        return result


@pytest.fixture(scope="module", params=GRAMMARS, ids=["commands", "coaching", "numbers"])
def grammar(request: pytest.FixtureRequest) -> Grammar:
    made: Grammar = request.param
    return made


@pytest.fixture(scope="module")
def model(grammar: Grammar) -> Arpa:
    return Arpa(language_model(*grammar))


def test_numbers_are_listened_for_only_where_nothing_else_is_asked_for() -> None:
    assert set(NUMBERS) == OPEN[Context.NUMBER]
    assert set(COMMANDS) == set(PHRASES) - {Intent.NUMBER}
    assert listened_for(SPOKEN, set(Context)) == COMMANDS


@pytest.mark.parametrize("context", list(Context))
def test_only_what_is_open_is_listened_for(context: Context) -> None:
    assert set(listened_for(SPOKEN, {context})) == OPEN[context]


def test_what_is_not_open_is_a_rival_like_any_other_word() -> None:
    rivals = replace(RIVALS, words=(*RIVALS.words, *vocabulary(COMMANDS, RIVALS)))
    open_, closed = Arpa(language_model(COMMANDS, RIVALS)), Arpa(language_model(COACHING, rivals))
    assert open_.sentence("better") > 20 * open_.sentence("again")
    assert closed.sentence("better") == pytest.approx(closed.sentence("again"))


def test_every_grammar_has_the_safety_words() -> None:
    for phrases, _ in GRAMMARS:
        assert {intent: phrases[intent] for intent in SAFETY} == {
            intent: PHRASES[intent] for intent in SAFETY
        }


def test_digits_are_for_typing_and_all_else_can_be_said() -> None:
    assert "5" in PHRASES[Intent.NUMBER]
    assert SPOKEN[Intent.NUMBER] == tuple(
        phrase for phrase in PHRASES[Intent.NUMBER] if not phrase.isdigit()
    )
    assert {**SPOKEN, Intent.NUMBER: ()} == {**PHRASES, Intent.NUMBER: ()}


def test_every_number_is_as_likely_as_any_other() -> None:
    model = Arpa(language_model(NUMBERS, NUMBER_RIVALS))
    parts = [model.sentence(phrase) for phrase in NUMBERS[Intent.NUMBER]]
    assert max(parts) < 1.3 * min(parts)


def test_the_header_counts_what_follows(model: Arpa) -> None:
    assert model.head == {"1": len(model.one), "2": len(model.two)}


def test_what_may_follow_any_word_sums_to_one(model: Arpa, grammar: Grammar) -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for first, second in model.two:
        seen[first].add(second)
    for first in (BEGIN, *vocabulary(*grammar)):
        total = sum(model.two[first, second] for second in seen[first])
        total += model.alpha[first] * sum(
            part for word, part in model.one.items() if word not in seen[first] and word != BEGIN
        )
        assert total == pytest.approx(1, abs=0.02), first


def test_every_phrase_can_beat_a_decoy_alone(model: Arpa, grammar: Grammar) -> None:
    """The one that is taught is likelier; of the others the sound must tell."""
    phrases, rivals = grammar
    own = {word for variants in phrases.values() for phrase in variants for word in phrase.split()}
    rival = max(model.sentence(word) for word in rivals.words if word not in own)
    for variants in phrases.values():
        assert model.sentence(variants[0]) > rival, variants[0]
        for phrase in variants:
            assert model.sentence(phrase) > rival / 50, phrase


def test_sentences_leave_a_share_for_single_decoys(grammar: Grammar) -> None:
    shares = Shares()
    total = sum(sentences(*grammar, shares).values())
    assert total == pytest.approx(shares.commands + shares.safety_talk + shares.talk)
    assert total < 1


def test_a_phrase_added_to_the_tables_is_in_the_model() -> None:
    wider = {**PHRASES, Intent.NEXT: (*PHRASES[Intent.NEXT], "onwards now")}
    assert ("onwards", "now") in Arpa(language_model(wider, RIVALS)).two


def test_the_dictionary_has_each_way_to_say_a_word_once() -> None:
    bundled = ["stop S T AA P", "stop(2) S T AO P", "stopper S T AA P ER"]
    lines = dictionary(["stop", "zzz"], bundled, {"stop": ("S T AO P", "S T AH P")}).splitlines()
    assert lines == ["stop S T AA P", "stop(2) S T AO P", "stop(3) S T AH P"]


def test_every_word_of_every_phrase_can_be_heard() -> None:
    pocketsphinx = pytest.importorskip("pocketsphinx", reason="needs pocketsphinx's dictionary")
    bundled = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
    words, lines = vocabulary(SPOKEN, NUMBER_RIVALS), bundled.read_text("utf-8").split("\n")
    assert unheard(SPOKEN, dictionary(words, lines, decoys.PRONUNCIATIONS)) == ()


def test_a_word_without_pronunciation_is_named() -> None:
    assert unheard({Intent.STOP: ("stop", "halte là")}, "stop S T AA P\n") == ("halte", "là")


def test_no_decoy_is_a_command() -> None:
    commands = {phrase for variants in COMMANDS.values() for phrase in variants}
    assert not commands & {*RIVALS.talk}
    assert not commands & {*RIVALS.words}
    assert not {*SPOKEN[Intent.NUMBER]} & {*RIVALS.talk, *decoys.OTHER_NUMBERS}


def test_decoys_are_in_normal_form() -> None:
    for line in (*NUMBER_RIVALS.words, *RIVALS.talk, *RIVALS.safety_talk):
        assert line == normal(line)
