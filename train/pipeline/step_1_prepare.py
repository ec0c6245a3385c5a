"""Step ``prepare``: find the face in every picture with the application's detector, cut it out, cache it, split it.

    python -m train prepare --run runs/gender --data fairface-train.zip --exclude fairface-val.zip

Pictures that look alike stay in one split, and those that look like one of the sets of ``--exclude`` are dropped: what
is measured later was never trained on. The step may be stopped at any time; what is cut already is not cut again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from tqdm import tqdm

from train import processes
from train.data.cache import cut_canvas, open_cache, write_table
from train.data.cascade_boxes import cascade_box
from train.data.face_choice import LiveDetector, find_in_crop
from train.data.held_out import is_held_out
from train.errors import TrainError
from train.occlusion.occluded_faces import occlude_faces
from train.progress import report
from train.readers import Dataset, LabelledBox, Mark, Sample, read_dataset
from train.run_folder import RunFolder
from train.settings import PrepareSettings, Settings
from webcam_app.errors import PictureError
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.labelling.crop import CropSpec
from webcam_app.teaching.duplicates import find_near_duplicates, group_near_duplicates, picture_hashes

# Pictures between two notes of progress: what a stop can cost.
CHUNK = 512
THREADS = 2
# Faces of a class from which on one is kept out of training, where the splits are stratified.
FEW = 5
# Marked faces with fewer pixels a side say nothing about a mask.
SMALLEST_MARKED = 18
MASK_LABELS = {"with_mask": 1, "without_mask": 0}
"""Labels of marked faces; others, such as masks worn wrongly, are left out."""


class Entry(NamedTuple):
    """One face to be cut: a picture that means one person, or one marked face of a picture.

    Attributes:
        dataset: where the picture is.
        sample: the picture.
        label: its class, empty for none.
        marked: a face that is only for masks.
        mask: 1 where it wears one.
        drawn: what a person said of the face, with its place; None to find the face.
    """

    dataset: Dataset
    sample: Sample
    label: str
    marked: LabelledBox | None = None
    mask: int = 0
    drawn: Mark | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments beyond those of every step of a run."""


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    run = RunFolder(arguments.run)
    processes.once(prepare, run, run.settings())
    return 0


def prepare(run: RunFolder, settings: Settings) -> None:
    """Make the run's cache.

    Raises:
        TrainError: no data, fewer than two classes, fewer pictures than the splits need, or changed data.
        DatasetError: a set cannot be read.
    """
    if (run.cache / "table.csv").exists():
        _check_contents(run, settings)
    else:
        _fill_cache(run, settings)
    if (run.cache / "occluded_rows.npy").exists():
        print(f"prepare: {run.cache} is finished")
    else:
        occlude_faces(run, settings, open_cache(run.cache))


def _fill_cache(run: RunFolder, settings: Settings) -> None:
    if not settings.data:
        raise TrainError("no data: name a labelled set with --data")
    sets = [read_dataset(Path(path), label=settings.label) for path in settings.data]
    labels = sorted({label for each in sets for label in each.labels})
    if len(labels) < 2:
        raise TrainError(f"the data has only the class {labels}: at least two are needed")
    entries = [entry for each in sets for entry in labelled_faces(each)]
    for path in settings.unlabelled:
        entries += [Entry(each, sample, "") for each in [read_dataset(Path(path))] for sample in each]
    if settings.mask_boxes:
        entries += marked_faces(read_dataset(Path(settings.mask_boxes)))
    run.begin("canvases", settings)
    run.note("data", _fingerprints(settings))
    hashes, found, unreadable = _cut_all(run, settings.prepare, entries)
    excluded = _like_excluded(settings, hashes)
    splits = _split(entries, hashes, settings, unreadable, excluded)
    run.begin("cache", settings)
    write_table(run.cache, labels, [_row(*each) for each in zip(entries, splits, found, strict=True)])
    summary = {
        "faces": len(entries),
        "face found by the detector": int(found.sum()),
        "kept and dropped": dict(sorted(Counter(
            f"{split}, {entry.label or 'unlabelled'}" for entry, split in zip(entries, splits, strict=True)
        ).items())),
    }  # fmt: skip
    run.note("prepare", summary)
    print(json.dumps(summary, indent=2))


