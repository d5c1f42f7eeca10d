"""The voice that a person hears: texts rendered by the platform's engine, kept on disk.

One thread lives here besides those of speaker and ears, because rendering ahead must go on while
the conductor plays: it takes texts from a queue, asks the child, keeps the clip. It posts nothing.
Warm (all clips on disk) neither the child nor soxr nor pyttsx3 is ever loaded.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import astuple

from voicecoach.errors import VoiceError
from voicecoach.voice.base import Clip, Pcm
from voicecoach.voice.child import TIMEOUT, TIMEOUT_OF_PIPER, Refused, Renderer
from voicecoach.voice.source import source
from voicecoach.voice.store import PROCESSING, ClipStore, clips_folder

MEMORY = 24 * 1024 * 1024
"""Bytes of clips kept in memory: some 150 texts. The others are read again, in under 1 ms."""

_Key = tuple[str, int]


class SpokenVoice:
    """Texts to clips. `voice` is one of the platform's, or a Piper voice file (see source).

    None is what the platform's engine chooses by itself. Raises VoiceError for a missing file.
    """

    def __init__(
        self,
        voice: str | None = None,
        *,
        store: ClipStore | None = None,
        renderer: Renderer | None = None,
    ) -> None:
        self._source = source(voice)
        self._store = ClipStore(clips_folder()) if store is None else store
        patience = TIMEOUT_OF_PIPER if self._source.engine == "piper" else TIMEOUT
        self._renderer = renderer or Renderer(self._source.voice, timeout=patience)
        self._changed = threading.Condition()
        self._memory: OrderedDict[_Key, Clip] = OrderedDict()
        self._bytes = 0
        self._urgent: dict[_Key, Future[Clip]] = {}
        self._awaited: dict[_Key, Future[Clip]] = {}  # by ready(), for clip() to fetch
        self._ahead: deque[_Key] = deque()
        self._closed = False
        self._thread: threading.Thread | None = None

    def clip(self, text: str, rate: int) -> Clip:
        """The clip of a text at so many words a minute; goes before all that is prepared.

        Raises VoiceError when it cannot be rendered, or after close().
        """
        key = (text, rate)
        found = self._known(key)
        if found is not None:
            return found
        with self._changed:
            if self._closed:
                raise VoiceError("The voice is closed.")
            promise = self._awaited.pop(key, None) or self._asked(key)
        return promise.result()

    def ready(self, texts: Iterable[str], rate: int) -> bool:
        """Whether clip() would answer these at once, with a clip or an error; never waits.

        What lacks is rendered before all that is prepared.
        """
        at_hand = [self._at_hand((text, rate)) for text in texts]  # so that each is asked for
        return all(at_hand)

    def _at_hand(self, key: _Key) -> bool:
        known = self._known(key) is not None
        with self._changed:
            if known or self._closed:
                self._awaited.pop(key, None)
                return True
            if key not in self._awaited:
                self._awaited[key] = self._asked(key)
            return self._awaited[key].done()

    def _asked(self, key: _Key) -> Future[Clip]:
        self._wake()
        return self._urgent.setdefault(key, Future())

    def prepare(self, texts: Iterable[str], rate: int) -> None:
        """Renders these in this order, after what clip() waits for. Never raises."""
        keys = [(text, rate) for text in texts]
        with self._changed:
            if keys and not self._closed:
                self._ahead.extend(keys)
                self._wake()

    def close(self) -> None:
        """Ends the thread and the child; whoever waits for a clip gets a VoiceError."""
        with self._changed:
            self._closed = True
            self._ahead.clear()
            self._changed.notify_all()
            thread = self._thread
        self._renderer.close()
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=2.0)

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="voice", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            key, promise = job
            try:
                clip = self._made(key)
            except Exception as error:  # noqa: BLE001 - whoever waits must never wait for ever
                self._failed(key, promise, error)
            else:
                self._keep(key, clip)
                if promise is not None:
                    promise.set_result(clip)

    def _next(self) -> tuple[_Key, Future[Clip] | None] | None:
        """What to render now; None when closed."""
        with self._changed:
            while True:
                if self._closed:
                    for promise in self._urgent.values():
                        promise.set_exception(VoiceError("The voice is closed."))
                    self._urgent.clear()
                    return None
                if self._urgent:
                    key = next(iter(self._urgent))
                    return key, self._urgent.pop(key)
                if self._ahead:
                    key = self._ahead.popleft()
                    if key not in self._memory:
                        return key, None
                    continue
                self._changed.wait()

    def _made(self, key: _Key) -> Clip:
        """From disk, or rendered and kept on disk. Raises VoiceError."""
        found = self._known(key)
        if found is not None:
            return found
        text, rate = key
        if not any(map(str.isalnum, text)):
            raise VoiceError(f'There is nothing to say in "{text}".')
        recording = self._renderer.render(text, rate)
        from voicecoach.voice.sound import polished  # noqa: PLC0415 - a warm start needs no soxr

        samples = polished(recording)
        if not len(samples):
            raise VoiceError(f'The speech engine gave only silence for "{text}".')
        self._store.write(self._stored(key), samples)
        return Clip(text, samples)

    def _failed(self, key: _Key, promise: Future[Clip] | None, error: Exception) -> None:
        if isinstance(error, Refused) and error.fatal:
            with self._changed:
                self._ahead.clear()  # no other text will do better; clip() says why when asked
        if promise is not None:
            if not isinstance(error, VoiceError):
                error = VoiceError(f'The voice failed at "{key[0]}": {error!r}.')
            promise.set_exception(error)

    def _known(self, key: _Key) -> Clip | None:
        with self._changed:
            found = self._memory.get(key)
            if found is not None:
                self._memory.move_to_end(key)
                return found
        samples: Pcm | None = self._store.read(self._stored(key))
        if samples is None:
            return None
        clip = Clip(key[0], samples)
        self._keep(key, clip)
        return clip

    def _keep(self, key: _Key, clip: Clip) -> None:
        with self._changed:
            known = self._memory.pop(key, None)
            self._bytes += clip.samples.nbytes - (known.samples.nbytes if known else 0)
            self._memory[key] = clip
            while self._bytes > MEMORY and len(self._memory) > 1:
                self._bytes -= self._memory.popitem(last=False)[1].samples.nbytes

    def _stored(self, key: _Key) -> str:
        return ClipStore.key(*astuple(self._source), PROCESSING, *key)
