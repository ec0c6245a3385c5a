"""Measures the running window: from picture taken to picture painted, and what it costs.

    python -m webcam_app.measure.latency [SOURCE] [--seconds 10] [--size 1000x720] [--history]

Prints one JSON object. Needs a display; without one: ``xvfb-run python -m webcam_app.measure.latency``. A picture is
painted when Qt has handed the window's pixels to the display server; what the screen adds is not seen from here.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from webcam_app.measure.memory import memory_mib

if TYPE_CHECKING:
    from webcam_app.window.main_window import MainWindow

# The network is loaded, the first sweep is through and the encoder's and painter's buffers are there.
WARM_UP_SECONDS = 2.0
FIRST_FRAME_TIMEOUT_SECONDS = 30.0


@dataclass
class Measurement:
    """What was seen between the end of the warm-up and the end.

    Attributes:
        latencies_ms: from taken to painted, one for each painted result.
        began: ``time.monotonic()`` at the first picture, None before.
        processor_began: processor seconds of the process at the end of the warm-up.
        measuring_since: ``time.monotonic()`` then.
    """

    latencies_ms: list[float] = field(default_factory=list)
    began: float | None = None
    processor_began: float = 0.0
    measuring_since: float | None = None

    def painted(self, taken_at: float) -> None:
        """A picture taken at ``time.monotonic()`` has just been painted."""
        now = time.monotonic()
        if self.began is None:
            self.began = now
        if self.measuring_since is None and now - self.began >= WARM_UP_SECONDS:
            self.measuring_since, self.processor_began = now, time.process_time()
        elif self.measuring_since is not None:
            self.latencies_ms.append(1e3 * (now - taken_at))

    def report(self, window: MainWindow, source: str) -> dict[str, Any]:
        """The figures as a JSON object."""
        now = time.monotonic()
        seconds = now - (self.measuring_since or now)
        ordered = sorted(self.latencies_ms)
        info = window.live.engine.statistics().source
        return {
            "source": source,
            "frame": [info.width, info.height, info.fps] if info else None,
            "window": [window.width(), window.height()],
            "seconds": round(seconds, 2),
            "painted": len(ordered),
            "fps": round(len(ordered) / seconds, 2) if seconds else 0.0,
            "dropped": window.live.engine.statistics().dropped,
            "latency_ms": {name: _quantile(ordered, share) for name, share in QUANTILES.items()},
            "processor_percent_of_one_core": (
                round(100 * (time.process_time() - self.processor_began) / seconds, 1) if seconds else None
            ),
            "memory_mib": round(memory_mib(), 1),
        }


QUANTILES = {"median": 0.5, "p95": 0.95, "p99": 0.99}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns 0, or 1 where no picture came."""
    parser = argparse.ArgumentParser(prog="python -m webcam_app.measure.latency", description=__doc__)
    parser.add_argument("source", nargs="?", help="as for webcam-app --source; the demo clip by default")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long to measure after a warm-up")
    parser.add_argument("--size", default="1000x720", help="the window's size in pixels")
    parser.add_argument("--record", action="store_true", help="record meanwhile, into a temporary folder")
    parser.add_argument("--history", action="store_true", help="show the last minute below the picture meanwhile")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        os.environ["WEBCAM_APP_HOME"] = home
        report = _measure(
            arguments.source, arguments.seconds, arguments.size, record=arguments.record, history=arguments.history
        )
    print(json.dumps(report, indent=2))
    return 0 if report["painted"] else 1


def _measure(source: str | None, seconds: float, size: str, *, record: bool, history: bool) -> dict[str, Any]:
    from PyQt5.QtCore import QTimer

    from webcam_app.window.application import destroy, make_application
    from webcam_app.window.main_window import MainWindow
    from webcam_app.window.settings.file import SettingsFile
    from webcam_app.window.theme import apply_theme

    application = make_application()
    apply_theme(application)
    window = MainWindow(SettingsFile(Path(os.environ["WEBCAM_APP_HOME"]) / "settings.json"), lister=list)
    window.resize(*(int(side) for side in size.split("x")))
    window.show()
    measurement = Measurement()
    forward = window.live.canvas.on_painted

    def on_painted(sequence: int) -> None:
        forward(sequence)
        result = window.live.canvas.result
        if result is not None and result.sequence == sequence:
            measurement.painted(result.frame.taken_at)
            if record and not window.live.recording.active:
                window.live.toggle_recording()
            if measurement.measuring_since is not None and not end.isActive():
                end.start()

    window.live.canvas.on_painted = on_painted
    end = QTimer()
    end.setSingleShot(True)
    end.setInterval(round(1e3 * seconds))
    end.timeout.connect(application.quit)
    QTimer.singleShot(round(1e3 * (FIRST_FRAME_TIMEOUT_SECONDS + seconds)), application.quit)
    if history:
        window.live.actions_.history.trigger()
    window.begin([] if source is None else [source])
    application.exec_()
    report = measurement.report(window, source or "demo clip")
    destroy(window)
    return report


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) if ordered else None


if __name__ == "__main__":
    sys.exit(main())
