from __future__ import annotations

import io
from pathlib import Path

import pytest
from outlets.stage import job, rendered

from voicecoach.core.score import Earcon, Utterance
from voicecoach.core.units import Ms, clock_time
from voicecoach.outlets.captions import Captions, Transcript

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("suffix", [".vtt", ".txt"])
def test_golden(tmp_path: Path, suffix: str, request: pytest.FixtureRequest) -> None:
    """`pytest --golden` writes them anew; the difference is then read by a person."""
    rendered(job(tmp_path / "two.wav", captions=True))
    written = (tmp_path / "two.wav").with_suffix(suffix).read_text(encoding="utf-8")
    golden = GOLDEN / f"two{suffix}"
    if request.config.getoption("--golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


def test_a_caption_stays_until_the_next_but_not_for_ever_and_signs_are_written_out() -> None:
    stream = io.StringIO()
    captions = Captions(stream)
    captions.sound(Ms(500), Ms(1_000), Utterance("Left & right <side>."))
    captions.sound(Ms(1_400), Ms(1_700), Utterance("five"))
    captions.sound(Ms(1_500), Ms(1_900), Earcon("release"))
    captions.sound(Ms(9_000), Ms(9_500), Utterance("Goodbye."))
    captions.end(Ms(10_000))
    assert stream.getvalue().split("\n\n") == [
        "WEBVTT",
        "00:00:00.500 --> 00:00:01.400\nLeft &amp; right &lt;side&gt;.",
        "00:00:01.400 --> 00:00:01.700\nfive",
        "00:00:01.500 --> 00:00:03.900\n[tone: the hold is over]",
        "00:00:09.000 --> 00:00:10.000\nGoodbye.\n",
    ]


def test_the_numbers_of_a_hold_stand_in_one_line() -> None:
    stream = io.StringIO()
    transcript = Transcript(stream, "Two")
    transcript.heading("Tilt")
    transcript.sound(Ms(61_999), Utterance("Hold for two."), count=False)
    transcript.sound(Ms(64_000), Utterance("one"), count=True)
    transcript.sound(Ms(65_000), Utterance("two"), count=True)
    transcript.sound(Ms(65_000), Earcon("release"), count=False)
    transcript.sound(Ms(66_000), Utterance("And release."), count=False)
    transcript.end()
    assert stream.getvalue() == (
        "Two\n\nTilt\n1:01 Hold for two.\n1:04 one, two\n1:06 And release.\n"
    )


@pytest.mark.parametrize(
    ("at", "told"), [(0, "00:00:00.000"), (59_999, "00:00:59.999"), (36_000_001, "10:00:00.001")]
)
def test_moments(at: int, told: str) -> None:
    assert clock_time(Ms(at)) == told
