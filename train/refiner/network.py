"""The box refiner: does a box hold a face, and where exactly does that face lie?

A small network after the refinement step of MTCNN (Zhang et al. 2016, arXiv:1604.02878): 40×40 BGR in, five plain
convolutions, a logit and a correction of the box out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from torch import Tensor, nn
from torch.nn import functional

from train.learning.convert import KerasTwin, folded
from train.refiner.samples import INPUT, RefinerBatch
from train.refiner.settings import RefinerSettings

# Outputs: the logit, then the face's centre to the right of and below the box's in sides of the box, then the logarithm
# of its side over the box's.
OUTPUTS = 4
FACE_OUTPUT = "face"
PLACE_OUTPUT = "place"
# The correction's error from which its loss is linear.
SMOOTH_BELOW = 0.05


class RefinerNetwork(nn.Module):
    """N×3×40×40 float BGR in [-1, 1] to N×4: logit, right, down, log size."""

    def __init__(self, channels: Sequence[int] = RefinerSettings.channels) -> None:
        super().__init__()
        first, second, third, fourth = channels
        convolutions = [
            nn.Conv2d(inputs, outputs, 3, stride, padding=padding, bias=True)
            for inputs, outputs, stride, padding in (
                (3, first, 2, 0),
                (first, second, 2, 0),
                (second, second, 1, 1),
                (second, third, 2, 0),
                (third, fourth, 1, 0),
            )
        ]
        self.convolutions = nn.ModuleList(convolutions)
        self.norms = nn.ModuleList(nn.BatchNorm2d(part.out_channels) for part in convolutions)
        self.head = nn.Linear(fourth * 4, OUTPUTS)

    def units(self) -> list[tuple[nn.Conv2d, nn.BatchNorm2d]]:
        """Each convolution with its batch norm."""
        pairs = zip(self.convolutions, self.norms, strict=True)
        return [(cast(nn.Conv2d, convolution), cast(nn.BatchNorm2d, norm)) for convolution, norm in pairs]

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        for convolution, norm in self.units():
            x = functional.relu(norm(convolution(x)))
        return cast(Tensor, self.head(x.flatten(1)))


class RefinerLoss:
    """Cross-entropy where the answer is clear, and the correction's error where the face's place is known."""

    def __init__(self, place_weight: float) -> None:
        self.place_weight = place_weight

    def __call__(self, outputs: Tensor, batch: RefinerBatch) -> Tensor:
        """N×4 outputs and a batch to a scalar."""
        targets = batch.targets.to(outputs.device)
        weight = targets[:, 1]
        entropy = functional.binary_cross_entropy_with_logits(outputs[:, 0], targets[:, 0], reduction="none")
        loss = (entropy * weight).sum() / weight.sum().clamp(min=1)
        known = ~targets[:, 2].isnan()
        if known.any():
            place = functional.smooth_l1_loss(outputs[known, 1:], targets[known, 2:], beta=SMOOTH_BELOW)
            loss = loss + self.place_weight * place
        return loss


def keras_twin(network: RefinerNetwork) -> Any:
    """The same function in Keras with batch norm folded: 1×40×40×3 in [-1, 1] to ``face`` (logit) and ``place``."""
    twin = KerasTwin(INPUT, scale_input=False)
    x = twin.start
    for number, (convolution, norm) in enumerate(network.units()):
        padding = "same" if convolution.padding[0] else "valid"
        x = twin.convolution(x, f"convolution_{number}", folded(convolution, norm), int(convolution.stride[0]), padding)
        x = twin.layers.ReLU(name=f"relu_{number}")(x)
    # PyTorch flattens channels first.
    x = twin.layers.Flatten()(twin.layers.Permute((3, 1, 2))(x))
    return twin.heads(x, network.head, {FACE_OUTPUT: 1, PLACE_OUTPUT: OUTPUTS - 1})
