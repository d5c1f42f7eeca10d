"""Parts of the bench in which somebody says something, and whether it is heard."""

from __future__ import annotations

from collections.abc import Sequence

from listening import corpus, lines, voices
from listening.conditions import CLEAN, Condition, room_names
from listening.lines import Line
from listening.measure import Job, Result, Strays, Trial
from listening.plan import Plan, by_name, lost
from listening.report import Figure, delays, details, rates, share
from voicecoach.core.commands import OPEN, SAFETY, Context, Intent
from voicecoach.core.en import PHRASES

ALL = 10_000
"""Every clip there is."""

PINK = Condition("pink", 10)

# -- stop --------------------------------------------------------------------------------------

Row = tuple[Condition, int, int]
"""A condition, how many clips, and how many in the short form."""

_HALF = 64

_NOISES: tuple[Row, ...] = (
    (CLEAN, ALL, 12),
    (Condition("pink", 20), _HALF, 0),
    (Condition("pink", 10), ALL, 12),
    (Condition("pink", 5), ALL, 0),
    (Condition("music", 20), _HALF, 0),
    (Condition("music", 10), ALL, 12),
    (Condition("music", 5), ALL, 0),
    *((Condition("babble", snr), _HALF, 0) for snr in (20, 10, 5)),
    *((Condition("home", snr), _HALF, 0) for snr in (20, 10, 5)),
    # One recording each: a third of the people can be judged in it.
    *((Condition("bike", snr), ALL, 0) for snr in (20, 10, 5)),
    *((Condition("dishes", snr), ALL, 0) for snr in (20, 10, 5)),
)
_ECHOES: tuple[Row, ...] = (
    (Condition(echo=-10), _HALF, 0),
    (Condition(echo=0), ALL, 12),
    (Condition(echo=10), ALL, 0),
    (Condition(echo=20), _HALF, 0),
    (Condition(echo=0, path="two devices"), _HALF, 0),
    (Condition(echo=0, path="recorded"), _HALF, 0),
    (Condition(echo=10, path="recorded"), _HALF, 0),
)


def _stop_rows(plan: Plan) -> list[Row]:
    rooms: list[Row] = []
    for name in room_names(plan.folder):
        main = "0.65" in name
        full = ALL if main else _HALF
        rooms += [
            (Condition(room=name), full, 0),
            (Condition("pink", 10, room=name), full, 12 if main else 0),
        ]
    return [*_NOISES, *rooms, *_ECHOES]


def stop_jobs(plan: Plan) -> list[Job]:
    """People say "stop", everywhere."""
    return [
        job
        for condition, full, quick in _stop_rows(plan)
        for job in plan.by_people(
            "stop",
            lines.of_people(plan.some("stop", plan.of(full, quick)), Intent.STOP),
            condition,
        )
    ]


def stop_figures(results: Sequence[Result]) -> list[Figure]:
    """Certain, and beside it graded; how late; what halts between the words."""
    figures: list[Figure] = []
    trials = by_name(results)
    for name, said in trials.items():
        figures += share(f"stop, {name}", said, _halted)
        figures += share(f"stop or suspicion, {name}", said, _noticed)
    for name in (str(CLEAN), str(PINK)):
        figures += delays(f"end of stop to decision, {name}", trials.get(name, []))
    around = lost(results)
    echoes = {name for name in around if "echo" in name or "coach" in name}
    for what, names in (("in noise", set(around) - echoes), ("while the coach speaks", echoes)):
        total = sum((around[name] for name in sorted(names)), Strays())
        figures += rates(f"between the words, {what}", total)
    return figures


def _halted(trial: Trial) -> bool:
    return trial.halted


def _right(trial: Trial) -> bool:
    return trial.right


def _wrong(trial: Trial) -> bool:
    return trial.wrong


def _noticed(trial: Trial) -> bool:
    return trial.noticed


def twice_jobs(plan: Plan) -> list[Job]:
    """People say it twice within two seconds, because they were not heard."""
    clips = sorted(plan.clips.get("stop", []), key=lambda one: one.path.name)
    said = lines.twice(clips, Intent.STOP)
    return [
        job
        for condition in ((PINK,) if plan.quick else (PINK, Condition("music", 10)))
        for job in plan.by_people("twice", said[:: plan.of(1, 9)], condition)
    ]


