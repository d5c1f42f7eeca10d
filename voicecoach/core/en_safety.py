"""English: what the coach says after a stop, pain, dizziness and calls for help. Data only.

Rules of the safety protocol, kept by tests: at most 14 words a sentence; one question at a time;
no cause, no diagnosis, no reassurance, no drugs; nobody is claimed to have been called; none says
a word that halts (law 5), which is why numb, dizzy and the like are asked for in other words.
{emergency}, {urgent_line} and {place} are the person's own, or the words of UNSET.
"""

from __future__ import annotations

_LYING = "Stay lying down. Do not get up yet. Breathe normally."

PROTOCOL = {
    # a stop, a pause
    "stopped": "Stopped.",
    "choices": "Say continue, repeat, skip, or finish.",
    "paused": "Paused.",
    "say_continue": "Say continue when you want to go on.",
    "still_here": "I am still here. Say continue, or finish.",
    "staying": "Staying paused. Say continue when you want to go on.",
    "unsure": "Sorry. I paused.",
    # pain
    "pain_new": "Is this pain new, or the one you had before? Say new, or same.",
    "score_within": "Tell me how strong it is, from zero to ten.",
    "score_said": "I heard {number}. Is that right? Yes or no.",
    "score_again": "Say a number from zero to ten, or say: don't know.",
    "mild": "All right. Say continue, smaller, or skip.",
    "moderate": "Say smaller, or skip.",
    "smaller": "Go on with less movement, only as far as is easy.",
    "dropped": "We leave this exercise out today.",
    "rest_moment": "Rest a moment.",
    "eased": "Does it ease? Say yes, no, or worse.",
    "offer_next": "We can go on to {next}, or finish here.",
    "offer_next_which": "Next, or finish?",
    # nerve signs
    "nerve_gone": "Is that feeling going away? Say yes, no, or worse.",
    "nerve_dropped": "We leave this one out today.",
    "nerve_which": "Next exercise, or finish?",
    # what must be seen by a doctor at once
    "flags_intro": "A short safety check. Answer yes or no.",
    "flags_keys": "On the keys, one is yes, and two is no.",
    "flag_1": "Has feeling gone, or changed, between your legs, or around your genitals or bottom?",
    "flag_2": "Any new trouble passing urine, or losing control of bladder or bowels?",
    "flag_3": "Are both legs painful, weak, or without their normal feeling?",
    "flag_4": "Is one leg all at once weak, or getting weaker?",
    "flag_5": "Did this start after a fall or an accident?",
    "urgent": "Please finish for today. This needs checking now.",
    "urgent_where": "Go to {place}, or call {emergency}. Do not drive yourself.",
    # dizziness
    "rest_supine": _LYING,
    "rest_prone": _LYING,
    "rest_side_lying": _LYING,
    "rest_sitting": "Sit still, and hold the chair. Breathe calmly.",
    "rest_floor_sitting": "Remain on the floor. Lean on your hands, or lie down slowly.",
    "rest_standing": "Take hold of a wall or a chair. Sit or lie down now, slowly.",
    "rest_all_fours": "Lower yourself onto your side. Rest there.",
    "dizzy_check": "Does your chest hurt, is breathing hard, or might you faint? Yes or no.",
    "dizzy_eased": "Is the dizziness passing? Yes or no.",
    "dizzy_rest": "Rest two more minutes before you get up. We finish here for today.",
    "dizzy_stay": "Stay down. Call someone to be with you.",
    "dizzy_call": "If it does not pass, call {urgent_line}.",
    "watch": "Still with you. Better, same, or worse?",
    "watch_end": "We finish here. Stay down until it passes.",
    # emergency and help
    "emergency": "Stay still. Call {emergency}, or call out for help.",
    "safe": "Are you safe now? Yes or no.",
    "alert_sent": "I have sent your alert.",
    "alert_failed": "Your alert could not be sent.",
    "help_which": "Do you want a person, or the commands?",
    "help_which_say": "Say person, or commands.",
    "help_call_out": "If you need help now, call {emergency}, or call out.",
    "help_person": "I am here. Are you hurt? Yes or no.",
    "check_in": "I have not heard you. Say okay, or press a key.",
    # the end, after any of these
    "goodbye_hurt": "We finish here today.",
    "goodbye_hurt_advice": "If it does not settle, or gets worse, talk to your physio or doctor.",
    "advice_worse": "It got worse. Leave these exercises until your physio has seen you.",
    "goodbye_short": "Goodbye.",
    # up from the floor
    "get_up_offer": "Shall I talk you up from the floor? Yes or no.",
    "get_up_start": "Take your time. Say next after each step.",
    "get_up_1": "Bend both knees. Roll onto your side.",
    "get_up_2": "Push with your hands until you sit on your hip.",
    "get_up_3": "Roll forward onto hands and knees.",
    "get_up_4": "Crawl to a firm chair. Put both hands on the seat.",
    "get_up_5": "Put your stronger foot flat on the floor.",
    "get_up_6": "Push with hands and leg. Turn, and sit.",
    # what is remembered of the last time
    "last_time": "Last time we broke off in {where}. That was because of {why}.",
    "last_time_nowhere": "Last time we broke off, because of {why}.",
    "last_time_today": "How is it today? Better, same, or worse.",
    "why_pain": "pain",
    "why_nerve": "odd feelings",
    "why_dizzy": "dizziness",
    "why_emergency": "an emergency",
    "see_physio": "Then please check with your physio before we go on.",
    "where_left": "We broke off in {left}. {which}. Go on there, or start again?",
    "left_of": "{number} of {total}",
    "left_side": "{side} side, {which}",
    "where_left_before": "We broke off at the beginning of {left}. Go on there, or start again?",
    "hurt_before": "Next is {name}. Last time it gave you pain. Better, same, or worse?",
    "locked": "{name} gave you pain in two sessions. It stays out until your physio agrees.",
    "locked_way": "To do it now, say: my physio said yes.",
    "left_out_today": "We leave {name} out today.",
    # the strength of the pain, before and after
    "score_before": "How strong is your pain, from zero to ten?",
    "score_after": "How strong is your pain now, from zero to ten?",
    "note_deleted": "I delete the last note.",
}

UNSET = {
    "emergency": "your emergency number",
    "urgent_line": "your doctor",
    "place": "the nearest emergency department",
}
"""What is said where the person has given no number and no name: nothing is guessed."""
