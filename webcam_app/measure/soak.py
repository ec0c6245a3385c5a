"""Soak test of the live application: ``python -m webcam_app.measure.soak [SOURCE] --minutes 60``.

A clip is played in a loop at its own pace and analysed, with recording on and off in turn. In the end it reports how
much memory grew, which threads leaked, and how far recorded time drifted from real time. With ``--sound`` the clip
stands for a camera, and a microphone is recorded with it; both are pulled out at times, and how far apart they are in
the recordings is measured by flashes and clicks.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from webcam_app.capture.text import shown
from webcam_app.errors import RecordingError, SourceError
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.live import LiveEngine, LiveState
from webcam_app.measure.generated import Beat
from webcam_app.measure.in_step import steps
from webcam_app.measure.memory import memory_mib, peak_memory_mib
from webcam_app.output.overlay import OverlayStyle
from webcam_app.resources import asset_path

# A recording of this many seconds, then a break of as many.
RECORD_SECONDS = 60.0
# At most this part of the whole run: a short run has several recordings too.
RECORD_SHARE = 0.15
SAMPLE_SECONDS = 1.0
START_TIMEOUT_SECONDS = 60.0
# On a busy machine what is queued is written after a recording was stopped.
END_TIMEOUT_SECONDS = 60.0
# Part of the run at whose beginning caches fill and codecs load; growth is what comes after.
WARM_UP_SHARE = 0.3
# Limits of success. Python's allocator moves by some MiB in any hour; one VGA frame leaked each second would
# be 3 GB. A recording begins and ends with a frame, so some frames' time is no drift.
MAX_GROWTH_MIB, QUIET_PERCENT = 32.0, 10
MAX_RECORDING_DRIFT_SECONDS = 0.25
# The camera and the microphone are pulled out this often, in a short run more often.
PULLED_SECONDS, PULLED_SHARE = 300.0, 0.2
# The last words are still on their way when a recording is stopped; silence stands for them.
MAX_SOUND_DIFFERENCE_SECONDS = 0.1
# Sound against picture. Of a beat's seconds, a flash and a click at most so far apart belong together.
MAX_STEP_SECONDS, BELONGING_SHARE = 0.040, 0.4


@dataclass(slots=True)
class Soak:
    """What is measured during the run."""

    memory: list[float] = field(default_factory=list)
    drifts: list[float] = field(default_factory=list)
    frames: int = 0
    dropped: int = 0
    left_out: int = 0  # frames that recordings had to drop
    steps: list[float] = field(default_factory=list)  # seconds by which sound is later than the picture
    problems: list[str] = field(default_factory=list)


def soak(
    source: str | None = None, *, seconds: float, folder: Path | None = None, sound: bool = False
) -> dict[str, Any]:
    """Run the live engine for a while and measure.

    Args:
        source: as ``open_source`` takes it; files are played in a loop. None for the demo clip.
        seconds: how long.
        folder: where recordings are written, each removed after it was checked; None for a temporary folder.
        sound: show the clip as a camera and record the sound of a generated microphone with it; both are pulled out.

    Returns:
        ``source``, ``seconds``, ``frames``, ``fps``, ``memory_mib`` (start, end, peak, growth after warming up),
        ``threads_left``, ``recordings``, ``worst_drift_seconds``, ``dropped``, ``left_out``, ``problems``, ``ok``;
        with sound also ``flashes_with_click`` and ``worst_step_ms``.

    Raises:
        SourceError: the source cannot be opened.
    """
    spec = source or str(asset_path("demo.mp4"))
    threads = set(threading.enumerate())
    state = Soak()
    started = time.monotonic()
    beat = Beat(started, min(PULLED_SECONDS, PULLED_SHARE * seconds))
    if sound:
        engine = LiveEngine(FaceAnalyzer, opener=beat.open_camera, sound_opener=beat.open_microphone)
        engine.set_microphone("generated")
    else:
        engine = LiveEngine(FaceAnalyzer)
    try:
        engine.open(spec, loop=True)
        _wait_until_running(engine)
        started = time.monotonic()
        with contextlib.ExitStack() as stack:
            where = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            try:
                _run(engine, state, seconds, where, beat)
            except KeyboardInterrupt:
                state.problems.append("interrupted before its time")
    finally:
        lasted = time.monotonic() - started
        ended = engine.close()
    left = sorted(thread.name for thread in set(threading.enumerate()) - threads)
    if left or not ended:
        state.problems.append(f"threads left over: {', '.join(left) or 'unknown'}")
    return _report(spec, lasted, state, left) | (_steps(state) if sound else {})


def main(argv: Sequence[str] | None = None) -> int:
    """The command: prints the result as JSON.

    Returns:
        0 if it passed, 1 if not, 2 for wrong arguments.
    """
    from webcam_app.commands.shell import run_guarded

    parser = argparse.ArgumentParser(prog="python -m webcam_app.measure.soak", description=__doc__.splitlines()[0])
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="what to play; the demo clip by default")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (default: 60)")
    parser.add_argument(
        "--sound",
        action="store_true",
        help="record a microphone too; it and the camera are pulled out",
    )
    parser.add_argument("--folder", type=Path, help="where recordings are written meanwhile (default: a temporary one)")
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as end:
        return int(end.code or 0)

    def run(arguments: argparse.Namespace) -> int:
        minutes, sound = arguments.minutes, arguments.sound
        result = soak(arguments.source, seconds=60 * minutes, folder=arguments.folder, sound=sound)
        print(json.dumps(result, ensure_ascii=False, indent=2))
        return 0 if result["ok"] else 1

    return run_guarded(functools.partial(run, arguments))


def _wait_until_running(engine: LiveEngine) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while engine.latest() is None or not engine.analyzer_loaded:
        if engine.state is LiveState.FAILED or time.monotonic() > deadline:
            raise SourceError(engine.message or "the source delivers no picture")
        if engine.analysis_problem:
            raise SourceError(engine.analysis_problem)
        time.sleep(0.02)


def _run(engine: LiveEngine, state: Soak, seconds: float, folder: Path, beat: Beat) -> None:
    turn = min(RECORD_SECONDS, RECORD_SHARE * seconds)
    began = time.monotonic()
    first = _sequence(engine)
    while (elapsed := time.monotonic() - began) < seconds:
        if not _back(engine):
            state.problems.append(f"the source is {engine.state.value}: {engine.message}")
            break
        _sample_for(state, min(turn, seconds - elapsed))
        if seconds - (time.monotonic() - began) >= turn and _back(engine):
            _record(engine, state, turn, folder, beat)
    state.frames = _sequence(engine) - first
    state.dropped = engine.statistics().dropped


def _back(engine: LiveEngine) -> bool:
    """Wait for a camera that was pulled out; returns whether there is a picture."""
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while engine.state in (LiveState.OPENING, LiveState.RETRYING, LiveState.STALLED) and time.monotonic() < deadline:
        time.sleep(0.02)
    return engine.state is LiveState.RUNNING


def _record(engine: LiveEngine, state: Soak, seconds: float, folder: Path, beat: Beat) -> None:
    """Record, and compare what the file plays with the time that passed."""
    threads = threading.active_count()
    try:
        path = engine.start_recording(folder, OverlayStyle())
        start = time.monotonic()
        _sample_for(state, seconds)
        lasted = time.monotonic() - start
        summary = engine.stop_recording()
    except RecordingError as error:
        state.problems.append(str(error))
        return
    deadline = time.monotonic() + END_TIMEOUT_SECONDS
    while threading.active_count() > threads and time.monotonic() < deadline:
        time.sleep(0.02)
    played = _played(path)
    state.drifts.append(played - lasted)
    if engine.microphone is not None:
        heard = _played(path, "audio")
        if abs(heard - played) > MAX_SOUND_DIFFERENCE_SECONDS:
            state.problems.append(f"sound plays {heard:.2f} s, pictures {played:.2f} s")
        state.steps += steps(path, BELONGING_SHARE * beat.seconds)
    state.left_out += summary.dropped
    if summary.problem:
        state.problems.append(summary.problem)
    if threading.active_count() > threads:
        state.problems.append(f"recording {len(state.drifts)} left a thread over")
    path.unlink(missing_ok=True)


def _played(path: Path, kind: str = "video") -> float:
    """Seconds that a video's pictures play, or its sound, from their own time stamps; 0 where there are none."""
    import av

    with av.open(str(path)) as container:
        stream = next((stream for stream in container.streams if stream.type == kind), None)
        if stream is None:
            return 0.0
        times = [
            float((packet.pts + (packet.duration or 0)) * packet.time_base)
            for packet in container.demux(stream)
            if packet.pts is not None and packet.time_base is not None
        ]
    return max(times, default=0.0)


