"""Which cameras are offered, and finding one of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from tests.camera.devices import LoopCamera, Vivid
from tests.camera.machine import CLIP_SIZE
from webcam_app.capture import Camera, SourceKind, list_cameras, open_source
from webcam_app.cli import main


def test_only_devices_that_capture_are_listed(vivid: Vivid) -> None:
    """vivid's output and metadata nodes and the loopback devices that nobody feeds are left out."""
    assert [camera.path for camera in list_cameras()] == [str(vivid.device)]


def test_a_camera_is_listed_as_long_as_it_is_there(vivid: Vivid, loop_camera: LoopCamera) -> None:
    def listed() -> list[str]:
        return [camera.path for camera in list_cameras()]

    loop_camera.start()
    assert listed() == [str(vivid.device), str(loop_camera.path)]
    vivid.unplug()
    assert listed() == [str(loop_camera.path)]
    loop_camera.stop()
    assert listed() == []


def test_modes_are_what_the_driver_offers(vivid: Vivid) -> None:
    (camera,) = list_cameras(with_modes=True)
    sizes = {(mode.width, mode.height): mode.fps for mode in camera.modes}
    assert (640, 480) in sizes and (1280, 720) in sizes
    assert 20 < (sizes[640, 480] or 0) <= 30
    assert [mode.width for mode in camera.modes] == sorted((mode.width for mode in camera.modes), reverse=True)


@pytest.mark.parametrize(
    "spec",
    [lambda camera: str(camera.index), lambda camera: camera.path, lambda camera: camera.name,
     lambda camera: camera.stable_id],
    ids=["number", "path", "name", "stable id"],
)  # fmt: skip
def test_a_camera_opens_by(spec: Callable[[Camera], str], vivid: Vivid) -> None:
    (camera,) = list_cameras()
    with open_source(spec(camera)) as source:
        assert source.info.kind is SourceKind.CAMERA
        assert source.info.name == camera.name
        assert source.read() is not None


def test_the_stable_id_finds_the_camera_under_another_number(vivid: Vivid) -> None:
    (before,) = list_cameras()
    with open_source(before.stable_id):
        vivid.unplug()
        vivid.plug_in()
        (after,) = list_cameras()
    assert (after.path, after.stable_id) != (before.path, "")
    assert after.stable_id == before.stable_id
    with open_source(before.stable_id) as source:
        assert source.read() is not None


def test_what_was_really_obtained_is_told(vivid: Vivid, loop_camera: LoopCamera) -> None:
    with open_source(str(vivid.device), size=(640, 360)) as source:
        frame = source.read()
        assert (source.info.width, source.info.height) == (640, 360)
        assert frame is not None and frame.image.shape == (360, 640, 3)
    loop_camera.start()
    with open_source(str(loop_camera.path), size=(1920, 1080)) as source:
        frame = source.read()
        assert (source.info.width, source.info.height) == CLIP_SIZE
        assert frame is not None and frame.image.shape == (CLIP_SIZE[1], CLIP_SIZE[0], 3)


def test_frames_carry_the_time_at_which_they_were_taken(vivid: Vivid) -> None:
    with open_source(str(vivid.device), size=(320, 180), fps=10) as source:
        frames = [source.read() for _ in range(12)]
    times = [frame.time for frame in frames if frame is not None]
    steps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert times[0] == 0 and len(times) == 12
    # A busy machine may lose frames, but each step is a whole number of tenths.
    assert all(step == pytest.approx(round(step * 10) / 10, abs=0.02) and step > 0.05 for step in steps)


def test_the_command_lists_name_identity_and_modes(vivid: Vivid, capsys: pytest.CaptureFixture[str]) -> None:
    (camera,) = list_cameras()
    assert main(["cameras"]) == 0
    shown = capsys.readouterr().out
    for part in (camera.name, camera.stable_id, "640", "480"):
        assert part in shown