def _check_contents(run: RunFolder, settings: Settings) -> None:
    """Refuse sets whose pictures or labels have changed since the cache was made; sets that are gone are not asked."""
    noted = run.read_note("data") or {}
    for name, path in _sources(settings).items():
        if path.exists() and name in noted and noted[name] != read_dataset(path).fingerprint():
            raise TrainError(f"'{path}' has changed since '{run.cache}' was made from it: use another --run")


def _fingerprints(settings: Settings) -> dict[str, str]:
    return {name: read_dataset(path).fingerprint() for name, path in _sources(settings).items()}


def _sources(settings: Settings) -> dict[str, Path]:
    """The sets that canvases are cut from, by their names; by their paths where two have one name."""
    paths = [Path(path) for path in (*settings.data, *settings.unlabelled, *filter(None, [settings.mask_boxes]))]
    names = [path.name for path in paths]
    return {path.name if names.count(path.name) == 1 else str(path): path for path in paths}


def _row(entry: Entry, split: str, found: bool) -> dict[str, str]:
    return {
        **{name: value for name, value in entry.sample.attributes.items() if name not in ("path", "split", "mask")},
        "key": entry.sample.key,
        "label": entry.label,
        "split": split,
        "mask": str(entry.mask),
        "detected": str(int(found)),
    }


def labelled_faces(dataset: Dataset) -> list[Entry]:
    """The faces of a labelled set: one a picture, or those that a person labelled in it."""
    return [
        Entry(dataset, sample, label, drawn=mark)
        for sample in dataset
        for label, mark in sample.labelled_faces or [("", None)]
    ]


def marked_faces(dataset: Dataset, *, held_out: bool = False) -> list[Entry]:
    """Marked faces large enough to see a mask, of the pictures that are trained on, or of those held out."""
    return [
        Entry(dataset, sample, "", marked, MASK_LABELS[marked.label or ""])
        for sample in dataset
        if is_held_out(sample.key) == held_out
        for marked in sample.boxes
        if marked.label in MASK_LABELS and min(marked.box.width, marked.box.height) >= SMALLEST_MARKED
    ]


def _cut_all(
    run: RunFolder, settings: PrepareSettings, entries: Sequence[Entry]
) -> tuple[NDArray[np.uint64], NDArray[np.bool_], NDArray[np.bool_]]:
    run.cache.mkdir(parents=True, exist_ok=True)
    count, size = len(entries), settings.canvas_size
    paths = {name: run.cache / f"{name}.npy" for name in ("images", "hashes", "found", "unreadable")}
    note = run.read_note("cutting")
    done = note["done"] if note and note["of"] == count and all(path.exists() for path in paths.values()) else 0
    mode = "r+" if done else "w+"
    images = open_memmap(paths["images"], mode, np.uint8, (count, size, size, 3))
    hashes = open_memmap(paths["hashes"], mode, np.uint64, (count, 2))
    found = open_memmap(paths["found"], mode, np.bool_, (count,))
    unreadable = open_memmap(paths["unreadable"], mode, np.bool_, (count,))
    detectors = [LiveDetector() for _ in range(THREADS)]
    refiners = [BoxRefiner() for _ in range(THREADS)] if any(entry.drawn for entry in entries) else []
    cv2.setNumThreads(1)  # two pictures at a time are faster than two threads on one

    def cut(worker: int, rows: range) -> None:
        for row in rows[worker::THREADS]:
            entry = entries[row]
            try:
                image = entry.dataset.image(entry.sample)
            except PictureError:
                unreadable[row] = True
                continue
            if entry.drawn is not None:
                box, found[row] = refiners[worker].fit_drawn(image, entry.drawn.box), True
            elif entry.marked is not None:
                box, found[row] = cascade_box(entry.marked.box), True
            else:
                box, found[row] = find_in_crop(image, detectors[worker])
            images[row] = cut_canvas(image, box, size, settings.canvas_scale, CropSpec())
            hashes[row] = picture_hashes(image if entry.marked is None and entry.drawn is None else images[row])

    with ThreadPoolExecutor(THREADS) as pool, tqdm(total=count, initial=done, desc="faces", disable=None) as bar:
        for start in range(done, count, CHUNK):
            rows = range(start, min(start + CHUNK, count))
            list(pool.map(cut, range(THREADS), [rows] * THREADS))
            run.note("cutting", {"done": rows.stop, "of": count})
            bar.update(len(rows))
            report("prepare", rows.stop, count)
    return hashes, found, unreadable


