"""Step ``masked-clip``: are faces followed while they put on a mask? Measured on a clip with masks drawn into it.

    python -m train masked-clip CLIP --from 2 --until 6 [--save OUT.mp4]

prints for every face how many frames it was seen, and whether its number was the same before, under and after the mask.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.occlusion.draw import choose_mask_kind, draw_mask, eye_positions
from webcam_app.capture import open_source
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.face import Box
from webcam_app.threads import use_opencv_threads

Image = NDArray[np.uint8]

# Share of the way that a drawn mask's place moves towards the newest box and eyes in each frame.
FOLLOW = 0.5
SAME_IOU = 0.3


@dataclass
class _Worn:
    """A mask that one person wears throughout."""

    kind: str
    seed: int
    box: NDArray[np.float64]
    eyes: NDArray[np.float64] | None = None  # in shares of the box

    def follow(self, image: Image, box: Box) -> tuple[Box, NDArray[np.float32] | None]:
        """Move with the face, smoothly, and say where to draw."""
        self.box += FOLLOW * (np.array(box, np.float64) - self.box)
        place = Box(*(round(float(v)) for v in self.box))
        found = eye_positions(image, place)
        if found is not None:
            shares = (found - self.box[:2]) / self.box[2]
            self.eyes = shares if self.eyes is None else self.eyes + 0.3 * (shares - self.eyes)
        if self.eyes is None:
            return place, None
        return place, np.asarray(self.eyes * self.box[2] + self.box[:2], np.float32)


@dataclass(frozen=True)
class MaskedFrame:
    """A frame with what is known about it.

    Attributes:
        image: H×W×3 uint8 BGR.
        time: in seconds.
        boxes: the faces as they were found before anything was drawn, by their track then.
        masked: whether they wear masks now.
    """

    image: Image
    time: float
    boxes: dict[int, Box]
    masked: bool


def mask_frames(
    frames: Iterable[tuple[Image, float]], start: float, end: float, *, seed: int = 0, kind: str | None = None
) -> Iterator[MaskedFrame]:
    """Draw a mask on every face of a clip for some time.

    Args:
        frames: image (H×W×3 uint8 BGR, not changed) and time in seconds.
        start: when the masks go on, in seconds.
        end: when they come off.
        seed: which masks.
        kind: one of ``train.occlusion.draw.mask_kinds()``; None takes another for each face.
    """
    analyzer = FaceAnalyzer(classifier=None)
    worn: dict[int, _Worn] = {}
    for image, time in frames:
        faces = analyzer.analyze(image, time)
        boxes = {face.track: face.box for face in faces}
        masked = start <= time < end
        drawn = image
        if masked:
            for track, box in boxes.items():
                if track not in worn:
                    chosen = kind or choose_mask_kind(np.random.default_rng([seed, track]))
                    worn[track] = _Worn(chosen, seed + track, np.array(box, np.float64))
                mask = worn[track]
                place, eyes = mask.follow(image, box)
                drawn = draw_mask(drawn, place, eyes, np.random.default_rng(mask.seed), mask.kind)
        yield MaskedFrame(drawn, time, boxes, masked)


@dataclass(frozen=True)
class KeptFace:
    """What became of one face.

    Attributes:
        track: its number in the clip without masks.
        frames_masked: frames in which it wears a mask.
        seen_masked: share of those in which it was found.
        numbers: the numbers that it had, most frequent first: before, under, and after the mask.
    """

    track: int
    frames_masked: int
    seen_masked: float
    numbers: tuple[list[int], list[int], list[int]]

    @property
    def kept(self) -> bool:
        """One number before and under the mask, and after it."""
        return len({number for part in self.numbers for number in part}) == 1 and bool(self.numbers[1])


def follow_masked(frames: Sequence[MaskedFrame], analyzer: FaceAnalyzer | None = None) -> list[KeptFace]:
    """Run the live analysis over a masked clip and compare the numbers that each face had.

    Args:
        frames: as ``mask_frames`` makes them.
        analyzer: None makes one without a network for labels.
    """
    analyzer = analyzer or FaceAnalyzer(classifier=None)
    numbers: dict[int, list[Counter[int]]] = {}
    shown: Counter[int] = Counter()
    phase = 0
    for frame in frames:
        faces = analyzer.analyze(frame.image, frame.time)
        phase = 1 if frame.masked else (2 if phase else 0)
        for track, box in frame.boxes.items():
            shown[track] += frame.masked
            found = max(faces, key=lambda face: face.box.iou(box), default=None)
            if found is not None and found.box.iou(box) >= SAME_IOU:
                numbers.setdefault(track, [Counter(), Counter(), Counter()])[phase][found.track] += 1
    result = []
    for track, counts in sorted(numbers.items()):
        if not shown[track] or not counts[0]:
            continue
        before, under, after = ([number for number, _ in part.most_common()] for part in counts)
        result.append(KeptFace(track, shown[track], sum(counts[1].values()) / shown[track], (before, under, after)))
    return result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The clip, and when which masks are worn."""
    parser.add_argument("clip", metavar="CLIP", help="a video with faces")
    parser.add_argument("--from", dest="start", type=float, help="seconds at which the masks go on; default: a third")
    parser.add_argument("--until", type=float, help="seconds at which they come off; default: two thirds")
    parser.add_argument("--seconds", type=float, default=10.0, help="length that is looked at")
    parser.add_argument("--seed", type=int, default=0, help="which masks")
    parser.add_argument("--save", type=Path, help="also write the clip with masks")


def main(arguments: argparse.Namespace) -> int:
    """Measure one clip; returns the exit code: 0 if every face kept its number."""
    use_opencv_threads()
    bare = list(_read(arguments.clip, arguments.seconds))
    length = bare[-1][1] if bare else 0.0
    start = length / 3 if arguments.start is None else arguments.start
    until = 2 * length / 3 if arguments.until is None else arguments.until
    frames = list(mask_frames(bare, start, until, seed=arguments.seed))
    if arguments.save and frames:
        _save(frames, arguments.save)
    faces = follow_masked(frames)
    for face in faces:
        before, under, after = (",".join(map(str, part)) or "-" for part in face.numbers)
        state = "kept" if face.kept else "LOST"
        print(
            f"face {face.track}: {state}, number {before} before, {under} under the mask, {after} after; "
            f"seen in {face.seen_masked:.0%} of {face.frames_masked} masked frames"
        )
    return 0 if faces and all(face.kept for face in faces) else 1


def _read(clip: str, seconds: float) -> Iterator[tuple[Image, float]]:
    with open_source(clip) as source:
        while (frame := source.read()) is not None and frame.time <= seconds:
            yield frame.image, frame.time


def _save(frames: Sequence[MaskedFrame], path: Path) -> None:
    from webcam_app.output.recorder import Recorder

    height, width = frames[0].image.shape[:2]
    with Recorder(path, width, height, fps_hint=30.0) as recorder:
        for frame in frames:
            recorder.write(frame.image, frame.time)
