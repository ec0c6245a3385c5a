"""A camera whose driver misbehaves."""

from __future__ import annotations

import itertools
import threading

import numpy as np
import pytest

from tests.capture.fakes import CAMERA, FakeDevice, camera_source, picture
from webcam_app.capture import Frame
from webcam_app.capture import camera as camera_module
from webcam_app.capture.camera import MAX_CONSECUTIVE_BAD_FRAMES, CameraSource, preferred_fourcc
from webcam_app.capture.v4l2 import PixelMode
from webcam_app.errors import SourceLostError

GOOD = picture(1)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        np.empty((0, 0, 3), np.uint8),
        np.zeros((48, 64, 2), np.uint8),
        np.zeros((48, 64, 3), np.float32),
        picture(0, 32, 24),
    ],
    ids=["none", "empty", "two channels", "floats", "other size"],
)
def test_a_bad_frame_is_skipped_and_counted(bad: object) -> None:
    source = camera_source([GOOD, bad, GOOD])
    first, second = source.read(), source.read()
    assert first is not None and second is not None
    assert (first.index, second.index) == (0, 1)
    assert source.bad_frames == 1


@pytest.mark.parametrize(
    "raw",
    [
        np.full((48, 64), 200, np.uint8),
        np.full((48, 64, 1), 200, np.uint8),
        np.full((48, 64, 4), 200, np.uint8),
        np.full((48, 64), 200 << 8, np.uint16),
    ],
    ids=["grey", "grey with an axis", "four channels", "16 bit"],
)
def test_a_frame_of_another_form_is_converted(raw: np.ndarray) -> None:
    frame = camera_source([raw]).read()
    assert frame is not None
    assert frame.image.shape == (48, 64, 3)
    assert np.all(frame.image == 200)


def test_a_new_size_is_taken_once_it_lasts() -> None:
    small = picture(0, 32, 24)
    source = camera_source([GOOD, *[small] * 8])
    sizes = [frame.image.shape[:2] for frame in (source.read() for _ in range(5)) if frame is not None]
    assert sizes == [(48, 64), *[(24, 32)] * 4]
    assert source.bad_frames == 4


def test_many_bad_frames_in_a_row_end_with_a_message() -> None:
    source = camera_source(itertools.repeat(None))
    with pytest.raises(SourceLostError, match=r"Test Cam.*only damaged pictures"):
        source.read()
    assert source.bad_frames == MAX_CONSECUTIVE_BAD_FRAMES


def test_good_frames_between_bad_ones_keep_it_going() -> None:
    source = camera_source(itertools.cycle([None] * (MAX_CONSECUTIVE_BAD_FRAMES - 1) + [GOOD]))
    assert all(source.read() is not None for _ in range(3))


def test_a_camera_that_was_pulled_out_is_named() -> None:
    source = camera_source([GOOD])
    assert source.read() is not None
    with pytest.raises(SourceLostError, match=r"Test Cam \(/dev/video0\) was unplugged"):
        source.read()


def test_a_single_failed_read_is_passed_over() -> None:
    device = FakeDevice([])
    answers = iter([(False, None), (True, GOOD)])
    device.read = lambda: next(answers)  # type: ignore[method-assign]
    frame = CameraSource(device, CAMERA).read()
    assert frame is not None


def test_a_driver_that_gives_up_waiting_means_that_the_camera_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_module, "CAMERA_READ_TIMEOUT_SECONDS", 0.0)  # any time is as long as the driver's
    source = camera_source([])
    with pytest.raises(SourceLostError, match="stopped delivering"):
        source.read()


def test_closing_never_waits_for_a_blocked_read_and_frees_the_camera_after_it() -> None:
    device = FakeDevice([GOOD])
    device.block = threading.Event()
    source = CameraSource(device, CAMERA)
    reading = threading.Thread(target=source.read)
    reading.start()
    assert device.blocked.wait(5)
    source.close()
    assert not device.released.is_set(), "the driver is still inside the read"
    device.block.set()
    reading.join(5)
    assert device.released.is_set()
    assert not device.released_during_read


class Clock:
    """``time.monotonic`` that a test moves; ``time.time`` is not there to be asked."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


def _frames(stamps: list[float], nows: list[float], monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    clock = Clock()
    monkeypatch.setattr(camera_module, "time", clock)
    monkeypatch.setattr(camera_module.sys, "platform", "linux")
    source = camera_source(itertools.repeat(GOOD), stamps=stamps)
    frames = []
    for clock.now in nows:
        frame = source.read()
        assert frame is not None
        frames.append(frame)
    return frames


def _times(stamps: list[float], nows: list[float], monkeypatch: pytest.MonkeyPatch) -> list[float]:
    return [round(frame.time, 6) for frame in _frames(stamps, nows, monkeypatch)]


def test_a_frame_is_as_old_as_the_driver_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sound goes by the moment at which a frame was taken, the first one's too."""
    frames = _frames([999.7, 1000.0, 0.0], [1000.0, 1000.05, 1000.1], monkeypatch)
    assert [frame.taken_at for frame in frames] == [999.7, 1000.0, 1000.1]


def test_times_are_those_of_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame that reached the program late was not taken late."""
    assert _times([999.9, 1000.0, 1000.1], [1000.0, 1000.3, 1000.31], monkeypatch) == [0.0, 0.1, 0.2]


def test_a_driver_on_the_wall_clock_or_without_stamps_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _times([1.7e9, 1.7e9 - 3600, 0.0], [1000.0, 1000.1, 1000.2], monkeypatch) == [0.0, 0.1, 0.2]


def test_times_never_go_back(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _times([999.9, 1000.3, 1000.2, 1000.4], [1000.0, 1000.35, 1000.36, 1000.5], monkeypatch) == [
        0.0,
        0.4,
        0.4,
        0.5,
    ]


YUYV_SLOW = [PixelMode("YUYV", 1280, 720, 10.0), PixelMode("YUYV", 640, 480, 30.0)]
MJPG_FAST = [PixelMode("MJPG", 1280, 720, 30.0), PixelMode("MJPG", 640, 480, 30.0)]


def test_compression_is_asked_for_where_it_is_needed_for_the_rate() -> None:
    assert preferred_fourcc(YUYV_SLOW + MJPG_FAST, (1280, 720), 30.0) == "MJPG"


def test_compression_is_not_asked_for_where_it_is_not_needed() -> None:
    assert preferred_fourcc(YUYV_SLOW + MJPG_FAST, (640, 480), 30.0) is None
    assert preferred_fourcc(YUYV_SLOW, (1280, 720), 30.0) is None
    assert preferred_fourcc([], (640, 480), 30.0) is None
