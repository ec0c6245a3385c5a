"""Measures the grid of photographs: how long the window is held up while it fills and while it is scrolled.

    python -m webcam_app.measure.gallery [FOLDER] [--pictures 10000] [--seconds 10] [--size 1000x720]

Without a folder it makes one of small pictures from the demo clip. Prints one JSON object with a part for each phase:
``list`` until all are listed, ``fill`` while they are labelled, ``scroll and fill`` and ``scroll`` by what a wheel does
60 times a second, ``fling`` through all of them, ``sort``, ``filter``, and ``open again`` until all is shown that was.
``held_up_ms`` is how late a timer of a millisecond came, which is how long the window's longest event took on a machine
with nothing else to do; ``of_itself_ms`` is the same without the time in which the thread could have gone on but other
programs had the cores (Linux; elsewhere null), and ``processor_ms`` the time that it worked. Needs a display; without
one: ``xvfb-run python -m webcam_app.measure.gallery``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from webcam_app.measure.memory import memory_mib, peak_memory_mib
from webcam_app.resources import asset_path

if TYPE_CHECKING:
    from PyQt5.QtWidgets import QApplication

    from webcam_app.window.main_window import MainWindow

PICTURE = (320, 240)
# Frames of the clip that the pictures are made from.
DIFFERENT = 40
SCHEDULED = Path("/proc/thread-self/schedstat")
FRAME_MS = 1000 / 60
# What a notch of a wheel scrolls in a sixtieth of a second of a fast turn, in pixels.
STEP = 24
TIMEOUT_SECONDS = 240.0


class Beat:
    """How late a timer of a millisecond comes, and how often the grid is painted.

    Attributes:
        phases: name of a phase to what was seen in it.
    """

    def __init__(self) -> None:
        """Begin, in no phase."""
        from PyQt5.QtCore import Qt, QTimer

        self.phases: dict[str, dict[str, Any]] = {}
        self._gaps: list[tuple[float, float, float]] = []
        self._paints: list[float] = []
        self._began = self._last = time.perf_counter()
        self._last_thread = time.thread_time()
        self._last_queued = _queued_seconds()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def painted(self, seconds: float) -> None:
        """The grid has just been painted, which took so long."""
        self._paints.append(seconds)

    def begin(self) -> None:
        """A phase begins."""
        self._gaps, self._paints = [], []
        self._began = self._last = time.perf_counter()
        self._last_thread, self._last_queued = time.thread_time(), _queued_seconds()

    def end(self, name: str) -> None:
        """It ends."""
        seconds = time.perf_counter() - self._began
        alone = [] if self._last_queued is None else [1e3 * (wall - queued) - 1 for wall, _, queued in self._gaps]
        self.phases[name] = {
            "seconds": round(seconds, 2),
            "held_up_ms": _spread([1e3 * wall - 1 for wall, _, _ in self._gaps]),
            "of_itself_ms": _spread(alone),
            "processor_ms": _spread([1e3 * thread for _, thread, _ in self._gaps]),
            "paints_a_second": round(len(self._paints) / seconds, 1),
            "paint_ms": _spread([1e3 * paint for paint in self._paints]),
            "memory_mib": round(memory_mib(), 1),
        }

    def _tick(self) -> None:
        now, thread, queued = time.perf_counter(), time.thread_time(), _queued_seconds()
        waited = 0.0 if queued is None or self._last_queued is None else queued - self._last_queued
        self._gaps.append((now - self._last, thread - self._last_thread, waited))
        self._last, self._last_thread, self._last_queued = now, thread, queued


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns 0, or 1 where not all phases were gone through."""
    parser = argparse.ArgumentParser(prog="python -m webcam_app.measure.gallery", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="of pictures; made for the purpose by default")
    parser.add_argument("--pictures", type=int, default=10_000, help="how many are made (10000)")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each phase (10)")
    parser.add_argument("--size", default="1000x720", help="the window's size in pixels")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        os.environ["WEBCAM_APP_HOME"] = home
        folder = arguments.folder or make_pictures(Path(home) / "pictures", arguments.pictures)
        report = _measure(folder, arguments.seconds, arguments.size)
    print(json.dumps(report, indent=2))
    return 0 if "open again" in report["phases"] else 1


