"""What the spotter and the decoder say, weighed: certain, perhaps, or nothing.

Laws: nothing here waits. What may be a stop is told with the chunk that made it likely, as a
Suspicion, which softens the coach; said again within three seconds it is a stop, however unsure
each of the two was. A graver safety word always follows a lighter one ("stop", then "it hurts").

    spotter and phones certain of a word                     -> told
    spotter and phones suspect one                           -> suspicion
    decoder sure of a safety word                            -> told
        while the coach may be heard as it is                -> told when it is surer than ever
                                                                or said again, else suspicion
    decoder's first look hears one, or it is not sure        -> told when spotter and phones
                                                                support it
        a "stop" without that                                -> suspicion
        another safety word without that                     -> softens, counts for nothing
    two suspicions of different words within 3 s             -> stop
    decoder's command                                        -> told
    decoder's yes or no, of which it is not sure             -> told when the spotter supports it

Of a word that it does not know ("freeze", "help me"), and without its second ear, the spotter
cannot be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import log

from voicecoach.core.commands import GRAVITY, SAFETY, Intent
from voicecoach.ears.endpoint import CHUNK, RATE
from voicecoach.ears.hearing import Decision
from voicecoach.ears.told import Scores, Suspicion


@dataclass(frozen=True, slots=True)
class Level:
    """Scores, of spotter and phones, from which a word is suspected, and is certain."""

    suspected: float
    certain: float


LEVELS: Mapping[str, Level] = {
    "stop": Level(0.45, 0.62),
    "hurts": Level(0.4, 0.6),
    "ouch": Level(0.4, 0.6),
}
"""Chosen on people whom the network had not met, and frozen: see CARD.md of the spotter."""

WORDS = {"stop": Intent.STOP, "hurts": Intent.PAIN, "ouch": Intent.PAIN}
ANSWERS = {"yes": Intent.YES, "no": Intent.NO}

SURE = 0.5
"""How likely the decoder must find a word, at its second look, to be sure of it."""

_PHRASES = {"stop": "stop", "hurts": "it hurts", "ouch": "ouch"}

_AGAIN = 3 * RATE
"""Samples within which a second suspicion makes a stop."""

WELL_SUPPORTED = 0.55
"""What the spotter must make of a safety word that only the decoder's first look heard."""

ANSWERED = 0.35
"""... of a yes or no of which the decoder is not sure."""

CONSIDERED = 0.4
"""The spotter's score of a word from which its phones are looked at."""

NEUTRAL = 0.11
"""How likely the phones of a word must be to leave the spotter's score as it is: what fits better
raises it, what fits worse lowers it."""

_SHARE = 0.3
"""What the log odds of the phones weigh, beside the spotter's. Over all conditions in which people
say "stop", and with five false stops in 45 minutes of talk and noises, the spotter alone finds 88
in 100, both together 90, and among other words 88 by synthetic voices and not 75."""

_DOUBT = 0.5
"""Log odds by which a score must be higher while the coach may be heard as it is: 0.73 for 0.62. A
stop that this makes a suspicion is told when the decoder is sure of it, or when said again."""

UNDOUBTED = 0.95
"""What SURE is then: nine of 300 sessions that heard their own first sentences through a silent
loopback were stopped by what the decoder was 0.5 to 0.91 sure of."""

_ASKS = 16  # a look takes 7 ms: no more than this for a word

Phones = Callable[[str], float]
"""How likely the phones of a word have been heard in the last second."""

Look = Callable[[str], float | None]
"""What the spotter makes of a word in the last two seconds; None where it does not know."""

_ONE_WORD = int(0.4 * RATE)
"""Samples in which a score that rises again is still the same word."""

_DEAF = RATE
"""Samples after a decision in which the same word is not told again."""

_LENGTH = RATE // 2
"""Samples: about how long before a decision its word began."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How often the phones of a word were looked at, what was found, whether it is suspected."""

    times: int = 0
    likely: float = NEUTRAL
    suspected: bool = False


def _odds(likely: float) -> float:
    """Log odds, within reason."""
    sure = min(max(likely, 1e-4), 1 - 1e-4)
    return log(sure / (1 - sure))


