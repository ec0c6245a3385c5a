"""Measures a recording that the open window makes: what is left out of it, and what it costs.

    python -m webcam_app.measure.recorded_window [CLIP] [--frame 1920x1080] [--seconds 60] [--sound]

A generated camera shows the clip's pictures at a size, 30 a second, with a camera's noise; with ``--sound`` a generated
microphone is recorded as well, and how far apart the two are in the file is measured. Prints one JSON object;
``processor_ms_a_recorded_frame`` is what the whole program took more than before the recording began; it says nothing
where fewer frames were analysed meanwhile. Needs a display; without one: ``xvfb-run -a python -m ...``.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from webcam_app.capture import open_source
from webcam_app.capture.frame import Frame, Image
from webcam_app.capture.source import Source, SourceInfo
from webcam_app.errors import RecordingError, SourceError
from webcam_app.live import Event, LiveEngine, RecordingSummary
from webcam_app.live.analysis import Analyzer
from webcam_app.measure.generated import FPS, Beat, GeneratedCamera
from webcam_app.measure.in_step import steps
from webcam_app.measure.recording import PICTURES, scaled
from webcam_app.resources import asset_path

if TYPE_CHECKING:
    from PyQt5.QtWidgets import QApplication

    from webcam_app.window.main_window import MainWindow

# The network is loaded, the first sweep is through and the painter's buffers are there.
WARM_UP_SECONDS = 3.0
START_SECONDS, STOP_SECONDS = 60.0, 60.0
# How long the window is measured without a recording, before it.
BEFORE_SECONDS = 10.0
# Of a beat's seconds, a flash and a click at most so far apart belong together.
BELONGING_SHARE = 0.4


class RepeatedPictures(Source):
    """Pictures forwards and backwards without end, as fast as they are read."""

    def __init__(self, info: SourceInfo, images: Sequence[Image]) -> None:
        """Begin with the first.

        Args:
            info: of the clip that they are from.
            images: H×W×3 uint8 BGR of one size; not changed.
        """
        self._order = [*images, *images[-2:0:-1]]
        height, width = images[0].shape[:2]
        self._info = replace(info, width=width, height=height)
        self._number = 0

    @property
    def info(self) -> SourceInfo:
        """The clip's, but for the size."""
        return self._info

    def read(self) -> Frame:
        """The next picture."""
        image = self._order[self._number % len(self._order)]
        self._number += 1
        return Frame(image, self._number - 1, (self._number - 1) / FPS, time.monotonic())

    def close(self) -> None:
        """There is nothing to let go."""


@dataclass(frozen=True)
class _Moment:
    """What was there at a moment: seconds, of the clock and of the processor, and results so far."""

    clock: float
    processor: float
    results: float

    @classmethod
    def now(cls, window: MainWindow) -> _Moment:
        result = window.live.engine.latest()
        return cls(time.monotonic(), time.process_time(), 0 if result is None else result.sequence)

    def since(self, before: _Moment) -> _Moment:
        """What came a second between two moments."""
        seconds = self.clock - before.clock
        return _Moment(
            seconds, (self.processor - before.processor) / seconds, (self.results - before.results) / seconds
        )


class _Engine(LiveEngine):
    """Keeps what became of the recording."""

    summary: RecordingSummary | None = None

    def stop_recording(self) -> RecordingSummary:
        self.summary = super().stop_recording()
        return self.summary


def main(argv: Sequence[str] | None = None) -> int:
    """The command: prints the figures as JSON.

    Returns:
        0, or 1 where nothing could be recorded, or 2 for wrong arguments.
    """
    from webcam_app.commands.shell import run_guarded

    first = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m webcam_app.measure.recorded_window", description=first)
    parser.add_argument("clip", nargs="?", help="whose pictures are shown; the demo clip's by default")
    parser.add_argument("--frame", type=_size, default=(1920, 1080), help="the camera's size (default: 1920x1080)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to record (default: 60)")
    parser.add_argument("--size", type=_size, default=(1000, 720), help="the window's size (default: 1000x720)")
    parser.add_argument("--sound", action="store_true", help="record a generated microphone too")
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as end:
        return int(end.code or 0)

    def run(arguments: argparse.Namespace) -> int:
        with tempfile.TemporaryDirectory() as home:
            os.environ["WEBCAM_APP_HOME"] = home
            report = measure_window(
                _pictures(arguments.clip, arguments.frame),
                seconds=arguments.seconds,
                window_size=arguments.size,
                sound=arguments.sound,
                home=Path(home),
            )
        print(json.dumps(report, indent=2))
        return 0

    return run_guarded(functools.partial(run, arguments))


