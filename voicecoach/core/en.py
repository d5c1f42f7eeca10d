"""English: every phrase the ears take for a command, and what else a language brings. Data only.

Phrases, each rule kept by a test: at least two phrasings an intent; no phrase with two intents;
all in normal form (`commands.normal`); never bare "back", "pain", "hold" or "help", which the
source texts say all the time, and never "halt", which decoders hear as "hold".
What the coach says stands in `core/en_sentences.py` and `core/en_safety.py`.

Of the safety words that people were seen to use these are heard only within a longer phrase, each
for a reason: "help" and "hold on" are near to what the coach says all the time; "faint" it asks
for itself; "numb", "electric", "shooting", "too much", "enough", "quiet" and "ow" are too short or
too common to be told from talk, and so are the digits of "call 999".
"""

from __future__ import annotations

from voicecoach.core.commands import Intent, Phrases
from voicecoach.core.en_safety import PROTOCOL, UNSET
from voicecoach.core.en_sentences import COACHING, MOVES, PARTS
from voicecoach.core.language import Language
from voicecoach.core.routine import Position, Side

UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
TENS = (
    *("", "", "twenty", "thirty", "forty"),
    *("fifty", "sixty", "seventy", "eighty", "ninety"),
)
NUMBERS = {
    **{word: value for value, word in enumerate(UNITS)},
    **{
        f"{tens} {UNITS[unit]}" if unit else tens: 10 * ten + unit
        for ten, tens in enumerate(TENS[:6])
        if tens
        for unit in range(10)
    },
    "sixty": 60,
    **{str(value): value for value in range(61)},  # typed
}
"""What may be answered where a number is asked for, in normal form, and its value."""

PHRASES: Phrases = {
    Intent.READY: ("ready", "i'm ready", "i am ready", "ready now"),
    Intent.NEXT: ("next", "next one", "next exercise", "next please"),
    Intent.GO_BACK: ("go back", "go back one", "previous", "previous exercise"),
    Intent.REPEAT: ("repeat", "repeat that", "say again", "say that again"),
    Intent.PAUSE: ("pause", "pause please", "wait", "wait a moment", "hang on"),
    Intent.CONTINUE: ("continue", "resume", "carry on", "keep going", "go on", "go on there"),
    Intent.SKIP: ("skip", "skip this", "skip it", "skip this one"),
    Intent.SLOWER: ("slower", "slow down", "speak slower", "slower please"),
    Intent.FASTER: ("faster", "speed up", "speak faster", "faster please"),
    Intent.LOUDER: ("louder", "speak louder", "louder please"),
    Intent.QUIETER: ("quieter", "softer", "speak quieter", "quieter please"),
    Intent.HOW_LONG: ("how long", "how much longer", "how long left", "how many left"),
    Intent.WHERE: ("where am i", "where are we"),
    Intent.COMMANDS: ("what can i say", "commands", "list the commands"),
    Intent.FINISH: ("finish", "finish now", "i'm finished", "end the session"),
    Intent.YES: ("yes", "yes please", "yeah", "yes i'm safe", "i'm safe"),
    Intent.NO: ("no", "no thanks", "nope"),
    Intent.PERSON: ("person", "a person", "i need a person"),
    Intent.LONGER: ("longer", "longer please", "make it longer"),
    Intent.SHORTER: ("shorter", "shorter please", "make it shorter"),
    Intent.EASIER: ("easier", "easier please", "make it easier"),
    Intent.HARDER: ("harder", "harder please", "make it harder"),
    Intent.SAY_MORE: ("say more", "tell me more"),
    Intent.SAY_LESS: ("say less", "tell me less"),
    Intent.NUMBER: tuple(NUMBERS),
    # answers to the coach's questions
    Intent.NEW: ("new", "it's new", "new pain", "a new pain"),
    Intent.SAME: ("same", "the same", "same as before", "it's the same"),
    Intent.BETTER: ("better", "much better", "it's better", "a little better"),
    Intent.WORSE: ("worse", "much worse", "a little worse", "a bit worse"),
    Intent.DONT_KNOW: ("don't know", "i don't know", "not sure", "i'm not sure"),
    Intent.UNDERSTOOD: ("okay", "ok", "i understand", "understood", "done", "i'm okay"),
    Intent.SMALLER: ("smaller", "make it smaller", "smaller please"),
    Intent.CANCEL: ("cancel", "cancel that", "false alarm"),
    Intent.START_AGAIN: ("start again", "start over", "begin again", "from the beginning"),
    Intent.APPROVED: ("my physio said yes", "my physio says yes", "my physio agrees"),
    Intent.FORGET: ("delete that note", "delete the note", "delete the last note"),
    # safety words, the gravest first
    Intent.EMERGENCY: (
        *("chest pain", "chest hurts", "tight chest", "can't breathe"),
        *("cannot breathe", "call an ambulance", "passing out", "i fainted", "can't speak"),
        *("can't move my legs", "can't feel my legs", "face is drooping", "hit my head"),
        *("in my chest", "to pass out", "down one side"),
    ),
    Intent.DIZZY: (
        *("dizzy", "light headed", "i feel faint", "room is spinning", "everything is spinning"),
        *("i feel sick", "short of breath", "heart is racing", "can't see properly"),
        "cold sweat",
    ),
    Intent.NERVE: (
        *("pins and needles", "tingling", "gone numb", "going numb", "feels numb", "numbness"),
        *("electric shock", "shooting pain", "down my leg", "leg is weak", "is numb", "are numb"),
    ),
    Intent.PAIN: (
        *("it hurts", "that hurts", "this hurts", "ouch", "my back hurts", "sharp pain"),
        *("my back's gone", "cramp", "spasm", "it's too much", "that's too much", "oh my back"),
    ),
    Intent.WORSENING: (
        *("it's worse", "it is worse", "getting worse", "worse than before", "more painful"),
        "not getting better",
    ),
    Intent.FALLEN: ("help me", "i can't get up", "i've fallen", "i'm stuck"),
    Intent.HELP: ("please help", "i need help", "i need some help"),
    Intent.STOP: ("stop", "freeze", "that's enough"),
    Intent.DONT_STOP: (
        "don't stop",
        "do not stop",
        "i don't want to stop",
        "it doesn't hurt",
        "that doesn't hurt",
        "it does not hurt",
        "that does not hurt",
        "nothing hurts",
        "no pain",
        "no chest pain",
        "not dizzy",
        "no numbness",
        "no tingling",
        "stop counting",
    ),
}

SENTENCES = {**COACHING, **PROTOCOL}

EN = Language(
    code="en",
    phrases=PHRASES,
    sentences=SENTENCES,
    unset=UNSET,
    units=UNITS,
    tens=TENS,
    numbers=NUMBERS,
    hundred="hundred",
    ordinals=(
        *("", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth"),
        *("Ninth", "Tenth", "Eleventh", "Twelfth"),
    ),
    sides={Side.LEFT: "left", Side.RIGHT: "right"},
    positions={
        Position.SUPINE: "You are on your back.",
        Position.PRONE: "You are on your front.",
        Position.SIDE_LYING: "You are on your side.",
        Position.SITTING: "You are sitting on a chair.",
        Position.FLOOR_SITTING: "You are sitting on the floor.",
        Position.STANDING: "You are standing.",
        Position.ALL_FOURS: "You are on hands and knees.",
    },
    moves=MOVES,
    parts=PARTS,
)
