"""``bench --stills``: what finding the faces of photographs costs, and how many are found where people marked them."""

from __future__ import annotations

import csv
import json as json_module
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np

from webcam_app.capture import Image, list_pictures, read_picture
from webcam_app.errors import PictureError, SourceError
from webcam_app.faces.accuracy import LEAST_IOU, SMALLEST, BoxCounts, LabelledBox
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.detection.cascades import FRONTAL
from webcam_app.faces.face import Box, Face
from webcam_app.faces.photograph import analyze_photograph, load_to_search
from webcam_app.measure.memory import peak_memory_mib
from webcam_app.threads import use_opencv_threads

BOXES = "boxes.csv"
"""Table of marked faces in the folder: path, label, xmin, ymin, xmax, ymax in pixels."""
COLUMNS = ("path", "label", "xmin", "ymin", "xmax", "ymax")
# The baseline, as tutorials write it: the frontal cascade over the whole picture, for faces of every size.
BASELINE_SCALE_STEP = 1.1
BASELINE_NEIGHBORS = 5

T = TypeVar("T")
Marked = Mapping[Path, Sequence[LabelledBox]]


def measure_stills(folder: Path, *, threads: int = 1, progress: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Search every picture of a folder with ``analyze_still`` and with the plain frontal cascade.

    Args:
        folder: pictures, in folders below it too; with a ``boxes.csv``, found and marked faces are compared.
        threads: threads for the networks and the cascade.
        progress: called with the number of pictures done.

    Returns:
        What ``bench --stills --json`` prints: times are of the processor, in milliseconds a picture; those of ``ours``
        and ``plain`` are of the search alone, ``all`` is reading the file, searching and labelling. ``boxes`` is there
        where faces are marked.

    Raises:
        ModelError: a model is missing or damaged.
        SourceError: the folder has no picture that can be read, or its table makes no sense.
    """
    if not folder.is_dir():
        raise SourceError(f"'{folder}' is no folder: name one with pictures in it")
    marked = read_boxes(folder / BOXES) if (folder / BOXES).exists() else None
    use_opencv_threads(threads)
    searches = {"ours": _ours(threads), "plain": _plain()}
    times: dict[str, list[float]] = {name: [] for name in searches}
    whole, labelling = [], FaceAnalyzer(threads=threads)
    found = {name: [0, 0] for name in searches}
    counts = {name: BoxCounts() for name in searches}
    pixels, unreadable = 0, 0
    for path in list_pictures([folder]):
        try:
            image = read_picture(path)
            if not pixels:  # the first search allocates, which is not what a picture costs
                searches["ours"](image)
                _label_file(labelling, path)
            whole.append(_timed(_label_file, labelling, path)[1])
        except PictureError:
            unreadable += 1
            continue
        pixels += image.shape[0] * image.shape[1]
        for name, search in searches.items():
            boxes, milliseconds = _timed(search, image)
            times[name].append(milliseconds)
            found[name][0] += len(boxes)
            found[name][1] += bool(boxes)
            counts[name].add(boxes, () if marked is None else marked.get(path.resolve(), ()))
        if progress is not None:
            progress(len(times["ours"]))
    if not pixels:
        raise SourceError(f"'{folder}' has no picture that can be read")
    count = len(times["ours"])
    reports = {name: counts[name].report() for name in searches}
    return {
        "folder": str(folder),
        "pictures": count,
        "unreadable": unreadable,
        "mean_megapixels": round(pixels / count / 1e6, 3),
        "threads": threads,
        **{name: _summary(times[name], *found[name]) for name in searches},
        "all": _times(whole),
        "ratio": round(float(np.sum(times["ours"]) / max(1e-3, np.sum(times["plain"]))), 3),
        "peak_memory_mib": peak_memory_mib(),
        **({} if marked is None else {"boxes": {"smallest": SMALLEST, "iou": LEAST_IOU, **reports}}),
    }


def _label_file(analyzer: FaceAnalyzer, path: Path) -> list[Face]:
    """What ``classify`` does with a picture's file."""
    return analyze_photograph(analyzer, load_to_search(path))


def _timed(work: Callable[..., T], *arguments: Any) -> tuple[T, float]:
    """What a call gives, and the processor time that it took in milliseconds."""
    start = time.process_time()
    result = work(*arguments)
    return result, (time.process_time() - start) * 1e3


def read_boxes(table: Path) -> dict[Path, list[LabelledBox]]:
    """The faces that people marked in the pictures of a folder.

    Args:
        table: with the columns path (from the table's folder on), label, xmin, ymin, xmax, ymax.

    Raises:
        SourceError: it cannot be read, lacks a column, or a row has something else than whole numbers.
    """
    marked: dict[Path, list[LabelledBox]] = {}
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise SourceError(f"'{table}' has no column '{missing[0]}': it needs {', '.join(COLUMNS)}")
            for row in reader:
                left, top, right, bottom = (int(row[name]) for name in COLUMNS[2:])
                box = LabelledBox(Box(left, top, right - left, bottom - top), row["label"] or None)
                marked.setdefault((table.parent / row["path"]).resolve(), []).append(box)
    except OSError as error:
        raise SourceError(f"'{table}' cannot be read: {error.strerror or error}") from None
    except (ValueError, TypeError, csv.Error) as error:
        raise SourceError(f"'{table}' is damaged in line {reader.line_num}: {error}") from None
    return marked


def run_stills(folder: str, *, json: bool = False, threads: int = 1) -> int:
    """The command ``bench --stills``: measure and print.

    Args:
        folder: where the pictures are.
        json: print the result as JSON instead of a table.
        threads: threads for the networks and the cascade.

    Returns:
        The exit code, 0.

    Raises:
        SourceError: the folder has no picture that can be read, or its table makes no sense.
        ModelError: a model is missing or damaged.
    """
    result = measure_stills(Path(folder), threads=threads, progress=_progress(quiet=json))
    print(json_module.dumps(result, ensure_ascii=False) if json else _table(result))
    return 0


def _ours(threads: int) -> Callable[[Image], list[Box]]:
    analyzer = FaceAnalyzer(classifier=None, threads=threads)
    return lambda image: [face.box for face in analyzer.analyze_still(image)]


def _plain() -> Callable[[Image], list[Box]]:
    cascade = cv2.CascadeClassifier(cv2.data.haarcascades + FRONTAL)  # type: ignore[attr-defined]

    def search(image: Image) -> list[Box]:
        gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        boxes = cascade.detectMultiScale(gray, BASELINE_SCALE_STEP, BASELINE_NEIGHBORS)
        return [Box(*(int(value) for value in box)) for box in boxes]

    return search


def _summary(times: Sequence[float], faces: int, with_face: int) -> dict[str, float]:
    return {**_times(times), "faces": faces, "found": round(with_face / len(times), 4)}


def _times(times: Sequence[float]) -> dict[str, float]:
    median, p95 = np.percentile(times, (50, 95))
    return {
        "mean_ms": round(float(np.mean(times)), 2),
        "median_ms": round(float(median), 2),
        "p95_ms": round(float(p95), 2),
    }


def _progress(*, quiet: bool) -> Callable[[int], None] | None:
    if quiet or not sys.stderr.isatty():
        return None
    return lambda done: print(f"\r{done} pictures", end="", file=sys.stderr, flush=True)


def _table(result: Mapping[str, Any]) -> str:
    threads, memory = result["threads"], result["peak_memory_mib"]
    lines = [
        f"{result['folder']}: {result['pictures']} pictures of {result['mean_megapixels']:.2f} megapixels, "
        f"{threads} thread{'s' * (threads != 1)}" + (f"; {result['unreadable']} not read" * bool(result["unreadable"])),
        "",
        f"{'':<8}{'mean':>9}{'median':>9}{'p95':>9}   ms of processor time a picture",
    ]
    for name in ("ours", "plain"):
        row = result[name]
        lines.append(
            f"{name:<8}{row['mean_ms']:>9.1f}{row['median_ms']:>9.1f}{row['p95_ms']:>9.1f}   "
            f"{row['faces']} faces; {row['found']:.1%} of the pictures have one"
        )
    row = result["all"]
    lines.append(
        f"{'all':<8}{row['mean_ms']:>9.1f}{row['median_ms']:>9.1f}{row['p95_ms']:>9.1f}   "
        "the file read, ours, and the faces labelled"
    )
    lines += ["", f"{result['ratio']:.2f} times a plain frontal cascade over the same pictures"]
    if memory is not None:
        lines[-1] += f"; {memory:.0f} MiB at most"
    if "boxes" in result:
        boxes = result["boxes"]
        lines.append(
            f"marked faces and boxes of at least {boxes['smallest']} pixels, matched from an IoU of {boxes['iou']} on:"
        )
        for name in ("ours", "plain"):
            row = boxes[name]
            shares = [f"{label} {each['recall']:.1%} of {each['faces']}" for label, each in row["by_label"].items()]
            lines.append(
                f"{name:<8}found {', '.join(shares) or 'none'}; {row['false_positives']} boxes without a marked face, "
                f"and {row['small_false_positives']} smaller ones"
            )
    return "\n".join(lines)
