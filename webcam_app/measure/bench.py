"""What each stage of a frame's path costs on this machine, and what a plain full search in every frame would cost."""

from __future__ import annotations

import json as json_module
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from webcam_app.capture import Frame, Image, Source, open_source
from webcam_app.errors import SourceError
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.detection.cascades import FRONTAL, Cascade
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.face import Box, Face
from webcam_app.faces.labelling.crop import crop_face
from webcam_app.faces.labelling.loading import load_classifier
from webcam_app.faces.labelling.prediction import TrackLabel
from webcam_app.measure.memory import peak_memory_mib
from webcam_app.measure.timings import Agreement, Timings
from webcam_app.output.overlay import OverlayStyle, draw_overlay
from webcam_app.resources import asset_path
from webcam_app.threads import use_opencv_threads

# Frames decoded before they are timed, so that decoding is not measured: 32 frames of 1080p are 200 MB.
CHUNK_FRAMES = 32
# Most frames that are timed: a minute at 30 a second. A camera never ends.
MAX_FRAMES = 1800
# The baseline, as tutorials write it: the frontal cascade over the whole frame.
BASELINE_SCALE_STEP = 1.1
BASELINE_NEIGHBORS = 5
BASELINE_MIN_SIZE = 40


def measure(
    source: Source, *, threads: int = 1, baseline: bool = False, progress: Callable[[int], None] | None = None
) -> dict[str, Any]:
    """Time each stage on the frames of a source.

    Args:
        source: open; read to its end, or for ``MAX_FRAMES`` frames.
        threads: threads for the cascades and the network.
        baseline: time the plain full search as well, on the same frames, alternating with ours.
        progress: called with the number of frames done.

    Returns:
        What ``bench --json`` prints.

    Raises:
        ModelError: the model is missing or damaged.
        SourceError: the source has no frame, or cannot be read.
    """
    use_opencv_threads(threads)
    analyzer = FaceAnalyzer(threads=threads)
    plain = _Baseline(threads) if baseline else None
    ours, theirs, agreement = Timings(), Timings(), Agreement()
    size: list[int] = []
    labels = analyzer.card.labels if analyzer.card else ()
    for frames in _chunks(source):
        if not size:
            size = [frames[0].image.shape[1], frames[0].image.shape[0]]
            # The first run of everything allocates; it is not what a frame costs.
            draw_overlay(
                frames[0].image, analyzer.analyze(frames[0].image, frames[0].time), OverlayStyle(), labels=labels
            )
            analyzer.reset()
        boxes: list[list[Box]] = []
        for frame in frames:
            faces = analyzer.analyze(frame.image, frame.time)
            boxes.append([face.box for face in faces])
            overlay = _time_overlay(frame.image, faces, labels)
            spent = analyzer.stage_ms
            ours.add(spent["detect"], spent["classify"], overlay, found=bool(faces))
        if plain is not None:
            for frame, shown in zip(frames, boxes, strict=True):
                agreement.add(shown, plain.run(frame.image, theirs))
        if progress is not None:
            progress(len(ours.stages["total"]))
    if not size:
        raise SourceError(f"'{source.info.name}' has no frame to measure on")
    count = len(ours.stages["total"])
    result = {"source": source.info.name, "frames": count, "size": size, "threads": threads, **_result(ours)}
    return result if plain is None else {**result, **_comparison(ours, theirs, agreement)}


def _result(ours: Timings) -> dict[str, Any]:
    return {
        "stages": ours.summary(),
        "fps": round(1000 / max(float(np.mean(ours.stages["total"])), 1e-3), 1),
        "found": round(ours.found / len(ours.stages["total"]), 4),
        "peak_memory_mib": peak_memory_mib(),
    }


def _comparison(ours: Timings, theirs: Timings, agreement: Agreement) -> dict[str, Any]:
    total = theirs.summary()["total"]
    found = round(theirs.found / len(theirs.stages["total"]), 4)
    return {
        "baseline": {"total": total, "found": found, **agreement.summary()},
        "ratio": round(total["median_ms"] / max(ours.summary()["total"]["median_ms"], 1e-3), 2),
    }


