"""Cameras that are pulled out or freeze while they run: said, tried again, and back by themselves."""

from __future__ import annotations

import os
import threading

import pytest

from tests.camera.devices import LoopCamera, Vivid, wait_until
from tests.camera.watched import Watched, reading_threads
from webcam_app.live import LiveState

LOST = (LiveState.STALLED, LiveState.RETRYING)


@pytest.mark.parametrize("how", ["unplug", "disconnect"])
def test_a_camera_that_is_pulled_out_is_named_and_comes_back(how: str, vivid: Vivid, watched: Watched) -> None:
    watched.open("vivid")
    getattr(vivid, how)()
    watched.wait_for(LiveState.RETRYING)
    assert "vivid" in watched.engine.message
    assert "unplugged or switched off" in watched.engine.message and "by itself" in watched.engine.message
    vivid.repair()
    watched.wait_for(LiveState.RUNNING)
    watched.wait_for_new_picture()
    assert watched.engine.message == ""


def test_it_comes_back_under_another_number(vivid: Vivid, watched: Watched) -> None:
    before = vivid.device
    holder = os.open(before, os.O_RDWR)
    watched.open(str(before))
    vivid.unplug()
    watched.wait_for(LiveState.RETRYING)
    vivid.plug_in()
    after = vivid.device
    watched.wait_for(LiveState.RUNNING)
    watched.wait_for_new_picture()
    os.close(holder)
    assert after != before


def test_a_driver_error_in_the_stream_is_survived(vivid: Vivid, watched: Watched) -> None:
    watched.open("vivid")
    vivid.set_control("inject_fatal_streaming_error", 1)
    watched.wait_for(LiveState.RETRYING)
    watched.wait_for(LiveState.RUNNING)
    watched.wait_for_new_picture()


def test_frames_flagged_as_broken_are_skipped(vivid: Vivid, watched: Watched) -> None:
    watched.open("vivid")
    for _ in range(3):
        vivid.set_control("inject_v4l2_buf_flag_error", 1)
        watched.wait_for_new_picture()
    assert [state for state, _ in watched.told if state not in ("OPENING", "RUNNING")] == []


def test_a_frozen_feed_is_named_and_goes_on(loop_camera: LoopCamera, watched: Watched) -> None:
    loop_camera.start()
    watched.open(loop_camera.name)
    loop_camera.freeze()
    watched.wait_for(*LOST)
    assert "Loop-A" in watched.engine.message and "stopped delivering" in watched.engine.message
    loop_camera.thaw()
    watched.wait_for(LiveState.RUNNING)
    watched.wait_for_new_picture()


def test_a_long_freeze_leaks_no_thread(loop_camera: LoopCamera, watched: Watched) -> None:
    """A read that a driver blocks cannot be ended; each attempt has a thread, and they do not pile up."""
    loop_camera.start()
    watched.open(loop_camera.name)
    loop_camera.freeze()
    attempts: set[threading.Thread] = set()
    alive_at_once = 0

    def several_attempts() -> bool:
        nonlocal alive_at_once
        alive = reading_threads()
        alive_at_once = max(alive_at_once, len(alive))
        attempts.update(alive)
        return len(attempts) >= 4

    wait_until(several_attempts, "several attempts")
    assert alive_at_once <= 2
    loop_camera.thaw()
    watched.wait_for(LiveState.RUNNING)
    watched.wait_for_new_picture()
    wait_until(lambda: len(reading_threads()) == 1, "blocked reads ended once the driver let them")


def test_a_feed_that_ends_and_starts_again(loop_camera: LoopCamera, watched: Watched) -> None:
    loop_camera.start()
    watched.open(loop_camera.name)
    loop_camera.stop()
    watched.wait_for(*LOST)
    loop_camera.start()
    watched.wait_for(LiveState.RUNNING)
    watched.wait_for_new_picture()


@pytest.mark.parametrize("state", ["running", "reconnecting", "frozen"])
def test_closing_ends_every_thread(state: str, vivid: Vivid, loop_camera: LoopCamera, watched: Watched) -> None:
    before = set(threading.enumerate())
    if state == "frozen":
        loop_camera.start()
        watched.open(loop_camera.name)
        loop_camera.freeze()
        watched.wait_for(*LOST)
    else:
        watched.open("vivid")
        if state == "reconnecting":
            vivid.unplug()
            watched.wait_for(LiveState.RETRYING)
    watched.engine.close()
    loop_camera.stop()
    wait_until(lambda: set(threading.enumerate()) <= before, "all threads ended")
