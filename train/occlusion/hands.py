"""The strokes of a drawn hand, in a face's coordinates: across and below the middle of the eyes, in eye distances.

A hand is 1.3 eye distances wide and 2.9 long (means of adults: 85 mm and 185 mm, against 63 mm between the eyes).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FINGER_BASES = ((-0.46, 0.62, 1.05), (-0.15, 0.72, 1.22), (0.16, 0.70, 1.12), (0.45, 0.58, 0.88))
# Across, up and length of index, middle, ring and little finger, from the palm's middle.
_PALM = ((-0.5, -0.75), (-0.64, -0.1), (-0.6, 0.6), (-0.2, 0.78), (0.25, 0.75), (0.58, 0.55), (0.6, -0.1), (0.45, -0.8))


@dataclass(frozen=True, slots=True)
class Stroke:
    """A polygon (``closed``) or a thick line; ``paint_only`` changes the colour of what was drawn before."""

    points: NDArray[np.float64]
    width: float
    brightness: float
    closed: bool = False
    paint_only: bool = False


@dataclass(frozen=True, slots=True)
class _Pose:
    across: float
    below: float
    turn: float  # degrees clockwise that the fingers point away from straight up
    bend: tuple[float, float, float, float]  # share of each finger's length that is seen
    thumb: float


def _pose(name: str, rng: np.random.Generator, side: int) -> _Pose:
    curled = float(rng.uniform(0.25, 0.45))
    straight = float(rng.uniform(0.85, 1.0))
    all_straight = (straight,) * 4
    pinched = (straight, straight, curled, curled)
    loose = tuple(float(v) for v in rng.uniform(0.4, 1.0, 4))
    near = float(rng.normal(0, 0.15))
    poses = {
        "across": _Pose(side * 0.85 + near, 1.35 + near, -side * rng.uniform(60, 105), all_straight, 0.8),
        "over": _Pose(near, 1.95 + near, rng.normal(0, 18), all_straight, 0.9),
        "chin": _Pose(near, 2.25 + near, rng.normal(0, 15), (curled,) * 4, 0.3),
        "cheek": _Pose(side * 0.95 + near, 1.4 + near, side * rng.uniform(-20, 15), loose, 0.7),  # type: ignore[arg-type]
        "lips": _Pose(near, 2.35, rng.normal(0, 10), (straight, curled, curled, curled), 0.4),
        "eye": _Pose(side * 0.9, 0.5 + near, -side * rng.uniform(20, 80), loose, 0.8),  # type: ignore[arg-type]
        "nose": _Pose(near + side * 0.3, 1.5 + near, -side * rng.uniform(10, 50), pinched, 0.9),
        "grip": _Pose(side * 0.75 + near, 1.9 + near, -side * rng.uniform(55, 95), (0.7, 0.7, 0.68, 0.6), 0.5),
        "below": _Pose(near + side * 0.2, 2.7 + near, -side * rng.uniform(40, 90), (0.6, 0.6, 0.6, 0.55), 0.6),
        "ear": _Pose(side * 1.25, 1.2 + near, -side * rng.uniform(0, 30), (0.7, 0.7, 0.7, 0.6), 0.7),
    }
    return poses[name]


_FREE_POSES = ("across", "across", "over", "over", "chin", "cheek", "lips", "eye", "nose")


def hand_strokes(rng: np.random.Generator, side: int, pose: str | None = None) -> list[Stroke]:
    """Strokes of one hand, to be drawn in order.

    Args:
        rng: decides pose, size and shading.
        side: -1 for a hand that comes from the picture's left, 1 from its right.
        pose: a name of ``_pose``; None takes one of those in which a free hand touches the face.
    """
    at = _pose(pose or str(rng.choice(_FREE_POSES)), rng, side)
    size = float(rng.uniform(0.85, 1.12))
    turn = math.radians(at.turn)
    cos, sin = math.cos(turn), math.sin(turn)
    mirrored = float(rng.choice([-1, 1]))

    def place(points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Hand's (across, up) to the face's (across, below)."""
        across, up = points[:, 0] * mirrored * size, points[:, 1] * size
        return np.stack([at.across + across * cos + up * sin, at.below + across * sin - up * cos], axis=1)

    strokes = []
    # Forearm and palm.
    arm = place(np.array([[0.0, -0.6], [rng.normal(0, 0.15), -3.2]]))
    strokes.append(Stroke(arm, 0.85 * size, rng.uniform(0.75, 0.98)))
    palm = np.array(_PALM) + rng.normal(0, 0.03, (len(_PALM), 2))
    strokes.append(Stroke(place(palm * 1.03), 0, 0.86, closed=True))
    strokes.append(Stroke(place(palm * (0.93, 0.96)), 0, 0.97, closed=True))
    spread = rng.uniform(0.0, 0.22)
    order = range(4) if rng.random() < 0.5 else range(3, -1, -1)
    for finger in order:
        strokes += _finger(finger, at, spread, size, rng, place)
    if at.thumb > 0:
        base = np.array([-0.5, -0.15])
        angle = rng.uniform(0.4, 1.0)
        knuckle = base + 0.42 * np.array([-math.sin(angle), math.cos(angle)])
        tip = knuckle + 0.5 * at.thumb * np.array([-math.sin(angle * 0.5), math.cos(angle * 0.5)])
        strokes += _capsule(place(np.array([base, knuckle, tip])), 0.32 * size, rng)
    return strokes


def _finger(
    finger: int,
    at: _Pose,
    spread: float,
    size: float,
    rng: np.random.Generator,
    place: object,
) -> list[Stroke]:
    across, up, length = _FINGER_BASES[finger]
    angle = (finger - 1.5) * spread + rng.normal(0, 0.04)
    bend = rng.normal(0, 0.08)
    seen = length * at.bend[finger]
    base = np.array([across, up - 0.12])
    joint = base + 0.55 * seen * np.array([math.sin(angle), math.cos(angle)])
    tip = joint + 0.5 * seen * np.array([math.sin(angle + bend), math.cos(angle + bend)])
    points = place(np.array([base, joint, tip]))  # type: ignore[operator]
    strokes = _capsule(points, (0.28 if finger < 3 else 0.24) * size, rng)
    if rng.random() < 0.35:  # a nail
        nail = points[2] + 0.03 * (points[2] - points[1])
        strokes.append(Stroke(np.stack([points[2], nail]), 0.13 * size, rng.uniform(1.08, 1.25), paint_only=True))
    return strokes


def _capsule(points: NDArray[np.float64], width: float, rng: np.random.Generator) -> list[Stroke]:
    """A finger: dark rim, body and a lighter ridge."""
    shade = rng.uniform(0.94, 1.05)
    shift = np.array([-0.02, -0.02])
    return [
        Stroke(points, width * 1.06, rng.uniform(0.66, 0.84) * shade),
        Stroke(points, width * 0.9, 0.92 * shade),
        Stroke(points + shift, width * 0.5, 1.04 * shade, paint_only=True),
    ]
