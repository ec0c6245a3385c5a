"""An annotated video lasts as long as the one it is made from, right to a frame, whatever its times are like."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("squares")
Run = Callable[..., tuple[int, str, str]]
BASE = Fraction(1, 15360)


def write(
    path: Path,
    times: Sequence[float],
    last: float,
    *,
    codec: str = "libx264",
    base: Fraction = BASE,
    options: dict[str, str] | None = None,
) -> Path:
    """A video with a picture at each of the times in seconds, the last of which is shown for ``last`` seconds."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = base
        stream.codec_context.options = {"bf": "0", **(options or {})}
        lasting = {
            round(time / base): round((after - time) / base)
            for time, after in zip(times, [*times[1:], times[-1] + last], strict=True)
        }
        packets = []
        for number, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 8 * number % 256, np.uint8), format="bgr24")
            frame.pts, frame.time_base = round(time / base), base
            packets += stream.encode(frame)
        for packet in packets + list(stream.encode(None)):
            packet.duration = lasting.get(packet.pts, 0)
            container.mux(packet)
    return path


def annotated(path: Path, out: Path, run: Run, *options: object) -> tuple[list[float], list[float], float]:
    """The times in the list and in the file, and the file's length, all in seconds."""
    lines = out.with_suffix(".jsonl")
    code, _, complaints = run("annotate", path, "-o", out, "--faces", lines, "--overwrite", *options)
    assert (code, complaints) == (0, "")
    listed = [json.loads(line)["time"] for line in lines.read_text().splitlines()]
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        shown = [float(frame.pts * frame.time_base) for frame in container.decode(stream)]
        length = stream.duration * stream.time_base if stream.duration else Fraction(container.duration or 0, 1_000_000)
        return listed, shown, float(length)


EVEN = [number / 30 for number in range(20)]


@pytest.mark.parametrize("ending", ["mp4", "mov", "mkv"])
@pytest.mark.parametrize(
    ("times", "last"),
    [
        ([0, 2, 20], 1 / 30),
        ([0, 10, 20, 30], 10),
        ([0, 0.04, 0.08, 5], 0.04),
        ([*EVEN, 1.0], 7.0),
        ([*EVEN, 1.0], 100.0),
        (EVEN, 0.004),
        (EVEN, 1 / 30),
        ([0, 0.5, 0.52, 0.9, 0.91, 2.0], 0.25),
        ([0], 3.0),
        ([5 + time for time in EVEN], 1 / 30),
    ],
    ids=["gap", "slow", "late", "long last", "longer last", "short last", "even", "uneven", "one", "starts late"],
)
def test_length_and_times_stay(times: list[float], last: float, ending: str, tmp_path: Path, run: Run) -> None:
    source = write(tmp_path / "in.mp4", times, last)
    listed, shown, length = annotated(source, tmp_path / f"out.{ending}", run)
    assert listed == pytest.approx([time - times[0] for time in times], abs=1e-3)
    assert shown == pytest.approx(listed, abs=1e-3)
    assert length == pytest.approx(times[-1] - times[0] + last, abs=0.002)


@pytest.mark.parametrize("name", ["in.mkv", "in.mp4", "in.mov", "in.avi", "in.asf", "in.ts", "in.flv", "in.nut"])
@pytest.mark.parametrize("b_frames", [0, 2])
def test_an_even_video_of_any_container_keeps_its_length(name: str, b_frames: int, tmp_path: Path, run: Run) -> None:
    source = write(tmp_path / name, EVEN, 1 / 30, base=Fraction(1, 30), options={"bf": str(b_frames)})
    listed, shown, length = annotated(source, tmp_path / "out.mp4", run)
    assert listed == pytest.approx(EVEN, abs=1.1e-3)
    assert shown == pytest.approx(listed, abs=1e-3)
    assert length == pytest.approx(20 / 30, abs=0.004)


@pytest.mark.parametrize("base", [Fraction(1001, 30000), Fraction(1, 7), Fraction(1, 90000), Fraction(1, 1_000_000)])
def test_an_odd_clock_keeps_its_times(base: Fraction, tmp_path: Path, run: Run) -> None:
    times = [float(number * base * max(1, round(Fraction(1, 30) / base))) for number in range(20)]
    source = write(tmp_path / "in.mp4", times, times[1], base=base)
    listed, shown, length = annotated(source, tmp_path / "out.mp4", run)
    assert listed == pytest.approx(times, abs=1e-4)
    assert shown == pytest.approx(listed, abs=1e-4)
    assert length == pytest.approx(times[-1] + times[1], abs=1e-3)


def test_a_file_whose_times_begin_before_zero_begins_at_zero(tmp_path: Path, run: Run) -> None:
    source = write(tmp_path / "in.nut", [time - 0.5 for time in EVEN], 1 / 30, codec="mpeg4", base=Fraction(1, 30))
    listed, shown, length = annotated(source, tmp_path / "out.mp4", run)
    assert listed == pytest.approx(EVEN, abs=1e-3)
    assert shown == pytest.approx(EVEN, abs=1e-3)
    assert length == pytest.approx(20 / 30, abs=1e-3)


@pytest.mark.parametrize(("wish", "frames", "length"), [(5, 2, 5), (1, 1, 1), (2.5, 2, 2.5), (60, 3, 20 + 1 / 30)])
def test_a_wished_duration_ends_within_a_long_picture(
    wish: float, frames: int, length: float, tmp_path: Path, run: Run
) -> None:
    source = write(tmp_path / "in.mp4", [0, 2, 20], 1 / 30)
    listed, _, seconds = annotated(source, tmp_path / "out.mp4", run, "--duration", wish)
    assert len(listed) == frames
    assert seconds == pytest.approx(length, abs=1e-3)


def test_pictures_with_one_time_are_all_there(tmp_path: Path, run: Run) -> None:
    with av.open(str(tmp_path / "in.mkv"), "w") as container:
        stream: Any = container.add_stream("mjpeg", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for number in range(12):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 20 * number, np.uint8), format="bgr24")
            for packet in stream.encode(frame):
                packet.pts = packet.dts = number // 2 * 2
                packet.time_base = Fraction(1, 30)
                container.mux(packet)
    listed, shown, length = annotated(tmp_path / "in.mkv", tmp_path / "out.mp4", run)
    assert len(listed) == len(shown) == 12
    assert sorted(listed) == listed
    assert shown == pytest.approx(listed, abs=1e-3)
    assert length == pytest.approx(12 / 30, abs=0.07)
