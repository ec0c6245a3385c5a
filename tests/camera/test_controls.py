"""What can be set on a camera, against the kernel's own drivers."""

from __future__ import annotations

import os
import subprocess

import numpy as np
import pytest

from tests.camera.devices import LoopCamera, Vivid
from webcam_app.capture import list_cameras, open_source, v4l2
from webcam_app.capture.controls import (
    CameraControl,
    ControlKind,
    camera_controls,
    reset_camera_controls,
    set_camera_controls,
)
from webcam_app.capture.controls.linux import all_controls
from webcam_app.errors import SourceError


def of_the_driver(vivid: Vivid, control: str) -> int:
    """The value of a control, as the kernel's own tool reads it."""
    command = ["v4l2-ctl", "-d", str(vivid.device), "-C", control]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split(":")[1])


def named(controls: list[CameraControl]) -> dict[str, CameraControl]:
    return {control.name: control for control in controls}


def test_controls_are_what_the_driver_has(vivid: Vivid) -> None:
    controls = named(camera_controls(str(vivid.device)))
    assert list(controls) == ["brightness", "contrast", "saturation", "hue", "automatic_gain", "gain"]
    brightness = controls["brightness"]
    assert (brightness.kind, brightness.minimum, brightness.maximum) == (ControlKind.NUMBER, 0, 255)
    assert brightness.value == brightness.default == of_the_driver(vivid, "brightness")
    assert controls["automatic_gain"].kind is ControlKind.SWITCH
    assert controls["hue"].minimum < 0, "negative numbers are read as such"


def test_nothing_that_breaks_the_camera_is_offered(vivid: Vivid) -> None:
    """vivid lists a button that pulls it out."""
    assert not [control for control in camera_controls(str(vivid.device)) if "isconnect" in control.label]


def test_a_value_that_is_set_reaches_the_driver_and_the_picture_while_it_streams(vivid: Vivid) -> None:
    spec = str(vivid.device)
    with open_source(spec, size=(320, 180)) as source:
        levels = {}
        for value in (0, 255):
            controls = named(set_camera_controls(spec, {"brightness": value}))
            assert controls["brightness"].value == value == of_the_driver(vivid, "brightness")
            for _ in range(8):  # those that the driver had already filled
                frame = source.read()
            assert frame is not None
            levels[value] = float(np.mean(frame.image))
    assert levels[255] > levels[0] + 50


def test_what_another_program_sets_is_seen(vivid: Vivid) -> None:
    vivid.set_control("contrast", 77)
    assert named(camera_controls(str(vivid.device)))["contrast"].value == 77


def test_gain_is_automatic_while_its_switch_says_so(vivid: Vivid) -> None:
    spec = str(vivid.device)
    controls = named(set_camera_controls(spec, {"automatic_gain": 1, "gain": 17}))
    assert controls["gain"].automatic and not controls["gain"].settable
    controls = named(set_camera_controls(spec, {"gain": 17, "automatic_gain": 0}))
    assert not controls["gain"].automatic
    assert controls["gain"].value == 17 == of_the_driver(vivid, "gain"), "switched before it is set, whatever the order"


def test_a_value_beyond_the_bounds_becomes_the_nearest(vivid: Vivid) -> None:
    controls = named(set_camera_controls(str(vivid.device), {"brightness": 9_999, "hue": -9_999, "no such": 1}))
    assert controls["brightness"].value == controls["brightness"].maximum
    assert controls["hue"].value == controls["hue"].minimum


def test_reset_sets_every_control_to_its_default(vivid: Vivid) -> None:
    spec = str(vivid.device)
    before = named(camera_controls(spec))
    changed = {"brightness": 3, "contrast": 4, "saturation": 5, "hue": 6, "automatic_gain": 0, "gain": 7}
    assert {name: c.value for name, c in named(set_camera_controls(spec, changed)).items()} == changed
    after = named(reset_camera_controls(spec))
    for name in ("brightness", "contrast", "saturation", "hue", "automatic_gain"):
        assert after[name].value == before[name].default, name


def test_menus_are_read_with_their_texts(vivid: Vivid) -> None:
    """vivid has menus of its own, which are not offered but read like those that are."""
    descriptor = v4l2.open_device(str(vivid.device))
    try:
        menus = {control.label: control for control in all_controls(descriptor) if control.choices}
    finally:
        os.close(descriptor)
    assert menus["Test Pattern"].choices[0] == "75% Colorbar"
    assert menus["Menu"].choices == {1: "Menu Item 1", 3: "Menu Item 3", 4: "Menu Item 4"}, "with gaps"
    assert menus["Integer Menu"].choices[5] == "8" and 1 not in menus["Integer Menu"].choices


def test_a_camera_without_controls_has_none(loop_camera: LoopCamera, vivid: Vivid) -> None:
    loop_camera.start()
    assert camera_controls(loop_camera.name) == []
    assert set_camera_controls(loop_camera.name, {"brightness": 1}) == []


def test_a_camera_that_is_not_there_any_more_is_told(vivid: Vivid, loop_camera: LoopCamera) -> None:
    loop_camera.start()
    name = camera_name(vivid)
    vivid.unplug()
    with pytest.raises(SourceError, match=f"no camera '{name}'"):
        set_camera_controls(name, {"brightness": 1})


def test_a_broken_connection_is_told(vivid: Vivid) -> None:
    spec = str(vivid.device)
    with open_source(spec, size=(320, 180)):  # the driver repairs itself once nobody holds it
        vivid.disconnect()
        with pytest.raises(SourceError, match="camera"):
            set_camera_controls(spec, {"brightness": 1})


def camera_name(vivid: Vivid) -> str:
    return next(camera.name for camera in list_cameras() if camera.path == str(vivid.device))
