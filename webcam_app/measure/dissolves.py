"""``python -m webcam_app.measure.dissolves CLIP CLIP...``: does a track end where a clip dissolves into another one?

Each clip is dissolved into each other one, over several times, and with ``--black`` also faded through black. Told is
in how many of these somebody of the clip after keeps a track number from the one before, and so that one's label. With
``--aligned`` the second clip is moved and scaled so that its largest face appears where the first one's largest is: the
one becomes the other. Clips named behind ``--same`` show the same people, who may keep their numbers: none of them is
dissolved into another of them. Told as well is how often a dissolve is seen in a clip by itself, where none is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import permutations

import cv2
import numpy as np

from webcam_app.capture import open_source
from webcam_app.capture.frame import Image
from webcam_app.errors import SourceError, WebcamAppError
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.detection.dissolves import Dissolves
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.face import Box
from webcam_app.threads import use_opencv_threads

RATE = 30
WIDTH, HEIGHT = 640, 480
# Editors dissolve for about so long.
SECONDS = (0.3, 0.5, 1.0, 2.0)
# How long each clip is seen by itself, before and after.
ALONE_SECONDS = 1.0
# A dissolve is found when it is over or soon after; an old number that is there for longer is carried over.
LATE_SECONDS = 0.4
# Where no face is found in a picture, one so much later is looked at.
SEARCH_SECONDS = 0.33

Dissolve = Callable[[Sequence[Image], Sequence[Image], float], list[Image]]


def cross_faded(first: Sequence[Image], second: Sequence[Image], seconds: float) -> list[Image]:
    """A clip, its dissolve into another one, and that one; both run on meanwhile.

    Args:
        first: pictures of one size, 30 a second; repeated backwards and forwards where they do not suffice.
        second: the same of the other one.
        seconds: how long the dissolve takes.
    """
    alone, between = round(ALONE_SECONDS * RATE), round(seconds * RATE)
    shares = [0.0] * alone + [(number + 1) / (between + 1) for number in range(between)] + [1.0] * alone
    return [
        _mixed(_at(first, number), _at(second, max(0, number - alone)), share) for number, share in enumerate(shares)
    ]


def faded_through_black(first: Sequence[Image], second: Sequence[Image], seconds: float) -> list[Image]:
    """As ``cross_faded``, but the first clip fades to black in half the time, and the second one out of it."""
    alone, half = round(ALONE_SECONDS * RATE), max(1, round(seconds * RATE / 2))
    black = np.zeros_like(first[0])
    out = [_mixed(_at(first, alone + number), black, (number + 1) / half) for number in range(half)]
    back = [_mixed(black, _at(second, number), number / half) for number in range(half)]
    return [
        *(_at(first, number) for number in range(alone)),
        *out,
        *back,
        *(_at(second, half + number) for number in range(alone)),
    ]


def seconds_kept(analyzer: FaceAnalyzer, frames: Sequence[Image]) -> float | None:
    """How long after a dissolve's end somebody is seen who has a track number from before its beginning.

    Args:
        analyzer: its tracks are forgotten first.
        frames: as ``cross_faded`` gives them.

    Returns:
        Seconds, 0 where nobody is; None where nobody is seen before, or nobody after.
    """
    analyzer.reset()
    alone = round(ALONE_SECONDS * RATE)
    numbers = [{face.track for face in analyzer.analyze(image, number / RATE)} for number, image in enumerate(frames)]
    before, after = set[int | None]().union(*numbers[:alone]), numbers[-alone:]
    if not before or not any(after):
        return None
    return max((number + 1 for number, some in enumerate(after) if some & before), default=0) / RATE


def dissolves_in(spec: str) -> tuple[int, int]:
    """In how many frames of a clip a dissolve is taken to end, and how many frames there are.

    Raises:
        WebcamAppError: the clip is at fault.
    """
    looks, count, found = Dissolves(), 0, 0
    with open_source(spec) as source:
        while (frame := source.read()) is not None:
            found += looks.update(Pyramid.of(frame.image), frame.time) is not None
            count += 1
    return found, count


def beginning_with_a_face(spec: str, analyzer: FaceAnalyzer, seconds: float) -> list[Image]:
    """Pictures of a clip, 30 a second at 640x480, from the first on in which a face is found.

    Raises:
        WebcamAppError: the clip is at fault, or has no face.
    """
    images: list[Image] = []
    with open_source(spec) as source:
        begin, look_at = 0.0, 0.0
        while (frame := source.read()) is not None and len(images) < round(seconds * RATE):
            if not images:
                if frame.time < look_at:
                    continue
                begin, look_at = frame.time, frame.time + SEARCH_SECONDS
                if not analyzer.analyze_still(_fitted(frame.image)):
                    continue
            images += [_fitted(frame.image)] * (frame.time - begin > (len(images) - 0.5) / RATE)
        if len(images) < 2:
            raise SourceError(f"'{source.info.name}' shows no face for long enough. Choose another clip.")
    return images


def aligned(images: Sequence[Image], face: Box, wanted: Box) -> list[Image]:
    """Pictures moved and scaled so that a face is where another one was.

    Args:
        images: the pictures.
        face: where the face is in the first of them.
        wanted: where it is to be.
    """
    scale = wanted.width / face.width
    matrix = np.array([[scale, 0, wanted.x - scale * face.x], [0, scale, wanted.y - scale * face.y]])
    border = cv2.BORDER_REPLICATE
    return [np.asarray(cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), borderMode=border), np.uint8) for image in images]


def _fitted(image: Image) -> Image:
    """In the common size, cut at the sides or above and below."""
    height, width = image.shape[:2]
    scale = max(WIDTH / width, HEIGHT / height)
    size = max(WIDTH, round(width * scale)), max(HEIGHT, round(height * scale))
    larger = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    left, top = (size[0] - WIDTH) // 2, (size[1] - HEIGHT) // 2
    return np.ascontiguousarray(larger[top : top + HEIGHT, left : left + WIDTH])


def _at(images: Sequence[Image], number: int) -> Image:
    number %= 2 * len(images) - 2
    return images[number] if number < len(images) else images[2 * len(images) - 2 - number]


def _mixed(first: Image, second: Image, share: float) -> Image:
    if share <= 0 or share >= 1:
        return first if share <= 0 else second
    return np.asarray(cv2.addWeighted(first, 1 - share, second, share, 0), np.uint8)


def _largest(analyzer: FaceAnalyzer, image: Image) -> Box | None:
    boxes = [face.box for face in analyzer.analyze_still(image)]
    return max(boxes, key=lambda box: box.width, default=None)


def _pairs(
    clips: dict[str, list[Image]], analyzer: FaceAnalyzer, same: Collection[str], *, align: bool
) -> Iterator[tuple[str, Sequence[Image], Sequence[Image]]]:
    for first, second in permutations(clips, 2):
        before, after = clips[first], clips[second]
        if first in same and second in same:
            continue
        if align:
            wanted = _largest(analyzer, _at(before, round(ALONE_SECONDS * RATE)))
            face = _largest(analyzer, after[0])
            if wanted is None or face is None:
                continue
            after = aligned(after, face, wanted)
        yield f"{first} into {second}", before, after


def _measure(arguments: argparse.Namespace) -> int:
    """Returns how often somebody carried a number over."""
    analyzer = FaceAnalyzer(classifier=None)
    names = list(dict.fromkeys([*arguments.clips, *arguments.same]))
    for clip in names:
        found, count = dissolves_in(clip)
        print(f"{clip}: a dissolve in {found} of {count} frames by itself", flush=True)
    longest = ALONE_SECONDS + max(arguments.seconds)
    clips = {clip: beginning_with_a_face(clip, analyzer, longest) for clip in names}
    ways: list[tuple[str, Dissolve]] = [("dissolved", cross_faded)]
    if arguments.black:
        ways.append(("faded through black", faded_through_black))
    kept: dict[tuple[str, float], list[float]] = {(way, time): [] for way, _ in ways for time in arguments.seconds}
    for name, before, after in _pairs(clips, analyzer, arguments.same, align=arguments.aligned):
        for way, mix in ways:
            for seconds in arguments.seconds:
                late = seconds_kept(analyzer, mix(before, after, seconds))
                if late is not None:
                    kept[way, seconds].append(late)
                if late is not None and late > LATE_SECONDS:
                    print(f"{name}, {way} in {seconds:g} s: an old number for {late:.2f} s after", flush=True)
    carried = 0
    for (way, seconds), lates in kept.items():
        some, worst = sum(late > LATE_SECONDS for late in lates), max(lates, default=0.0)
        print(
            f"{way} in {seconds:g} s: carried over in {some} of {len(lates)}; an old number for {worst:.2f} s at most"
        )
        carried += some
    return carried


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns 0 where no number is carried over, else 1."""
    summary, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(prog="python -m webcam_app.measure.dissolves", description=rest, epilog=summary)
    parser.add_argument("clips", metavar="CLIP", nargs="+", help="video files with faces")
    parser.add_argument("--same", metavar="CLIP", nargs="+", default=[], help="others, of the same people")
    parser.add_argument("--seconds", type=float, nargs="+", default=SECONDS, help="how long dissolves take")
    parser.add_argument("--black", action="store_true", help="fade through black as well")
    parser.add_argument("--aligned", action="store_true", help="the second face appears where the first one was")
    arguments = parser.parse_args(argv)
    use_opencv_threads(1)
    try:
        return 1 if _measure(arguments) else 0
    except WebcamAppError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
