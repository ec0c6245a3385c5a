"""The face network, labels by folds, hints, and training that goes on from an exported student."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install 'webcam-app[train]'")

from train.data.batches import Batch
from train.errors import TrainError
from train.learning.face_network import CHANNELS, FEATURES, FIRST_CHANNELS, face_features, load_face_network
from train.learning.heads import folds_of, out_of_fold_logits
from train.learning.hints import HintedNetwork, HintLoss, Hints, freeze_through
from train.learning.networks import MobileNetV2
from train.learning.trainer import parameter_groups
from train.pipeline.step_2_hints import principal_axes


def random_face_weights(path: Path, seed: int = 0) -> Path:
    """An npz as of a face network, with random weights."""
    rng = np.random.default_rng(seed)
    arrays: dict[str, NDArray[np.float16]] = {}

    def layer(name: str, *shape: int) -> None:
        depthwise = name.startswith("conv_dw")
        inputs = shape[0] * shape[1] * (1 if depthwise else shape[2])
        arrays[f"{name}/kernel"] = rng.normal(0, (2 / inputs) ** 0.5, shape).astype(np.float16)
        outputs = shape[2] if depthwise else shape[3]
        arrays[f"{name}/bias"] = rng.normal(0, 0.1, outputs).astype(np.float16)

    layer("conv1", 3, 3, 3, FIRST_CHANNELS)
    inputs = FIRST_CHANNELS
    for number, outputs in enumerate(CHANNELS, 1):
        layer(f"conv_dw_{number}", 3, 3, inputs, 1)
        layer(f"conv_pw_{number}", 1, 1, inputs, outputs)
        inputs = outputs
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("size", [64, 75])
def test_the_face_network_gives_kerass_features(tmp_path: Path, size: int) -> None:
    keras = pytest.importorskip("keras", reason="compared with Keras: pip install 'webcam-app[train]'")
    path = random_face_weights(tmp_path / "face.npz")
    with np.load(path) as weights:
        x = image = keras.Input((size, size, 3))
        model_weights = {}
        for number in range(14):
            for kind in ("conv_dw", "conv_pw") if number else ("conv1",):
                name = f"{kind}_{number}" if number else kind
                stride = 2 if name in ("conv1", "conv_dw_2", "conv_dw_4", "conv_dw_6", "conv_dw_12") else 1
                kernel, bias = (weights[f"{name}/{part}"].astype(np.float32) for part in ("kernel", "bias"))
                layers = keras.layers
                x = (
                    layers.DepthwiseConv2D(3, stride, padding="same", name=name)
                    if kind == "conv_dw"
                    else layers.Conv2D(kernel.shape[3], kernel.shape[:2], stride, padding="same", name=name)
                )(x)
                x = layers.ReLU(6.0)(x)
                model_weights[name] = [kernel, bias]
        model = keras.Model(image, keras.layers.GlobalAveragePooling2D()(x))
    for name, values in model_weights.items():
        model.get_layer(name).set_weights(values)
    pictures = np.random.default_rng(1).integers(0, 256, (2, size, size, 3), np.uint8)
    centred = pictures.astype(np.float32) - np.array([103.939, 116.779, 123.68], np.float32)
    theirs = (np.asarray(model(centred)) + np.asarray(model(centred[:, :, ::-1]))) / 2
    mine = face_features(load_face_network(path), list(pictures))
    assert mine.shape == (2, FEATURES)
    assert np.abs(mine - theirs).max() < 1e-3 * max(1.0, np.abs(theirs).max())


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    np.savez(path, **{"conv1/kernel": np.zeros((3, 3, 3, 8), np.float16), "conv1/bias": np.zeros(8, np.float16)})
    with pytest.raises(TrainError, match="MobileNetV1 face network"):
        load_face_network(path)


def test_a_face_is_labelled_by_a_head_that_was_not_taught_with_it() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(0, 1, (600, 24)).astype(np.float32)
    noise = rng.integers(0, 2, 600)
    folds = folds_of([f"face {number}" for number in range(600)], 3, 1)
    logits = out_of_fold_logits(features, noise, folds, 2, seed=1)
    # Labels of pure chance can only be known by heart: out of fold they are not.
    assert abs((logits.argmax(1) == noise).mean() - 0.5) < 0.1


def test_heads_learn_what_the_features_show_and_label_faces_outside_all_folds() -> None:
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 3, 900)
    features = (rng.normal(0, 1, (900, 16)) + 3 * np.eye(3, 16)[classes]).astype(np.float16)
    folds = folds_of([str(number) for number in range(900)], 3, 1)
    given = classes.copy()
    folds[:100], given[100:150] = -1, -1
    logits = out_of_fold_logits(features, given, folds, 3, seed=1)
    assert (logits.argmax(1) == classes).mean() > 0.9
    assert (logits[:150].argmax(1) == classes[:150]).mean() > 0.85


def test_one_fold_is_too_few() -> None:
    with pytest.raises(TrainError, match="two folds"):
        out_of_fold_logits(np.zeros((4, 2), np.float32), np.zeros(4, int), np.zeros(4, int), 2, seed=1)


def _hints(rows: int, size: int = 8) -> Hints:
    rng = np.random.default_rng(0)
    features = rng.normal(0, 1, (rows, size)).astype(np.float16)
    features[-1] = 0
    return Hints(features, np.arange(rows, dtype=np.int16) % 3, 3)


def test_a_hinted_student_answers_like_the_student_first() -> None:
    student = MobileNetV2(3, width=0.35, folded=True)
    hinted = HintedNetwork(student, _hints(4)).eval()
    images = torch.zeros(2, 3, 32, 32)
    with torch.no_grad():
        answers = hinted(images)
        assert answers.shape == (2, 3 + 3 + 8)
        assert torch.allclose(answers[:, :3], student(images))


def test_the_hints_loss_is_zero_for_the_right_direction_and_for_faces_without_features() -> None:
    hints = _hints(4)
    loss = HintLoss(hints.features, column=2)
    rows = np.arange(4)
    batch = Batch(torch.zeros(4, 3, 8, 8), rows, np.zeros(4, np.int8))
    right = torch.cat([torch.zeros(4, 2), 5 * torch.from_numpy(hints.features.astype(np.float32))], 1)
    right[-1] = 7
    assert float(loss(right, batch)) == pytest.approx(0, abs=1e-5)
    assert float(loss(-right, batch)) == pytest.approx(2 * 3 / 4, abs=1e-5)
    assert hints.known.tolist() == [True, True, True, False]


def test_frozen_blocks_are_not_trained() -> None:
    student = MobileNetV2(3, width=0.35, folded=True)
    freeze_through(student, "block_6")
    trained = {id(p) for group in parameter_groups(student, [], 0.0, 1.0) for p in group["params"]}
    assert all(id(p) not in trained for p in student.unit("block_6_project").parameters())
    assert all(id(p) in trained for p in student.unit("block_7_expand").parameters())
    with pytest.raises(ValueError, match="no block 'block_99'"):
        freeze_through(student, "block_99")
    with pytest.raises(ValueError, match="folded"):
        freeze_through(MobileNetV2(3, width=0.35), "block_6")


def test_principal_axes_keep_the_direction_of_most_variance() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(0, [5, 1, 0.1], (500, 3)).astype(np.float32)
    axes = principal_axes(features, 2)
    assert axes.shape == (3, 2)
    assert np.abs(axes).argmax(0).tolist() == [0, 1]
    assert axes[0, 0] > 0.99
