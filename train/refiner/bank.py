"""The bank of image patches that the box refiner learns from: made once, kept in the run's folder, mapped from disk.

A patch shows twice the side of a box, PATCH px wide, so that training can shift, scale and turn what it cuts out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.files import replace_text
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import CropSpec, crop_face

FORMAT = 3
PATCH = 72
PATCH_SCALE = 2.0
# A square that overlaps every face by less shows none.
FAR_IOU = 0.25
GROUPS = (
    "bare",
    "turned",
    "masked",
    "occluded",
    "street",
    "street_background",
    "street_proposal",
    "beside",
    "texture",
    "hard_negative",
)
"""Where a patch comes from; the first five show a face."""
FACE_GROUPS = 5

Entry = tuple[NDArray[np.uint8], str, bool]
"""A patch, its group, and whether it is held out."""


@dataclass(frozen=True)
class Bank:
    """Patches in memory or mapped from disk.

    Attributes:
        patches: n×PATCH×PATCH×3 uint8 BGR.
        groups: n uint8, index into ``GROUPS``.
        held_out: n bool, patches for choosing, not for training.
    """

    patches: NDArray[np.uint8]
    groups: NDArray[np.uint8]
    held_out: NDArray[np.bool_]


def joined(parts: Sequence[Bank]) -> Bank:
    """Several parts as one bank, in memory."""
    return Bank(
        np.concatenate([part.patches for part in parts]),
        np.concatenate([part.groups for part in parts]),
        np.concatenate([part.held_out for part in parts]),
    )


def kept_part(folder: Path, made_from: Sequence[object], make: Callable[[], Iterable[Entry]]) -> Bank:
    """Part of a bank from its folder, made first where it is not there or was made from something else.

    Args:
        folder: where to keep it.
        made_from: what decides its content, as JSON has it.
        make: makes its entries.
    """
    files = [folder / name for name in ("patches.npy", "groups.npy", "held_out.npy", "made_from.json")]
    key = json.dumps([FORMAT, *made_from])
    if not (all(file.exists() for file in files) and files[3].read_text(encoding="utf-8") == key):
        folder.mkdir(parents=True, exist_ok=True)
        files[3].unlink(missing_ok=True)
        entries = list(make())
        patches = np.array([entry[0] for entry in entries], np.uint8).reshape(-1, PATCH, PATCH, 3)
        np.save(files[0], patches)
        np.save(files[1], np.array([GROUPS.index(entry[1]) for entry in entries], np.uint8))
        np.save(files[2], np.array([entry[2] for entry in entries], np.bool_))
        replace_text(files[3], key)
    return Bank(np.load(files[0], mmap_mode="r"), np.load(files[1]), np.load(files[2]))


def cut_patch(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The patch around a box."""
    return crop_face(image, box, PATCH, CropSpec(PATCH_SCALE, 0.0))
