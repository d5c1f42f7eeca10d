"""The halts' table: everything that must hold of every row, whatever the wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from voicecoach.core.commands import OFFERED, OPEN, SAFETY, Context, Intent, understand
from voicecoach.core.en import EN, PHRASES, SENTENCES
from voicecoach.core.en_safety import PROTOCOL, UNSET
from voicecoach.core.everyday import EVERYDAY, GETTING_UP, RESUMABLE
from voicecoach.core.pain import FLAGS
from voicecoach.core.routine import Position
from voicecoach.core.safety import HALTS, SAFETY_HALTS
from voicecoach.core.table import POSITION, QUESTION, WAY_OUT, Do, Fork, If, Leads, Name, Rank, ends
from voicecoach.core.today import GUARDS

ONWARD = {Do.RESUME, Do.SMALLER, Do.REPEAT, Do.NEXT, Do.SKIP, Do.BACK, Do.ACCEPT, Do.THERE}
"""Ways that lead into an exercise without asking for "ready" first, or to another one."""

ENTRANCES = {
    *(Name.PAUSED, Name.COMMANDS, Name.LAST_TIME, Name.WHERE_LEFT, Name.SCORE_BEFORE),
    *(Name.HURT_BEFORE, Name.LOCKED, Name.NUMBER, Name.SCORE_AFTER, Name.GET_UP_OFFER),
    *(Name.MICROPHONE_LOST, Name.SPEAKER_LOST, Name.VOICE_LOST),
}
"""The ways into the table that are no safety words; a scenario comes through each."""


def ways(name: Name) -> Iterator[Leads]:
    halt = HALTS[name]
    yield from halt.answers.values()
    yield from (nudge.leads for nudge in halt.nudges if nudge.leads is not None)


def goals(lead: Leads) -> Iterator[Name | Do]:
    """Where it may lead, the ways into the safety check and out of it included."""
    for end in ends(lead):
        yield end
        if end is Do.FLAG:
            yield from (Name(f"flag_{number}") for number in range(1, FLAGS + 1))


def rows() -> list[Name]:
    return sorted(HALTS)


def test_every_row_has_a_name_and_every_name_a_row() -> None:
    assert set(HALTS) == set(Name)


@pytest.mark.parametrize("name", rows())
def test_no_row_is_a_dead_end(name: Name) -> None:
    assert HALTS[name].answers
    assert HALTS[name].nudges


@pytest.mark.parametrize("name", rows())
def test_every_answer_can_be_given_where_it_is_asked_for(name: Name) -> None:
    halt = HALTS[name]
    assert set(halt.answers) <= OPEN[halt.context]
    assert set(halt.choices) <= set(halt.answers)
    assert halt.confirms <= set(halt.answers)


def test_every_row_can_be_reached() -> None:
    seen: set[Name] = set()
    todo = [*SAFETY_HALTS.values(), *ENTRANCES]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        todo += [goal for lead in ways(name) for goal in goals(lead) if isinstance(goal, Name)]
    assert seen == set(HALTS)


@pytest.mark.parametrize("name", rows())
def test_who_never_answers_comes_to_rest_somewhere_safe(name: Name) -> None:
    """By timeouts alone: to a row that waits, to a call for help, or to the end; never onward."""
    seen: set[Name] = set()
    todo: list[Name | Do] = [name]
    rests = False
    while todo:
        here = todo.pop()
        assert here not in ONWARD, f"{name} leads onward by itself"
        if isinstance(here, Do):
            rests = True  # the end; or PROCEED and LEAVE_OUT, which come to a gate that waits
            continue
        if here in seen:
            continue
        seen.add(here)
        leads = [nudge.leads for nudge in HALTS[here].nudges if nudge.leads is not None]
        todo += chain.from_iterable(goals(lead) for lead in leads)
        rests = rests or not leads or here in {Name.EMERGENCY, Name.URGENT, Name.NUMBER}
    assert rests


@pytest.mark.parametrize("name", sorted(set(HALTS) - set(EVERYDAY)))
def test_after_pain_nothing_goes_on_but_by_a_word_that_says_so(name: Name) -> None:
    said = {
        Do.RESUME: {Intent.CONTINUE},
        Do.SMALLER: {Intent.SMALLER},
        Do.NEXT: {Intent.NEXT, Intent.CONTINUE, Intent.READY},
        Do.LEAVE_OUT: {Intent.SKIP, Intent.NEXT},
    }
    for intent, lead in HALTS[name].answers.items():
        for goal in goals(lead):
            if goal in ONWARD | {Do.LEAVE_OUT}:
                assert isinstance(goal, Do)
                assert intent in said[goal], f"{name}: {intent} leads to {goal}"


def test_dizziness_never_leads_back_to_an_exercise() -> None:
    """From the check on the session is over; before it only a negation leads back."""
    seen: set[Name] = set()
    todo: list[Name | Do] = [Name.DIZZY_CHECK]
    while todo:
        here = todo.pop()
        assert here not in {Do.RESUME, Do.NEXT, Do.LEAVE_OUT, Do.SMALLER}
        # Left by two words, an emergency goes on only where the session is not over.
        if isinstance(here, Do) or here in seen or here in {Name.EMERGENCY, *GETTING_UP}:
            continue
        seen.add(here)
        for lead in ways(here):
            todo += [goal for goal in goals(lead) if goal is not Name.CHECK_IN]
    assert HALTS[Name.DIZZY_CHECK].over
    assert {Name.DIZZY_REST, Name.DIZZY_STAY, Name.WATCH, Name.WATCH_END} <= seen


@pytest.mark.parametrize("name", sorted(set(HALTS) - set(EVERYDAY)))
def test_silence_after_a_safety_event_is_looked_after_within_a_minute_or_two(name: Name) -> None:
    after = 0
    for nudge in HALTS[name].nudges:
        after += nudge.after
        if nudge.leads is not None:
            assert after <= 120_000
            return
    pytest.fail("nobody looks after it")


def test_who_is_asked_may_hear_the_question_again() -> None:
    for name, halt in HALTS.items():
        if halt.context is not Context.HALTED and halt.choices:
            assert Intent.REPEAT in halt.answers, name
            assert Intent.FINISH in halt.answers, name


def test_every_safety_word_has_its_row_and_a_graver_one_breaks_in() -> None:
    assert set(SAFETY_HALTS) == SAFETY
    order = [Intent.DONT_STOP, Intent.STOP, Intent.PAIN, Intent.NERVE, Intent.HELP, Intent.DIZZY]
    ranks = [HALTS[SAFETY_HALTS[intent]].rank for intent in (*order, Intent.EMERGENCY)]
    assert ranks == sorted(set(ranks))
    assert max(halt.rank for halt in HALTS.values()) is Rank.EMERGENCY


def test_an_emergency_needs_two_different_words_to_be_called_off() -> None:
    ways_out = {
        intent
        for intent, lead in HALTS[Name.EMERGENCY].answers.items()
        if set(ends(lead)) - {Name.EMERGENCY, Do.ASK}
    }
    assert all(HALTS[Name.EMERGENCY].answers[intent] is Name.SAFE for intent in ways_out)
    done = {
        intent
        for intent, lead in HALTS[Name.SAFE].answers.items()
        if set(ends(lead)) - {Name.EMERGENCY, Do.ASK}
    }
    assert done == {Intent.YES}
    assert not ways_out & done


def test_every_condition_is_known_and_used() -> None:
    used: set[If] = set()

    def conditions(lead: Leads) -> Iterator[If]:
        if isinstance(lead, Fork):
            yield lead.when
            yield from conditions(lead.then)
            yield from conditions(lead.other)

    for name in HALTS:
        for lead in ways(name):
            used |= set(conditions(lead))
    assert used == set(If) == set(GUARDS)


def test_what_is_resumed_is_a_question_of_its_own() -> None:
    assert all(HALTS[name].context is not Context.HALTED for name in RESUMABLE)


# -- wording ---------------------------------------------------------------------------------------


FILLED = {
    **UNSET,
    **dict.fromkeys(("name", "next", "left", "where"), "Figure four for back and bottom"),
    "number": "seven",
    "which": "left side, three of five",
    "why": "odd feelings",
    "total": "five",
    "side": "left",
}


def spoken() -> Iterator[tuple[str, str]]:
    """Every sentence of the protocol, filled in with the longest words there are."""
    for name, text in PROTOCOL.items():
        for sentence in re.split(r"(?<=[.!?]) ", text.format(**FILLED)):
            yield name, sentence


def test_no_sentence_of_the_protocol_is_longer_than_fourteen_words() -> None:
    assert [name for name, sentence in spoken() if len(sentence.split()) > 14] == []


def test_no_sentence_of_the_protocol_says_a_word_that_halts() -> None:
    heard = {
        name for name, text in spoken() if understand(text, Context.HALTED, PHRASES, final=False)
    }
    assert heard == set()


FORBIDDEN = (
    *("because you", "caused", "probably", "don't worry", "nothing to worry", "it is nothing"),
    *("harmless", "normal pain", "fine", "ibuprofen", "paracetamol", "tablet", "medicine", "drug"),
    *("disc", "sciatica", "nerve", "injury", "sprain", "strain", "i have called", "i am calling"),
    *("i called", "is on the way"),
)


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_cause_no_diagnosis_no_reassurance_no_drug_no_claim(word: str) -> None:
    told = [name for name, text in PROTOCOL.items() if re.search(rf"\b{word}\b", text.lower())]
    assert told == []


def test_a_row_asks_at_most_one_question() -> None:
    for name, halt in HALTS.items():
        words = [word for word in halt.words if isinstance(word, str) and not word.startswith("*")]
        asked = [word for word in words if "?" in SENTENCES[word]]
        assert len(asked) <= 1, name
        assert all(SENTENCES[word].count("?") <= 1 for word in words), name


def test_every_sentence_that_a_row_names_exists() -> None:
    for name, halt in HALTS.items():
        words = {word for word in halt.words if isinstance(word, str)} - {
            *(QUESTION, WAY_OUT, POSITION)
        }
        words |= {nudge.say for nudge in halt.nudges if nudge.say}
        assert words <= set(SENTENCES), name
    assert {f"rest_{position.value}" for position in Position} <= set(SENTENCES)


def test_every_sentence_of_the_protocol_is_said_somewhere() -> None:
    rows_say = {word for halt in HALTS.values() for word in halt.words if isinstance(word, str)}
    rows_say |= {nudge.say for halt in HALTS.values() for nudge in halt.nudges}
    elsewhere = {
        *(f"rest_{position.value}" for position in Position),
        *(name for name in PROTOCOL if name.startswith(("why_", "left_", "alert_"))),
        *("last_time_nowhere", "where_left_before", "smaller", "goodbye_short", "note_deleted"),
    }
    assert set(PROTOCOL) == (rows_say & set(PROTOCOL)) | elsewhere


def test_a_number_is_said_digit_by_digit_and_a_name_as_it_is() -> None:
    assert EN.dialled("112") == "one one two"
    assert EN.dialled("+44 20-79") == "four four two zero seven nine"
    assert EN.dialled("my sister, 3rd floor") == "my sister, 3rd floor"
    assert EN.dialled("") == ""


def test_an_answer_offered_by_number_is_an_answer() -> None:
    assert all(set(halt.choices) <= OFFERED | OPEN[halt.context] for halt in HALTS.values())


def told(lead: Leads | None) -> str:
    """Where it leads, on one line."""
    if isinstance(lead, Fork):
        return f"{lead.when.name} ? {told(lead.then)} : {told(lead.other)}"
    return "-" if lead is None else lead.name


def lines() -> Iterator[str]:
    """The whole table in words: a row with all that it says of itself."""
    for name in rows():
        halt = HALTS[name]
        words = ", ".join(f"{word} ms" if isinstance(word, int) else word for word in halt.words)
        yield f"{name.name}: {words}"
        flags = {"over": halt.over, "advises": halt.advises, "alerts": halt.alerts}
        flags |= {"drops": halt.drops, "again": halt.again, "resumable": name in RESUMABLE}
        flags |= {"on the way up": name in GETTING_UP}
        said = [f"rank {halt.rank.name}", f"hears {halt.context.name}", f"chime {halt.chime}"]
        said += [f"why {halt.why}"] if halt.why else []
        yield "  " + ", ".join((*said, *(flag for flag, on in flags.items() if on)))
        if halt.context is Context.NUMBER:
            yield f"  numbers {halt.numbers.start} to {halt.numbers.stop - 1}"
        if halt.choices:
            yield "  offers " + ", ".join(one.name for one in halt.choices)
        if halt.confirms:
            yield "  hurt if " + ", ".join(sorted(one.name for one in halt.confirms))
        for intent, lead in sorted(halt.answers.items()):
            yield f"  {intent.name} -> {told(lead)}"
        for nudge in halt.nudges:
            yield f"  {nudge.after} ms: {nudge.say or '-'} -> {told(nudge.leads)}"
    for intent, name in sorted(SAFETY_HALTS.items()):
        yield f"{intent.name} ==> {name.name}"


def test_no_row_of_the_protocol_changes_unseen(request: pytest.FixtureRequest) -> None:
    """`pytest --golden` writes it anew; the difference is then read by a person.

    Each rank, second and way was decided once, with the safety protocol beside it. A slip of one
    of them breaks no general law, and would still be wrong.
    """
    golden = Path(__file__).parents[1] / "golden" / "protocol.txt"
    now = "\n".join((*lines(), ""))
    if request.config.getoption("--golden"):
        golden.write_text(now, encoding="utf-8")
    assert now == golden.read_text(encoding="utf-8")
