"""Every number of the box refiner's training."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RefinerSettings:
    """Every number of the refiner's training."""

    faces: int = 6500
    """Portraits that the bank is made from."""
    epochs: int = 20
    mine_after: int = 6
    """Epochs after which the network's hard negatives join the bank."""
    samples: int = 30_000
    """Patches shown in an epoch."""
    batch: int = 128
    rate: float = 2e-3
    weight_decay: float = 0.02
    average_decay: float = 0.998
    channels: tuple[int, ...] = (28, 56, 80, 112)
    place_weight: float = 4.0
    """Weight of the correction's loss beside that of face or not."""
    street_weight: float = 6.0
    """How often a face of the street pictures is shown for each time one of the portraits is."""
    misplaced_share: float = 0.22
    """Share of the faces that are shown far off the box, as what is no face."""
    false_rate: float = 0.01
    """Share of held-out wrong proposals that the threshold lets through."""
    seed: int = 0
