"""Measures the running window: from a wish to go elsewhere in a video to the picture painted.

    python -m webcam_app.measure.seeking VIDEO [--count 40] [--size 1000x720] [--playing]

Prints one JSON object. ``painted_ms`` is until a picture from there is painted, which is one on the way to it where the
video has few key pictures; ``exact_ms`` until it is the very one; ``faces_ms`` until its faces are there too, where it
has any. Needs a display; without one: ``xvfb-run python -m webcam_app.measure.seeking VIDEO``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PyQt5.QtWidgets import QApplication

    from webcam_app.window.main_window import MainWindow

OPEN_SECONDS, SEEK_SECONDS, FACES_SECONDS = 30.0, 10.0, 3.0
# The strip is filled first, so that it does not take a core meanwhile.
SCAN_SECONDS = 120.0
SEED = 7


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns 0, or 1 where the video cannot be sought."""
    parser = argparse.ArgumentParser(prog="python -m webcam_app.measure.seeking", description=__doc__)
    parser.add_argument("video", help="a video file")
    parser.add_argument("--count", type=int, default=40, help="how many places to go to")
    parser.add_argument("--size", default="1000x720", help="the window's size in pixels")
    parser.add_argument("--playing", action="store_true", help="while it plays; else it is paused")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        os.environ["WEBCAM_APP_HOME"] = home
        report = _measure(arguments.video, arguments.count, arguments.size, playing=arguments.playing)
    print(json.dumps(report, indent=2))
    return 0 if report.get("painted_ms") else 1


def _measure(video: str, count: int, size: str, *, playing: bool) -> dict[str, Any]:
    from webcam_app.window.application import destroy, make_application
    from webcam_app.window.main_window import MainWindow
    from webcam_app.window.settings.file import SettingsFile
    from webcam_app.window.theme import apply_theme

    application = make_application()
    apply_theme(application)
    window = MainWindow(SettingsFile(Path(os.environ["WEBCAM_APP_HOME"]) / "settings.json"), lister=list)
    window.resize(*(int(side) for side in size.split("x")))
    window.show()
    window.begin([video])
    live = window.live
    waits = _Waits(application)
    try:
        if not waits.until(lambda: live.player.info is not None and live.engine.analyzer_loaded, OPEN_SECONDS):
            return {"video": video, "problem": live.engine.message or "it cannot be sought"}
        waits.until(lambda: live.player.scanning.ended, SCAN_SECONDS)
        info = live.player.info
        length = live.player.scanning.timeline.seconds if live.player.scanning.timeline is not None else 0.0
        seeks = _Seeks(window, waits)
        live.player_actions.loop.trigger()
        live.engine.transport.seek(0.0)
        live.engine.transport.set_paused(not playing)
        dice = random.Random(SEED)
        for _ in range(count):
            seeks.go(dice.uniform(0.0, length), playing=playing)
        return {
            "video": video,
            "frame": [info.width, info.height, info.fps] if info is not None else None,
            "seconds": round(length, 2),
            "playing": playing,
            "seeks": count,
            "painted_ms": _figures(seeks.painted),
            "exact_ms": _figures(seeks.exact),
            "faces_ms": _figures(seeks.faces),
        }
    finally:
        destroy(window)


class _Waits:
    """Lets the window work until something is so."""

    def __init__(self, application: QApplication) -> None:
        self._application = application

    def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            self._application.processEvents()
            time.sleep(0.0005)
        return condition()


class _Seeks:
    """Goes to places and notes how long each took, in milliseconds."""

    def __init__(self, window: MainWindow, waits: _Waits) -> None:
        self._live, self._waits = window.live, waits
        self.painted: list[float] = []
        self.exact: list[float] = []
        self.faces: list[float] = []
        self._painted: list[tuple[float, float, int]] = []
        forward = self._live.canvas.on_painted

        def on_painted(sequence: int) -> None:
            forward(sequence)
            result = self._live.canvas.result
            if result is not None and result.sequence == sequence and result.frame.position is not None:
                self._painted.append((time.monotonic(), result.frame.position, len(result.faces)))

        self._live.canvas.on_painted = on_painted

    def go(self, seconds: float, *, playing: bool) -> None:
        period = 1.0 / (self._live.player.info.fps or 30.0) if self._live.player.info is not None else 1 / 30
        before = self._painted[-1][1] if self._painted else -1.0
        self._painted.clear()
        began = time.monotonic()
        self._live.player.seek(seconds)

        def there(position: float) -> bool:
            return seconds - 1.5 * period <= position <= seconds + (2 * period if playing else 1e-3)

        def passed(position: float) -> bool:
            return abs(position - before) > 3 * period or there(position)

        if self._waits.until(lambda: any(there(position) for _, position, _ in self._painted), SEEK_SECONDS):
            self.exact.append(1e3 * (next(at for at, position, _ in self._painted if there(position)) - began))
            self.painted.append(1e3 * (next(at for at, position, _ in self._painted if passed(position)) - began))
        if not playing and self._waits.until(lambda: any(faces for _, _, faces in self._painted), FACES_SECONDS):
            self.faces.append(1e3 * (next(at for at, _, faces in self._painted if faces) - began))


def _figures(milliseconds: Sequence[float]) -> dict[str, float] | None:
    ordered = sorted(milliseconds)
    if not ordered:
        return None
    last = len(ordered) - 1
    shares = {"median": 0.5, "p95": 0.95, "worst": 1.0}
    return {name: round(ordered[min(last, int(share * len(ordered)))], 1) for name, share in shares.items()}


if __name__ == "__main__":
    sys.exit(main())
