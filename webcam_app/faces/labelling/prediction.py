"""A track's label: the predictions of many crops of one face summed up, and whether a mask is worn."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.face import UNSURE
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import Prediction
from webcam_app.faces.labelling.features import Glances
from webcam_app.faces.tflite import logit, sigmoid

# Frames of one track show the same face in nearly the same light and pose, so they repeat each other's errors. With a
# correlation r between two predictions, n of them are worth n / (1 + (n - 1) r) independent ones: 1.18 at most. The
# summed logits grow to no more than that, however long somebody sits there. Chosen by the likelihood of the truth over
# 1,000 tracks of development faces that move as before a webcam, after 8, 30 and 60 looks (``python -m train
# evaluate-tracks``): it is flat from 0.8 to 0.9, in either half of them, and 1 to 2 % worse at 0.7, which is too sure.
CORRELATION = 0.85
# Predictions that count: older ones fade as new ones come, so wrong ones at first do not stay for ever.
WINDOW_PREDICTIONS = 15.0
# A mask hides half of what the label is read from. Predictions of masked crops have a window of their own, so that they
# never displace those from before the mask went on, and they weigh less.
MASKED_SHARE = 0.3
# Hysteresis in log-odds: what is shown follows once the sum has turned back by this much, so that no label or
# percentage flickers. 0.25 is 1 % at 95 % and 6 % at 50 %.
HYSTERESIS = 0.25
# Time constant in seconds with which the mask's probability follows the network: a mask is noticed within a second, and
# a hand that crosses the mouth faster than that does not count.
MASK_SECONDS = 1.15
# Predictions before a label can be stable.
STABLE_PREDICTIONS = 8


@dataclass(slots=True)
class _Window:
    """A running mean over the last ``WINDOW_PREDICTIONS`` predictions' worth of weight."""

    mean: NDArray[np.float32] | None = None
    weight: float = 0.0
    effective: float = 0.0  # sum of squared weights, for the number of predictions that they are worth

    def add(self, value: NDArray[np.float32], weight: float) -> None:
        keep = 1.0 - weight / WINDOW_PREDICTIONS
        total = self.weight * keep + weight
        self.mean = value.copy() if self.mean is None else self.mean + (value - self.mean) * np.float32(weight / total)
        self.effective = self.effective * keep * keep + weight * weight
        self.weight = total

    @property
    def predictions(self) -> float:
        return self.weight * self.weight / self.effective if self.effective else 0.0


@dataclass(slots=True)
class TrackLabel:
    """Predictions summed over a track; made for one card, read in every frame.

    Attributes:
        card: labels and thresholds.
        predictions: how many were added.
        last_predicted: time in seconds of the last of them, minus infinity before the first.
        seen: views of the face, where the classifier takes one in each frame.
    """

    card: ModelCard
    predictions: int = 0
    last_predicted: float = -math.inf
    seen: Glances = field(default_factory=Glances)
    _bare: _Window = field(default_factory=_Window)
    _masked: _Window = field(default_factory=_Window)
    _shown: NDArray[np.float32] | None = None
    _mask: float | None = None
    _mask_shown: float | None = None

    def add(self, prediction: Prediction, time: float, weight: float = 1.0) -> None:
        """Add one prediction.

        Args:
            prediction: what the network said about a crop.
            time: the frame's time in seconds.
            weight: above 0 to 1, how far the crop is to be trusted: less where the face's box is a guess.
        """
        if prediction.mask is not None:
            self._follow_mask(prediction.mask, time, weight)
        # A hand before the mouth hides as much of the face as a mask, and counts as one here.
        covered = prediction.mask is not None and prediction.mask >= 0.5
        (self._masked if covered else self._bare).add(prediction.logits, weight)
        self.predictions += 1
        self.last_predicted = time
        summed = self._sum()
        if self._shown is None:
            self._shown = summed
        else:
            self._shown = np.clip(self._shown, summed - HYSTERESIS / 2, summed + HYSTERESIS / 2)

    @property
    def probabilities(self) -> dict[str, float]:
        """Label to probability, summing to 1; empty before the first prediction."""
        if self._shown is None:
            return {}
        shifted = np.exp((self._shown - self._shown.max()).astype(np.float64))
        return dict(zip(self.card.labels, (shifted / shifted.sum()).tolist(), strict=True))

    @property
    def label(self) -> str | None:
        """The most probable label, ``UNSURE`` where even that is below the card's threshold; None before the first."""
        probabilities = self.probabilities
        if not probabilities:
            return None
        best = max(probabilities, key=probabilities.__getitem__)
        return best if probabilities[best] >= self.card.unsure_below else UNSURE

    @property
    def mask(self) -> float | None:
        """Smoothed probability of a mask, None where the network does not say."""
        return None if self._mask_shown is None else sigmoid(self._mask_shown)

    @property
    def masked(self) -> bool | None:
        """Whether the mask's probability reaches the card's threshold."""
        mask = self.mask
        return None if mask is None or self.card.mask_at is None else mask >= self.card.mask_at

    @property
    def is_stable(self) -> bool:
        """Whether another prediction is unlikely to change what is shown."""
        if self._shown is None or self.predictions < STABLE_PREDICTIONS:
            return False
        best = max(self.probabilities.values())
        return abs(logit(best) - logit(self.card.unsure_below)) > 2 * HYSTERESIS

    def _sum(self) -> NDArray[np.float32]:
        """The windows' mean, times what so many correlated predictions are worth.

        Logits are taken relative to their mean over the labels, so that the factor changes only the differences.
        """
        windows = [window for window in (self._bare, self._masked) if window.mean is not None]
        weights = [window.weight * (MASKED_SHARE if window is self._masked else 1.0) for window in windows]
        mean: NDArray[np.float32] = np.average([window.mean for window in windows], axis=0, weights=weights)
        predictions = sum(window.predictions for window in windows)
        worth = predictions / (1 + (predictions - 1) * CORRELATION)
        summed: NDArray[np.float32] = ((mean - mean.mean()) * worth).astype(np.float32)
        return summed

    def _follow_mask(self, probability: float, time: float, weight: float) -> None:
        value = logit(min(max(probability, 0.01), 0.99))
        if self._mask is None:
            # One prediction may be of a hand that crosses the mouth: it counts half, on its own side of the threshold.
            threshold = logit(0.5 if self.card.mask_at is None else self.card.mask_at)
            self._mask = self._mask_shown = threshold + (value - threshold) / 2
            return
        elapsed = max(0.0, time - self.last_predicted)
        # The first predictions are averaged, so that the very first does not outlast those that contradict it.
        share = max(1 - math.exp(-max(elapsed, 1 / 60) / MASK_SECONDS), 1 / (self.predictions + 2))
        self._mask += (value - self._mask) * weight * share
        shown = self._mask if self._mask_shown is None else self._mask_shown
        self._mask_shown = min(max(shown, self._mask - HYSTERESIS / 2), self._mask + HYSTERESIS / 2)
