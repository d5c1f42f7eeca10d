"""The alert: a command of the person's own, run in an emergency. An observer of the session.

Laws: it is run as it was set up, without a shell, and in a thread, so that the coach goes on
talking; whether it was sent is told by how it ended, never assumed.
"""

from __future__ import annotations

import shlex
import subprocess
import threading
from collections.abc import Callable

from voicecoach.core.actions import Action, Alert
from voicecoach.core.events import Alerted, Event
from voicecoach.core.plan import Place
from voicecoach.core.score import Cue
from voicecoach.core.units import Ms

LIMIT = 30.0
"""Seconds after which a command that has not ended counts as failed."""


def sent(command: str) -> bool:
    """Runs it; whether it ended well. Takes up to LIMIT seconds."""
    try:
        # A session of its own: Ctrl-C is for the coach.
        done = subprocess.run(  # noqa: S603 - the person's own command, without a shell
            shlex.split(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=LIMIT,
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


class Alarm:
    """Sends the alert when the session wants it, and posts what came of it."""

    def __init__(
        self, command: str, post: Callable[[Alerted], None], now: Callable[[], Ms]
    ) -> None:
        self._command, self._post, self._now = command, post, now

    def event(self, event: Event) -> None:
        """Nothing."""

    def cue(self, cue: Cue, place: Place) -> None:
        """Nothing."""

    def action(self, at: Ms, action: Action) -> None:  # noqa: ARG002 - an observer's signature
        """Sends it."""
        if isinstance(action, Alert):
            threading.Thread(target=self._send, name="alert", daemon=True).start()

    def _send(self) -> None:
        done = sent(self._command)
        self._post(Alerted(self._now(), done))
