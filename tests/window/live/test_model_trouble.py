"""The network is refused or fails: the picture goes on, and the window says why there are no labels."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import EndlessSource, FakeAnalyzer, FakeEngine
from webcam_app.live import LiveEngine
from webcam_app.resources import MODEL_VARIABLE, model_path
from webcam_app.window.live.bridge import make_engine
from webcam_app.window.main_window import MainWindow


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the application's network, which the test damages."""
    copy = tmp_path / "model.tflite"
    shutil.copy(model_path(), copy)
    shutil.copy(model_path().with_suffix(".json"), copy.with_suffix(".json"))
    monkeypatch.setenv(MODEL_VARIABLE, str(copy))
    return copy


def truncate(model: Path) -> None:
    model.write_bytes(model.read_bytes()[:5000])


def flip_bit(model: Path) -> None:
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)


def remove(model: Path) -> None:
    model.unlink()


def spoil_card(model: Path) -> None:
    model.with_suffix(".json").write_text("{")


@pytest.mark.parametrize("damage", [truncate, flip_bit, remove, spoil_card])
def test_a_refused_model_is_named_and_the_plain_picture_goes_on(
    damage: object, model: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    assert callable(damage)
    damage(model)

    def factory(make: object, on_event: object) -> LiveEngine:
        engine = make_engine(make, on_event)  # type: ignore[arg-type]
        engine._opener = lambda spec, **_wishes: EndlessSource()
        return engine

    window = open_window("0", engine_factory=factory)
    qtbot.waitUntil(lambda: "Faces stay without labels" in window.banner.text.text())
    assert model.stem in window.banner.text.text()
    qtbot.waitUntil(lambda: window.live.canvas.result is not None)


def test_a_network_that_keeps_failing_is_told_and_taken_back_when_it_works(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    analyzer = FakeAnalyzer()
    analyzer.problem = "The network answered with numbers that are no probabilities."
    window = open_window("0", real=True, opener=lambda spec, **_wishes: EndlessSource(), analyzer=lambda: analyzer)
    qtbot.waitUntil(lambda: "no probabilities" in window.banner.text.text())
    assert window.live.canvas.result is not None
    assert all(face.label is None for face in window.live.canvas.result.faces)
    analyzer.problem = None
    qtbot.waitUntil(lambda: not window.banner.isVisible())


def test_a_closed_message_does_not_come_back_every_second(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver()
    engine.analysis_problem = "Faces are not found."
    window.live._every_second()
    assert "Faces are not found." in window.banner.text.text()
    window.banner._close.click()
    window.live._every_second()
    assert not window.banner.isVisible()
