"""Step ``masked-set``: a labelled set with every face twice: bare, and with a mask of a kind that training never draws.

    python -m train masked-set fairface-val.zip masked-val --templates mask-templates.zip
    python -m train evaluate --data masked-val --model models/gender.tflite --report report

The second command then reports the gender's accuracy on the same faces masked and bare, and whether masks are seen.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from train.arguments import positive
from train.data.face_choice import CascadeDetector
from train.occlusion.draw import choose_mask_kind, draw_mask, eye_positions
from train.readers import Dataset, read_dataset
from webcam_app.errors import OutputError, PictureError
from webcam_app.output.pictures import write_picture


def write_masked_set(dataset: Dataset, folder: Path, *, templates: Path | None, seed: int) -> int:
    """Write the set: PNG pictures and a ``labels.csv`` with the columns of ``dataset``, ``mask`` and ``kind``.

    Args:
        dataset: pictures that mean one face each.
        folder: made if need be.
        templates: zip of mask photographs; without it only generated kinds are drawn.
        seed: decides the masks.

    Returns:
        The number of faces.

    Raises:
        OutputError: the folder cannot be written.
    """
    detector = CascadeDetector()
    rows = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, sample in enumerate(tqdm(dataset, desc="drawing masks", disable=None)):
            try:
                image = dataset.image(sample)
            except PictureError:
                continue
            rng = np.random.default_rng((seed, number))
            kind = choose_mask_kind(rng, templates, held_out=True)
            masked = _mask(image, detector, rng, kind, templates)
            for worn, picture in ((0, image), (1, masked)):
                name = f"{number:06d}_{'masked' if worn else 'bare'}.png"
                write_picture(folder / name, picture, overwrite=True)
                kept = {key: value for key, value in sample.attributes.items() if key not in ("path", "mask", "kind")}
                rows.append({"path": name, "mask": worn, "kind": kind if worn else "", **kept})
        with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else ["path", "mask", "kind"])
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        raise OutputError(f"'{folder}' cannot be written: {error.strerror or error}") from error
    return len(rows) // 2


def _mask(
    image: NDArray[np.uint8], detector: CascadeDetector, rng: np.random.Generator, kind: str, templates: Path | None
) -> NDArray[np.uint8]:
    box, _ = detector.find(image)
    return draw_mask(image, box, eye_positions(image, box), rng, kind, templates=templates)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The set, the folder to write, and which masks."""
    parser.add_argument("data", type=Path, metavar="SET", help="labelled set of one face a picture: a zip or a folder")
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder to write the new set into")
    parser.add_argument("--templates", type=Path, help="a zip of mask pictures to draw")
    parser.add_argument("--limit", type=positive, metavar="N", help="at most so many faces, spread over the set")
    parser.add_argument("--seed", type=int, default=0, help="which masks")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text.

    Raises:
        DatasetError: the set cannot be read.
        OutputError: the folder cannot be written.
    """
    dataset = read_dataset(arguments.data, limit=arguments.limit)
    count = write_masked_set(dataset, arguments.folder, templates=arguments.templates, seed=arguments.seed)
    print(f"{arguments.folder}: {count} faces, each bare and masked")
    return 0
