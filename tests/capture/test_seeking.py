"""A video is sought: each frame is the one, with the time, that reading from the start gives."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from tests.capture.fakes import Server, picture, set_display_matrix, write_video
from webcam_app.capture import Frame, Source, open_source
from webcam_app.capture.source import SeekCalls

FRAMES = 75
X264 = {"bf": "2", "b-adapt": "0", "g": "25", "preset": "ultrafast"}
OPEN_GOP = {"bf": "3", "x264-params": "open-gop=1:b-pyramid=normal:keyint=20:min-keyint=20:scenecut=0:b-adapt=0"}
UNEVEN = tuple(itertools.accumulate(random.Random(3).choices([0.01, 0.033, 0.5, 1.5], k=FRAMES)))


def moving(number: int) -> np.ndarray:
    """A picture unlike those before and after it."""
    image = picture(number)
    x = 3 * number % 56
    image[10:20, x : x + 8] = np.random.default_rng(number).integers(0, 255, (10, 8, 3))
    return image


def write(
    path: Path,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    *,
    times: Sequence[float] | None = None,
    container_options: dict[str, str] | None = None,
) -> Path:
    base = Fraction(1, 30 if times is None else 1000)
    with av.open(str(path), "w", options=container_options or {}) as container:
        stream: Any = container.add_stream(codec, rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = base
        stream.codec_context.options = X264 if options is None else options
        for number in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(moving(number), format="bgr24")
            frame.pts, frame.time_base = number if times is None else round(1000 * times[number]), base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def turned(path: Path) -> Path:
    set_display_matrix(write(path), 0, 1, -1, 0)
    return path


def animation(path: Path) -> Path:
    pictures = [Image.fromarray(moving(number)[..., ::-1]) for number in range(20)]
    durations = [40 + 30 * (number % 5) for number in range(20)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=durations, lossless=True)
    return path


MAKERS: dict[str, Callable[[Path], Path]] = {
    "plain.mp4": write,
    "plain.mkv": write,
    "plain.ts": write,
    "plain.avi": write,
    "plain.flv": write,
    "plain.asf": write,
    "bare.h264": write,
    "vp8.webm": lambda path: write(path, "libvpx", {"g": "25"}),
    "hevc.mp4": lambda path: write(path, "libx265", {"x265-params": "keyint=20:bframes=3:log-level=none"}),
    "reordered.avi": lambda path: write(path, "mpeg4", {"bf": "2", "b_strategy": "0", "g": "20"}),
    "open-gop.mp4": lambda path: write(path, options=OPEN_GOP),
    "open-gop.ts": lambda path: write(path, options=OPEN_GOP),
    "one-key.mp4": lambda path: write(path, options={"g": "1000"}),
    "refreshed.mp4": lambda path: write(path, options={"x264-params": "intra-refresh=1:keyint=20"}),
    "uneven.mkv": lambda path: write(path, times=UNEVEN),
    "uneven.mp4": lambda path: write(path, times=UNEVEN),
    "late.mkv": lambda path: write(path, times=[7 + number / 30 for number in range(FRAMES)]),
    "late.mp4": lambda path: write(path, times=[7 + number / 30 for number in range(FRAMES)]),
    "interlaced.mp4": lambda path: write(
        path, options={"x264-params": "tff=1:keyint=20:bframes=2", "flags": "+ildct+ilme"}
    ),
    "interlaced.mpg": lambda path: write(path, "mpeg2video", {"g": "12", "bf": "2", "flags": "+ildct+ilme"}),
    "interrupted.mp4": lambda path: write(
        path, container_options={"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    ),
    "turned.mp4": turned,
    "animation.webp": animation,
    "animation.gif": animation,
}


def read_all(source: Source) -> list[Frame]:
    return list(iter(source.read, None))  # type: ignore[arg-type]


def same(first: Frame, second: Frame) -> bool:
    return abs(first.time - second.time) < 1e-6 and np.array_equal(first.image, second.image)


@pytest.mark.parametrize("name", MAKERS)
def test_a_sought_frame_is_that_of_reading_from_the_start(name: str, tmp_path: Path) -> None:
    path = MAKERS[name](tmp_path / name)
    with open_source(str(path)) as source:
        assert source.info.seekable
        expected = read_all(source)
    dice = random.Random(1)
    with open_source(str(path)) as source:
        for number in [len(expected) - 1, 0, *(dice.randrange(len(expected)) for _ in range(25))]:
            if number + 1 < len(expected) and expected[number + 1].time == expected[number].time:
                continue  # two pictures of one moment: the later one is meant
            lead = dice.choice([0, 0, 3])
            found = source.seek(expected[number].time, lead=lead)
            wanted = expected[max(0, number - lead) : number + 1]
            assert [frame.time for frame in found] == pytest.approx([frame.time for frame in wanted])
            assert all(map(same, found, wanted)), number
            following = source.read()
            if number + 1 == len(expected):
                assert following is None
            else:
                assert following is not None and same(following, expected[number + 1]), number
        assert source.bad_frames == 0, "what a jump leaves out is not counted as damaged"


@pytest.mark.parametrize("name", ["uneven.mkv", "uneven.mp4"])
def test_between_two_frames_the_one_that_is_on_the_screen_then_is_meant(name: str, tmp_path: Path) -> None:
    with open_source(str(write(tmp_path / name, times=UNEVEN))) as source:
        times = [frame.time for frame in read_all(source)]
        for before, after in itertools.pairwise(times):
            assert source.seek(before + 0.7 * (after - before))[-1].time == before


def test_before_the_start_and_after_the_end_there_is_a_frame(tmp_path: Path) -> None:
    with open_source(str(write(tmp_path / "clip.mp4"))) as source:
        assert source.seek(-5.0)[-1].time == 0.0
        assert source.seek(500.0)[-1].time == pytest.approx((FRAMES - 1) / 30)
        assert source.read() is None
        assert source.seek(1.0)[-1].time == pytest.approx(1.0), "the end is no end"


def test_a_file_that_is_cut_off_is_sought_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write(tmp_path / "clip.mp4", container_options={"movflags": "faststart"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with open_source(str(path)) as source:
        last = source.seek(500.0)[-1].time
        assert 0.5 < last < 2.4
        assert source.seek(0.2)[-1].time == pytest.approx(0.2)


def test_a_broadcast_whose_clock_begins_anew_is_sought_by_the_time_that_is_shown(tmp_path: Path) -> None:
    once = write(tmp_path / "once.ts", "mpeg2video", {"bf": "0"})
    twice = tmp_path / "twice.ts"
    twice.write_bytes(once.read_bytes() * 2)
    with open_source(str(twice)) as source:
        frames = read_all(source)  # the clock's step is known when it was passed
        for number in (100, 20, 130):
            assert same(source.seek(frames[number].time)[-1], frames[number])


def test_where_it_takes_long_a_picture_on_the_way_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webcam_app.capture.video.PREVIEW_SECONDS", 0.0)
    shown: list[Frame] = []
    with open_source(str(write(tmp_path / "clip.mp4", options={"g": "1000"}))) as source:
        [wanted] = source.seek(2.0, calls=SeekCalls(shown.append))
    assert len(shown) == 1
    assert shown[0].time < wanted.time == pytest.approx(2.0)


@pytest.mark.parametrize("name", ["plain.mp4", "plain.avi", "bare.h264", "animation.gif"])
def test_a_jump_that_is_given_up_gives_nothing_and_the_next_one_is_right(name: str, tmp_path: Path) -> None:
    path = MAKERS[name](tmp_path / name)
    asked = itertools.count()
    with open_source(str(path)) as source:
        expected = read_all(source)
        assert source.seek(expected[-3].time, calls=SeekCalls(given_up=lambda: next(asked) > 4)) == []
        assert next(asked) < 12, "it ended soon"
        assert same(source.seek(expected[8].time)[-1], expected[8])


def test_what_has_no_way_back_says_so(tmp_path: Path, server: Server) -> None:
    path = write_video(tmp_path / "list.m3u8", frames=60, codec="libx264", options={"hls_list_size": "0"})
    clip = write_video(tmp_path / "clip.mkv", frames=12)
    server.serve_bytes("/clip.mkv", clip.read_bytes(), "video/x-matroska")
    for spec in (str(path), server.url("/clip.mkv")):
        with open_source(spec) as source:
            assert not source.info.seekable
    with open_source(str(clip), loop=True) as source:
        assert not source.info.seekable


def test_a_closed_file_gives_no_frame(tmp_path: Path) -> None:
    source = open_source(str(write(tmp_path / "clip.mp4")))
    source.close()
    assert source.seek(1.0) == []


@pytest.mark.parametrize("name", ["plain.mp4", "plain.mkv", "plain.avi", "plain.ts", "late.mkv"])
def test_about_how_long_it_is_is_known(name: str, tmp_path: Path) -> None:
    with open_source(str(MAKERS[name](tmp_path / name))) as source:
        assert source.info.about_seconds == pytest.approx(FRAMES / 30, abs=0.1)
