"""Every number of the detector's training."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DetectorSettings:
    """What the network is made of, what it is shown, and how long it learns."""

    channels: tuple[int, int, int, int] = (24, 48, 96, 192)
    """Of the layers at strides 2, 4, 8 and 16."""
    coarse: int = 3
    """Residual units at a stride of 16."""
    grown: bool = False
    """Whether training begins with the weights of a smaller network (``--start``)."""
    scene_size: int = 192
    """Side of a training picture in pixels; a multiple of 16."""
    faces: int = 30_000
    """Portraits to paste from."""
    smallest: float = 15.0
    """Side in pixels of the smallest face that is learned; smaller ones count neither as faces nor as background."""
    largest: float = 56.0
    """Of the largest; the next ones are left out of the loss, and from ``background`` on they are background: another
    level of the image pyramid sees them smaller."""
    background: float = 76.0
    steps: int = 20_000
    batch: int = 16
    rate: float = 1.5e-3
    warmup: int = 200
    weight_decay: float = 0.02
    average_decay: float = 0.998
    gradient_norm: float = 5.0
    box_weight: float = 1.0
    street_share: float = 0.55
    """Of the scenes that are cut out of street photographs; the others are composed of portraits."""
    portrait_share: float = 0.1
    """Of the scenes that show portraits as whole pictures, with nothing beyond their edges."""
    paste_share: float = 0.5
    """Of the scenes of street photographs that get some portraits pasted in."""
    small: float = 34.0
    """Side in pixels below which a face needs more certainty. Street photographs show hundreds of unmarked faces in
    the background, and so few pixels look like one more often."""
    false_boxes: float = 0.054
    """Boxes without a marked face that the threshold lets through for each development photograph."""
    small_false_boxes: float = 0.02
    """The same for small boxes and their threshold."""
    seed: int = 0


def live_settings() -> DetectorSettings:
    """Of the smaller network that looks for faces in every frame of a video, and that the larger one grows from."""
    return DetectorSettings(channels=(16, 32, 64, 128), coarse=2, faces=16_000, steps=14_000, rate=2e-3)
