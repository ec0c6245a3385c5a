"""The network that describes faces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.teaching.fakes import DIMENSION, SIZE, ColorInterpreter, install, write_network
from webcam_app.errors import InferenceError, ModelError
from webcam_app.faces.labelling.features import FeatureNetwork, load_feature_card
from webcam_app.faces.labelling.population import unit
from webcam_app.resources import FEATURES_VARIABLE, MODEL_VARIABLE, features_path


def crop(*color: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.full((SIZE, SIZE, 3), color, np.uint8)


@pytest.mark.parametrize(("order", "seen"), [("BGR", [1, 2, 3]), ("RGB", [3, 2, 1])])
def test_the_crop_reaches_the_network_in_the_colour_order_of_its_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str, seen: list[int]
) -> None:
    entry = {"size": SIZE, "color_order": order, "crop": {"scale": 1.0, "shift_down": 0.0}}
    install(monkeypatch, tmp_path, input=entry)
    features = FeatureNetwork().describe(crop(1, 2, 3))
    assert features.shape == (DIMENSION,) and features[:3].tolist() == seen


def test_an_int8_output_becomes_real_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Quantized(ColorInterpreter):
        def get_output_details(self) -> list[dict[str, Any]]:
            return [{**super().get_output_details()[0], "quantization": (0.5, -128)}]

        def get_tensor(self, index: int) -> Any:
            return np.full((1, DIMENSION), -126, np.int8)

    install(monkeypatch, tmp_path)
    monkeypatch.setattr("webcam_app.faces.labelling.features.load_interpreter", lambda *_: Quantized())
    assert FeatureNetwork().describe(crop(0, 0, 0)).tolist() == [1.0] * DIMENSION


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outputs": {"classes": "classes"}}, "gives no features"),
        ({"outputs": {"features": "pool"}}, "has no output 'pool'; it has: features"),
        ({"sha256": "0" * 64}, "checksum differs"),
        ({"input": {"size": 64, "color_order": "BGR", "crop": {"scale": 1, "shift_down": 0}}}, r"\[1, 64, 64, 3\]"),
        ({"population": {"mean": [0.0], "deviation": [1.0]}}, "other features than the population"),
        ({"population": {"mean": [0.0], "deviation": [0.0]}}, "deviation above 0"),
    ],
)
def test_a_network_that_does_not_fit_its_card_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], message: str
) -> None:
    install(monkeypatch, tmp_path, **changes)
    with pytest.raises(ModelError, match=message):
        FeatureNetwork()


def test_features_that_are_no_numbers_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(ColorInterpreter):
        def get_tensor(self, index: int) -> Any:
            return np.full((1, DIMENSION), np.nan, np.float32)

    install(monkeypatch, tmp_path)
    monkeypatch.setattr("webcam_app.faces.labelling.features.load_interpreter", lambda *_: Broken())
    with pytest.raises(InferenceError, match="no numbers"):
        FeatureNetwork().describe(crop(0, 0, 0))


def test_unit_features_have_length_one_and_nothing_stays_nothing() -> None:
    assert np.linalg.norm(unit(np.array([3, 4], np.float32))) == pytest.approx(1)
    assert unit(np.zeros(3, np.float32)).tolist() == [0, 0, 0]


def test_taught_models_stand_on_the_network_for_gender_unless_another_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FEATURES_VARIABLE, raising=False)
    monkeypatch.setenv(MODEL_VARIABLE, str(tmp_path / "mine.json"))  # labels with another one, but is taught on this
    assert features_path().name == "gender.tflite"
    assert load_feature_card(features_path()).population is not None
    other = write_network(tmp_path)
    monkeypatch.setenv(FEATURES_VARIABLE, str(other))
    assert features_path() == other
