"""A child that answers as its first argument says; run by test_spoken and test_child."""

import io
import json
import os
import struct
import sys
import time
import wave
from pathlib import Path


def sound(text: str) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(struct.pack("<h", 9_000) * 48 * 10 * len(text))
    return out.getvalue()


mode, log = sys.argv[1], Path(sys.argv[2])
with log.open("a") as file:
    file.write("start\n")
for line in sys.stdin:
    question = json.loads(line)
    with log.open("a") as file:
        file.write(f"{question['text']}@{question['rate']}\n")
    body, header = sound(question["text"]), {}
    if mode == "hang":
        time.sleep(60)
    elif mode == "crash" or (mode == "crash once" and log.read_text().count("start") == 1):
        os._exit(3)
    elif mode == "slow":
        time.sleep(0.1)
    elif mode == "mute":
        body = sound("")
    elif mode == "noise":
        body = b"not a sound file at all"
    elif mode in ("refuse", "fatal"):
        header = {"error": "It will not.", "fatal": mode == "fatal"}
    if mode == "short":
        sys.stdout.buffer.write(b'{"bytes": 5000}\n' + body[:100])
        sys.stdout.buffer.flush()
        os._exit(0)
    sys.stdout.buffer.write(json.dumps(header or {"bytes": len(body)}).encode() + b"\n")
    sys.stdout.buffer.write(b"" if header else body)
    sys.stdout.buffer.flush()
    if mode == "one only":
        os._exit(0)
