"""What is recorded while a camera goes away and comes back."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from tests.camera.devices import LoopCamera, Vivid, wait_until
from tests.camera.watched import Watched, frame_times
from webcam_app.live import LiveState
from webcam_app.output.overlay import OverlayStyle

GAP_SECONDS = 2.0


@pytest.mark.parametrize("how", ["pulled out", "frozen"])
def test_a_recording_goes_on_after_the_gap_with_true_times(
    how: str, vivid: Vivid, loop_camera: LoopCamera, watched: Watched, tmp_path: Path
) -> None:
    if how == "frozen":
        loop_camera.start()
        watched.open(loop_camera.name)
    else:
        watched.open("vivid")
    engine = watched.engine
    started = time.monotonic()
    path = engine.start_recording(tmp_path, OverlayStyle())
    watched.wait_for_recorded(1.0)

    loop_camera.freeze() if how == "frozen" else vivid.unplug()
    lost = time.monotonic()
    watched.wait_for(LiveState.STALLED, LiveState.RETRYING)
    assert engine.recording is not None, "it waits for the camera"
    wait_until(lambda: time.monotonic() > lost + GAP_SECONDS, "the gap is long enough to be seen")
    loop_camera.thaw() if how == "frozen" else vivid.plug_in()
    watched.wait_for(LiveState.RUNNING)
    watched.wait_for_new_picture()
    gap = time.monotonic() - lost
    watched.wait_for_recorded(engine.recording.seconds + 1.0)
    summary = engine.stop_recording()
    took = time.monotonic() - started

    times = frame_times(path)
    steps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert summary.problem is None
    assert min(steps) > 0
    assert GAP_SECONDS * 0.8 < max(steps) < gap + 1.0, "the gap is in the file"
    assert times[-1] == pytest.approx(took, abs=1.5), "it plays as long as it took"


def test_dropped_frames_do_not_shorten_a_recording(vivid: Vivid, watched: Watched, tmp_path: Path) -> None:
    vivid.set_control("percentage_of_dropped_buffers", 60)
    watched.open("vivid")
    started = time.monotonic()
    path = watched.engine.start_recording(tmp_path, OverlayStyle())
    watched.wait_for_recorded(4.0)
    watched.engine.stop_recording()
    took = time.monotonic() - started
    times = frame_times(path)
    assert times[-1] == pytest.approx(took, abs=0.8)


def test_another_size_in_mid_recording_is_letterboxed(vivid: Vivid, watched: Watched, tmp_path: Path) -> None:
    import av

    watched.open("vivid", size=(320, 180))
    path = watched.engine.start_recording(tmp_path, OverlayStyle())
    watched.wait_for_recorded(0.5)
    watched.open("vivid", size=(640, 480))
    watched.wait_for_recorded(watched.engine.recording.seconds + 0.5)  # type: ignore[union-attr]
    watched.engine.stop_recording()
    with av.open(str(path)) as container:
        sizes = {(frame.width, frame.height) for frame in container.decode(video=0)}
    assert sizes == {(320, 180)}
