"""Conditions: noise, rooms, echo, levels. Every function takes its randomness as an argument."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from listening.corpus import RATE, Sound

Random = np.random.Generator


def power(sound: Sound) -> float:
    """Mean square."""
    return float(np.mean(np.square(sound, dtype=np.float64))) if len(sound) else 0.0


def speech_power(sound: Sound) -> float:
    """Mean square of the loud part: the half of 20 ms frames that has the most."""
    frames = np.square(sound[: len(sound) // 320 * 320], dtype=np.float64).reshape(-1, 320).mean(1)
    if not len(frames):
        return power(sound)
    loud = np.sort(frames)[-max(1, len(frames) // 4) :]
    return float(loud.mean())


def at_snr(sound: Sound, noise: Sound, decibels: float, reference: float | None = None) -> Sound:
    """The sound with the noise that many dB below its loud part (`reference`: its mean square)."""
    level = speech_power(sound) if reference is None else reference
    gain = np.sqrt(level / max(power(noise), 1e-12) / 10 ** (decibels / 10))
    return np.asarray(sound + gain * noise[: len(sound)], np.float32)


def piece(sound: Sound, length: int, random: Random) -> Sound:
    """A stretch from anywhere, repeated where it is too short."""
    if len(sound) < length:
        sound = np.tile(sound, length // max(1, len(sound)) + 1)
    start = int(random.integers(0, len(sound) - length + 1))
    return sound[start : start + length]


def coloured(length: int, slope: float, random: Random) -> Sound:
    """Noise falling by `slope` x 3 dB an octave: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(random.standard_normal(length))
    frequency = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20.0)
    noise = np.fft.irfft(spectrum / frequency ** (slope / 2), length)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)), np.float32)


def babble(talk: list[Sound], length: int, random: Random, voices: int = 6) -> Sound:
    """Several people talking at once."""
    total = np.zeros(length, np.float32)
    for _ in range(voices):
        one = piece(talk[int(random.integers(len(talk)))], length, random)
        total += one / np.sqrt(max(speech_power(one), 1e-9))
    return total


@dataclass(frozen=True, slots=True)
class _Tone:
    """How an instrument sounds: the loss of its harmonics, and of its notes in a second."""

    loud: float
    dull: float
    fade: float

    def note(self, pitch: float, length: int, random: Random) -> Sound:
        """A note of a MIDI pitch, `length` samples long."""
        time = np.arange(length) / RATE
        base = 440 * 2 ** ((pitch - 69) / 12)
        harmonics = np.arange(1, max(2, min(20, int(7000 / base))))
        phases = random.uniform(0, 2 * np.pi, len(harmonics))[:, None]
        waves = np.sin(2 * np.pi * base * np.outer(harmonics, time) + phases)
        decay = np.exp(-np.outer(self.fade * (1 + 0.2 * harmonics), time))
        rise = np.minimum(1, time / 0.01) * np.minimum(1, (time[-1] - time) / 0.02)
        return np.asarray(
            self.loud * ((harmonics**-self.dull)[:, None] * waves * decay).sum(0) * rise
        )


def _drum(random: Random, *, heavy: bool) -> Sound:
    length = RATE // 6
    time = np.arange(length) / RATE
    if heavy:
        sweep = 2 * np.pi * (50 * time + 8 * np.exp(-time * 30))
        return np.asarray(2 * np.sin(sweep) * np.exp(-time * 18))
    return np.asarray(1.5 * random.standard_normal(length) * np.exp(-time * random.uniform(20, 60)))