def _like_excluded(settings: Settings, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which faces look like a picture that is to be measured on."""
    like = np.zeros(len(hashes), np.bool_)
    for path in settings.exclude:
        others = np.array([picture_hashes(image) for _, image in read_dataset(Path(path)).images()], np.uint64)
        pairs = find_near_duplicates(hashes, others, settings.prepare.duplicate_distance)
        like[pairs[:, 0]] = True
    return like


def _split(
    entries: Sequence[Entry],
    hashes: NDArray[np.uint64],
    settings: Settings,
    unreadable: NDArray[np.bool_],
    excluded: NDArray[np.bool_],
) -> list[str]:
    """A split for each face, decided by its key, so that it is the same on every machine.

    Faces that look alike go together. Marked faces are trained on; of several alike in one split all are kept, since
    none of them is measured.
    """
    chosen = settings.prepare
    usable = ~(unreadable | excluded)
    counted = np.array([entry.marked is None for entry in entries]) & usable
    if (there := int(counted.sum())) <= chosen.development + chosen.pool:
        raise TrainError(
            f"{there} usable faces are too few for a development set of {chosen.development} and a pool "
            f"of {chosen.pool}: 'python -m train run' without --settings fits both to the data; or lower them in a "
            f'file for --settings, such as {{"prepare": {{"development": {max(1, there // 7)}, "pool": 0}}}}'
        )
    groups = group_near_duplicates(hashes, chosen.duplicate_distance)
    members: dict[int, list[int]] = {}
    for row in np.flatnonzero(usable):
        members.setdefault(int(groups[row]), []).append(int(row))

    def draw(group: int) -> str:
        return hashlib.sha256(f"{settings.seed} {entries[group].sample.key}".encode()).hexdigest()

    quota = _quota([entry.label for entry, each in zip(entries, counted, strict=True) if each], settings)
    splits = ["dropped: unreadable" if bad else "dropped: excluded" for bad in unreadable]
    development = pool = 0
    for group in sorted(members, key=draw):
        rows = members[group]
        if any(entries[row].marked for row in rows):
            split = "train"
        elif development + len(rows) <= chosen.development and _takes(quota, [entries[row].label for row in rows]):
            split, development = "development", development + len(rows)
        elif pool + len(rows) <= chosen.pool:
            split, pool = "pool", pool + len(rows)
        else:
            split = "train"
        for member in rows:
            splits[member] = split
    return splits


def _quota(labels: Sequence[str], settings: Settings) -> dict[str, int] | None:
    """How many development faces each class may give; None for any number.

    Shares are rounded so that they add up, by chance where they are equal; a class of fewer than ``FEW`` faces gives
    one at most, others at least one.
    """
    if not settings.prepare.stratified:
        return None
    counts = Counter(label for label in labels if label)
    share = settings.prepare.development / max(1, sum(counts.values()))
    quota = {label: max(int(count >= FEW), int(share * count)) for label, count in counts.items()}

    def turn(label: str) -> tuple[float, str]:
        rest = share * counts[label] - int(share * counts[label])
        return -rest, hashlib.sha256(f"{settings.seed} {label}".encode()).hexdigest()

    for label in sorted(counts, key=turn):
        if sum(quota.values()) >= settings.prepare.development:
            break
        if counts[label] - quota[label] >= 2 and (counts[label] >= FEW or quota[label] == 0):
            quota[label] += 1
    return quota


def _takes(quota: dict[str, int] | None, labels: Sequence[str]) -> bool:
    """Whether faces of these classes may all be development faces; takes them off the quota then."""
    if not all(labels):
        return False
    if quota is None:
        return True
    asked = Counter(labels)
    if any(quota.get(label, 0) < count for label, count in asked.items()):
        return False
    for label, count in asked.items():
        quota[label] -= count
    return True
