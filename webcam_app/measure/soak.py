"""Soak test of the live application: ``python -m webcam_app.measure.soak [SOURCE] --minutes 60``.

A clip is played in a loop at its own pace and analysed, with recording on and off in turn. In the end it reports how
much memory grew, which threads leaked, and how far recorded time drifted from real time.
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

from webcam_app.capture.sound import SoundBlock, SoundSource
from webcam_app.capture.text import shown
from webcam_app.errors import RecordingError, SourceError, SourceLostError
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.live import LiveEngine, LiveState
from webcam_app.measure.memory import memory_mib, peak_memory_mib
from webcam_app.output.overlay import OverlayStyle
from webcam_app.resources import asset_path

# A recording of this many seconds, then a break of as many.
RECORD_SECONDS = 60.0
# At most this part of the whole run: a short run has several recordings too.
RECORD_SHARE = 0.15
SAMPLE_SECONDS = 1.0
START_TIMEOUT_SECONDS = 60.0
# Part of the run at whose beginning caches fill and codecs load; growth is what comes after.
WARM_UP_SHARE = 0.3
# Limits of success. Python's allocator moves by some MiB in any hour; one VGA frame leaked each second would
# be 3 GB. A recording begins and ends with a frame, so some frames' time is no drift.
MAX_GROWTH_MIB = 32.0
MAX_RECORDING_DRIFT_SECONDS = 0.25
# The generated microphone's clock is off by this share, more than a bad sound card's, and it is pulled so often.
SOUND_OFF_BY = 500e-6
SOUND_PULLED_SECONDS = 300.0
SOUND_RATE, SOUND_BLOCK_SECONDS = 48_000, 0.02
# The last words are still on their way when a recording is stopped; silence stands for them.
MAX_SOUND_DIFFERENCE_SECONDS = 0.1


@dataclass(slots=True)
class Soak:
    """What is measured during the run."""

    memory: list[float] = field(default_factory=list)
    drifts: list[float] = field(default_factory=list)
    frames: int = 0
    dropped: int = 0
    left_out: int = 0  # frames that recordings had to drop
    problems: list[str] = field(default_factory=list)


class Hum(SoundSource):
    """A generated microphone: a quiet tone, by a clock that is off. Pulled out every ``SOUND_PULLED_SECONDS``."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._began = time.monotonic()
        self._taken = 0
        self._closed = threading.Event()

    @property
    def name(self) -> str:
        """As it was opened."""
        return self._name

    @property
    def channels(self) -> int:
        """One."""
        return 1

    def read(self) -> SoundBlock | None:
        """The next block, when it is due."""
        count = round(SOUND_RATE * SOUND_BLOCK_SECONDS)
        taken_at = self._began + self._taken / (SOUND_RATE * (1 + SOUND_OFF_BY))
        if self._closed.wait(max(0.0, taken_at + SOUND_BLOCK_SECONDS - time.monotonic())):
            return None
        if taken_at - self._began > SOUND_PULLED_SECONDS:
            raise SourceLostError(f"The microphone {self._name} was unplugged.")
        tone = 0.1 * np.sin((self._taken + np.arange(count)) * 0.05)
        self._taken += count
        return SoundBlock(tone.astype(np.float32)[:, None], SOUND_RATE, taken_at)

    def close(self) -> None:
        """End."""
        self._closed.set()


def soak(
    source: str | None = None, *, seconds: float, folder: Path | None = None, sound: bool = False
) -> dict[str, Any]:
    """Run the live engine for a while and measure.

    Args:
        source: as ``open_source`` takes it; files are played in a loop. None for the demo clip.
        seconds: how long.
        folder: where recordings are written, each removed after it was checked; None for a temporary folder.
        sound: record the sound of a generated microphone as well.

    Returns:
        ``source``, ``seconds``, ``frames``, ``fps``, ``memory_mib`` (start, end, peak, growth after warming up),
        ``threads_left``, ``recordings``, ``worst_drift_seconds``, ``dropped``, ``left_out``, ``problems``, ``ok``.

    Raises:
        SourceError: the source cannot be opened.
    """
    spec = source or str(asset_path("demo.mp4"))
    threads = set(threading.enumerate())
    state = Soak()
    started = time.monotonic()
    engine = LiveEngine(FaceAnalyzer, sound_opener=Hum)
    try:
        engine.set_microphone("generated" if sound else "")
        engine.open(spec, loop=True)
        _wait_until_running(engine)
        started = time.monotonic()
        with contextlib.ExitStack() as stack:
            where = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            try:
                _run(engine, state, seconds, where)
            except KeyboardInterrupt:
                state.problems.append("interrupted before its time")
    finally:
        lasted = time.monotonic() - started
        ended = engine.close()
    left = sorted(thread.name for thread in set(threading.enumerate()) - threads)
    if left or not ended:
        state.problems.append(f"threads left over: {', '.join(left) or 'unknown'}")
    return _report(spec, lasted, state, left)


def main(argv: Sequence[str] | None = None) -> int:
    """The command: prints the result as JSON.

    Returns:
        0 if it passed, 1 if not, 2 for wrong arguments.
    """
    from webcam_app.commands.shell import run_guarded

    parser = argparse.ArgumentParser(prog="python -m webcam_app.measure.soak", description=__doc__.splitlines()[0])
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="what to play; the demo clip by default")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (default: 60)")
    parser.add_argument("--sound", action="store_true", help="record a generated microphone too, pulled out at times")
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


def _run(engine: LiveEngine, state: Soak, seconds: float, folder: Path) -> None:
    turn = min(RECORD_SECONDS, RECORD_SHARE * seconds)
    began = time.monotonic()
    first = _sequence(engine)
    while (elapsed := time.monotonic() - began) < seconds:
        if engine.state is not LiveState.RUNNING:
            state.problems.append(f"the source is {engine.state.value}: {engine.message}")
            break
        _sample_for(state, min(turn, seconds - elapsed))
        if seconds - (time.monotonic() - began) >= turn:
            _record(engine, state, turn, folder)
    state.frames = _sequence(engine) - first
    state.dropped = engine.statistics().dropped


def _record(engine: LiveEngine, state: Soak, seconds: float, folder: Path) -> None:
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
    played = _played(path)
    state.drifts.append(played - lasted)
    if engine.microphone is not None and abs(_played(path, "audio") - played) > MAX_SOUND_DIFFERENCE_SECONDS:
        state.problems.append(f"sound plays {_played(path, 'audio'):.2f} s, pictures {played:.2f} s")
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
    growth = float(np.median(warm[-third:]) - np.median(warm[:third])) if warm else 0.0
    drift = max(state.drifts, key=abs, default=0.0)
    if growth > MAX_GROWTH_MIB:
        state.problems.append(f"memory grew by {growth:.0f} MiB")
    if abs(drift) > MAX_RECORDING_DRIFT_SECONDS:
        state.problems.append(
            f"a recording plays {abs(drift):.2f} s {'longer' if drift > 0 else 'shorter'} than it took"
        )
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


if __name__ == "__main__":
    sys.exit(main())
