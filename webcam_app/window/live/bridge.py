"""From the engine's threads to the window's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QObject, Qt, QTimer, pyqtSignal

from webcam_app.errors import ModelError
from webcam_app.live import Event, LiveEngine
from webcam_app.live.analysis import Analyzer

# Looking for a new result costs a few microseconds; at 4 ms it is on its way to the screen 2 ms after it was found.
PULL_MS = 4

EngineFactory = Callable[[Callable[[], Analyzer], Callable[[Event], None]], LiveEngine]


def make_engine(analyzer_factory: Callable[[], Analyzer], on_event: Callable[[Event], None]) -> LiveEngine:
    """The engine that the window uses outside of tests."""
    return LiveEngine(analyzer_factory, on_event=on_event)


class EngineBridge(QObject):
    """Owns the engine. Its signals arrive in the window's thread, whichever thread they come from."""

    engine_event = pyqtSignal(object)
    """An ``Event`` of the engine."""
    result = pyqtSignal(object)
    """A ``Result`` that was not there before; results that were replaced before they could be shown are left out."""
    model_loaded = pyqtSignal(object, str)
    """The model's card or None, and why there is none; with a card, why it is not the model that was wanted."""

    def __init__(self, factory: EngineFactory = make_engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine = factory(self._make_analyzer, self.engine_event.emit)
        self.model: Path | None = None
        """The model to load at first; None for the one that is built in or that the environment names."""
        self._sequence = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PULL_MS)
        self._timer.timeout.connect(self._pull)

    def set_pulling(self, pulling: bool) -> None:
        """Look for new results, or rest while none can come."""
        if pulling != self._timer.isActive():
            if pulling:
                self._timer.start()
            else:
                self._pull()
                self._timer.stop()

    def close(self, timeout_seconds: float) -> bool:
        """End the engine; returns whether all its threads have ended."""
        self._timer.stop()
        return self.engine.close(timeout_seconds)

    def _pull(self) -> None:
        result = self.engine.latest()
        if result is not None and result.sequence != self._sequence:
            self._sequence = result.sequence
            self.result.emit(result)

    def _make_analyzer(self) -> Analyzer:
        """Called in a thread of the engine: where a network is refused, the built-in one is taken."""
        from webcam_app.faces.analyzer import FaceAnalyzer

        problem = ""
        for model in dict.fromkeys((self.model, None)):
            try:
                analyzer = FaceAnalyzer(model)
            except ModelError as error:
                problem = problem or str(error)
            else:
                self.model_loaded.emit(analyzer.card, problem)
                return analyzer
        self.model_loaded.emit(None, problem)
        return FaceAnalyzer(classifier=None)
