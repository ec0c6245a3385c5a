"""A camera that cannot be opened: one line says why and what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.camera.devices import LoopCamera, Vivid, wait_until
from webcam_app.capture import list_cameras, open_source
from webcam_app.errors import SourceBusyError, SourceNotFoundError

# Root may open everything; without these two rights it is like anyone else.
AS_ANYONE = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def test_no_camera_at_all(vivid: Vivid) -> None:
    vivid.unplug()
    assert list_cameras() == []
    with pytest.raises(SourceNotFoundError, match=r"No camera was found\. Plug one in"):
        open_source("0")


def test_no_such_camera_names_those_that_are_there(vivid: Vivid) -> None:
    (camera,) = list_cameras()
    with pytest.raises(SourceNotFoundError, match=f"'7'.*{camera.index} .{camera.name}"):
        open_source("7")


@pytest.mark.parametrize("node", ["vivid-000-vid-out", "vivid-000-meta-cap"])
def test_a_device_that_is_no_camera(node: str, vivid: Vivid) -> None:
    names = Path("/sys/class/video4linux").glob("video*/name")
    (path,) = [Path("/dev") / name.parent.name for name in names if name.read_text().strip() == node]
    with pytest.raises(SourceNotFoundError) as error:
        open_source(str(path))
    assert "\n" not in str(error.value)


def test_a_second_instance_is_told_that_the_camera_is_in_use(vivid: Vivid) -> None:
    with open_source(str(vivid.device)) as first:
        assert first.read() is not None
        with pytest.raises(SourceBusyError, match=r"in use by another program.*Close"):
            open_source(str(vivid.device))
        assert first.read() is not None, "the first is not disturbed"


def test_a_camera_that_another_program_holds(vivid: Vivid) -> None:
    path = vivid.device
    other = subprocess.Popen(["v4l2-ctl", "-d", path, "--stream-mmap"], stderr=subprocess.PIPE)
    try:
        assert other.stderr is not None and other.stderr.read(1), "it streams"
        with pytest.raises(SourceBusyError):
            open_source(str(path))
    finally:
        other.kill()
        other.communicate()
    with open_source(str(path)) as source:
        assert source.read() is not None, "free again"


def test_no_permission(vivid: Vivid, tmp_path: Path) -> None:
    path = vivid.device
    path.chmod(0)
    command = [*AS_ANYONE, sys.executable, "-m", "webcam_app", "annotate", str(path), "-o", str(tmp_path / "out.mp4")]
    shown = subprocess.run(command, capture_output=True, text=True)
    assert shown.returncode == 1
    (line,) = shown.stderr.strip().splitlines()
    assert str(path) in line and "not allowed" in line and "video" in line
    assert list(tmp_path.iterdir()) == []


def test_a_camera_without_permission_is_listed_with_its_problem(vivid: Vivid) -> None:
    path = vivid.device
    path.chmod(0)
    code = "from webcam_app.capture import list_cameras; print([c.problem for c in list_cameras()])"
    shown = subprocess.run([*AS_ANYONE, sys.executable, "-c", code], capture_output=True, text=True)
    assert "not allowed" in shown.stdout, shown.stderr


def test_a_loopback_camera_can_be_shared(loop_camera: LoopCamera) -> None:
    """v4l2loopback lets several programs read: then a second instance simply works."""
    loop_camera.start()
    with open_source(str(loop_camera.path)) as first, open_source(str(loop_camera.path)) as second:
        assert first.read() is not None and second.read() is not None


def test_a_loopback_camera_whose_feed_ended_is_no_camera(loop_camera: LoopCamera) -> None:
    loop_camera.start()
    loop_camera.stop()
    wait_until(lambda: not any(camera.path == str(loop_camera.path) for camera in list_cameras()), "it is gone")
    with pytest.raises(SourceNotFoundError):
        open_source(str(loop_camera.path))
