import io
import struct
import wave

import pytest

from voicecoach.voice.container import complete, parse


def wav(frames: bytes, rate: int = 22_050, width: int = 2, channels: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(frames)
    return out.getvalue()


def aiff(frames: bytes, rate: int = 22_050, coding: bytes = b"") -> bytes:
    exponent = rate.bit_length() - 1
    common = struct.pack(">hIh", 1, len(frames) // 2, 16)
    common += struct.pack(">HQ", 16_383 + exponent, rate << (63 - exponent))
    if coding:
        common += coding + b"\0\0"
    sound = struct.pack(">II", 0, 0) + frames
    body = b"AIFC" if coding else b"AIFF"
    for name, chunk in ((b"COMM", common), (b"SSND", sound)):
        body += name + struct.pack(">I", len(chunk)) + chunk + b"\0" * (len(chunk) % 2)
    return b"FORM" + struct.pack(">I", len(body)) + body


def test_wav_gives_its_frames_back() -> None:
    found = parse(wav(b"\1\2\3\4\5\6\7\x08", rate=16_000, channels=2))
    assert (found.rate, found.channels, found.width, found.order) == (16_000, 2, 2, "<")
    assert found.frames == b"\1\2\3\4\5\6\7\x08"


def test_aiff_gives_its_frames_back_with_the_rate_of_its_80_bit_float() -> None:
    found = parse(aiff(b"\1\2\3\4", rate=44_100))
    assert (found.rate, found.channels, found.width, found.order) == (44_100, 1, 2, ">")
    assert found.frames == b"\1\2\3\4"


def test_macos_writes_low_bytes_first_under_the_name_sowt() -> None:
    assert parse(aiff(b"\1\2", coding=b"sowt")).order == "<"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"ID3\4 an mp3 of some kind",
        wav(b"\0\0")[:20],
        aiff(b"\0\0", coding=b"ima4"),
        wav(b"\0\0").replace(b"fmt \x10\0\0\0\1\0", b"fmt \x10\0\0\0\3\0"),
    ],
)
def test_what_is_no_integer_pcm_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it"):
        parse(data)


@pytest.mark.parametrize("whole", [wav(bytes(100)), aiff(bytes(100))])
def test_a_file_is_complete_only_at_its_last_byte(whole: bytes) -> None:
    assert complete(whole)
    assert not any(complete(whole[:length]) for length in range(len(whole)))