def measure_window(
    pictures: RepeatedPictures, *, seconds: float, window_size: tuple[int, int], sound: bool, home: Path
) -> dict[str, Any]:
    """Open the window on a generated camera, record, and measure.

    Args:
        pictures: what the camera shows.
        seconds: how long to record.
        window_size: width and height of the window in pixels.
        sound: whether a generated microphone is recorded too.
        home: an empty folder for settings and the recording.

    Returns:
        ``frame``, ``window``, ``seconds``, ``recorded`` frames, those ``left_out`` of the recording and why
        (``shortage``), those ``missing`` for whatever reason, also because nobody took them from the camera,
        ``analysed_a_second`` and ``processor_percent_of_one_core`` each before and while it was recorded,
        ``processor_ms_a_recorded_frame``, and with sound ``flashes_with_click`` and ``worst_step_ms``.

    Raises:
        SourceError: no picture came.
        RecordingError: it could not be recorded.
    """
    from webcam_app.window.application import destroy, make_application
    from webcam_app.window.main_window import MainWindow
    from webcam_app.window.settings.file import SettingsFile
    from webcam_app.window.theme import apply_theme

    beat = Beat(time.monotonic(), math.inf)

    def make_engine(analyzer_factory: Callable[[], Analyzer], on_event: Callable[[Event], None]) -> LiveEngine:
        return _Engine(
            analyzer_factory,
            on_event=on_event,
            opener=lambda _spec, **_wishes: GeneratedCamera(pictures, beat),
            sound_opener=beat.open_microphone,
        )

    application = make_application()
    apply_theme(application)
    window = MainWindow(SettingsFile(home / "settings.json"), engine_factory=make_engine, lister=list)
    # In a recording that is mirrored, the flash would be on the other side.
    window.settings_store.update(
        recording_folder=home / "recordings", microphone="generated" if sound else "", mirror_cameras=False
    )
    window.resize(*window_size)
    window.show()
    try:
        window.begin(["generated"])
        report = _record(window, application, seconds)
        return report | (_in_step(home / "recordings", beat.seconds) if sound else {})
    finally:
        destroy(window)


def _record(window: MainWindow, application: QApplication, seconds: float) -> dict[str, Any]:
    live = window.live
    engine = live.engine
    assert isinstance(engine, _Engine)
    if not _wait(application, START_SECONDS, lambda: engine.latest() is not None and engine.analyzer_loaded):
        raise SourceError(engine.message or "The window shows no picture. Is another model named?")
    _wait(application, WARM_UP_SECONDS)
    before = _Moment.now(window)
    _wait(application, min(BEFORE_SECONDS, seconds))
    begun = _Moment.now(window)
    live.toggle_recording()
    if not _wait(application, START_SECONDS, lambda: live.recording.active):
        raise RecordingError("The recording did not begin. Is there space for temporary files?")
    _wait(application, seconds, lambda: not live.recording.active)
    over = _Moment.now(window)
    live.recording.stop()
    _wait(application, STOP_SECONDS, lambda: not live.recording.active)
    summary = engine.summary
    if summary is None or summary.problem:
        problem = None if summary is None else summary.problem
        raise RecordingError(problem or "The recording ended before its time. Is there space for temporary files?")
    idle, busy = begun.since(before), over.since(begun)
    info = engine.statistics().source
    return {
        "frame": [info.width, info.height, FPS] if info is not None else None,
        "window": [window.width(), window.height()],
        "seconds": round(summary.seconds, 2),
        "recorded": summary.frames,
        "left_out": summary.dropped,
        "missing": max(0, round(summary.seconds * FPS) - summary.frames),
        "shortage": summary.shortage.value if summary.shortage is not None else None,
        "analysed_a_second": {"before": round(idle.results, 1), "recording": round(busy.results, 1)},
        "processor_percent_of_one_core": {
            "before": round(100 * idle.processor),
            "recording": round(100 * busy.processor),
        },
        "processor_ms_a_recorded_frame": round(
            1e3 * (over.clock - begun.clock) * (busy.processor - idle.processor) / max(summary.frames, 1), 1
        ),
    }


def _in_step(folder: Path, beat_seconds: float) -> dict[str, Any]:
    found = [step for path in folder.glob("*.mp4") for step in steps(path, BELONGING_SHARE * beat_seconds)]
    worst = max(found, key=abs, default=None)
    return {
        "flashes_with_click": len(found),
        "worst_step_ms": None if worst is None else round(1e3 * worst, 1),
    }


def _pictures(clip: str | None, size: tuple[int, int]) -> RepeatedPictures:
    images: list[Image] = []
    with open_source(clip or str(asset_path("demo.mp4"))) as source:
        while len(images) < PICTURES and (frame := source.read()) is not None:
            images.append(frame.image)
        if not images:
            raise SourceError(f"'{source.info.name}' has no frame to measure on")
        return RepeatedPictures(source.info, scaled(images, [[] for _ in images], size)[0])


def _wait(application: QApplication, seconds: float, done: Callable[[], bool] = lambda: False) -> bool:
    """Let the window work for so long, or until something is done; returns whether it is."""
    from PyQt5.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    look, end = QTimer(), QTimer()
    look.setInterval(20)
    look.timeout.connect(lambda: loop.quit() if done() else None)
    end.setSingleShot(True)
    end.timeout.connect(loop.quit)
    look.start()
    end.start(round(1e3 * seconds))
    loop.exec_()
    return done()


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) > 0 and int(height) > 0):
        raise argparse.ArgumentTypeError(f"'{text}' is no size: write it like 1920x1080")
    return int(width), int(height)


if __name__ == "__main__":
    sys.exit(main())
