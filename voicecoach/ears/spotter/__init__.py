"""The safety spotter: a small network of our own that hears "stop" in people, on the stream.

It is trained by scripts/train_spotter; what it was trained on and how well it does: CARD.md.
"""

from voicecoach.ears.spotter.spot import Spotter

__all__ = ["Spotter"]
