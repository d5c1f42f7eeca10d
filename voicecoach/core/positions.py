"""The way from one position of the body to another, in steps that can be done without seeing.

Law: nobody is sent straight from standing to lying or back. Every way leads over its stations,
in the order of the safety protocol: chair, hands and knees, side, back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from voicecoach.core.routine import Position

STATIONS: Mapping[Position, tuple[Position, ...]] = {
    Position.STANDING: (Position.SITTING, Position.ALL_FOURS),
    Position.SITTING: (Position.STANDING, Position.ALL_FOURS),
    Position.ALL_FOURS: (
        Position.SITTING,
        Position.STANDING,
        Position.SIDE_LYING,
        Position.PRONE,
        Position.FLOOR_SITTING,
    ),
    Position.SIDE_LYING: (
        Position.SUPINE,
        Position.PRONE,
        Position.FLOOR_SITTING,
        Position.ALL_FOURS,
    ),
    Position.FLOOR_SITTING: (Position.SIDE_LYING, Position.ALL_FOURS),
    Position.SUPINE: (Position.SIDE_LYING,),
    Position.PRONE: (Position.SIDE_LYING, Position.ALL_FOURS),
}
"""From each position, those that can be reached in one move, the safest first."""


def way(start: Position, goal: Position) -> tuple[Position, ...]:
    """The positions passed on the shortest way, without the start; empty when already there."""
    ways: deque[tuple[Position, ...]] = deque([(start,)])
    seen = {start}
    while ways:
        so_far = ways.popleft()
        if so_far[-1] is goal:
            return so_far[1:]
        for station in STATIONS[so_far[-1]]:
            if station not in seen:
                seen.add(station)
                ways.append((*so_far, station))
    raise ValueError(f"there is no way from {start} to {goal}")