def make_pictures(folder: Path, count: int) -> Path:
    """Make a folder of small JPEGs: frames of the demo clip, each brighter or darker, larger or smaller than others.

    Args:
        folder: it is made if it is not there; pictures that are there stay.
        count: how many.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clip = cv2.VideoCapture(str(asset_path("demo.mp4")))
    try:
        frames = [image for good, image in (clip.read() for _ in range(8 * DIFFERENT)) if good][::8]
    finally:
        clip.release()
    random = np.random.default_rng(0)
    for number in range(count):
        frame = frames[number % len(frames)]
        height, width = frame.shape[:2]
        top, left = (int(side * random.uniform(0, 0.15)) for side in (height, width))
        cut = frame[top : top + int(0.85 * height), left : left + int(0.85 * width)]
        image = cv2.convertScaleAbs(cv2.resize(cut, PICTURE), alpha=random.uniform(0.8, 1.2))
        cv2.imwrite(str(folder / f"{number:05}.jpg"), image)
    return folder


def _measure(folder: Path, seconds: float, size: str) -> dict[str, Any]:
    from webcam_app.window.application import destroy, make_application
    from webcam_app.window.main_window import MainWindow
    from webcam_app.window.photographs.grid.grid import PhotographGrid
    from webcam_app.window.settings.file import SettingsFile
    from webcam_app.window.theme import apply_theme

    application = make_application()
    apply_theme(application)
    beat = Beat()
    paint = PhotographGrid.paintEvent

    def timed(grid: Any, event: Any) -> None:
        began = time.perf_counter()
        paint(grid, event)
        beat.painted(time.perf_counter() - began)

    setattr(PhotographGrid, "paintEvent", timed)  # noqa: B010 - a method is replaced for the measurement
    window = MainWindow(SettingsFile(Path(os.environ["WEBCAM_APP_HOME"]) / "settings.json"), lister=list)
    window.resize(*(int(side) for side in size.split("x")))
    window.show()
    before = memory_mib()
    try:
        _go_through(application, window, beat, folder, seconds)
    finally:
        report = {
            "pictures": len(window.photographs.collection.entries),
            "labelled": sum(entry.looked is not None for entry in window.photographs.collection.entries),
            "window": [window.width(), window.height()],
            "load": [round(value, 2) for value in os.getloadavg()] if hasattr(os, "getloadavg") else None,
            "memory_mib": {"before": round(before, 1), "at most": round(peak_memory_mib() or 0.0, 1)},
            "phases": beat.phases,
        }
        destroy(window)
    return report


def _go_through(application: QApplication, window: MainWindow, beat: Beat, folder: Path, seconds: float) -> None:
    from PyQt5.QtWidgets import QScrollBar

    def turn(until: Callable[[], bool], limit: float = TIMEOUT_SECONDS) -> None:
        end = time.perf_counter() + limit
        while not until() and time.perf_counter() < end:
            application.processEvents()
            time.sleep(0.0005)

    turn(lambda: False, 0.5)
    beat.begin()
    window.open(str(folder))
    page = window.photographs
    bar = page.grid.verticalScrollBar()
    assert isinstance(bar, QScrollBar)
    turn(lambda: any(entry.looked is not None for entry in page.collection.entries) or not page.labelling.running)
    beat.end("list")

    def phase(name: str, step: Callable[[float], None]) -> None:
        beat.begin()
        began = due = time.perf_counter()
        while (now := time.perf_counter()) < began + seconds:
            if now >= due:
                step((now - began) / seconds)
                due += FRAME_MS / 1e3 * max(1, round((now - due) / (FRAME_MS / 1e3)))
            application.processEvents()
            time.sleep(0.0005)
        beat.end(name)

    def wheel(_share: float) -> None:
        bar.setValue(bar.value() + STEP)

    phase("fill", lambda _share: None)
    phase("scroll and fill", wheel)
    page.labelling.cancel()
    turn(lambda: not page.labelling.running)
    phase("scroll", wheel)
    phase("fling", lambda share: bar.setValue(round(share * bar.maximum())))
    orders = [2, 1, 3, 0]

    def sort(share: float) -> None:
        order = orders[min(3, int(share * 4))]
        if page.orders.currentIndex() != order:
            page.orders.setCurrentIndex(order)
            page.orders.activated.emit(order)

    phase("sort", sort)
    chips = list(page.chips.chips.values())

    def filtered(share: float) -> None:
        chip = chips[min(len(chips) - 1, int(share * len(chips)))]
        if not chip.isChecked() and chip.isEnabled():
            page.chips.choose(())
            chip.click()

    phase("filter", filtered)
    total, done = len(page.collection.entries), page.collection.done
    beat.begin()
    window.open(str(folder))
    turn(lambda: len(page.collection.entries) >= total and page.collection.done >= done)
    beat.end("open again")


def _queued_seconds() -> float | None:
    """How long this thread has waited for a core since it began; None where the system does not say."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(SCHEDULED.read_bytes().split()[1]) / 1e9
    return None


def _spread(values: Sequence[float]) -> dict[str, float | None]:
    ordered = sorted(values)
    return {
        "median": round(ordered[len(ordered) // 2], 2) if ordered else None,
        "p99": round(ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))], 2) if ordered else None,
        "max": round(ordered[-1], 2) if ordered else None,
    }


if __name__ == "__main__":
    sys.exit(main())
