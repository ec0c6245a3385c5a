"""What teacher and student minimize: a sum of terms, each a function of the outputs and the batch.

A term finds its targets by ``batch.rows``, so another teacher's labels or a regression target are one more term with a
table of its own (N rows of the cache), and nothing else changes. A term that needs features takes them from further
columns of the outputs, which a network that wraps the student can append.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from train.data.batches import Batch
from train.learning.trainer import Loss


class LossSum:
    """A weighted sum of terms."""

    def __init__(self, terms: Sequence[tuple[float, Loss[Batch]]]) -> None:
        self.terms = tuple(terms)

    def __call__(self, outputs: Tensor, batch: Batch) -> Tensor:
        """N×outputs float32 to a scalar."""
        total = outputs.new_zeros(())
        for weight, term in self.terms:
            total = total + weight * term(outputs, batch)
        return total


class LabelLoss:
    """Cross-entropy to the given labels; faces without one count as 0."""

    def __init__(self, classes: NDArray[np.int16], count: int, smoothing: float) -> None:
        """Keep the targets.

        Args:
            classes: class of each row of the cache, -1 for unknown.
            count: how many classes there are; they are the first columns of the outputs.
            smoothing: label smoothing (Szegedy et al. 2015, arXiv:1512.00567).
        """
        self.classes = torch.from_numpy(classes.astype(np.int64))
        self.count, self.smoothing = count, smoothing

    def __call__(self, outputs: Tensor, batch: Batch) -> Tensor:
        """See ``LossSum``."""
        target = self.classes[batch.rows].to(outputs.device)
        entropy = functional.cross_entropy(
            outputs[:, : self.count], target.clamp(min=0), label_smoothing=self.smoothing, reduction="none"
        )
        return (entropy * (target >= 0)).mean()


class TeacherLoss:
    """Cross-entropy to a teacher's probabilities, both sides softened by a temperature, scaled by its square.

    Hinton et al. 2015 (arXiv:1503.02531). Where a face has a given label too, that counts for the rest of ``share``.
    """

    def __init__(self, logits: Tensor, classes: NDArray[np.int16], share: float, temperature: float) -> None:
        """Keep the targets.

        Args:
            logits: the teacher's, for each row of the cache, N×classes.
            classes: the given class of each row, -1 for unknown.
            share: weight where the given label is known; where it is not, the weight is 1.
            temperature: of the softening.
        """
        self.logits, self.temperature = logits, temperature
        self.weights = torch.from_numpy(np.where(classes >= 0, share, 1.0).astype(np.float32))

    def __call__(self, outputs: Tensor, batch: Batch) -> Tensor:
        """See ``LossSum``."""
        t, where = self.temperature, outputs.device
        target = functional.softmax(self.logits[batch.rows].to(where) / t, 1)
        scores = outputs[:, : target.shape[1]]
        entropy = -(target * functional.log_softmax(scores / t, 1)).sum(1) * t * t
        return (self.weights[batch.rows].to(where) * entropy).mean()


class MaskLoss:
    """Binary cross-entropy of the mask's logit; faces of which nothing is known count as 0."""

    def __init__(self, column: int) -> None:
        self.column = column

    def __call__(self, outputs: Tensor, batch: Batch) -> Tensor:
        """See ``LossSum``."""
        worn = torch.from_numpy(batch.masks.astype(np.float32)).to(outputs.device)
        entropy = functional.binary_cross_entropy_with_logits(
            outputs[:, self.column], worn.clamp(min=0), reduction="none"
        )
        return (entropy * (worn >= 0)).mean()
