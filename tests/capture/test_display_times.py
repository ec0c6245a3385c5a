"""Frame times are those of display, whatever the container knows of them."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from tests.capture.fakes import picture
from webcam_app.capture import open_source
from webcam_app.capture.display_times import UnbrokenClock

RATE = 30
DIVX_PACKED = b"\0\0\1\xb2DivX503b1393p"
"""The mark by which DivX 5 says that two pictures lie in one packet."""
NOT_CODED = b"\0\0\1\xb6\x50\x40\x7f"
"""What it writes in place of the second."""


def write_reordered(path: Path, codec: str, *, options: dict[str, str], frames: int = 30) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, RATE)
        stream.codec_context.options = options
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(number), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def pack(source: Path, packed: Path) -> Path:
    """Put each B picture into the packet before it, as DivX 5 did."""
    with av.open(str(source)) as old, av.open(str(packed), "w") as new:
        track = old.streams.video[0]
        target = new.add_stream_from_template(track)
        contents = [bytes(packet) for packet in old.demux(track) if packet.size]
        written: list[bytes] = []
        for content in contents:
            if _kind(content) == "B":
                written[-1:] = [written[-1] + content, NOT_CODED]
            else:
                written.append(content)
        written[0] = written[0].replace(b"\0\0\1\xb6", DIVX_PACKED + b"\0\0\1\xb6", 1)
        for number, content in enumerate(written):
            packet = av.Packet(content)
            packet.pts = packet.dts = number
            packet.stream, packet.time_base, packet.is_keyframe = target, Fraction(1, RATE), _kind(content) == "I"
            new.mux(packet)
    return packed


def _kind(content: bytes) -> str:
    return "IPBS"[content[content.rindex(b"\0\0\1\xb6") + 4] >> 6]


def times_of(path: Path) -> list[float]:
    with open_source(str(path)) as source:
        return [frame.time for frame in iter(source.read, None)]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    ("codec", "options"),
    [
        ("libx264", {"bf": "2", "b-adapt": "0"}),
        ("libx264", {"bf": "3", "x264-params": "b-pyramid=normal:b-adapt=0"}),
        ("libx264", {"bf": "0"}),
        ("mpeg4", {"bf": "2", "b_strategy": "0"}),
        ("mpeg2video", {"bf": "2"}),
    ],
)
def test_reordered_pictures_in_avi_follow_each_other_evenly(
    codec: str, options: dict[str, str], threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webcam_app.capture.decoding.MAX_DECODER_THREADS", threads)
    times = times_of(write_reordered(tmp_path / "in.avi", codec, options=options))
    assert times == pytest.approx([number / RATE for number in range(30)], abs=1e-4)


def test_packed_pictures_in_avi_follow_each_other_evenly(tmp_path: Path) -> None:
    plain = write_reordered(tmp_path / "plain.avi", "mpeg4", options={"bf": "1", "b_strategy": "0"}, frames=31)
    packed = pack(plain, tmp_path / "packed.avi")
    with av.open(str(packed)) as container:
        assert sum(packet.size == len(NOT_CODED) for packet in container.demux()) > 10
    assert times_of(packed) == pytest.approx([number / RATE for number in range(31)], abs=1e-4)


def test_a_bare_stream_has_the_rate_that_it_says(tmp_path: Path) -> None:
    path = write_reordered(tmp_path / "in.h264", "libx264", options={"bf": "2"})
    assert times_of(path) == pytest.approx([number / RATE for number in range(30)], abs=1e-4)


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="needs the command ffprobe")
@pytest.mark.parametrize("name", ["in.avi", "in.asf", "in.mkv", "in.mp4", "in.ts", "in.mpg", "in.flv", "in.m2v"])
def test_times_are_ffprobes_best_effort(name: str, tmp_path: Path) -> None:
    codec = {"in.mpg": "mpeg2video", "in.m2v": "mpeg2video"}.get(name, "libx264")
    path = write_reordered(tmp_path / name, codec, options={"bf": "2"})
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-of", "csv=p=0"]
    said = subprocess.run(
        [*command, "-show_entries", "frame=best_effort_timestamp_time", str(path)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    stamps = [float(word.strip(",")) for word in said if "N/A" not in word]
    times = times_of(path)
    assert len(stamps) > 25
    assert times[: len(stamps)] == pytest.approx([stamp - stamps[0] for stamp in stamps], abs=1e-3)


def test_a_broadcast_whose_clock_begins_anew_goes_on(tmp_path: Path) -> None:
    once = write_reordered(tmp_path / "once.ts", "mpeg2video", options={"bf": "0"})
    twice = tmp_path / "twice.ts"
    twice.write_bytes(once.read_bytes() * 3)
    times = times_of(twice)
    assert times == pytest.approx([number / RATE for number in range(len(times))], abs=0.002)
    assert len(times) >= 85


def test_a_leap_is_a_long_picture_but_in_a_broadcast() -> None:
    for name, expected in (("mov,mp4,m4a", 20.0), ("mpegts", 0.5)):
        clock = UnbrokenClock(name)
        assert clock.time(0.0, 0.0) == 0.0
        assert clock.time(20.0, 0.5) == expected
        assert clock.time(20.5, 1.0) == expected + 0.5
