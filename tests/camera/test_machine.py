"""The machine itself: without it the other tests would prove nothing."""

from __future__ import annotations

import cv2

from tests.camera.devices import LoopCamera, Vivid
from tests.camera.machine import CLIP_SIZE


def test_vivid_delivers_frames(vivid: Vivid) -> None:
    capture = cv2.VideoCapture(str(vivid.device), cv2.CAP_V4L2)
    frames = [capture.read()[1] for _ in range(3)]
    capture.release()
    assert all(frame is not None and frame.ndim == 3 for frame in frames)


def test_the_fed_camera_shows_the_clip(loop_camera: LoopCamera) -> None:
    loop_camera.start()
    capture = cv2.VideoCapture(str(loop_camera.path), cv2.CAP_V4L2)
    ok, frame = capture.read()
    capture.release()
    assert ok and (frame.shape[1], frame.shape[0]) == CLIP_SIZE
    assert frame.std() > 20, "a clip, not a grey picture"


def test_a_replugged_vivid_gets_another_number_while_it_is_held(vivid: Vivid) -> None:
    capture = cv2.VideoCapture(str(vivid.device), cv2.CAP_V4L2)
    before = vivid.device
    vivid.unplug()
    vivid.plug_in()
    after = vivid.device
    capture.release()
    assert before != after