class Grading:
    """One stream's decisions."""

    def __init__(
        self,
        levels: Mapping[str, Level] = LEVELS,
        look: Look = lambda _word: None,
        phones: Phones = lambda _word: NEUTRAL,
    ) -> None:
        self._levels, self._look, self._phones = levels, look, phones
        self.doubtful = False
        """Whether the coach is speaking, and it is not known yet how it sounds here."""
        self._asked: dict[str, Asked] = {}
        self._sample = 0
        self._above: dict[str, int] = {}  # when a word was last suspected by the spotter
        self._suspected = -_AGAIN  # when a suspicion that counts was told
        self._told: dict[Intent, int] = {}

    def feed(self, scores: Scores, decisions: list[Decision]) -> list[Decision | Suspicion]:
        """What is told after one more chunk of which the two made this."""
        self._sample += CHUNK if scores else 0
        found: list[Decision | Suspicion | None] = []
        for word, intent in WORDS.items():
            found.append(self._safety_word(word, intent, scores.get(word, 0.0)))
        for decision in decisions:
            self._sample = max(self._sample, decision.decided)
            found.append(self._decoded(decision))
        return [one for one in found if one is not None]

    def _safety_word(self, word: str, intent: Intent, score: float) -> Decision | Suspicion | None:
        level = self._levels.get(word)
        if level is None or score < CONSIDERED or self._deaf(intent):
            return None
        if self._sample - self._above.get(word, -_AGAIN) > _ONE_WORD:
            self._asked.pop(word, None)
        self._above[word] = self._sample
        odds = self._with_phones(word, score)
        if odds >= _odds(level.certain) + _DOUBT * self.doubtful:
            return self._tell(intent, _PHRASES[word])
        asked = self._asked[word]
        if asked.suspected or odds < _odds(level.suspected):
            return None
        self._asked[word] = replace(asked, suspected=True)
        return self._suspect(intent, _PHRASES[word])

    def _with_phones(self, word: str, score: float) -> float:
        """Log odds of a score and of the phones of its word together.

        They are looked at while it goes on: the end of the word may be heard later.
        """
        asked = self._asked.get(word, Asked())
        if asked.times < _ASKS:
            asked = replace(asked, times=asked.times + 1, likely=self._phones(word))
        self._asked[word] = asked
        return _odds(score) + _SHARE * (_odds(asked.likely) - _odds(NEUTRAL))

    def _suspect(self, intent: Intent, phrase: str) -> Decision | Suspicion | None:
        """A suspicion; the second of two words is a decision."""
        if _ONE_WORD < self._sample - self._suspected < _AGAIN:
            return self._tell(intent, phrase)
        self._suspected = self._sample
        return Suspicion(self._sample)

    def _tell(self, intent: Intent, phrase: str) -> Decision | None:
        if self._deaf(intent):
            return None
        began = max(0, self._sample - _LENGTH)
        self._told[intent] = self._sample
        return Decision(intent, phrase, "spotter", began, self._sample)

    def _deaf(self, intent: Intent) -> bool:
        return self._sample - self._told.get(intent, -_AGAIN) < _DEAF

    def _decoded(self, decision: Decision) -> Decision | Suspicion | None:
        intent = decision.intent
        if self._deaf(intent):
            return None  # told already: no need to look again
        supported = self._supported(decision)
        if intent in ANSWERS.values() and not supported:
            return None
        if intent in SAFETY and not supported:
            stop = intent is Intent.STOP and "stop" in decision.phrase.split()
            if self._suspected >= decision.began:
                return None  # of the same utterance
            if stop or decision.sure >= SURE:  # the latter in doubt
                return self._suspect(intent, decision.phrase)
            return Suspicion(self._sample)
        if self._graver(decision):
            return None
        self._told[intent] = self._sample
        return decision

    def _graver(self, decision: Decision) -> bool:
        """Whether a graver safety word of the same utterance has been told."""
        if decision.intent not in GRAVITY:
            return False
        graver = GRAVITY[: GRAVITY.index(decision.intent)]
        return any(self._told.get(one, -_AGAIN) >= decision.began for one in graver)

    def _supported(self, decision: Decision) -> bool:
        """Whether what the decoder heard counts: where it is not sure, the spotter is asked.

        A safety word must be in the phrase: its score says nothing of "freeze". Of the answers it
        was taught one word each, and that stands for "yeah" and "nope".
        """
        if decision.sure >= (UNDOUBTED if self.doubtful else SURE):
            return True
        said = decision.phrase.split()
        answers = [word for word, intent in ANSWERS.items() if intent is decision.intent]
        if answers:
            return any(self._made_of(word) >= ANSWERED for word in answers)
        safety = (w for w, intent in WORDS.items() if intent is decision.intent and w in said)
        return any(
            self._made_of(word) >= WELL_SUPPORTED and self._phones(word) >= NEUTRAL
            for word in safety
        )

    def _made_of(self, word: str) -> float:
        """What the spotter makes of a word: nothing, where it does not know."""
        return self._look(word) or 0.0
