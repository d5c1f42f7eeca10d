"""English: every phrase the ears take for a command, every sentence the coach says. Data only.

Phrases, each rule kept by a test: at least two phrasings an intent; no phrase with two intents;
all in normal form (`commands.normal`); never bare "back", "pain", "hold" or "help", which the
source texts say all the time, and never "halt", which decoders hear as "hold".
Sentences: at most 14 words, one movement or one question each; none says a stop word (law 5),
names a cause, reassures or claims to have called anyone (the safety protocol's rules).
"""

from __future__ import annotations

from voicecoach.core.commands import Intent, Phrases
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
    **{word: value for value, word in enumerate(UNITS) if value},
    **{
        f"{tens} {UNITS[unit]}" if unit else tens: 10 * ten + unit
        for ten, tens in enumerate(TENS[:6])
        if tens
        for unit in range(10)
    },
    "sixty": 60,
    **{str(value): value for value in range(1, 61)},  # typed
}
"""What may be answered where a number is asked for, in normal form, and its value."""

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
    Intent.LONGER: ("longer", "longer please", "make it longer"),
    Intent.SHORTER: ("shorter", "shorter please", "make it shorter"),
    Intent.EASIER: ("easier", "easier please", "make it easier"),
    Intent.HARDER: ("harder", "harder please", "make it harder"),
    Intent.SAY_MORE: ("say more", "tell me more"),
    Intent.SAY_LESS: ("say less", "tell me less"),
    Intent.NUMBER: tuple(NUMBERS),
    Intent.STOP: ("stop", "freeze", "that's enough"),
    Intent.PAIN: ("it hurts", "that hurts", "this hurts", "ouch", "my back hurts"),
    Intent.HELP: ("help me", "please help", "i need help", "i can't get up", "i've fallen"),
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
        "not dizzy",
        "no numbness",
        "stop counting",
    ),
}

