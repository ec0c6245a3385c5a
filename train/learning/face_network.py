"""The frozen face network that gives labels and hints: MobileNetV1 (Howard et al. 2017, arXiv:1704.04861).

It was trained by others to tell people, ages and genders apart (Savchenko 2019, arXiv:1807.07718). It is never trained
here, and nothing that is shipped starts from its weights: the student only learns to predict its features.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from train.errors import TrainError
from train.learning.pretrained import Weights, read_weights

FEATURES = 1024
INPUT_SIZE = 224
"""The side that it was trained at."""
BLUE_GREEN_RED_MEAN = (103.939, 116.779, 123.68)
"""What was taken from every pixel when it was trained."""
# Output channels of the thirteen blocks, and those that halve the resolution: table 1 of the paper.
CHANNELS = (64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
HALVING = (2, 4, 6, 12)
FIRST_CHANNELS = 32


class FaceNetwork(nn.Module):
    """MobileNetV1 with its batch norm folded, TensorFlow's 'same' padding, and no head."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, FIRST_CHANNELS, 3, stride=2)
        self.depthwise, self.pointwise = nn.ModuleList(), nn.ModuleList()
        inputs = FIRST_CHANNELS
        for number, outputs in enumerate(CHANNELS, 1):
            halves = number in HALVING
            self.depthwise.append(nn.Conv2d(inputs, inputs, 3, 2 if halves else 1, 0 if halves else 1, groups=inputs))
            self.pointwise.append(nn.Conv2d(inputs, outputs, 1))
            inputs = outputs

    def forward(self, images: Tensor) -> Tensor:
        """N×3×S×S float BGR less ``BLUE_GREEN_RED_MEAN``, to N×``FEATURES``: the means over the last map."""
        x = functional.relu6(self.first(_padded(images)))
        for depthwise, pointwise in zip(self.depthwise, self.pointwise, strict=True):
            x = functional.relu6(depthwise(_padded(x) if depthwise.stride == (2, 2) else x))
            x = functional.relu6(pointwise(x))
        return x.mean((2, 3))


def _padded(x: Tensor) -> Tensor:
    """TensorFlow's 'same' padding for a 3×3 kernel at stride 2: the odd pixel goes right and below."""
    height, width = x.shape[2:]
    return functional.pad(x, (width % 2, 1, height % 2, 1))


def load_face_network(path: Path) -> FaceNetwork:
    """The network with the folded weights of a file (npz: ``conv1``, ``conv_dw_K`` and ``conv_pw_K``, K from 1).

    Raises:
        TrainError: the file is missing or damaged, or lacks a layer.
    """
    weights = read_weights(path)
    network = FaceNetwork()
    try:
        _copy(network.first, weights, "conv1")
        for number, (depthwise, pointwise) in enumerate(zip(network.depthwise, network.pointwise, strict=True), 1):
            _copy(cast(nn.Conv2d, depthwise), weights, f"conv_dw_{number}")
            _copy(cast(nn.Conv2d, pointwise), weights, f"conv_pw_{number}")
    except (KeyError, RuntimeError) as error:
        raise TrainError(f"'{path}' does not hold the weights of a MobileNetV1 face network: {error}") from None
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network.eval()


@torch.no_grad()
def _copy(layer: nn.Conv2d, weights: Weights, name: str) -> None:
    kernel = torch.from_numpy(weights[f"{name}/kernel"])  # HWIO; of a depthwise layer HWC1
    grouped = name.startswith("conv_dw")
    layer.weight.copy_(kernel.permute(2, 3, 0, 1) if grouped else kernel.permute(3, 2, 0, 1))
    assert layer.bias is not None
    layer.bias.copy_(torch.from_numpy(weights[f"{name}/bias"]))


@torch.inference_mode()
def face_features(network: FaceNetwork, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """Features of face crops, the mean of each and its mirror image: less of them is chance.

    Args:
        network: with its weights.
        images: S×S×3 uint8 BGR each, S usually ``INPUT_SIZE``; not changed.

    Returns:
        N×``FEATURES`` float32.
    """
    where = next(network.parameters()).device
    pixels = torch.from_numpy(np.stack(images)).to(where).permute(0, 3, 1, 2).float()
    pixels = pixels - torch.tensor(BLUE_GREEN_RED_MEAN, device=where)[:, None, None]
    # Not in bfloat16: it is half as fast again, but features then correlate with these by 0.993 only.
    looks = [network(view.contiguous(memory_format=torch.channels_last)) for view in (pixels, pixels.flip(3))]
    features = (looks[0] + looks[1]) / 2
    return np.asarray(features.float().cpu().numpy(), np.float32)
