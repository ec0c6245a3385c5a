"""What teacher and student learn beside their labels, so that their features become those of a face network.

Hints (Romero et al. 2015, arXiv:1412.6550): a linear layer on a network's pooled features predicts the features of a
frozen face network. A second layer tells age bands apart. Neither layer is shipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from train.data.batches import Batch
from train.learning.losses import LabelLoss, LossSum
from train.learning.networks import MobileNetV2
from train.learning.trainer import Loss


class Hintable(Protocol):
    """A network whose last layer stands on pooled features."""

    @property
    def feature_count(self) -> int:
        """Numbers of a face's features."""

    @property
    def dropout(self) -> nn.Module:
        """Before the last layer."""

    @property
    def head(self) -> nn.Module:
        """The last layer."""

    def features(self, x: Tensor) -> Tensor:
        """N×3×S×S images to N×``feature_count`` float32."""


N = TypeVar("N", bound=Hintable)


@dataclass(frozen=True)
class Hints:
    """Targets by rows of the cache.

    Attributes:
        features: N×D float16, features of the face network about their mean; rows of zeros have none.
        bands: N int16, number of the age band; -1 where unknown.
        band_count: number of age bands; 0 where the data names none.
    """

    features: NDArray[np.float16]
    bands: NDArray[np.int16]
    band_count: int

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which rows have features."""
        return np.asarray((self.features != 0).any(1), np.bool_)


class HintedNetwork(nn.Module, Generic[N]):
    """A network with the two layers that learn its hints.

    Gives N×(own outputs + bands + D): the network's own outputs first, so that it can be measured like the network.
    """

    def __init__(self, network: N, hints: Hints) -> None:
        super().__init__()
        self.network = network
        self.bands = nn.Linear(network.feature_count, hints.band_count)
        self.hint = nn.Linear(network.feature_count, hints.features.shape[1])

    def forward(self, images: Tensor) -> Tensor:
        """See the class's text; images as the network takes them."""
        features = self.network.features(images)
        own = self.network.head(self.network.dropout(features))
        return torch.cat([own, self.bands(self.network.dropout(features)), self.hint(features)], 1)

    def aids(self) -> dict[str, dict[str, Tensor]]:
        """The weights of the two layers, to go on with."""
        return {"bands": self.bands.state_dict(), "hint": self.hint.state_dict()}

    def load_aids(self, state: dict[str, dict[str, Tensor]]) -> None:
        """Take the weights of ``aids``."""
        self.bands.load_state_dict(state["bands"])
        self.hint.load_state_dict(state["hint"])


class HintLoss:
    """One less the cosine between a hint and the face network's features; faces without features count as 0."""

    def __init__(self, features: NDArray[np.float16], column: int) -> None:
        """Keep the targets.

        Args:
            features: of each row of the cache, N×D.
            column: first of the D columns of the outputs that say the hint.
        """
        self.features, self.column = features, column

    def __call__(self, outputs: Tensor, batch: Batch) -> Tensor:
        """See ``LossSum``."""
        target = torch.from_numpy(self.features[batch.rows].astype(np.float32)).to(outputs.device)
        said = outputs[:, self.column : self.column + target.shape[1]]
        return ((1 - functional.cosine_similarity(said, target, 1)) * (target != 0).any(1)).mean()


def hinted_loss(own: Loss[Batch], hints: Hints, outputs: int, *, hint_weight: float, band_weight: float) -> LossSum:
    """A network's own loss, the hints' and the age bands'.

    Args:
        own: of the network's own outputs.
        hints: the targets.
        outputs: how many outputs the network has itself; those of ``HintedNetwork`` follow.
        hint_weight: of the hints' term.
        band_weight: of the age bands'.
    """
    terms: list[tuple[float, Loss[Batch]]] = [(1.0, own)]
    if hints.band_count:
        terms.append((band_weight, LabelLoss(hints.bands, hints.band_count, smoothing=0.0, column=outputs)))
    terms.append((hint_weight, HintLoss(hints.features, outputs + hints.band_count)))
    return LossSum(terms)


def freeze_through(student: MobileNetV2, block: str) -> None:
    """Keep a folded student's layers up to the end of a block as they are, such as ``block_6``.

    Raises:
        ValueError: the student has batch norm, whose statistics would go on moving, or no such block.
    """
    if not student.folded:
        raise ValueError("only a folded student can be frozen in part")
    last = f"{block}_project"
    if last not in student.names:
        raise ValueError(f"there is no block '{block}' to freeze through")
    for name in student.names[: student.names.index(last) + 1]:
        student.unit(name).requires_grad_(False)