def music(length: int, random: Random) -> Sound:
    """Made-up music: chords, a tune, a bass and drums, each of them now and then missing."""
    out = np.zeros(length + 2 * RATE)
    beat, key = int(RATE * 60 / random.uniform(70, 150)), random.uniform(40, 52)
    scale = random.permutation(((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)))[0]
    chord, tune, bass = (
        _Tone(loud, random.uniform(0.6, 2), random.uniform(0.5, 6)) for loud in (0.5, 0.8, 0.9)
    )
    chords, melody, low, drums = random.random(4) < (0.8, 0.8, 0.7, 0.7)
    root = 0
    for number, at in enumerate(range(0, length, beat)):
        root = int(random.integers(7)) if number % 4 == 0 else root
        notes: list[tuple[int, Sound]] = []
        if chords and number % 2 == 0:
            degrees = root + np.array((0, 2, 4))
            pitches = key + 12 + scale[degrees % 7] + 12 * (degrees // 7)
            notes += [(0, chord.note(pitch, 2 * beat, random)) for pitch in pitches]
        if melody:
            tones = key + 24 + scale[random.integers(0, 7, int(random.integers(0, 3)))]
            notes += [(n * beat // 2, tune.note(t, beat // 2, random)) for n, t in enumerate(tones)]
        if low:
            notes.append((0, bass.note(key - 12 + scale[root], beat, random)))
        if drums or not (chords or melody or low):
            notes.append((0, _drum(random, heavy=number % 2 == 0)))
        for later, note in notes:
            room_left = max(0, min(len(note), len(out) - at - later))
            out[at + later : at + later + room_left] += note[:room_left]
    out = out[:length]
    return np.asarray(out / np.sqrt(np.mean(out**2) + 1e-9), np.float32)


def room(random: Random, rt60: float | None = None) -> Sound:
    """A simulated room's impulse response: image sources of a box up to 60 ms, then a noise tail.

    J. Allen and D. Berkley (1979). Direct sound at sample 0, so that nothing is delayed.
    """
    rt60 = float(random.uniform(0.15, 0.8)) if rt60 is None else rt60
    size = random.uniform((2.5, 2.5, 2.2), (7.0, 6.0, 3.2))
    source, ear = (random.uniform(0.3, 0.9, 3) * size for _ in range(2))
    source[2] = random.uniform(0.1, 0.5)  # the person lies on the floor
    volume, surface = size.prod(), 2 * (size[0] * size[1] + size[1] * size[2] + size[0] * size[2])
    absorbed = min(0.95, 0.161 * volume / (surface * rt60))
    reflect = np.sqrt(1 - absorbed)
    orders = np.arange(-3, 4)
    grid = np.stack(np.meshgrid(orders, orders, orders, indexing="ij"), -1).reshape(-1, 1, 3)
    flips = np.stack(np.meshgrid((0, 1), (0, 1), (0, 1), indexing="ij"), -1).reshape(1, 8, 3)
    images = (1 - 2 * flips) * source + 2 * grid * size
    count = (np.abs(grid - flips) + np.abs(grid)).sum(-1)
    distance = np.linalg.norm(images - ear, axis=-1)
    direct = max(0.4, float(np.linalg.norm(source - ear)))
    delay = ((distance - distance.min()) / 343 * RATE).astype(int).ravel()
    gain = (reflect**count * direct / np.maximum(distance, 0.3)).ravel()
    length = int(rt60 * RATE)
    response = np.zeros(max(length, 961) + 1)
    near = delay < 960
    np.add.at(
        response,
        delay[near],
        gain[near] * np.where(delay[near] > 0, random.choice((-1, 1), near.sum()) * 1.0, 1.0),
    )
    decay = 10 ** (-3 * np.arange(len(response)) / (rt60 * RATE))
    level = np.sqrt(np.mean(response[480:960] ** 2) + 1e-9) / decay[720]
    tail = random.standard_normal(len(response)) * decay * level
    tail[:480] = 0
    tail[480:960] *= np.linspace(0, 1, 480)
    response[960:] = 0
    return np.asarray(response + tail, np.float32)


def in_room(sound: Sound, response: Sound) -> Sound:
    """A sound in a room, as long as before and about as loud."""
    start = int(np.abs(response).argmax())
    response = response[start:]
    size = 1 << (len(sound) + len(response) - 1).bit_length()
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)[: len(sound)]
    gain = np.sqrt(max(power(sound), 1e-12) / max(float(np.mean(wet**2)), 1e-12))
    return np.asarray(wet * gain, np.float32)


def tilt(sound: Sound, random: Random) -> Sound:
    """The colour of a microphone: a smooth curve of some dB, now and then a telephone's band."""
    spectrum = np.fft.rfft(sound)
    octave = np.log2(np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE), 50) / 50)
    knots = np.linspace(0, 7.4, 6)
    curve = np.interp(octave, knots, random.normal(0, 3.5, 6))
    if random.random() < 0.1:
        curve = curve - 24 * ((octave < np.log2(300 / 50)) | (octave > np.log2(3400 / 50)))
    return np.asarray(np.fft.irfft(spectrum * 10 ** (curve / 20), len(sound)), np.float32)