def twice_figures(results: Sequence[Result]) -> list[Figure]:
    """One certain, or two suspected."""
    return [
        figure
        for name, said in by_name(results).items()
        for figure in share(f"stop said twice, {name}", said, _halted)
    ]


# -- synthetic voices --------------------------------------------------------------------------

CONNECTED = (
    *("stop it hurts", "please stop", "stop stop", "stop now", "stop please", "can we stop"),
    *("oh stop", "okay stop now"),
)
NEAR = (
    *("stuff", "stars", "step", "stopped", "shop", "top", "drop", "start", "stand up"),
    *("step to the side", "the store is shut", "spot on"),
)


def connected_jobs(plan: Plan) -> list[Job]:
    """A stop among other words, and words that are near it."""
    found = []
    mouths = lines.mouths()[:: plan.of(1, 4)]
    for condition in (CLEAN, PINK):
        said = lines.of_voices(CONNECTED, Intent.STOP, mouths)
        near = lines.of_voices(NEAR, None, mouths)
        for some in (said, near):
            many = some[:: plan.of(1, 2)]
            if many and not (plan.quick and condition is PINK):
                name = f"{'in words' if some is said else 'near words'}, {condition}"
                found.append(plan.job("connected", name, lines=tuple(many), condition=condition))
    return found


def connected_figures(results: Sequence[Result]) -> list[Figure]:
    """Heard, and not heard."""
    figures: list[Figure] = []
    for name, said in by_name(results).items():
        if name.startswith("near"):
            figures += share(f"taken for stop, {name}", said, _halted, "less")
        else:
            figures += share(f"stop {name}", said, _halted)
    return figures


def command_jobs(plan: Plan) -> list[Job]:
    """Every phrase, where it is open: what is taught by eight voices, the others by one, in turn.

    Half of them are flite's, which were made of people's recordings, half odd ones of eSpeak NG.
    """
    known, found = lines.mouths(), list[Job]()
    flite = [one for one in known if one.engine == "flite"]
    mouths = flite + [one for one in known if one not in flite][::2]
    if plan.quick:
        mouths = [one for one in flite if one.name == "slt"] or mouths[:1]
    phases: dict[Context, list[Line]] = {}
    for intent, (first, *others) in PHRASES.items():
        if intent is Intent.NUMBER:
            continue
        said = phases.setdefault(next(one for one in Context if intent in OPEN[one]), [])
        said += lines.of_voices((first,), intent, mouths)
        for text in () if plan.quick else others:
            said += lines.of_voices((text,), intent, mouths[len(said) % len(mouths) :][:1])
    for condition in (CLEAN,) if plan.quick else (CLEAN, PINK):
        for context, said in phases.items():
            judged: dict[int | None, list[Line]] = {}
            for line in said:
                judged.setdefault(_judge(plan, line), []).append(line)
            found += [
                plan.job(
                    *("commands", str(condition), group),
                    lines=tuple(some),
                    condition=condition,
                    contexts=(context,),
                )
                for group, some in judged.items()
            ]
    return found


def _judge(plan: Plan, line: Line) -> int | None:
    """The group of a voice, where its networks are here."""
    group = voices.group(line.voice) if line.voice else None
    return group if group in plan.weights else None


def command_figures(results: Sequence[Result]) -> list[Figure]:
    """All together, and each."""
    figures: list[Figure] = []
    for name, said in by_name(results).items():
        others = [one for one in said if one.line.intent not in SAFETY]
        denied = [one for one in said if one.line.intent is Intent.DONT_STOP]
        safety = [one for one in said if one.line.intent in SAFETY and one not in denied]
        figures += share(f"other commands, {name}", others, _right)
        figures += share(f"wrong commands, {name}", others, _wrong, "less")
        for engine in ("flite", "espeak"):
            mine = [one for one in others if one.line.voice and one.line.voice.engine == engine]
            figures += share(f"other commands by {engine}, {name}", mine, _right)
            figures += share(f"wrong commands by {engine}, {name}", mine, _wrong, "less")
        figures += share(f"safety phrases, {name}", safety, _halted)
        figures += share(f"safety phrases as meant, {name}", safety, _right)
        figures += share(f"negations as meant, {name}", denied, _right)
        figures += share(f"negations taken for stop, {name}", denied, _halted, "less")
        for intent in dict.fromkeys(one.line.intent for one in said):
            mine = [one for one in said if one.line.intent is intent]
            figures += details(share(f"command {intent}, {name}", mine, _right))
    return figures


