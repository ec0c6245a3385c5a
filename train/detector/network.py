"""The detector's network: a fully convolutional map of where faces are, and how large.

One small scale range only: 15 to 56 pixels. Everything larger is found in a smaller copy of the picture, so that each
face that training shows teaches the same weights, and costs few pixels.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from train.detector.settings import DetectorSettings

STRIDE = 8
"""Pixels of the picture to a cell of the maps."""
BASE_SIDE = 28.0
"""Side in pixels of the face for which the size's output is 0."""
# The share of cells that are a face's centre: where the logits' bias starts, so that the first steps do not drown in
# background (Lin et al. 2017, arXiv:1708.02002).
PRIOR_LOGIT = -4.0


class Unit(nn.Module):
    """3×3 convolution, batch norm, ReLU; with stride 2 it pads like TensorFlow does for even sizes."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.stride = stride
        self.convolution = nn.Conv2d(inputs, outputs, 3, stride, padding=1 if stride == 1 else 0, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03)

    def forward(self, x: Tensor) -> Tensor:
        """N×C×H×W to N×outputs×H/stride×W/stride."""
        if self.stride == 2:
            x = functional.pad(x, (0, 1, 0, 1))
        return functional.relu(self.norm(self.convolution(x)), inplace=True)


class DetectorNetwork(nn.Module):
    """N×3×H×W float BGR in [-1, 1], H and W multiples of 16, to N×4×H/8×W/8.

    The outputs of a cell: the logit of a face's centre lying in it; the centre's place right of and below the cell's
    centre, in cells; the logarithm of the face's side over ``BASE_SIDE``.
    """

    def __init__(
        self, channels: Sequence[int] = DetectorSettings.channels, coarse: int = DetectorSettings.coarse
    ) -> None:
        super().__init__()
        first, second, third, fourth = channels
        self.stem = nn.ModuleList([Unit(3, first, 2), Unit(first, second, 2), Unit(second, third, 2)])
        self.fine = nn.ModuleList([Unit(third, third), Unit(third, third)])
        self.down = Unit(third, fourth, 2)
        self.coarse = nn.ModuleList([Unit(fourth, fourth) for _ in range(coarse)])
        self.up = nn.Conv2d(fourth, 4 * third, 1)
        self.join = Unit(third, third)
        self.head = nn.Conv2d(third, 4, 1)
        nn.init.normal_(self.head.weight, std=0.01)
        with torch.no_grad():
            self.head.bias.copy_(torch.tensor([PRIOR_LOGIT, 0.0, 0.0, 0.0]))  # type: ignore[union-attr]

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        for unit in self.stem:
            x = unit(x)
        for unit in self.fine:
            x = x + unit(x)
        y: Tensor = self.down(x)
        for unit in self.coarse:
            y = y + unit(y)
        x = x + functional.pixel_shuffle(self.up(y), 2)
        answer: Tensor = self.head(self.join(x))
        return answer


def to_input(scenes: Tensor) -> Tensor:
    """N×H×W×3 bytes to the network's input."""
    return (scenes.permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
