"""The network behind its card."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.faces.fakes import SIZE, FakeInterpreter, write_model
from webcam_app.errors import InferenceError, ModelError
from webcam_app.faces.labelling import classifier as classifier_module
from webcam_app.faces.labelling.classifier import Classifier

Load = Callable[..., Classifier]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """``load(interpreter, **changes to the card)``: a classifier on a fake runtime."""

    def make(interpreter: FakeInterpreter, **changes: Any) -> Classifier:
        monkeypatch.setattr(classifier_module, "load_interpreter", lambda *_: interpreter)
        return Classifier(write_model(tmp_path, **changes))

    return make


def crop(blue: int = 10, green: int = 20, red: int = 30) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.full((SIZE, SIZE, 3), (blue, green, red), np.uint8)


def answers(classes: list[float], mask: float = 0.0) -> FakeInterpreter:
    return FakeInterpreter(lambda _: {"classes": classes, "mask": mask})


def test_logits_are_divided_by_the_temperature_of_the_card(load: Load) -> None:
    prediction = load(answers([3.0, -1.0])).classify([crop()])[0]
    assert prediction.logits.tolist() == [1.5, -0.5]


def test_the_mask_is_a_probability(load: Load) -> None:
    assert load(answers([0.0, 0.0], mask=0.0)).classify([crop()])[0].mask == pytest.approx(0.5)


def test_a_network_without_a_mask_output_says_nothing_about_masks(load: Load) -> None:
    network = FakeInterpreter(lambda _: {"classes": [0.0, 0.0]}, outputs=("classes",))
    assert load(network, outputs={"classes": "classes"}).classify([crop()])[0].mask is None


@pytest.mark.parametrize(("order", "pixel"), [("RGB", [30, 20, 10]), ("BGR", [10, 20, 30])])
def test_the_network_gets_the_colour_order_of_its_card(load: Load, order: str, pixel: list[int]) -> None:
    network = FakeInterpreter(lambda _: {"classes": [0.0, 0.0], "mask": 0.0}, kind=np.uint8)
    card = {"size": SIZE, "color_order": order, "crop": {"scale": 1.25, "shift_down": 0.05}}
    load(network, input=card).classify([crop()])
    assert network.seen[0][0, 0].tolist() == pixel


@pytest.mark.parametrize(("kind", "value"), [(np.uint8, 30), (np.int8, -98), (np.float32, 30.0)])
def test_the_network_gets_its_own_number_format(load: Load, kind: type, value: float) -> None:
    network = FakeInterpreter(lambda _: {"classes": [0.0, 0.0], "mask": 0.0}, kind=kind)
    load(network).classify([crop()])
    assert network.seen[0].dtype == kind
    assert network.seen[0][0, 0, 0] == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30])
def test_answers_that_are_no_numbers_are_a_failure(load: Load, value: float) -> None:
    with pytest.raises(InferenceError, match="no probabilities"):
        load(answers([value, 0.0])).classify([crop()])


def test_a_runtime_that_fails_is_a_failure_of_the_network(load: Load) -> None:
    def fail(_: object) -> dict[str, float]:
        raise RuntimeError("out of memory")

    with pytest.raises(InferenceError, match="out of memory"):
        load(FakeInterpreter(fail)).classify([crop()])


def test_a_crop_of_another_size_is_refused(load: Load) -> None:
    with pytest.raises(ValueError, match="crop"):
        load(answers([0.0, 0.0])).classify([np.zeros((SIZE, SIZE + 1, 3), np.uint8)])


def test_a_card_that_names_an_output_that_is_not_there_is_refused(load: Load) -> None:
    with pytest.raises(ModelError, match="'gender'"):
        load(answers([0.0, 0.0]), outputs={"classes": "gender"})


def test_a_card_with_more_labels_than_the_network_has_is_refused(load: Load) -> None:
    with pytest.raises(ModelError, match="needs 3"):
        load(answers([0.0, 0.0]), labels=["a", "b", "c"])


def test_a_file_that_is_no_network_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="refused") as caught:
        Classifier(write_model(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_damaged_network_is_refused(tmp_path: Path) -> None:
    path = write_model(tmp_path)
    path.write_bytes(b"a netw0rk")
    with pytest.raises(ModelError, match="damaged"):
        Classifier(path)


def test_a_missing_network_is_named(tmp_path: Path) -> None:
    path = write_model(tmp_path)
    path.unlink()
    with pytest.raises(ModelError, match="missing"):
        Classifier(path)
