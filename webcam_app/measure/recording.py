"""What a recorded frame costs: the live recording fed with pictures at their own pace, at several sizes."""

from __future__ import annotations

import json as json_module
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from webcam_app.capture import Frame, Image, Source, open_source
from webcam_app.errors import RecordingError, SourceError
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.face import Box, Face
from webcam_app.live.recordings.recording import Recording
from webcam_app.output.overlay import OverlayStyle, draw_overlay
from webcam_app.output.recorder import Recorder
from webcam_app.resources import asset_path
from webcam_app.threads import use_opencv_threads

SIZES = ((640, 480), (1280, 720), (1920, 1080))
RATE = 30
SECONDS = 10.0
# So many different pictures are shown forwards and backwards: one of 1920x1080 is 6 MB.
PICTURES = 24
# Enlarged pictures are smoother than a camera's: this much noise, in grey values, makes them as hard to encode.
NOISE = 2.0
# Frames whose likeness is measured, spread over the recording.
COMPARED = 10


@dataclass(frozen=True)
class _Clip:
    images: list[Image]
    faces: list[list[Face]]
    labels: Sequence[str]

    def at(self, number: int) -> tuple[Image, list[Face]]:
        """Picture and faces of a moment: forwards, then backwards, and so on."""
        there_and_back = [*range(len(self.images)), *range(len(self.images) - 2, 0, -1)]
        index = there_and_back[number % len(there_and_back)]
        return self.images[index], self.faces[index]


def measure_recording(
    source: Source, sizes: Sequence[tuple[int, int]] = SIZES, *, seconds: float = SECONDS
) -> dict[str, Any]:
    """Record pictures of a source at several sizes, each at 30 a second, with their faces drawn.

    Args:
        source: open; its first pictures are scaled to each size, and a camera's noise is added.
        sizes: widths and heights in pixels.
        seconds: how long each recording is.

    Returns:
        ``source``, ``rate``, ``seconds`` and ``sizes``, a list of what was measured at each: ``size``,
        ``processor_ms`` a frame in all threads, ``wall_ms`` a frame, ``left_out`` frames, ``kilobytes_a_second``, and
        ``psnr_db`` and ``ssim`` of the luma against what was drawn.

    Raises:
        RecordingError: a recording failed.
        SourceError: the source has no frame, or cannot be read.
    """
    use_opencv_threads()
    originals: list[Image] = []
    while len(originals) < PICTURES and (frame := source.read()) is not None:
        originals.append(frame.image)
    if not originals:
        raise SourceError(f"'{source.info.name}' has no frame to measure on")
    analyzer = FaceAnalyzer()
    faces = [analyzer.analyze(image, number / RATE) for number, image in enumerate(originals)]
    labels = analyzer.card.labels if analyzer.card else ()
    results = []
    for size in sizes:
        clip = _Clip(*scaled(originals, faces, size), labels)
        with tempfile.TemporaryDirectory() as folder:
            results.append({"size": list(size), **_measure(clip, Path(folder) / "recording.mp4", seconds)})
    return {"source": source.info.name, "rate": RATE, "seconds": seconds, "sizes": results}


def run_recording(source: str | None, *, json: bool = False) -> int:
    """The command ``bench --record``: measure and print.

    Args:
        source: what to open; None for the demo clip.
        json: print the result as JSON instead of a table.

    Returns:
        The exit code, 0.

    Raises:
        RecordingError: a recording failed.
        SourceError: the source cannot be opened or has no frames.
    """
    with open_source(source or str(asset_path("demo.mp4"))) as opened:
        result = measure_recording(opened)
    print(json_module.dumps(result, ensure_ascii=False) if json else recording_table(result))
    return 0


def recording_table(result: dict[str, Any]) -> str:
    """The result of ``measure_recording`` as lines for people."""
    lines = [
        f"{result['source']}: scaled, with a camera's noise, {result['seconds']:g} s of {result['rate']} a second",
        "",
        f"{'size':<12}{'processor ms':>13}{'left out':>10}{'kB/s':>8}{'PSNR':>8}{'SSIM':>8}   a recorded frame",
    ]
    for row in result["sizes"]:
        size = "{}x{}".format(*row["size"])
        lines.append(
            f"{size:<12}{row['processor_ms']:>13.1f}{row['left_out']:>10}{row['kilobytes_a_second']:>8.0f}"
            f"{row['psnr_db']:>8.2f}{row['ssim']:>8.4f}"
        )
    return "\n".join(lines)


