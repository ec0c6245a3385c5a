"""A clip in which people put on masks: drawn where they are, and their numbers compared."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from train.occlusion.masked_clip import follow_masked, mask_frames


@pytest.fixture(scope="module")
def clip(portrait: NDArray[np.uint8]) -> list[tuple[NDArray[np.uint8], float]]:
    """The portrait, drifting slowly to the left for two seconds at 15 frames a second."""
    small = np.ascontiguousarray(portrait[::2, ::2])
    wide = np.hstack([small, small[:, ::-1]])
    return [(np.ascontiguousarray(wide[:, step : step + 320]), step / 15) for step in range(30)]


def test_a_face_keeps_its_number_while_a_mask_goes_on_and_comes_off(
    clip: list[tuple[NDArray[np.uint8], float]],
) -> None:
    frames = list(mask_frames(clip, 0.8, 1.4, kind="surgical"))
    changed = [not np.array_equal(frame.image, image) for frame, (image, _) in zip(frames, clip, strict=True)]
    assert changed == [0.8 <= time < 1.4 for _, time in clip]
    kept = follow_masked(frames)
    face = max(kept, key=lambda each: each.frames_masked)
    assert face.kept
    assert face.seen_masked > 0.9


def test_a_clip_without_masks_reports_no_face(clip: list[tuple[NDArray[np.uint8], float]]) -> None:
    assert follow_masked(list(mask_frames(clip[:6], 5.0, 6.0))) == []
