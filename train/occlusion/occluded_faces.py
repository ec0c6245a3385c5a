"""Part of ``prepare``: canvases with a mask, or with something that is no mask, drawn before the face.

They are drawn once and kept, because drawing takes longer than a training step of the student.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from tqdm import tqdm

from train.data.batches import Picture
from train.data.cache import Cache, canvas_box
from train.occlusion.draw import draw_mask, draw_occluder, eye_positions
from train.run_folder import RunFolder
from train.settings import Settings
from webcam_app.faces.labelling.crop import CropSpec

# Pictures between two notes of progress.
CHUNK = 512
# Share of drawn masks that hang under the chin: such a face is bare, and its mask output must say so.
CHIN_SHARE = 0.08


def occlude_faces(run: RunFolder, settings: Settings, cache: Cache) -> None:
    """Draw on ``prepare.occluded`` training faces; goes on where it was stopped.

    Writes ``occluded.npy`` (V×S×S×3 uint8 BGR) and ``occluded_rows.npy`` (V×2 int64: the face's row in the cache, and
    whether it is masked now).
    """
    if (run.cache / "occluded_rows.npy").exists():
        return
    chosen, size = settings.prepare, settings.prepare.canvas_size
    rng = np.random.default_rng(settings.seed)
    candidates = cache.rows("train", "pool")
    candidates = candidates[cache.masks[candidates] == 0]
    rows = rng.permutation(candidates)[: chosen.occluded]
    masked = rng.random(len(rows)) < chosen.masked_share
    box = canvas_box(size, chosen.canvas_scale, CropSpec())
    templates = Path(settings.mask_templates) if settings.mask_templates else None
    path = run.cache / "occluded.npy"
    note = run.read_note("occluding")
    done = note["done"] if note and path.exists() else 0
    images = open_memmap(path, "r+" if done else "w+", np.uint8, (len(rows), size, size, 3))
    worn = np.array(note["worn"] if done else [], np.int64).tolist()
    for start in tqdm(range(done, len(rows), CHUNK), desc="drawing masks", unit="chunk", disable=None):
        for index in range(start, min(start + CHUNK, len(rows))):
            picture_rng = np.random.default_rng((settings.seed, index))
            canvas = cache.images[rows[index]]
            eyes = eye_positions(canvas, box)
            if masked[index]:
                wear = "chin" if picture_rng.random() < CHIN_SHARE else "worn"
                images[index] = draw_mask(canvas, box, eyes, picture_rng, wear=wear, templates=templates)
                worn.append(int(wear == "worn"))
            else:
                images[index] = draw_occluder(canvas, box, eyes, picture_rng)
                worn.append(0)
        run.note("occluding", {"done": min(start + CHUNK, len(rows)), "worn": worn})
    partial = run.cache / "occluded_rows.partial.npy"
    np.save(partial, np.stack([rows, np.array(worn, np.int64)], 1))
    partial.replace(run.cache / "occluded_rows.npy")


def shown_pictures(folder: Path, cache: Cache, share: float) -> Picture:
    """How a row is shown in training: as its canvas, or as its drawn twin where it has one.

    Args:
        folder: of the cache, with what ``occlude_faces`` wrote.
        cache: the same, opened.
        share: how often the twin is shown, 0 to 1.

    Returns:
        A function from a row to a canvas, and whether that face is masked.
    """
    occluded, twins = open_occluded(folder)
    index = {int(row): number for number, (row, _) in enumerate(twins)}

    def picture(row: int, rng: np.random.Generator) -> tuple[NDArray[np.uint8], int]:
        twin = index.get(row)
        if twin is None or rng.random() >= share:
            return cache.images[row], int(cache.masks[row])
        return occluded[twin], int(twins[twin, 1])

    return picture


def masks_shown(folder: Path, cache: Cache) -> bool:
    """Whether training shows any face with a mask, real or drawn: without one nothing can be learned about masks.

    Args:
        folder: of the cache, with what ``occlude_faces`` wrote.
        cache: the same, opened.
    """
    _, twins = open_occluded(folder)
    return bool((twins[:, 1] == 1).any() or (cache.masks[cache.rows("train", "pool")] == 1).any())


def open_occluded(folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The drawn canvases and their rows, as ``occlude_faces`` writes them."""
    return np.load(folder / "occluded.npy", mmap_mode="r"), np.load(folder / "occluded_rows.npy")
