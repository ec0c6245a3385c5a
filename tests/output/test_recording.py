"""Someone records what happens, and the file plays as it happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from webcam_app.output.recorder import Recorder, recording_path

Make = Callable[..., Any]


def read_back(path: Path) -> tuple[list[float], list[Any]]:
    """Times in seconds and BGR pictures of a video."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
        return [float(frame.pts * frame.time_base) for frame in frames], [f.to_ndarray(format="bgr24") for f in frames]


def length(path: Path) -> float:
    with av.open(str(path)) as container:
        assert container.duration is not None
        return container.duration / 1e6


@pytest.mark.parametrize("fps", [5, 24, 29.97, 60])
def test_ten_seconds_play_ten_seconds(tmp_path: Path, picture: Make, fps: float) -> None:
    path = tmp_path / "clip.mp4"
    with Recorder(path, 320, 240, fps_hint=fps) as recorder:
        for number in range(round(10 * fps)):
            recorder.write(picture(number), 100 + number / fps)
    assert recorder.duration == pytest.approx(10, abs=1 / fps)
    assert length(path) == pytest.approx(10, abs=1 / fps)


def test_uneven_times_are_kept(tmp_path: Path, picture: Make) -> None:
    gaps = [0.033, 0.1, 0.02, 1.7, 0.04, 0.5] * 5
    times = [0.0, *accumulate(gaps)]
    path = tmp_path / "uneven.mp4"
    with Recorder(path, 320, 240, fps_hint=30) as recorder:
        for number, time in enumerate(times):
            recorder.write(picture(number), time + 7)
    assert read_back(path)[0] == pytest.approx(times, abs=1e-4)


def test_a_wrong_hint_of_the_rate_changes_no_time(tmp_path: Path, picture: Make) -> None:
    path = tmp_path / "slow.mp4"
    with Recorder(path, 320, 240, fps_hint=240) as recorder:
        for number in range(40):
            recorder.write(picture(number), number / 8)
    assert length(path) == pytest.approx(5, abs=1 / 8)


def test_a_camera_that_froze_at_the_end_does_not_shorten_the_recording(tmp_path: Path, picture: Make) -> None:
    path = tmp_path / "frozen.mp4"
    recorder = Recorder(path, 320, 240, fps_hint=30)
    for number in range(30):
        recorder.write(picture(number), number / 30)
    recorder.close(time=6.0)
    assert length(path) == pytest.approx(6, abs=0.05)


def test_repeated_times_and_a_clock_that_is_set_back_give_growing_times_without_a_hole(
    tmp_path: Path, picture: Make
) -> None:
    path = tmp_path / "clock.mp4"
    forward = [number / 30 for number in range(60)]
    times = [*forward, forward[-1], *(time - 3600 for time in forward), float("nan"), float("inf")]
    with Recorder(path, 320, 240, fps_hint=30) as recorder:
        for number, time in enumerate(times):
            recorder.write(picture(number), time)
    shown, _ = read_back(path)
    assert len(shown) == 120
    assert all(later > earlier for earlier, later in pairwise(shown))
    assert length(path) == pytest.approx(4, abs=0.1)


def test_colours_and_picture_come_back(tmp_path: Path, portrait: Any) -> None:
    path = tmp_path / "colours.mp4"
    with Recorder(path, portrait.shape[1], portrait.shape[0], fps_hint=30) as recorder:
        for number in range(15):
            recorder.write(portrait, number / 30)
    shown = read_back(path)[1][-1]
    assert shown.shape == portrait.shape
    assert np.abs(shown.astype(int) - portrait).mean() < 4


def test_an_odd_size_is_made_even_without_scaling(tmp_path: Path, picture: Make) -> None:
    path = tmp_path / "odd.mp4"
    with Recorder(path, 321, 243, fps_hint=30) as recorder:
        for number in range(10):
            recorder.write(picture(0, 321, 243), number / 30)
    shown = read_back(path)[1][-1]
    assert shown.shape == (244, 322, 3)
    assert np.abs(shown[:243, :321].astype(int) - picture(0, 321, 243)).mean() < 4


def test_a_change_of_size_is_framed_in_black(tmp_path: Path, picture: Make) -> None:
    path = tmp_path / "sizes.mp4"
    with Recorder(path, 320, 240, fps_hint=30) as recorder:
        for number in range(10):
            recorder.write(picture(number), number / 30)
        for number in range(10, 30):
            recorder.write(np.full((720, 1280, 3), 200, np.uint8), number / 30)
    shown = read_back(path)[1]
    assert len(shown) == 30
    assert {image.shape for image in shown} == {(240, 320, 3)}
    assert shown[-1][:25].mean() < 30
    assert shown[-1][-25:].mean() < 30
    assert shown[-1][60:180].mean() == pytest.approx(200, abs=6)


def test_any_player_takes_the_format(tmp_path: Path, picture: Make) -> None:
    path = tmp_path / "format.mp4"
    with Recorder(path, 320, 240, fps_hint=30) as recorder:
        for number in range(30):
            recorder.write(picture(number), number / 30)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert float(stream.average_rate or 0) == pytest.approx(30)
        packets = list(container.demux(stream))
    assert sum(packet.is_keyframe for packet in packets if packet.size) >= 1


def test_two_recordings_of_one_second_have_two_names(tmp_path: Path, picture: Make) -> None:
    now = datetime(2026, 5, 4, 13, 37)
    names = []
    for _ in range(3):
        path = recording_path(tmp_path, now)
        with Recorder(path, 320, 240) as recorder:
            recorder.write(picture(), 0)
        names.append(path.name)
    assert names == ["2026-05-04 13.37.00.mp4", "2026-05-04 13.37.00 (2).mp4", "2026-05-04 13.37.00 (3).mp4"]


def test_a_recording_without_a_frame_leaves_no_file(tmp_path: Path) -> None:
    with Recorder(tmp_path / "new" / "empty.mp4", 320, 240):
        pass
    assert list((tmp_path / "new").iterdir()) == []


def test_names_in_any_script(tmp_path: Path, picture: Make) -> None:
    path = tmp_path / "Aufnahmen – видео" / "映像 1.mp4"
    with Recorder(path, 320, 240) as recorder:
        recorder.write(picture(), 0)
    assert length(path) > 0
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
