"""Small routines for tests."""

from __future__ import annotations

from voicecoach.core.en import EN
from voicecoach.core.plan import plan
from voicecoach.core.routine import Dose, Exercise, Position, Routine, Side, Sides, Step
from voicecoach.core.units import Ms
from voicecoach.core.wording import Circumstances, Wording


def exercise(name: str, dose: Dose, position: Position = Position.SUPINE) -> Exercise:
    return Exercise(
        id=name.lower(),
        name=name,
        position=position,
        setup=(Step("Lie on your back.", Ms(2000)),),
        way_in=(Step("Draw your {side} knee in.", Ms(2000)),)
        if dose.sides is not Sides.NONE
        else (Step("Press your waist down.", Ms(2000)),),
        again=(Step("Once again.", Ms(1000)),),
        check=(Step("Feel the mat.", Ms(1000)),),
        release=(Step("Let go slowly.", Ms(2000)),),
        dose=dose,
    )


def routine(*exercises: Exercise) -> Routine:
    return Routine(title="Test routine", summary="", exercises=exercises, cautions=("Go easy.",))


SMALL = routine(
    exercise("Tilt", Dose(reps=2, hold=Ms(5000))),
    exercise("Knee", Dose(reps=2, hold=Ms(5000), sides=Sides.ALTERNATE, first_side=Side.RIGHT)),
)


def wording(of: Routine = SMALL, circumstances: Circumstances | None = None) -> Wording:
    return Wording(EN, of, plan(of), circumstances or Circumstances())