def scaled(
    images: Sequence[Image], faces: Sequence[Sequence[Face]], size: tuple[int, int]
) -> tuple[list[Image], list[list[Face]]]:
    """Pictures of a size, with a camera's noise.

    Args:
        images: H×W×3 uint8 BGR.
        faces: those in each.
        size: width and height in pixels.

    Returns:
        The pictures, and the faces where they are in them.
    """
    random = np.random.default_rng(0)
    width, height = size
    noise = random.normal(0, NOISE, (height + 64, width + 64, 3)).astype(np.float32)
    scaled, moved = [], []
    for image, found in zip(images, faces, strict=True):
        large = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC).astype(np.float32)
        top, left = random.integers(0, 64, 2)
        scaled.append(np.clip(large + noise[top : top + height, left : left + width], 0, 255).astype(np.uint8))
        x, y = width / image.shape[1], height / image.shape[0]
        moved.append([replace(face, box=_stretched(face.box, x, y)) for face in found])
    return scaled, moved


def _stretched(box: Box, x: float, y: float) -> Box:
    return Box(round(box.x * x), round(box.y * y), round(box.width * x), round(box.height * y))


def _measure(clip: _Clip, path: Path, seconds: float) -> dict[str, Any]:
    height, width = clip.images[0].shape[:2]
    recording = Recording(
        Recorder(path, width, height, fps_hint=RATE), OverlayStyle(), lambda: clip.labels, lambda summary: None
    )
    pause = threading.Event()
    count = round(seconds * RATE)
    spent, began = time.process_time(), time.monotonic()
    for number in range(count):
        pause.wait(max(0.0, began + number / RATE - time.monotonic()))
        image, faces = clip.at(number)
        recording.put(Frame(image, number, number / RATE, time.monotonic()), faces)
    summary = recording.stop(60.0)
    spent = time.process_time() - spent
    if summary.problem:
        raise RecordingError(summary.problem)
    psnr, ssim = _likeness(clip, path)
    return {
        "processor_ms": round(1e3 * spent / max(summary.frames, 1), 2),
        "left_out": summary.dropped,
        "kilobytes_a_second": round(path.stat().st_size / summary.seconds / 1e3, 1),
        "psnr_db": round(psnr, 2),
        "ssim": round(ssim, 4),
    }


def _likeness(clip: _Clip, path: Path) -> tuple[float, float]:
    """Mean PSNR in decibels and mean structural similarity of the luma over some pictures of a recording."""
    psnr, ssim = [], []
    for number, shown in _some_pictures(path):
        image, faces = clip.at(number)
        drawn = draw_overlay(image, faces, OverlayStyle(), labels=clip.labels)
        ours = cv2.cvtColor(drawn, cv2.COLOR_BGR2YUV_I420)[: drawn.shape[0]].astype(np.float32)
        psnr.append(10 * np.log10(255**2 / max(float(((ours - shown) ** 2).mean()), 1e-6)))
        ssim.append(_structural_similarity(ours, shown))
    return float(np.mean(psnr)), float(np.mean(ssim))


def _some_pictures(path: Path) -> Iterator[tuple[int, Any]]:
    """Number and luma of pictures of a recording."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        step = max(1, (stream.frames or RATE) // COMPARED)
        for count, frame in enumerate(container.decode(stream)):
            if count % step == step - 1:
                luma = frame.to_ndarray(format="yuv420p")[: frame.height].astype(np.float32)
                yield round((frame.time or 0.0) * RATE), luma


def _structural_similarity(a: Any, b: Any) -> float:
    """SSIM as Wang et al. (2004) define it, with their window of 11 pixels."""

    def blur(image: Any) -> Any:
        return cv2.GaussianBlur(image, (11, 11), 1.5)

    mean_a, mean_b = blur(a), blur(b)
    variance_a, variance_b = blur(a * a) - mean_a**2, blur(b * b) - mean_b**2
    covariance = blur(a * b) - mean_a * mean_b
    small, large = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    numerator = (2 * mean_a * mean_b + small) * (2 * covariance + large)
    return float((numerator / ((mean_a**2 + mean_b**2 + small) * (variance_a + variance_b + large))).mean())