def run_bench(source: str | None, *, json: bool = False, threads: int = 1, baseline: bool = False) -> int:
    """The command ``bench``: measure and print.

    Args:
        source: what to open; None for the demo clip.
        json: print the result as JSON instead of a table.
        threads: threads for the cascades and the network.
        baseline: measure the plain full search too.

    Returns:
        The exit code, 0.

    Raises:
        SourceError: the source cannot be opened or has no frames.
        ModelError: the model is missing or damaged.
    """
    with open_source(source or str(asset_path("demo.mp4"))) as opened:
        result = measure(opened, threads=threads, baseline=baseline, progress=_progress(opened, quiet=json))
    print(json_module.dumps(result, ensure_ascii=False) if json else _table(result))
    return 0


class _Baseline:
    """The full search in every frame, every face labelled in every frame, drawn the same way."""

    def __init__(self, threads: int) -> None:
        self._cascade = Cascade(FRONTAL)
        self._classifier = load_classifier(threads=threads)

    def run(self, image: Image, timings: Timings) -> list[Box]:
        card = self._classifier.card
        start = time.perf_counter()
        pyramid = Pyramid.of(image)
        lines = min(image.shape[:2])
        detections = self._cascade.find(
            pyramid, BASELINE_MIN_SIZE, lines, step=BASELINE_SCALE_STEP, neighbors=BASELINE_NEIGHBORS
        )
        middle = time.perf_counter()
        faces = []
        for number, detection in enumerate(detections, 1):
            box = detection.box.rounded
            track_label = TrackLabel(card)
            track_label.add(self._classifier.classify([crop_face(image, box, card.input_size, card.crop)])[0], 0.0)
            faces.append(
                Face(box, number, track_label.label, track_label.probabilities, track_label.mask, track_label.masked)
            )
        end = time.perf_counter()
        overlay = _time_overlay(image, faces, card.labels)
        timings.add((middle - start) * 1e3, (end - middle) * 1e3, overlay, found=bool(faces))
        return [face.box for face in faces]


def _chunks(source: Source) -> Iterator[list[Frame]]:
    left = MAX_FRAMES
    while left > 0:
        frames: list[Frame] = []
        while len(frames) < min(CHUNK_FRAMES, left):
            frame = source.read()
            if frame is None:
                break
            frames.append(frame)
        if not frames:
            return
        left -= len(frames)
        yield frames


def _time_overlay(image: Image, faces: Sequence[Face], labels: Sequence[str]) -> float:
    start = time.perf_counter()
    draw_overlay(image, faces, OverlayStyle(), labels=labels)
    return (time.perf_counter() - start) * 1e3


def _progress(source: Source, *, quiet: bool) -> Callable[[int], None] | None:
    if quiet or not sys.stderr.isatty():
        return None
    total = min(source.info.frame_count or MAX_FRAMES, MAX_FRAMES)

    def show(done: int) -> None:
        end = "\n" if done >= total else ""
        print(f"\r{done} of about {total} frames", end=end, file=sys.stderr, flush=True)

    return show


def _table(result: dict[str, Any]) -> str:
    width, height = result["size"]
    threads = result["threads"]
    lines = [
        f"{result['source']}: {result['frames']} frames of {width}x{height}, {threads} thread{'s' * (threads != 1)}",
        "",
        f"{'':<10}{'median':>9}{'p95':>9}{'p99':>9}   ms",
    ]
    rows = dict(result["stages"])
    if "baseline" in result:
        rows["plain"] = result["baseline"]["total"]
    for name, row in rows.items():
        lines.append(f"{name:<10}{row['median_ms']:>9.2f}{row['p95_ms']:>9.2f}{row['p99_ms']:>9.2f}")
    lines += ["", f"{result['fps']:.0f} frames a second; a face in {result['found']:.1%} of the frames"]
    if result["peak_memory_mib"] is not None:
        lines[-1] += f"; {result['peak_memory_mib']:.0f} MiB at most"
    if "baseline" in result:
        lines.append(
            f"plain full search in every frame: a face in {result['baseline']['found']:.1%}; "
            f"ours is {result['ratio']:.1f} times faster in the median"
        )
        shares = [result["baseline"][key] for key in ("recall_of_ours", "recalled_by_ours")]
        of_ours, of_plain = ("-" if share is None else f"{share:.1%}" for share in shares)
        lines.append(f"it shows {of_ours} of our faces; we show {of_plain} of its boxes, not all of which are faces")
    return "\n".join(lines)
