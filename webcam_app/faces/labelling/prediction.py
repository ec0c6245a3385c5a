"""What a track has gathered about its face: evidence for the labels, and whether a mask is worn."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.face import UNSURE
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import Prediction
from webcam_app.faces.tflite import sigmoid

# Frames of one track show the same face in nearly the same light and pose, so their errors are mostly shared. With a
# correlation r between two looks, n looks are worth n / (1 + (n - 1) r) independent ones: 1.4 at most. That is what the
# summed evidence may grow to, however long somebody sits there.
CORRELATION = 0.7
# Looks that count: an older one fades as new ones come, so a first impression that was wrong does not stay for ever.
WINDOW_LOOKS = 15.0
# A mask hides half of what the label is read from. Looks with a mask have a window of their own, so they never push out
# what was seen before it went on, and count for less beside it.
MASKED_SHARE = 0.3
# Log-odds by which the evidence must turn back before what is shown follows: it moves freely in one direction, and no
# label or percentage trembles. 0.25 is 1 % at 95 % and 6 % at 50 %.
BACKLASH = 0.25
# Time in seconds in which the mask's state follows the network: a mask is noticed within a second, and a hand that
# crosses the mouth faster than that does not count.
MASK_SECONDS = 1.15


@dataclass(slots=True)
class _Window:
    """A running mean over the last ``WINDOW_LOOKS`` looks' worth of weight."""

    mean: NDArray[np.float32] | None = None
    weight: float = 0.0
    effective: float = 0.0  # sum of squared weights, for the number of looks that the weights are worth

    def add(self, value: NDArray[np.float32], weight: float) -> None:
        keep = 1.0 - weight / WINDOW_LOOKS
        total = self.weight * keep + weight
        self.mean = value.copy() if self.mean is None else self.mean + (value - self.mean) * np.float32(weight / total)
        self.effective = self.effective * keep * keep + weight * weight
        self.weight = total

    @property
    def looks(self) -> float:
        return self.weight * self.weight / self.effective if self.effective else 0.0


@dataclass(slots=True)
class TrackLabel:
    """Evidence summed over a track; made for one card, fed with looks, read in every frame.

    Attributes:
        card: labels and thresholds.
        looks: how often the network has looked.
        last_look: time in seconds of the last look, minus infinity before the first.
    """

    card: ModelCard
    looks: int = 0
    last_look: float = -math.inf
    _bare: _Window = field(default_factory=_Window)
    _masked: _Window = field(default_factory=_Window)
    _shown: NDArray[np.float32] | None = None
    _mask: float | None = None
    _mask_shown: float | None = None

    def add(self, evidence: Prediction, time: float, weight: float = 1.0) -> None:
        """Count one look.

        Args:
            evidence: what the network said.
            time: the frame's time in seconds.
            weight: above 0 to 1, how far the crop is to be trusted: less where the face's place is a guess.
        """
        if evidence.mask is not None:
            self._follow_mask(evidence.mask, time, weight)
        # A hand before the mouth hides as much of the face as a mask: this look counts as one at a masked face.
        covered = evidence.mask is not None and evidence.mask >= 0.5
        (self._masked if covered else self._bare).add(evidence.logits, weight)
        self.looks += 1
        self.last_look = time
        summed = self._sum()
        if self._shown is None:
            self._shown = summed
        else:
            self._shown = np.clip(self._shown, summed - BACKLASH / 2, summed + BACKLASH / 2)

    @property
    def probabilities(self) -> dict[str, float]:
        """Label to probability, summing to 1; empty before the first look."""
        if self._shown is None:
            return {}
        shifted = np.exp((self._shown - self._shown.max()).astype(np.float64))
        return dict(zip(self.card.labels, (shifted / shifted.sum()).tolist(), strict=True))

    @property
    def label(self) -> str | None:
        """The most probable label, ``UNSURE`` where even that is below the card's threshold, None before a look."""
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
    def settled(self) -> bool:
        """Whether another look is unlikely to change what is shown."""
        if self._shown is None or self.looks < 8:
            return False
        best = max(self.probabilities.values())
        return abs(_logit(best) - _logit(self.card.unsure_below)) > 2 * BACKLASH

    def _sum(self) -> NDArray[np.float32]:
        """The windows' mean, times what so many correlated looks are worth.

        Logits are taken relative to their mean over the labels, so that the factor changes only the differences.
        """
        windows = [window for window in (self._bare, self._masked) if window.mean is not None]
        weights = [window.weight * (MASKED_SHARE if window is self._masked else 1.0) for window in windows]
        mean: NDArray[np.float32] = np.average([window.mean for window in windows], axis=0, weights=weights)
        looks = sum(window.looks for window in windows)
        worth = looks / (1 + (looks - 1) * CORRELATION)
        summed: NDArray[np.float32] = ((mean - mean.mean()) * worth).astype(np.float32)
        return summed

    def _follow_mask(self, probability: float, time: float, weight: float) -> None:
        value = _logit(min(max(probability, 0.01), 0.99))
        if self._mask is None:
            # One look may be a hand that crosses the mouth: it is believed half, on its own side of the threshold.
            threshold = _logit(0.5 if self.card.mask_at is None else self.card.mask_at)
            self._mask = self._mask_shown = threshold + (value - threshold) / 2
            return
        elapsed = max(0.0, time - self.last_look)
        # The first looks are averaged, so that the very first does not outlast those that contradict it.
        share = max(1 - math.exp(-max(elapsed, 1 / 60) / MASK_SECONDS), 1 / (self.looks + 2))
        self._mask += (value - self._mask) * weight * share
        shown = self._mask if self._mask_shown is None else self._mask_shown
        self._mask_shown = min(max(shown, self._mask - BACKLASH / 2), self._mask + BACKLASH / 2)


def _logit(probability: float) -> float:
    clipped = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(clipped / (1 - clipped))
