"""English: every phrase the ears take for a command. Data only.

Rules, each kept by a test: at least two phrasings an intent; no phrase with two intents; all
phrases in normal form (`commands.normal`); never bare "back", "pain", "hold" or "help", which
the source texts say all the time, and never "halt", which decoders hear as "hold".
"""

from __future__ import annotations

from voicecoach.core.commands import Intent, Phrases

PHRASES: Phrases = {
    Intent.READY: ("ready", "i'm ready", "i am ready", "ready now"),
    Intent.NEXT: ("next", "next one", "next exercise", "next please"),
    Intent.GO_BACK: ("go back", "go back one", "previous", "previous exercise"),
    Intent.REPEAT: ("repeat", "repeat that", "say again", "say that again"),
    Intent.PAUSE: ("pause", "pause please", "wait", "wait a moment", "hang on"),
    Intent.CONTINUE: ("continue", "resume", "carry on", "keep going"),
    Intent.SKIP: ("skip", "skip this", "skip it", "skip this one"),
    Intent.SLOWER: ("slower", "slow down", "speak slower", "slower please"),
    Intent.FASTER: ("faster", "speed up", "speak faster", "faster please"),
    Intent.LOUDER: ("louder", "speak louder", "louder please"),
    Intent.QUIETER: ("quieter", "softer", "speak quieter", "quieter please"),
    Intent.HOW_LONG: ("how long", "how much longer", "how long left", "how many left"),
    Intent.WHERE: ("where am i", "where are we"),
    Intent.COMMANDS: ("what can i say", "commands", "list the commands"),
    Intent.FINISH: ("finish", "finish now", "i'm finished", "end the session"),
    Intent.YES: ("yes", "yes please", "yeah"),
    Intent.NO: ("no", "no thanks", "nope"),
    Intent.PERSON: ("person", "a person", "i need a person"),
    Intent.STOP: ("stop", "freeze", "that's enough"),
    Intent.PAIN: ("it hurts", "that hurts", "this hurts", "ouch", "my back hurts"),
    Intent.HELP: ("help me", "please help", "i need help", "i can't get up", "i've fallen"),
    Intent.DONT_STOP: (
        "don't stop",
        "do not stop",
        "i don't want to stop",
        "it doesn't hurt",
        "that doesn't hurt",
    ),
}
