"""The spotter's model card: what it was trained on, how well it does, whose recordings they are."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from listening import corpus
from listening.corpus import RATE
from listening.material import RIVALS, SAFETY
from voicecoach.ears.spotter.network import HEARS, load

CARD = """# The spotter: model card

Written by `scripts/train_spotter card`; do not edit.

## What it is
Two ears, together {numbers:,} numbers ({size} kB, half precision), computed with numpy; one score
for each of {words}.

The first is two streaming networks: 40 mel bands every 10 ms with per-channel energy
normalisation, seen above three floors of noise; six causal residual blocks; a score every 20 ms,
the mean of both. The second of them also learnt to tell other words from each other ({rivals}).
They see 1.2 s of the past and no future.

The second ear is asked where they think a little of a word, or where the decoder has heard one:
three layers on Google's speech embedding (J. Lin et al., 2020; Apache 2.0), which the package
pyopen-wakeword brings, of now and 160 and 320 ms ago. The score of both is the mean of their log
odds, the networks' with twice the weight. Without that package the networks are alone.

They are for the safety words of a voice coach for exercises, near the microphone or across a room,
in English. They are no recogniser, and no medical device. The keys stop the coach, too.

## What it was trained on
{count:,} scenes of 5.12 s made by `scripts/train_spotter scenes` for each, some with each network's
own chances. Steps: {steps}; the second went on from the first (`--again`).
The second ear: {seconds:,} scenes, made and learnt by `scripts/train_spotter second`.
{people}
- Synthetic voices (flite, eSpeak NG, festival) for "it hurts", "ouch" and "stop" within
  sentences, as near words ("stuff", "step", "stars", ...) and as the coach itself. **No
  person's "it hurts" was available, and one person's "ouch", which the training took for a noise:
  how well people's are heard is not known.**
- Simulated rooms, made-up music, coloured noise, babble.

## How well it does
By people, noises and talk that the judged network had not met (three groups of speakers; the
network that ships is trained on all three, so these figures are of its three sisters).
{figures}

## Whose recordings
- Words: Google Speech Commands v0.01 and v0.02, P. Warden, CC BY 4.0 (arXiv:1804.03209); Arabic
  Speech Commands, A. Ghandoura, CC BY 4.0.
- Talk: Picovoice speech-to-intent and wake-word benchmarks, Apache 2.0; Mycroft Precise
  Community Data, public domain; LJ Speech, public domain.
- Noises: ESC-10 (K. Piczak; clips of freesound.org), CC BY 3.0; Speech Commands background
  noises, CC BY 4.0; grunts and shouts from freesound.org, CC0.

No recording is part of this package; the weights are derived from them.
"""


def write_card(weights: Path, figures: Path | None, out: Path, note: str = "") -> None:
    """`figures` is what `scripts/bench_ears --json` printed; without it there are none.

    `note` is what must be known of them.
    """
    folder = corpus.corpus_folder()
    if folder is None:
        raise SystemExit("No recordings. Put their folder in VOICECOACH_AUDIO.")
    trained = load(weights)
    numbers = sum(array.size for arrays, _ in trained for array in arrays.values())
    networks = [about for _, about in trained if about.get("hears") != HEARS]
    (second,) = [about for _, about in trained if about.get("hears") == HEARS]
    steps = ", then ".join(
        f"{one['steps']:,} of {one['batch']} scenes with seed {one['seed']}" for one in networks
    )
    counts = Counter(clip.word for clip in corpus.words(folder))
    speakers = {clip.speaker for clip in corpus.words(folder) if clip.word == "stop"}
    known = ("stop", "yes", "no")
    hours = {
        kind: sum(len(clip.sound()) for clip in corpus.recordings(folder, kind)) / RATE / 60
        for kind in ("speech", "noise", "body")
    }
    others = sum(count for word, count in counts.items() if word not in known)
    people = (
        f'- People: {counts["stop"]} "stop" by {len(speakers)} speakers, {counts["yes"]} "yes", '
        f'{counts["no"]} "no", {others:,} other words.\n'
        f"- {hours['speech']:.0f} minutes of talk, {hours['noise']:.0f} of noises, "
        f"{hours['body'] * 60:.0f} seconds of grunts and shouts."
    )
    text = CARD.format(
        numbers=numbers,
        size=weights.stat().st_size // 1000,
        words=", ".join(f'"{word}"' for word in SAFETY),
        rivals=", ".join(f'"{word}"' for word in RIVALS),
        count=networks[-1]["scenes"],
        seconds=second["scenes"],
        steps=steps,
        people=people,
        figures="\n\n".join(part for part in (note, _figures(figures)) if part),
    )
    out.write_text(text, encoding="utf-8")


def _figures(path: Path | None) -> str:
    if path is None:
        return "Not measured yet: scripts/bench_ears --json."
    rows = json.loads(path.read_text(encoding="utf-8"))["figures"]
    lines = ["| what | measured | 95 % interval | of |", "|---|---|---|---|"]
    lines += [
        f"| {row['name']} | {row['value']:.3g} {row['unit']} "
        f"| {row['low']:.3g} to {row['high']:.3g} | {row['of']} |"
        for row in rows
    ]
    return "\n".join(lines)