def ouch_jobs(plan: Plan) -> list[Job]:
    """The one "ouch" by a person that there is."""
    shouts = corpus.recordings(plan.folder, "body") if plan.folder else []
    said = [
        Line(corpus.SAID[clip.speaker], Intent.PAIN, clip.speaker, (clip.path,))
        for clip in shouts
        if clip.speaker in corpus.SAID
    ]
    conditions = (CLEAN, PINK, *(Condition(room=name) for name in room_names(plan.folder)))
    return [
        job
        for condition in (() if plan.quick else conditions)
        for job in plan.by_people("ouch", said, condition)
    ]


def ouch_figures(results: Sequence[Result]) -> list[Figure]:
    """Of all conditions together: one recording is no measure of any of them."""
    said = [trial for one in results for trial in one.trials]
    return share("ouch, one recording in several conditions", said, _halted)


# -- people, other words -----------------------------------------------------------------------


def answer_jobs(plan: Plan) -> list[Job]:
    """People say yes and no where that is asked."""
    found = []
    for condition in (CLEAN, PINK):
        for word, intent in (("yes", Intent.YES), ("no", Intent.NO)):
            count = plan.of(ALL if condition is CLEAN else 90, 5)
            said = lines.of_people(plan.some(word, count), intent)
            found += plan.by_people("answers", said, condition, contexts=(Context.QUESTION,))
    return found


def answer_figures(results: Sequence[Result]) -> list[Figure]:
    """Together, and each."""
    figures: list[Figure] = []
    for name, said in by_name(results).items():
        figures += share(f"yes and no, {name}", said, _right)
        figures += share(f"wrong answers, {name}", said, _wrong, "less")
        for intent in (Intent.YES, Intent.NO):
            mine = [one for one in said if one.line.intent is intent]
            figures += share(f"{intent}, {name}", mine, _right)
    return figures


def digit_jobs(plan: Plan) -> list[Job]:
    """People say digits where a number is asked."""
    known = [word for word in ("zero", "one", "five", "eight") if word in PHRASES[Intent.NUMBER]]
    said = [
        line
        for word in known
        for line in lines.of_people(plan.some(word, plan.of(40, 3)), Intent.NUMBER)
    ]
    return plan.by_people("digits", said, CLEAN, contexts=(Context.NUMBER,))


def digit_figures(results: Sequence[Result]) -> list[Figure]:
    """Right, and taken for something else."""
    figures: list[Figure] = []
    for name, said in by_name(results).items():
        figures += share(f"digits, {name}", said, _right)
        figures += share(f"digits taken for something else, {name}", said, _mistaken, "less")
    return figures


def _mistaken(trial: Trial) -> bool:
    return trial.wrong and not trial.right


OTHERS = (
    *("up", "down", "on", "off", "left", "right", "go", "bed", "cat", "happy", "zero"),
    *("one", "five", "eight"),
)


def other_jobs(plan: Plan) -> list[Job]:
    """People say words that are no command, with every command open."""
    commands = {phrase for phrases in PHRASES.values() for phrase in phrases}
    known = [word for word in plan.clips if word not in {*OTHERS, *commands, "silence", "arabic"}]
    clips = [clip for word in OTHERS for clip in plan.some(word, plan.of(33, 1))]
    clips += [clip for word in known for clip in plan.some(word, plan.of(8, 0))]
    return plan.by_people("others", lines.of_people(clips, None), CLEAN)


def other_figures(results: Sequence[Result]) -> list[Figure]:
    """Taken for a command, and for a stop."""
    figures: list[Figure] = []
    for name, said in by_name(results).items():
        figures += share(f"other words taken for a command, {name}", said, _heard, "less")
        figures += share(f"other words taken for stop, {name}", said, _halted, "less")
        figures += share(f"other words suspected, {name}", said, _noticed, "less")
        for word in OTHERS:
            mine = [one for one in said if one.line.text == word]
            figures += details(share(f'"{word}" taken for a command, {name}', mine, _heard, "less"))
    return figures


def _heard(trial: Trial) -> bool:
    return bool(trial.heard)