SENTENCES = {
    # opening
    "welcome": "Welcome. This is {title}.",
    "contents": "{exercises} exercises, about {minutes} minutes.",
    "contents_one": "One exercise, about {minutes} minutes.",
    "props": "You need: {props}.",
    "prop_or": "{prop}, or {instead}",
    "props_reach": "Put it within reach now.",
    "permission": "Do only what your physio or doctor has agreed with you.",
    "tell_me": "If you feel new pain, tell me. I fall silent at once.",
    "ask_me": "To hear the list of commands, ask: what can I say?",
    "no_microphone": "I cannot hear you. {why}",
    "use_keys": "Use the keys. Press G when you are in position.",
    "space_key": "Press the space bar at any time to make me wait.",
    "unattended": "I can hear neither voice nor keys.",
    "unattended_wait": "I go on {wait} after each exercise is explained.",
    "leaves_machine": "What you say is sent to {engine}, over the network.",
    "keeps_audio": "What I hear in this session is kept on this machine.",
    "not_checked": "The listening test tells how well I hear you. Do it some time.",
    # an exercise and its reps
    "exercise": "Exercise {number} of {total}. {name}.",
    "times": "{reps}, {seconds} each.",
    "times_side": "{reps} on each side, {seconds} each. The {side} side comes first.",
    "times_one_side": "{reps} on the {side} side only, {seconds} each.",
    "once": "Once",
    "twice": "Twice",
    "n_times": "{number} times",
    "sets": "{sets} rounds of this.",
    "say_ready": "Say ready when you are in position.",
    "press_ready": "Press G when you are in position.",
    "take_your_time": "Take your time.",
    "begin_in": "We begin in {seconds}.",
    "side": "{side} side.",
    "rep": "{ordinal} of {total}.",
    "half_way": "{ordinal} of {total}. Half-way.",
    "last": "Last one.",
    "hold_for": "Hold for {number}.",
    "hold_rest": "Hold for the last {seconds}.",
    "half_way_count": "half-way",
    "release": "And release.",
    "rest": "Rest for {seconds}.",
    "ten_left": "Ten seconds left.",
    "switch": "Now the {side} side.",
    "a_second": "one second",
    "seconds": "{number} seconds",
    "a_minute": "one minute",
    "minutes": "{number} minutes",
    "number": "Number {number}",
    "work_for": "Keep going for {seconds}.",
    "as_many": "As many as are comfortable. Say next when it is enough.",
    "times_only": "{reps}.",
    "times_only_side": "{reps} on each side. The {side} side comes first.",
    "times_only_one_side": "{reps} on the {side} side only.",
    "ordinal": "{ordinal}.",
    "up_to": "You may say longer, up to {seconds}.",
    "breath_in": "Breathe in.",
    "breath_out": "And out.",
    "hold_breaths": "Hold for {breaths}.",
    "a_breath": "one breath",
    "a_round": "one round",
    "rounds": "{number} rounds",
    "breaths": "{number} breaths",
    "approval": "Do these only if your own physio has shown them to you.",
    "left_out": "We leave out {name}, because of what you must avoid.",
    "done_instead": "Instead of {name} we do {instead}.",
    "times_a_day": "Its text says: {times} a day.",
    "from_to_times": "{low} to {high} times",
    "as_often": "Its text says: as often as you can every day.",
    # from one position to another
    "move": "Now we change position.",
    "move_start": "We begin standing, at the edge of the mat.",
    # a dose that the source does not give
    "ask_intro": "The text gives no number for {name}.",
    "ask_reps": "How many times? Say a number.",
    "ask_sets": "How many rounds? Say a number.",
    "ask_hold": "How many seconds is each hold? Say a number.",
    "ask_work": "How many seconds do you keep going? Say a number.",
    "ask_phases": "How many seconds is this part? Say a number.",
    "ask_again": "Say a number, or say skip.",
    "ask_confirm": "{number}. Is that right? Yes or no.",
    "confirm_again": "Is that right? Yes or no.",
    "ask_nobody": "Nobody can tell me the number for {name}. We leave it out.",
    "ask_kept": "I keep that for the next time.",
    # changes on the way
    "from_now_on": "{seconds}, from the next one on.",
    "as_given": "That is as far as your text goes.",
    "fixed": "Your text gives one number only.",
    "easier": "We take the easier form.",
    "harder": "We take the harder form.",
    "no_easier": "There is no easier form of this one.",
    "no_harder": "There is no harder form of this one.",
    "more_words": "I say more from now on.",
    "fewer_words": "I say less from now on.",
    # moving about
    "next_up": "We go on.",
    "skipped": "We leave this one out.",
    "going_back": "We go one back.",
    "from_the_start": "From the start of this exercise.",
    "resume": "We go on where we were.",
    "ease_out": "Ease out slowly.",
    "stay_still": "Stay where you are. Breathe.",
    # answers
    "slower": "I speak more slowly now.",
    "faster": "I speak more quickly now.",
    "louder": "I am louder now.",
    "quieter": "I am softer now.",
    "as_far": "That is as far as I can go.",
    "reps_left": "{number} more in this exercise.",
    "rep_left": "This is the last one of this exercise.",
    "time_left": "About {minutes} left in all.",
    "where": "{name}. Exercise {number} of {total}.",
    "before_first": "We have not begun yet.",
    "after_last": "All the exercises are done.",
    "list_1": "You can say: ready, next, go back, say again.",
    "list_2": "Or: pause, continue, skip, finish.",
    "list_3": "Or: slower, faster, louder, quieter.",
    "list_4": "Or: how long, where am I.",
    "list_5": "And any cry of pain makes me silent at once.",
    # halts
    "stopped": "Stopped.",
    "choices": "Say continue, repeat, skip, or finish.",
    "paused": "Paused.",
    "say_continue": "Say continue when you want to go on.",
    "still_here": "I am still here. Say continue, or finish.",
    "staying": "Staying paused. Say continue when you want to go on.",
    "unsure": "Sorry. I paused.",
    "default_release": "Go back to your starting position, slowly. Breathe.",
    "help_which": "Do you need a person, or the list of commands?",
    "help_which_say": "Say person, or commands.",
    "help_call_out": "For help now, call out, or call your emergency number.",
    "help_person": "I am here. Are you hurt? Yes or no.",
    "emergency": "Stay still. Call your emergency number, or call out for help.",
    "safe": "Are you safe now? Yes or no.",
    "microphone_lost": "I cannot hear you any more. Pausing.",
    "microphone_lost_way": "Press C to go on, or F to finish.",
    "microphone_back": "I can hear you again.",
    "speaker_lost": "The loudspeaker is gone. Pausing until it is back.",
    "speaker_back": "The sound is back.",
    "voice_lost": "The voice does not work. Pausing. Press C to go on in text.",
    # the sound, as the ears find it
    "noticed_clipping": "You come in too loud. Move a little away from the microphone.",
    "noticed_noisy": "It is loud in here. I hear only the safety words now. "
    "For all else, come nearer, or use the keys.",
    "noticed_quiet": "I hear you only faintly. Come nearer to the microphone, or speak up.",
    "noticed_gated": "I cannot tell whether your microphone is on. "
    "If I do not answer, use the keys.",
    "noticed_unkept": "The sound can no longer be kept. I go on listening.",
    "noticed_changed": "The sound has changed since the listening test. "
    "Please make it anew after this session.",
    # the listening test; the words to be said are spelled, so that the coach does not say them
    "check_start": "How well do I hear you? We try it for half a minute.",
    "check_room": "Now be silent. I listen to the room around you.",
    "check_echo": "Now I listen to my own voice, coming back through the microphone.",
    "check_halt": "Now you. Say the word S, T, O, P.",
    "check_move": "And now say the word N, E, X, T.",
    "check_heard": "Heard.",
    "check_unheard": "I did not hear the word. More voice, please.",
    "check_well": "I hear you well.",
    "check_lacking": "I did not hear every word. The keys always work.",
    "check_nothing": "No voice reached me. See whether the microphone is on, and near.",
    "check_near": "Your voice is faint. Come nearer to the microphone.",
    "check_calm": "It is noisy around you. Wear a headset, or come nearer.",
    "check_headset": "I hear myself louder than you. Wear a headset, or make me softer.",
    "check_self": "I heard a word while I was talking. If it was mine, wear a headset.",
    "check_over": "The listening test is over.",
    # the end
    "last_done": "That was the last exercise.",
    "well_done": "Rest for a moment. Breathe.",
    "get_up_offer": "Shall I talk you up from the floor? Yes or no.",
    "get_up_start": "Take your time. Say next after each step.",
    "get_up_1": "Bend both knees. Roll onto your side.",
    "get_up_2": "Push with your hands until you sit on your hip.",
    "get_up_3": "Roll forward onto hands and knees.",
    "get_up_4": "Crawl to a firm chair. Put both hands on the seat.",
    "get_up_5": "Put your stronger foot flat on the floor.",
    "get_up_6": "Push with hands and leg. Turn, and sit.",
    "slowly_up": "Get up slowly, when you feel steady.",
    "goodbye": "We finish here. Goodbye.",
    "goodbye_hurt": "We finish here today.",
    "goodbye_hurt_advice": "If it does not settle, or gets worse, talk to your physio or doctor.",
    "interrupted": "Ending now.",
    "broken": "Something in me has failed. Ease out slowly. We finish here.",
}

