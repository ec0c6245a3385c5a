"""The networks compute what Keras's do, before and after folding and quantization."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")
keras = pytest.importorskip("keras", reason="the conversion needs Keras: pip install 'webcam-app[train]'")

from train.learning.keras_twin import keras_twin
from train.learning.networks import InceptionV3, MobileNetV2
from train.learning.pretrained import keras_weights, load_inception, load_mobilenet
from train.learning.quantize import add_quantization, fold, remove_quantization


def _shuffle_statistics(model: object) -> None:
    """Give a Keras model batch norm that does something, so that folding it wrongly shows."""
    rng = np.random.default_rng(0)
    for layer in model.layers:  # type: ignore[attr-defined]
        if "BatchNormalization" in type(layer).__name__:
            *trained, mean, variance = layer.get_weights()
            trained = [value + rng.normal(0, 0.1, value.shape) for value in trained]
            layer.set_weights(
                [*trained, mean + rng.normal(0, 0.1, mean.shape), variance * rng.uniform(0.5, 2, variance.shape)]
            )


def _images(size: int, count: int = 2) -> np.ndarray:
    return np.random.default_rng(1).uniform(-1, 1, (count, size, size, 3)).astype(np.float32)


@pytest.mark.parametrize("size", [75, 96])
def test_inception_with_keras_weights_gives_keras_features(size: int) -> None:
    model = keras.applications.InceptionV3(include_top=False, weights=None)
    _shuffle_statistics(model)
    network = InceptionV3(2, last_pool="average").eval()
    assert load_inception(network, keras_weights(model)) == []
    images = _images(size)
    with torch.no_grad():
        mine = network.maps(torch.from_numpy(images).permute(0, 3, 1, 2)).permute(0, 2, 3, 1).numpy()
    theirs = np.asarray(model(images, training=False))
    assert np.abs(mine - theirs).max() < 1e-3 * np.abs(theirs).max()


def test_mobilenet_gives_the_folded_networks_answers_and_gets_its_batch_norm_back() -> None:
    model = keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(96, 96, 3))
    _shuffle_statistics(model)
    images = _images(96, 8)
    network = MobileNetV2(3).eval()
    tensor = torch.from_numpy(images).permute(0, 3, 1, 2)
    load_mobilenet(network, keras_weights(model), tensor)
    features = np.asarray(model(images, training=False)).mean((1, 2))
    with torch.no_grad():
        expected = network.head(torch.from_numpy(features)).numpy()
        answers = network(tensor).numpy()
        in_training = network.train()
        in_training.dropout.p = 0.0
        normalised = in_training(tensor).numpy()
    assert np.abs(answers - expected).max() < 1e-3 * max(1.0, np.abs(expected).max())
    # The statistics are those of these very images, so training mode computes the same.
    assert np.abs(normalised - expected).max() < 2e-2 * max(1.0, np.abs(expected).max())


@pytest.mark.parametrize("size", [48, 56, 75])
def test_the_keras_twin_of_a_student_computes_the_same(size: int) -> None:
    torch.manual_seed(0)
    network = MobileNetV2(4, width=0.35)
    torch.nn.init.normal_(network.head.weight, std=1.0)
    images = _images(size, 4)
    tensor = torch.from_numpy(images).permute(0, 3, 1, 2)
    network.train()(tensor)  # moves the batch norm's statistics away from their start
    with torch.no_grad():
        expected = network.eval()(tensor).numpy()
    twin = keras_twin(network, size, scale_input=False)
    answers = [twin(image[None]) for image in images]
    mine = np.array([[*np.asarray(a["classes"])[0], *np.asarray(a["mask"])[0]] for a in answers])
    assert np.abs(mine - expected).max() < 1e-4 * max(1.0, np.abs(expected).max())


def test_folding_and_removing_quantization_leave_the_function_as_it_was() -> None:
    torch.manual_seed(0)
    network = MobileNetV2(3, width=0.35)
    tensor = torch.from_numpy(_images(64, 4)).permute(0, 3, 1, 2)
    network.train()(tensor)
    network.eval()
    with torch.no_grad():
        expected = network(tensor)
        tuned = fold(network, 3, 0.35)
        assert torch.allclose(tuned(tensor), expected, atol=1e-5)
        add_quantization(tuned)
        tuned.train()(tensor)
        rounded = tuned.eval()(tensor)
        assert not torch.equal(rounded, expected)
        remove_quantization(tuned)
        assert torch.allclose(tuned(tensor), expected, atol=1e-5)
