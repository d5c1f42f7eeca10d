"""English words that are no command, and how commands sound: what the decoder needs. Data only.

A decoder that knows only commands hears a command in every cough. Decoys are the rivals a
command must beat: the commonest words of spoken English, words that sound like a command, and
short talk of a person at their exercises. Nothing here is ever reported as heard.
"""

from __future__ import annotations

COMMON = """
a about above actually after again ago all almost already also always am an and another any
anybody anyone anything are arm arms around as ask at away bad be because bed been before began
behind being believe below beside best between big bird bit body book both box boy bring
brother but buy by call called came can can't car care cat chair change child children city clean
close coffee cold come comes coming computer could couldn't country course cup day deal did didn't
different dinner do does dog doing door down drink drive each early easy eat eight either else
end enough even evening ever every everybody everything eye eyes face fact family far father feel
feels feet felt few find fine fire first five floor follow food foot for forward found four friend
friends from front full game gave get gets getting girl give go goes going gone good got great
green guess guy had hair half hand hands happen happened happy hard has have haven't he head hear
heard heart he's hello her here hey hi high him his home hope hot hour hours house how however
huh hundred husband i i'd i'll idea if in inside into is isn't it its it's job just keep kind
kitchen knee knees knew know known last late later learn least leave left leg legs less let let's
life light lights like line listen little live living long look looked looking lot love made mail
make makes making man many marvin matter may maybe me mean men might mind minute minutes mom moment
money month months more morning most mother mouth move much music must my name near neck need
never news nice night nine nobody nothing now number of off often oh old on once one only
open or other our out outside over own part people perhaps phone place plan play point probably
problem put question quick quite radio rain read real really red remember rest right room run said
sat saw say saying says school second see seem seen seven she she's shoulder show side since
sister sit six sky sleep small so some somebody somehow someone something sometimes son soon sorry
sort sound stand start started still story street stuff such sun sure table take taken talk talking
tea tell ten than thank thanks that that's the their them then there there's these they they're
thing things think third this those though thought three through time times today together told
tomorrow tonight too took tree tried try trying turn tv two under understand until up upon us use
used very walk walking wall want wanted wants warm was wasn't watch water way we week weeks well
went we're were what what's when where where's which while white who whole why wife will window
wish with without woman women won't wonder word words work worked working world would wouldn't wow
write wrong year years yesterday yet you you'd young your you're zero
"""
"""The commonest words of spoken English."""

NEAR = """
step steps stepped stopped stopping stops top tops shop shopping drop dropped stuff star stars
stock stalk stomp stamp stump storm spot start starts stark staff sob chop pop hop swap
text nest necks vexed checks best west neck nets
pose paws pass pores cause because claws source across
ship slip sip skit script skid scoop tip zip chip
petite complete retreat heat street receipt feet
slow low lower flower sour shower later water letter motor
fast past last master pastor foster after luck lot loud proud cloud crowd
quiet quite riot soft soften coughed sofa
guess gas chess less mess dress set yet yell yen yep
know nor note nose knows knob nah mow low
steady read bed red bread tread
weight white late way wet went eight
assume presume zoom room
vanish spinach fish
breeze trees please knees peas free
couch out oust touch
purse parson first hers herds hearts hits hearse
contain content into
cough hmm uh um ah er mm ooh
strong stronger wrong younger linger finger hunger lawn
short quarter sorter shorts daughter order border corner tomato
heart hotter harden garden father hardly harbor
easy busy busier season visa ease
unless useless lesson list guessed
"""
"""Words near a command in sound: each is there so that it is heard as itself."""

OTHER_NUMBERS = ("seventy", "eighty", "ninety", "hundred", "half", "dozen", "couple")
"""Numbers that are no answer: rivals where one is asked for.

Words near a number in sound (won, tree, fire, ...) were tried too, and changed nothing.
"""

TALK = (
    "i think so",
    "that's good",
    "how are you",
    "what time is it",
    "can you see that",
    "i was going to say",
    "it's going to be fine",
    "come here",
    "sit down",
    "turn it off",
    "turn it on",
    "turn on the light",
    "turn off the radio",
    "one two three four five",
    "six seven eight nine ten",
    "breathe in",
    "breathe out",
    "the other side",
    "on the left",
    "on the right",
    "lie on your back",
    "bend your knee",
    "lift your leg",
    "hold it there",
    "and slowly back",
    "go on then",
    "go away",
    "good morning",
    "good boy",
    "thank you very much",
    "i have to go",
    "the next day",
    "the bus stop",
    "wait for me",
    "back to the house",
    "he said that",
    "she wanted to",
    "there was a",
    "of the",
    "in the",
    "at the",
    "to the",
    "would you like some tea",
    "are you all right",
    "a cup of coffee please",
    "make it a large one",
    "set the lights to blue",
)
"""Things said in a room where someone exercises."""

SAFETY_TALK = (
    "stop stop",
    "stop stop stop",
    "stop it",
    "stop it hurts",
    "stop that hurts",
    "stop it please",
    "stop please",
    "stop now",
    "please stop",
    "ow stop",
    "no stop",
    "no no stop",
    "okay stop",
    "stop help me",
    "ouch stop",
    "ouch it hurts",
    "ow it hurts",
    "it hurts stop",
    "stop ouch",
    "it really hurts",
    "it hurts a lot",
    "my leg hurts",
    "my knee hurts",
    "my back hurts stop",
    "stop the exercise",
    "stop the session",
    "i want to stop",
    "can we stop",
    "help me please",
    "oh stop",
    "hey stop",
)
"""How a person in need really puts it: longer than the phrase, which counts anywhere in it."""

PRONUNCIATIONS = {
    "stop": ("S T AO P",),
    "ow": ("AW", "AW W"),
    "quieter": ("K W AY T ER", "K W AY AH D ER"),
    "repeat": ("R AH P IY T",),
    "previous": ("P R IY V Y AH S",),
    "faster": ("F AA S T ER", "F AA S T AH"),
    "slower": ("S L OW AH",),
    "louder": ("L AW D AH",),
    "softer": ("S AO F T AH",),
    "hurts": ("HH AH T S", "ER T S"),
    "pause": ("P AA Z",),
    "yeah": ("Y EH AH", "Y EH"),
    "person": ("P AH S AH N",),
    "longer": ("L AO NG AH", "L AO NG G AH"),
    "hard": ("HH AA D",),
    "heart": ("HH AA T",),
    "short": ("SH AO T",),
    "order": ("AO D AH",),
    "water": ("W AO T AH",),
    "father": ("F AA DH AH",),
    "shorter": ("SH AO T AH",),
    "harder": ("HH AA D AH",),
    "easier": ("IY Z IY AH",),
    "thirteen": ("TH AH T IY N", "TH ER D IY N"),
    "fourteen": ("F AO T IY N",),
    "thirty": ("TH AH T IY",),
    "forty": ("F AO T IY", "F AO R D IY"),
    "twenty": ("T W EH N IY",),
    "commands": ("K AH M AA N D Z",),
    "help": ("EH L P",),
    "no": ("N AW",),
}
"""Ways to say a word, in CMU phones, beside those of the decoder's dictionary."""