MOVES = {
    (Position.STANDING, Position.SITTING): (
        "Feel the front edge of the chair behind your knees.",
        "Put your hands on the seat, and sit down slowly.",
    ),
    (Position.SITTING, Position.STANDING): (
        "Slide forward to the edge of the seat.",
        "Set both feet flat under your knees.",
        "Lean forward, push with your hands, and stand up.",
    ),
    (Position.STANDING, Position.ALL_FOURS): (
        "Hold a firm chair with both hands.",
        "Lower one knee to the mat, then the second knee.",
        "Bring both hands down to the mat.",
    ),
    (Position.SITTING, Position.ALL_FOURS): (
        "Hold the seat with both hands, and slide forward.",
        "Lower one knee to the mat, then the second knee.",
        "Bring both hands down to the mat.",
    ),
    (Position.ALL_FOURS, Position.SITTING): (
        "Crawl to a firm chair, and put both hands on the seat.",
        "Put your stronger foot flat on the floor.",
        "Push with hands and leg, then turn and sit.",
    ),
    (Position.ALL_FOURS, Position.STANDING): (
        "Crawl to a firm chair, and put both hands on the seat.",
        "Put your stronger foot flat on the floor.",
        "Push with hands and leg, and stand up slowly.",
    ),
    (Position.ALL_FOURS, Position.SIDE_LYING): (
        "Lower one hip to the mat, and lean on your hands.",
        "Slide down onto your side, head on your arm.",
    ),
    (Position.ALL_FOURS, Position.PRONE): (
        "Walk your hands forward, and lower your hips to the mat.",
        "Lower your chest, then your head.",
    ),
    (Position.ALL_FOURS, Position.FLOOR_SITTING): (
        "Lower one hip to the mat, and lean on your hands.",
        "Bring both legs forward until you sit.",
    ),
    (Position.SIDE_LYING, Position.SUPINE): ("Bend both knees, and roll onto your back.",),
    (Position.SIDE_LYING, Position.PRONE): ("Roll slowly onto your front.",),
    (Position.SIDE_LYING, Position.FLOOR_SITTING): (
        "Push with your hands until you sit on your hip.",
        "Bring both legs forward until you sit evenly.",
    ),
    (Position.SIDE_LYING, Position.ALL_FOURS): (
        "Push with your hands until you sit on your hip.",
        "Roll forward onto hands and knees.",
    ),
    (Position.FLOOR_SITTING, Position.SIDE_LYING): (
        "Lean on one hand, and lower yourself onto your side.",
        "Rest your head on your arm.",
    ),
    (Position.FLOOR_SITTING, Position.ALL_FOURS): (
        "Lean on both hands beside one hip.",
        "Roll forward onto hands and knees.",
    ),
    (Position.SUPINE, Position.SIDE_LYING): ("Bend both knees, and roll onto your side.",),
    (Position.PRONE, Position.SIDE_LYING): ("Roll slowly onto your side.",),
    (Position.PRONE, Position.ALL_FOURS): (
        "Put your hands beside your shoulders.",
        "Push yourself up onto hands and knees.",
    ),
}
"""Each is done before the next is said; every position on the way can be rested in."""

EN = Language(
    code="en",
    phrases=PHRASES,
    sentences=SENTENCES,
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
)