def _sample_for(state: Soak, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(SAMPLE_SECONDS, left))
        state.memory.append(memory_mib())


def _sequence(engine: LiveEngine) -> int:
    result = engine.latest()
    return 0 if result is None else result.sequence


def _report(spec: str, lasted: float, state: Soak, left: list[str]) -> dict[str, Any]:
    warm = state.memory[int(len(state.memory) * WARM_UP_SHARE) :]
    third = max(1, len(warm) // 3)
    # A recording's queue fills up where the machine is busy; what is used at quiet moments grows with a leak only.
    first, last = (np.percentile(part, QUIET_PERCENT) if part else 0.0 for part in (warm[:third], warm[-third:]))
    growth = float(last - first)
    drift = max(state.drifts, key=abs, default=0.0)
    if growth > MAX_GROWTH_MIB:
        state.problems.append(f"memory grew by {growth:.0f} MiB")
    if abs(drift) > MAX_RECORDING_DRIFT_SECONDS:
        state.problems.append(
            f"a recording plays {abs(drift):.2f} s {'longer' if drift > 0 else 'shorter'} than it took"
        )
    if state.steps and max(map(abs, state.steps)) > MAX_STEP_SECONDS:
        state.problems.append(f"sound and picture are {1000 * max(map(abs, state.steps)):.0f} ms apart")
    return {
        "source": shown(spec),
        "seconds": round(lasted, 1),
        "frames": state.frames,
        "fps": round(state.frames / max(lasted, 1e-3), 2),
        "memory_mib": {
            "start": round(state.memory[0], 1) if state.memory else None,
            "end": round(state.memory[-1], 1) if state.memory else None,
            "peak": peak_memory_mib(),
            "growth": round(growth, 1),
        },
        "threads_left": left,
        "recordings": len(state.drifts),
        "worst_drift_seconds": round(drift, 3),
        "dropped": state.dropped,
        "left_out": state.left_out,
        "problems": state.problems,
        "ok": not state.problems,
    }


def _steps(state: Soak) -> dict[str, Any]:
    worst = max(state.steps, key=abs, default=None)
    return {
        "flashes_with_click": len(state.steps),
        "worst_step_ms": None if worst is None else round(1000 * worst, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
