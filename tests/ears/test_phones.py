"""Utterances as phones: the best phrase, and how sure. With likelihoods that are made up."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.core.commands import Context, Intent, Match
from voicecoach.core.en import PHRASES
from voicecoach.ears import recogniser
from voicecoach.ears.endpoint import RATE
from voicecoach.ears.grammar import Decoys
from voicecoach.ears.hearing import CERTAIN
from voicecoach.ears.phones.network import PHONES
from voicecoach.ears.phones.phrases import (
    Floats,
    Phones,
    Phonetic,
    Phrasebook,
    lexicon_of,
    likelihoods,
    ways,
)
from voicecoach.ears.recogniser import Sphinx

LINES = """next N EH K S T
stop S T AA P
stop(2) S T AO P
step S T EH P
go G OW
back B AE K
text T EH K S T
no N OW
know N OW"""
LEXICON = lexicon_of(LINES)
NAMES = ("", *PHONES)
RARE = -6.0


def said(*phones: str) -> Floats:
    """Likelihoods of these phones, each in one moment of three; "" is silence."""
    rows = []
    for phone in phones:
        row = np.full(len(NAMES), RARE, np.float32)
        row[NAMES.index(phone)] = 0
        quiet = np.full(len(NAMES), RARE, np.float32)
        quiet[0] = 0
        rows += [quiet, row, quiet]
    return np.array(rows)


NEXT, STOP = ("N", "EH", "K", "S", "T"), ("S", "T", "AA", "P")


def test_a_lexicon_has_every_way_to_say_a_word() -> None:
    assert LEXICON["stop"] == ["S T AA P", "S T AO P"]
    assert list(ways("go back", LEXICON)) == [["G", "OW", "B", "AE", "K"]]
    assert len(list(ways("stop stop", LEXICON))) == 4
    assert list(ways("go away", LEXICON)) == []


def test_what_was_said_fits_wholly() -> None:
    scores, lengths = Phrasebook(("next", "stop", "go back"), LEXICON).scores(said(*NEXT))
    assert scores[0] == 0
    assert lengths.tolist() == [5, 4, 5]
    assert scores[1] < 2 * RARE > scores[2]


def test_a_phone_that_was_not_said_costs_what_it_is_unlikely() -> None:
    scores, _ = Phrasebook(("stop",), LEXICON).scores(said("S", "T", "EH", "P"))
    assert scores[0] == RARE


def test_more_than_the_phrase_is_not_the_phrase_but_it_is_within() -> None:
    book, heard = Phrasebook(("go",), LEXICON), said("N", "OW", "", *("G", "OW"), "Z")
    assert book.scores(heard)[0][0] < 2 * RARE
    assert book.scores(heard, anywhere=True)[0][0] == 0


def test_between_two_of_the_same_phone_there_is_a_silence() -> None:
    book = Phrasebook(("stop stop",), {"stop": ["P"]})
    long = np.repeat(said("P")[1:2], 4, axis=0)
    assert book.scores(said("P", "P"))[0][0] == 0
    assert book.scores(long)[0][0] < 0


def test_a_word_that_is_in_no_lexicon_is_never_heard() -> None:
    scores, _ = Phrasebook(("next", "xyzzy"), LEXICON).scores(said(*NEXT))
    assert scores[1] < -1e6


@given(st.lists(st.sampled_from(list(PHONES)), min_size=1, max_size=8), st.integers(0, 99))
def test_nothing_fits_better_than_what_is_likeliest(phones: list[str], seed: int) -> None:
    random = np.random.default_rng(seed)
    loose = said(*phones) + random.normal(0, 1, (3 * len(phones), len(NAMES)))
    heard: Floats = np.asarray(loose - loose.max(axis=1, keepdims=True), np.float32)
    book = Phrasebook(("next", "stop", "go back", "no"), LEXICON)
    whole, somewhere = (book.scores(heard, anywhere=anywhere)[0] for anywhere in (False, True))
    assert (whole <= 0).all()
    assert (somewhere >= whole - 1e-3).all()
    assert (somewhere <= 0).all()


def test_what_a_phone_was_counts_more_than_when_it_began() -> None:
    found = np.full((1, len(NAMES)), 1e-6, np.float32)
    found[0, 0], found[0, 5], found[0, 6] = 0.6, 0.3, 0.1
    logs = likelihoods(np.log(found))
    assert logs[0].argmax() == 5
    assert logs.max() == 0
    assert np.isclose(logs[0, 6], np.log(0.1 / 0.3), atol=0.02)
    assert logs.min() > np.log(1e-3)


class Heard(Phones):
    """Hears what it is told."""

    def __init__(self, *phones: str) -> None:
        self.phones = phones

    def of(self, pcm: bytes) -> Floats:
        assert pcm
        return said(*self.phones)


FEW = {
    Intent.NEXT: ("next",),
    Intent.GO_BACK: ("go back",),
    Intent.STOP: ("stop",),
    Intent.NO: ("no",),
}
RIVALS = Decoys(("step", "text", "know"), (), ("stop stop",))
SOUND = bytes(RATE)


def sure(
    *phones: str,
    first: Match | None = None,
    context: Context = Context.COACHING,
    rivals: Decoys = RIVALS,
) -> tuple[str, float]:
    phonetic = Phonetic(FEW, LINES, rivals, rivals, Heard(*phones))
    found = phonetic.heard(SOUND, (context,), first)
    assert found is not None
    return found.match.phrase, found.sure


def test_a_phrase_that_was_said_is_sure() -> None:
    for phrase, phones in (("next", NEXT), ("stop", STOP)):
        found, likely = sure(*phones)
        assert found == phrase
        assert likely > 0.8


def test_a_rival_that_fits_better_makes_it_less_likely() -> None:
    few = Decoys(("know",), (), ())
    for phones in (("S", "T", "EH", "P"), ("T", "EH", "K", "S", "T")):
        assert sure(*phones)[1] < 0.8 * sure(*phones, rivals=few)[1]


@pytest.mark.parametrize(
    ("phones", "unlike"),
    [
        (STOP, False),
        (("S", "T", "EH", "P"), True),  # step
        (("T", "EH", "K", "S", "T"), True),  # text
        (("S", "T", "AO"), False),  # the end of it is lost
        (("M", "UW", "N"), False),  # no word that is known fits
        ((*STOP, *STOP), False),
    ],
)
def test_a_word_that_fits_better_than_stop_is_noticed(
    phones: tuple[str, ...], *, unlike: bool
) -> None:
    phonetic = Phonetic(FEW, LINES, RIVALS, RIVALS, Heard(*phones))
    found = phonetic.heard(SOUND, (Context.COACHING,), Match(Intent.STOP, "stop"))
    assert found is not None
    assert found.unlike_stop is unlike


def test_what_the_first_look_heard_is_likelier() -> None:
    heard = ("N", "EH", "K", "S")  # the end of it is lost
    alone, agreed = sure(*heard), sure(*heard, first=Match(Intent.NEXT, "next"))
    assert alone[0] == agreed[0] == "next"
    assert alone[1] < agreed[1]


def test_what_fits_poorly_is_no_command_though_the_first_look_heard_it() -> None:
    worse_and_worse = (NEXT, ("N", "EH", "K", "S"), ("N", "EH", "K", "AA", "TH"), ("N", "EH", "TH"))
    found = [sure(*heard, first=Match(Intent.NEXT, "next")) for heard in worse_and_worse]
    assert {phrase for phrase, _ in found} == {"next"}
    likely = [one for _, one in found]
    assert likely == sorted(likely, reverse=True)
    assert likely[-1] < CERTAIN


def test_of_two_that_fit_the_longer_is_surer() -> None:
    assert sure(*NEXT)[1] > sure("N", "OW", context=Context.QUESTION)[1]


def test_talk_around_a_safety_word_is_that_word() -> None:
    assert sure(*STOP, "", *STOP)[0] == "stop"


def test_only_what_is_open_can_be_heard() -> None:
    assert sure("N", "OW")[0] != "no"
    phrase, likely = sure("N", "OW", context=Context.QUESTION)
    # "know" is said alike, and is no rival of it.
    assert phrase == "no"
    assert likely > CERTAIN


def test_of_no_sound_nothing_is_said() -> None:
    phonetic = Phonetic(FEW, LINES, RIVALS, RIVALS, Heard(*STOP))
    assert phonetic.heard(bytes(100), (Context.COACHING,), None) is None
    assert phonetic.within(bytes(100), "stop") == 0


def test_a_phrase_may_be_within_what_was_said() -> None:
    phonetic = Phonetic(FEW, LINES, RIVALS, RIVALS, Heard("G", "OW", "", *STOP, "", *NEXT))
    assert phonetic.within(SOUND, "stop") > 0.9
    assert phonetic.within(SOUND, "no") < 0.5


@pytest.mark.skipif(
    not find_spec("pocketsphinx") or not shutil.which("flite"),
    reason="needs the phones, their dictionary, and flite",
)
def test_real_voices_are_understood() -> None:
    from listening.voices import Speaker, say  # noqa: PLC0415

    phonetic = Phonetic(
        PHRASES, Sphinx(PHRASES).lexicon, recogniser.RIVALS, recogniser.NUMBER_RIVALS, Phones()
    )
    for text, context in (
        ("next", Context.COACHING),
        ("go back", Context.COACHING),
        ("it hurts", Context.COACHING),
        ("ready now", Context.READY),
        ("no", Context.QUESTION),
        ("twenty", Context.NUMBER),
    ):
        sound = say(Speaker("flite", "rms"), text)
        pcm = np.asarray(sound * 32767, "<i2").tobytes()
        found = phonetic.heard(pcm, (context,), None)
        assert found is not None
        assert found.match.phrase == text
        assert found.sure > 0.5
