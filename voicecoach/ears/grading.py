"""What the spotter and the decoder say, weighed: certain, perhaps, or nothing.

Laws: nothing here waits. What may be a stop is told with the chunk that made it likely, as a
Suspicion, which softens the coach; said again within three seconds it is a stop, however unsure
each of the two was. A graver safety word always follows a lighter one ("stop", then "it hurts").

    spotter certain                                          -> told
    spotter suspects                                         -> suspicion
    decoder's both looks hear a safety word                  -> told when supported
    decoder's first look hears one                           -> told when well supported
        a "stop" without that                                -> suspicion
        another safety word without that                     -> softens, counts for nothing
    two suspicions of different words within 3 s             -> stop
    decoder's command, by both its looks                     -> told, unless the spotter has told it
    decoder's yes or no, by its first look                   -> told when supported

The spotter supports what it finds, too, when asked. Of a word that it does not know ("freeze",
"help me"), and without its second ear, it cannot be asked: then both looks of the decoder are
enough, and its first look is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voicecoach.core.commands import SAFETY, Context, Intent
from voicecoach.ears.endpoint import CHUNK, RATE
from voicecoach.ears.hearing import Decision
from voicecoach.ears.told import Scores, Suspicion


@dataclass(frozen=True, slots=True)
class Level:
    """Scores of the spotter from which a word is suspected, and from which it is certain."""

    suspected: float
    certain: float


LEVELS: Mapping[str, Level] = {
    "stop": Level(0.45, 0.62),
    "hurts": Level(0.4, 0.6),
    "ouch": Level(0.4, 0.6),
    "yes": Level(0.3, 0.4),
    "no": Level(0.3, 0.4),
}
"""Chosen on people whom the network had not met, and frozen: see CARD.md of the spotter."""

WORDS = {"stop": Intent.STOP, "hurts": Intent.PAIN, "ouch": Intent.PAIN}
ANSWERS = {"yes": Intent.YES, "no": Intent.NO}

SURE = 0.5
"""What a safety word of the decoder alone must reach to be more than its first look."""

_PHRASES = {"stop": "stop", "hurts": "it hurts", "ouch": "ouch", "yes": "yes", "no": "no"}

_AGAIN = 3 * RATE
"""Samples within which a second suspicion makes a stop."""

SUPPORTED = {"stop": 0.12, "hurts": 0.06, "ouch": 0.06}
"""What the spotter must make of a word that both looks of the decoder heard: it may only rule it
out, least of all the words of pain, which no people recorded."""

WELL_SUPPORTED = 0.55
"""... of a safety word that only the first look heard."""

ANSWERED = 0.35
"""... of a yes or no that only one look heard."""

Look = Callable[[str], float | None]
"""What the spotter makes of a word in the last two seconds; None where it does not know."""

_ONE_WORD = int(0.4 * RATE)
"""Samples in which a score that rises again is still the same word."""

_DEAF = RATE
"""Samples after a decision in which the same word is not told again."""

_LENGTH = RATE // 2
"""Samples: about how long before a decision its word began."""


class Grading:
    """One stream's decisions."""

    def __init__(
        self, levels: Mapping[str, Level] = LEVELS, look: Look = lambda _word: None
    ) -> None:
        self._levels, self._look = levels, look
        self.contexts: tuple[Context, ...] = ()
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
        if Context.QUESTION in self.contexts:
            found += [self._answer(word, scores.get(word, 0.0)) for word in ANSWERS]
        for decision in decisions:
            self._sample = max(self._sample, decision.decided)
            found.append(self._decoded(decision))
        return [one for one in found if one is not None]

    def _safety_word(self, word: str, intent: Intent, score: float) -> Decision | Suspicion | None:
        level = self._levels.get(word)
        if level is None or score < level.suspected:
            return None
        rises = self._sample - self._above.get(word, -_AGAIN) > _ONE_WORD
        self._above[word] = self._sample
        if score >= level.certain:
            return self._tell(intent, _PHRASES[word])
        return self._suspect(intent, _PHRASES[word]) if rises else None

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

    def _answer(self, word: str, score: float) -> Decision | None:
        level = self._levels.get(word)
        if level is None or score < level.certain:
            return None
        return self._tell(ANSWERS[word], _PHRASES[word])

    def _decoded(self, decision: Decision) -> Decision | Suspicion | None:
        intent = decision.intent
        supported = self._supported(decision)
        if intent in ANSWERS.values() and (not supported or self._answered(decision)):
            return None
        if intent in SAFETY and not supported:
            if intent is Intent.STOP and "stop" in decision.phrase.split():
                return self._suspect(intent, decision.phrase)
            return Suspicion(self._sample)
        if self._deaf(intent):
            return None
        self._told[intent] = self._sample
        return decision

    def _supported(self, decision: Decision) -> bool:
        """Whether what the decoder heard counts: the spotter is asked about its words.

        A safety word must be in the phrase: its score says nothing of "freeze". Of the answers it
        was taught one word each, and that stands for "yeah" and "nope".
        """
        both_looks = decision.sure >= SURE
        said = decision.phrase.split()
        if decision.intent in ANSWERS.values():
            words = [] if both_looks else [w for w, i in ANSWERS.items() if i is decision.intent]
            needed = dict.fromkeys(words, ANSWERED)
        else:
            words = [w for w, intent in WORDS.items() if intent is decision.intent and w in said]
            needed = {word: SUPPORTED[word] if both_looks else WELL_SUPPORTED for word in words}
        looked = {word: self._look(word) for word in needed}
        known = {word: score for word, score in looked.items() if score is not None}
        if not known:
            return both_looks
        return any(score >= needed[word] for word, score in known.items())

    def _answered(self, decision: Decision) -> bool:
        """Whether the spotter has told an answer of the same utterance."""
        return any(self._told.get(answer, -_AGAIN) >= decision.began for answer in ANSWERS.values())
