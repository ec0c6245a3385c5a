"""Make assets/demo.mp4: two portraits in the public domain that move, come and go, and change size and light.

    pip install -e '.[demo]' && python assets/make_demo.py

Writes 12 s of 640×480 at 30 frames a second. The clip ends as it begins, so that it can be played in a loop.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import matplotlib.cbook
import numpy as np
from numpy.typing import NDArray
from skimage import data

WIDTH, HEIGHT, FPS, SECONDS = 640, 480, 30, 12

# Outlines of the two people in their pictures, by hand: (x, y) in pixels.
COLLINS_OUTLINE = [
    (20, 512), (22, 400), (40, 300), (60, 262), (110, 212), (114, 185), (127, 162), (150, 152), (184, 148),
    (182, 128), (166, 118), (155, 102), (154, 85), (159, 60), (176, 38), (205, 21), (235, 16), (264, 23), (289, 46),
    (299, 75), (299, 98), (286, 118), (272, 130), (262, 160), (258, 176), (284, 196), (301, 225), (305, 240),
    (335, 262), (352, 290), (361, 348), (385, 345), (430, 353), (470, 386), (494, 430), (504, 470), (504, 512),
]  # fmt: skip
HOPPER_OUTLINE = [
    (14, 600), (22, 480), (42, 402), (62, 377), (140, 352), (198, 320), (192, 296), (172, 268), (168, 240), (157, 206),
    (157, 180), (154, 150), (154, 97), (176, 84), (187, 60), (215, 38), (235, 27), (270, 26), (300, 33), (330, 47),
    (350, 67), (355, 86), (369, 100), (370, 160), (367, 180), (375, 190), (371, 225), (359, 250), (357, 280),
    (346, 302), (331, 312), (334, 330), (380, 352), (470, 387), (496, 412), (507, 480), (511, 520), (511, 600),
]  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A portrait cut out of its background, and the middle of its face in pixels."""

    image: NDArray[np.float32]  # H×W×4, BGR times alpha, alpha 0 to 1
    face: tuple[float, float]


@dataclass(frozen=True)
class Pose:
    """Where a face is: its middle in pixels of the frame, its size against the portrait's, its tilt in degrees."""

    x: float
    y: float
    scale: float
    tilt: float


def main(output: Path) -> None:
    """Draw and encode the clip."""
    collins = cut_out(cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR), COLLINS_OUTLINE, face=(223, 113))
    hopper_file = matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)
    hopper = cut_out(cv2.imread(str(hopper_file)), HOPPER_OUTLINE, face=(266, 216))
    background = draw_background()
    with av.open(str(output), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "22", "preset": "slow"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, FPS)
        for index in range(FPS * SECONDS):
            time = index / FPS
            picture = background.copy()
            paste(picture, collins, collins_pose(time))
            paste(picture, hopper, hopper_pose(time))
            picture *= light(time)
            frame = av.VideoFrame.from_ndarray(np.clip(picture, 0, 255).astype(np.uint8), format="bgr24")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def collins_pose(time: float) -> Pose:
    """In the middle at first and at the end, left beside the other, away from 6.2 s to 9.4 s."""
    x = 300.0 + 14 * math.sin(math.tau * time / 4)
    x -= 130 * ramp(time, 1.6, 2.8) + 460 * ramp(time, 5.2, 6.2)
    x += 590 * ramp(time, 9.4, 10.8)
    y = 205 + 8 * math.sin(math.tau * time / 3)
    return Pose(x, y, 1.45 - 0.25 * ramp(time, 1.6, 2.8) + 0.25 * ramp(time, 9.4, 10.8), 5 * wave(time, 6))


def hopper_pose(time: float) -> Pose:
    """Comes from the right, moves to the middle and closer, leaves to the right by 9.4 s."""
    x = 860.0 - 390 * ramp(time, 1.8, 3.2) - 140 * ramp(time, 5.6, 7.0) + 700 * ramp(time, 8.2, 9.4)
    scale = 0.58 + 0.42 * ramp(time, 5.6, 7.4)
    return Pose(x + 12 * wave(time, 4), 205 + 6 * wave(time, 3) + 25 * ramp(time, 5.6, 7.4), scale, 6 * wave(time, 4))


def light(time: float) -> NDArray[np.float32]:
    """Factors for blue, green and red: a lamp goes out from 3.6 s to 4.8 s, the sun comes in at 6.5 s to 8.2 s."""
    lamp = ramp(time, 3.6, 3.9) - ramp(time, 4.6, 4.8)
    sun = ramp(time, 6.5, 7.3) - ramp(time, 8.0, 8.6)
    darker, warmer = np.array([0.60, 0.64, 0.68]), np.array([0.02, 0.16, 0.30])
    return np.asarray(1 - darker * lamp + warmer * sun, np.float32)


def ramp(time: float, start: float, end: float) -> float:
    """0 before ``start``, 1 after ``end``, smooth between them."""
    part = min(max((time - start) / (end - start), 0.0), 1.0)
    return part * part * (3 - 2 * part)


def wave(time: float, period: float) -> float:
    """A sine of ``time``; every period used divides the clip's length, for the loop."""
    return math.sin(math.tau * time / period)


def cut_out(image: NDArray[np.uint8], outline: list[tuple[int, int]], face: tuple[float, float]) -> Person:
    """Keep what lies within the outline, with a soft edge."""
    alpha = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(alpha, [np.array(outline, np.int32)], 255)
    soft = cv2.GaussianBlur(cv2.erode(alpha, np.ones((3, 3), np.uint8)), (0, 0), 1.6).astype(np.float32) / 255
    # Both end at the lower edge of their picture: no soft edge there.
    soft[-8:] = soft[-9]
    return Person(np.dstack([image.astype(np.float32) * soft[..., None], soft]), face)


def paste(picture: NDArray[np.float32], person: Person, pose: Pose) -> None:
    """Draw a person into the picture, in place."""
    image, (face_x, face_y) = person.image, person.face
    if pose.scale < 0.9:
        # Bilinear sampling alone flickers when it makes things smaller.
        image = cv2.GaussianBlur(image, (0, 0), 0.35 / pose.scale)
    matrix = cv2.getRotationMatrix2D((face_x, face_y), pose.tilt, pose.scale)
    matrix[:, 2] += pose.x - face_x, pose.y - face_y
    # The body goes on below the portrait's edge.
    long = cv2.copyMakeBorder(image, 0, 260, 0, 0, cv2.BORDER_REPLICATE)
    layer = cv2.warpAffine(long, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    picture *= 1 - layer[..., 3:]
    picture += layer[..., :3]


def draw_background() -> NDArray[np.float32]:
    """A wall out of focus with light from the left and a shelf."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    glow = np.exp(-(((columns - 90) / 330) ** 2 + ((rows - 120) / 300) ** 2))
    wall = np.stack([120 + 50 * glow, 128 + 56 * glow, 132 + 60 * glow], axis=-1).astype(np.float32)
    wall *= (1.05 - 0.25 * rows / HEIGHT)[..., None]
    cv2.rectangle(wall, (400, 96), (WIDTH, 112), (70, 92, 118), -1)
    books = [(418, 40, (92, 70, 60)), (440, 34, (70, 96, 140)), (462, 46, (110, 118, 84)), (486, 38, (84, 84, 150))]
    for left, top, color in books:
        cv2.rectangle(wall, (left, top), (left + 18, 96), color, -1)
    return cv2.GaussianBlur(wall, (0, 0), 5)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("demo.mp4"))
