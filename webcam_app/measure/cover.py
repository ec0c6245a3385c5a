"""``python -m webcam_app.measure.cover CLIP...``: how much of the faces ``annotate --blur`` leaves uncovered.

The reference is found independently of tracks: each frame is searched like a photograph, and what was found in frames
before and after, but not between, is interpolated. A reference face is an ellipse of the face itself.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.capture import open_source
from webcam_app.capture.frame import Frame, Image
from webcam_app.errors import WebcamAppError
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.face import Box
from webcam_app.faces.photograph import scaled
from webcam_app.output.cover import covered_area
from webcam_app.output.covering import CoverDelay
from webcam_app.threads import use_opencv_threads

# Half the axes of the face in sides of its square: ear to ear, from the forehead to the chin.
ACROSS, DOWN = 0.5, 0.65
REFERENCE_SIDE = 800
"""At 270 rows the search misses faces of 15 pixels that it finds in the same frame three times as large."""
SAME_IOU = 0.3
MAX_GAP_SECONDS = 1.0
LEAST_SEEN = 5
"""A face that was found in fewer frames is taken for a mistake of the reference."""


@dataclass(slots=True)
class ReferenceTrack:
    """A face from frame to frame: index of the frame to the box, with the last time at which it was found."""

    boxes: dict[int, Box] = field(default_factory=dict)
    last_time: float = 0.0


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Pixels of reference faces in a clip, how many of them are left uncovered, and in how many frames any is."""

    pixels: int
    uncovered: int
    frames: int
    frames_with_some: int

    @property
    def share(self) -> float:
        """Of the faces' pixels, 0 to 1."""
        return self.uncovered / self.pixels if self.pixels else 0.0


def measure_clip(spec: str) -> Uncovered:
    """Search a clip twice, once as ``annotate --blur`` does, and compare.

    Raises:
        WebcamAppError: the clip or a model is at fault.
    """
    still, live, delay = FaceAnalyzer(classifier=None), FaceAnalyzer(classifier=None), CoverDelay()
    tracks: list[ReferenceTrack] = []
    covers: list[Sequence[Box]] = []
    shape: tuple[int, ...] = (0, 0)
    with open_source(spec) as source:
        index = 0
        while (frame := source.read()) is not None:
            shape = frame.image.shape
            _follow(tracks, index, frame, heads(_reference(still, frame.image)))
            delay.put(frame, live.analyze(frame.image, frame.time))
            while (item := delay.take()) is not None:
                covers.append(item.boxes)
            index += 1
    while (item := delay.take(all_of_them=True)) is not None:
        covers.append(item.boxes)
    return compare(shape, reference_boxes(tracks, len(covers)), covers)


def heads(boxes: Sequence[Box]) -> list[Box]:
    """Without what the search of photographs sometimes takes for a face: a print on the chest, below a head."""
    return [box for box in boxes if not any(_is_chest(box, head) for head in boxes)]


def _reference(analyzer: FaceAnalyzer, image: Image) -> list[Box]:
    """What a photograph's search finds in a small frame that is enlarged: smaller faces than it looks for otherwise."""
    factor = math.ceil(REFERENCE_SIDE / min(image.shape[:2]))
    if factor > 1:
        image = np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)
    return [face.box for face in scaled(analyzer.analyze_still(image), 1 / factor)]


def _is_chest(box: Box, head: Box) -> bool:
    below = box.y > head.y + head.height
    around = box.x < head.x + head.width / 2 < box.x + box.width
    return below and around and box.width > 1.5 * head.width and box.y < head.y + 2 * head.height


def reference_boxes(tracks: Sequence[ReferenceTrack], frames: int) -> list[list[Box]]:
    """The faces of each frame, those between two that were found interpolated."""
    result: list[list[Box]] = [[] for _ in range(frames)]
    for track in tracks:
        if len(track.boxes) < LEAST_SEEN:
            continue
        seen = sorted(track.boxes.items())
        for (first, start), (second, end) in pairwise(seen):
            for index in range(first, second):
                share = (index - first) / (second - first)
                result[index].append(Box(*(round(a + (b - a) * share) for a, b in zip(start, end, strict=True))))
        result[seen[-1][0]].append(seen[-1][1])
    return result


def compare(shape: tuple[int, ...], faces: Sequence[Sequence[Box]], covers: Sequence[Sequence[Box]]) -> Uncovered:
    """Count the pixels of faces that no cover covers.

    Args:
        shape: of the frames.
        faces: of each frame.
        covers: what is covered in each frame.
    """
    pixels = uncovered = frames = 0
    for boxes, covered in zip(faces, covers, strict=True):
        if boxes:
            area = _face_area(shape, boxes)
            bare = int((area & ~covered_area(shape, covered)).sum())
            pixels += int(area.sum())
            uncovered += bare
            frames += bare > 0
    return Uncovered(pixels, uncovered, len(faces), frames)


def _follow(tracks: list[ReferenceTrack], index: int, frame: Frame, boxes: Sequence[Box]) -> None:
    for box in boxes:
        near = [
            track
            for track in tracks
            if index not in track.boxes
            and frame.time - track.last_time <= MAX_GAP_SECONDS
            and box.iou(track.boxes[max(track.boxes)]) >= SAME_IOU
        ]
        best = max(near, key=lambda track: box.iou(track.boxes[max(track.boxes)]), default=None)
        if best is None:
            best = ReferenceTrack()
            tracks.append(best)
        best.boxes[index], best.last_time = box, frame.time


def _face_area(shape: tuple[int, ...], boxes: Sequence[Box]) -> NDArray[np.bool_]:
    area = np.zeros(shape[:2], np.uint8)
    for box in boxes:
        center = (round(box.x + box.width / 2), round(box.y + box.height / 2))
        cv2.ellipse(area, center, (round(ACROSS * box.width), round(DOWN * box.height)), 0, 0, 360, 1, cv2.FILLED)
    return area > 0


def main() -> int:
    """Measure the clips that are named; returns the exit code."""
    parser = argparse.ArgumentParser(description="How much of the faces in clips 'annotate --blur' leaves uncovered.")
    parser.add_argument("clips", metavar="CLIP", nargs="+")
    arguments = parser.parse_args()
    use_opencv_threads(1)
    pixels = uncovered = 0
    try:
        for clip in arguments.clips:
            result = measure_clip(clip)
            pixels, uncovered = pixels + result.pixels, uncovered + result.uncovered
            some = f"{result.frames_with_some} of {result.frames} frames"
            print(f"{clip}: {result.share:.3%} of the faces' pixels uncovered, some in {some}", flush=True)
    except WebcamAppError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"all: {uncovered / max(1, pixels):.3%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
