"""ImageNet weights for teacher and student: from files of folded weights, or from Keras, which fetches its own.

Folded means that batch norm is multiplied into each convolution. The teacher stays folded; the student gets its batch
norm back.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from train.errors import TrainError
from train.learning.networks import BATCH_NORM_EPSILON, ConvolutionUnit, InceptionV3, MobileNetV2
from webcam_app.resources import features_path

Weights = Mapping[str, NDArray[np.floating[Any]]]
"""``NAME/kernel`` (HWIO; depthwise HWC1) and ``NAME/bias`` for each convolution."""


def import_keras() -> Any:
    """Keras on TensorFlow, imported after PyTorch's compiler.

    PyTorch imports Triton, where it is installed, with the first optimizer; after TensorFlow that ends the process:
    both bring an LLVM of their own.
    """
    import torch._dynamo  # noqa: F401

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import keras

    return keras


def read_weights(path: Path) -> Weights:
    """Folded weights of an npz file.

    Raises:
        TrainError: it is missing or damaged.
    """
    try:
        with np.load(path) as file:
            return {name: file[name].astype(np.float32) for name in file.files}
    except (OSError, ValueError, EOFError) as error:
        raise TrainError(f"pretrained weights '{path}' cannot be read: {error}") from None


def fetched_weights(name: str, option: str, **arguments: Any) -> Weights:
    """Folded ImageNet weights that Keras fetches, unless it has them already.

    Args:
        name: of the network in ``keras.applications``.
        option: what names a file with them instead, for the message.
        arguments: of the network.

    Raises:
        TrainError: they cannot be fetched.
    """
    keras = import_keras()
    try:
        model = getattr(keras.applications, name)(include_top=False, **arguments)
    except Exception as error:  # Keras raises whatever its download raised, and plain Exception for an address
        reason = " ".join(str(error).split())
        raise TrainError(
            f"the ImageNet weights of {name} cannot be fetched ({reason:.120}): give a file of them with {option}, or "
            f"start from the shipped network with --start-model '{features_path()}'"
        ) from None
    return keras_weights(model)


def keras_weights(model: Any) -> Weights:
    """Fold the batch norm of a Keras model into its convolutions.

    Args:
        model: ``keras.applications`` InceptionV3 or MobileNetV2 without top.

    Returns:
        The weights by the layers' names; Inception's convolutions are renamed ``conv2d_K`` in order of creation.
    """
    weights: dict[str, NDArray[np.floating[Any]]] = {}
    for number, (convolution, norm) in enumerate(_convolutions(model)):
        values = norm.get_weights()
        gamma = values.pop(0) if norm.scale else np.ones_like(values[0])
        beta, mean, variance = values
        factor = gamma / np.sqrt(variance + norm.epsilon)
        kernel = convolution.get_weights()[0]
        depthwise = "Depthwise" in type(convolution).__name__
        inception = convolution.name.startswith("conv2d")
        name = ("conv2d" + (f"_{number}" if number else "")) if inception else convolution.name
        weights[f"{name}/kernel"] = kernel * (factor[:, None] if depthwise else factor)
        weights[f"{name}/bias"] = beta - mean * factor
    return weights


def _convolutions(model: Any) -> Iterator[tuple[Any, Any]]:
    """Convolutions in order of creation, each with the batch norm behind it."""
    kinds = ("Conv2D", "DepthwiseConv2D")
    found = [layer for layer in model.layers if type(layer).__name__ in kinds]
    if any(layer.name.startswith("conv2d") for layer in found):
        found.sort(key=lambda layer: int(layer.name.partition("_")[2] or -1))
    for layer in found:
        norm = layer._outbound_nodes[0].operation
        yield layer, norm


def load_inception(network: InceptionV3, weights: Weights) -> list[int]:
    """Copy folded weights (``conv2d_K``) into a teacher.

    Returns:
        Indices of the units whose kernels are missing; they get a He initialisation.
    """
    missing = []
    for index in range(len(network.units)):
        convolution = network.unit(index).convolution
        assert convolution.bias is not None, "the teacher's units are folded"
        name = f"conv2d_{index}" if index else "conv2d"
        if f"{name}/kernel" not in weights:
            nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
            nn.init.zeros_(convolution.bias)
            missing.append(index)
            continue
        with torch.no_grad():
            convolution.weight.copy_(torch.from_numpy(weights[f"{name}/kernel"]).permute(3, 2, 0, 1))
            convolution.bias.copy_(torch.from_numpy(weights[f"{name}/bias"]))
    return missing


@torch.no_grad()
def load_mobilenet(network: MobileNetV2, weights: Weights, images: Tensor) -> None:
    """Copy folded ImageNet weights into a student of width 1 and unfold its batch norm.

    A folded network has no batch norm statistics. They are measured, layer by layer, on ``images``; gamma and beta are
    then set so that each layer computes what it did.

    Args:
        network: of width 1.
        weights: by Keras's layer names.
        images: N×3×S×S float RGB in [-1, 1], some hundreds, of the kind to be trained on.
    """
    was_training = network.training
    network.eval()

    def unfold(unit: ConvolutionUnit, bias: Tensor) -> RemovableHandle:
        norm = unit.norm
        assert norm is not None and norm.running_mean is not None and norm.running_var is not None
        running_mean, running_var = norm.running_mean, norm.running_var

        def hook(_module: nn.Module, _inputs: object, output: Tensor) -> None:
            mean = output.mean((0, 2, 3))
            variance = output.var((0, 2, 3), unbiased=False)
            running_mean.copy_(mean)
            running_var.copy_(variance)
            norm.weight.copy_((variance + BATCH_NORM_EPSILON).sqrt())
            norm.bias.copy_(mean + bias)

        return unit.convolution.register_forward_hook(hook)

    hooks = []
    for name in network.names:
        unit = network.unit(name)
        order = (2, 3, 0, 1) if name.endswith("depthwise") else (3, 2, 0, 1)
        unit.convolution.weight.copy_(torch.from_numpy(weights[f"{name}/kernel"]).permute(order))
        hooks.append(unfold(unit, torch.from_numpy(weights[f"{name}/bias"])))
    network(images)
    for hook in hooks:
        hook.remove()
    network.train(was_training)
