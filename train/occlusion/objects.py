"""Things before a face that are no masks: hands, cups, beards, scarves, microphones, phones, food, graphics."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from train.occlusion.canvas import Canvas, Drawn
from train.occlusion.cloth import any_color, checks, pick, shapes, smooth_noise, stripes
from train.occlusion.geometry import (
    SURFACE_HEIGHT,
    SURFACE_WIDTH,
    FaceShape,
    Image,
    surface_grids,
)
from train.occlusion.hands import hand_strokes

_HAIR = ((22, 20, 20), (30, 32, 40), (35, 50, 75), (50, 75, 110), (120, 125, 130), (70, 105, 150), (205, 205, 205))
_DARK = ((15, 15, 18), (40, 38, 36), (28, 24, 22))
_METAL = ((70, 70, 75), (140, 140, 145), (30, 30, 32), (60, 120, 170))


def hand(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """One or two hands before mouth, chin, cheek or eye; skin like the face's, rarely another."""
    canvas = Canvas(image, shape)
    _paint_hands(canvas, skin, rng, 2 if rng.random() < 0.2 else 1)
    return canvas.result(blur=0.02 * shape.unit, lit=True, shade=rng.uniform(0.1, 0.4))


def _paint_hands(
    canvas: Canvas, skin: NDArray[np.float32], rng: np.random.Generator, count: int, pose: str | None = None
) -> None:
    tone: NDArray[np.floating] = skin * rng.normal(1, 0.08) + rng.normal(0, 5, 3)
    if rng.random() < 0.06:  # a glove
        tone = any_color(rng)
    side = int(rng.choice([-1, 1]))
    for _ in range(count):
        for stroke in hand_strokes(rng, side, pose):
            points = canvas.pixels(stroke.points)
            shade = tone * stroke.brightness
            if stroke.closed:
                canvas.polygon(points, shade)
            else:
                canvas.stroke(points, stroke.width * canvas.shape.unit, shade, paint_only=stroke.paint_only)
        side = -side


def cup(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """A mug, glass or paper cup at the mouth, often with a hand that holds it."""
    canvas = Canvas(image, shape)
    tone = pick(rng, ((240, 240, 240), (30, 30, 30))) if rng.random() < 0.5 else any_color(rng)
    x, y = rng.normal(0, 0.25), rng.uniform(0.85, 1.5)
    wide, high = rng.uniform(0.45, 0.75), rng.uniform(0.9, 1.6)
    narrow = wide * rng.uniform(0.65, 1.0)
    tilt = rng.normal(0, 0.25)

    def at(across: float, below: float) -> tuple[float, float]:
        cos, sin = math.cos(tilt), math.sin(tilt)
        return canvas.pixel(x + across * cos - below * sin, y + across * sin + below * cos)

    side = float(rng.choice([-1, 1]))
    unit = shape.unit
    if rng.random() < 0.5:
        handle = max(2, int(0.1 * unit))
        canvas.ellipse(at(side * wide, high / 2), (0.3 * unit, 0.3 * unit), tone * 0.8, thickness=handle)
    slices = 8
    light = rng.uniform(-0.8, 0.8)
    for k in range(slices):
        left, right = -1 + 2 * k / slices, -1 + 2 * (k + 1) / slices
        body = [at(left * wide, 0), at(right * wide, 0), at(right * narrow, high), at(left * narrow, high)]
        canvas.polygon(np.array(body), tone * (1.05 - 0.3 * (left + 1 / slices - light) ** 2))
    angle = math.degrees(shape.roll + tilt)
    canvas.ellipse(at(0, high), (narrow * unit, 0.1 * unit), tone * 0.8, angle=angle)
    canvas.ellipse(at(0, 0), (wide * unit, 0.14 * unit), tone * 1.05, angle=angle)
    canvas.ellipse(at(0, 0.01), (wide * unit * 0.88, 0.1 * unit), tone * rng.uniform(0.2, 0.8), angle=angle)
    if rng.random() < 0.4:
        canvas.ellipse(at(0, high * 0.55), (narrow * unit * 0.5, narrow * unit * 0.4), any_color(rng), paint_only=True)
    if rng.random() < 0.6:
        _paint_hands(canvas, skin, rng, 1, "grip")
    return canvas.result(blur=0.02 * unit)


def bottle(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """A bottle or can that goes up from below or from the side to the mouth."""
    canvas = Canvas(image, shape)
    tone = any_color(rng)
    angle = rng.uniform(-1.0, 1.0)
    direction = np.array([math.sin(angle), math.cos(angle)])
    mouth = np.array([rng.normal(0, 0.1), rng.uniform(1.0, 1.3)])
    parts = ((0.3, 0.0, 0.7, 0.9), (0.75, 0.7, 2.6, 0.85), (0.5, 0.75, 2.6, 1.0), (0.2, 0.8, 2.6, 1.2))
    for width, start, end, bright in parts:
        points = canvas.pixels(np.array([mouth + direction * start, mouth + direction * end]))
        canvas.stroke(points, width * shape.unit, tone * bright)
    if rng.random() < 0.7:
        _paint_hands(canvas, skin, rng, 1, "grip")
    return canvas.result(blur=0.05 * shape.unit)


def scarf(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """A scarf, collar or turtleneck below the mouth; it may hide the chin but no lip."""
    longitude, height = surface_grids()
    start = rng.uniform(1.5, 2.1)
    edge = start - rng.uniform(-0.1, 0.5) * (np.abs(longitude) / 90) ** 2 + 0.05 * smooth_noise(rng, 6)
    chance = rng.random()
    if chance < 0.5:
        color = np.broadcast_to(any_color(rng) * 0.8, (SURFACE_HEIGHT, SURFACE_WIDTH, 3)).astype(np.float32)
    else:
        color = (stripes, checks, shapes)[int(rng.integers(3))](rng)
    knit = 1 + np.float32(rng.uniform(0, 0.2)) * np.sin(longitude * rng.uniform(0.8, 2.0)) * np.sin(height * 60)
    wrinkles = 1 + 0.2 * np.sin((height + 0.1 * smooth_noise(rng, 7)) * rng.uniform(8, 18))
    layer = np.empty((SURFACE_HEIGHT, SURFACE_WIDTH, 4), np.float32)
    layer[..., :3] = color * (knit * wrinkles)[..., None]
    layer[..., 3] = np.clip((height - edge) * 30, 0, 1)
    return Drawn(layer, on_surface=True)


def beard(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """A beard along the jaw, with or without a moustache, from stubble to full; lips stay free."""
    longitude, height = surface_grids()
    rough = 0.06 * smooth_noise(rng, 28, 24) + 0.05 * smooth_noise(rng, 9)
    across = np.abs(longitude)
    upper = np.interp(across, [0, 14, 26, 45, 62, 75, 90], [1.32, 1.3, 1.1, 1.12, 0.85, 0.2, 0.1]).astype(np.float32)
    wide = rng.uniform(22, 90)
    full = np.clip((height - upper + rough) * 9, 0, 1) * np.clip((wide - across + 40 * rough) / 8, 0, 1)
    lower = rng.uniform(1.75, 2.5)
    full *= np.clip((lower - height + 2 * rough) * 8, 0, 1)
    if rng.random() < 0.75:
        bar = 0.98 + 0.0035 * across
        full = np.maximum(full, np.clip(1 - np.abs(height - bar + rough) / 0.1, 0, 1) * (across < 34))
    mouth = ((longitude / rng.uniform(17, 22)) ** 2 + ((height - 1.17) / rng.uniform(0.08, 0.12)) ** 2) < 1
    full *= 1 - cv2.GaussianBlur(mouth.astype(np.float32), (0, 0), 1.5)
    strands = 1 + 0.28 * smooth_noise(rng, 120, 26) + 0.12 * smooth_noise(rng, 40, 14)
    layer = np.empty((SURFACE_HEIGHT, SURFACE_WIDTH, 4), np.float32)
    layer[..., :3] = pick(rng, _HAIR, 6) * np.clip(strands, 0.4, 1.8)[..., None]
    layer[..., 3] = full * np.float32(rng.uniform(0.45, 0.97))
    return Drawn(layer, on_surface=True)


def microphone(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """A microphone held before the mouth or chin, or a headset's boom."""
    canvas = Canvas(image, shape)
    tone = pick(rng, _METAL)
    unit = shape.unit
    if rng.random() < 0.25:
        side = float(rng.choice([-1, 1]))
        points = canvas.pixels(np.array([[side * 1.05, 0.5], [side * 0.95, 1.1], [side * 0.4, rng.uniform(1.2, 1.5)]]))
        canvas.stroke(points, 0.06 * unit, tone * 0.5)
        canvas.ellipse(tuple(points[-1]), (0.14 * unit, 0.1 * unit), tone * 0.4)
        return canvas.result()
    x, y = rng.normal(0, 0.35), rng.uniform(1.1, 1.9)
    angle = rng.normal(0, 0.5)
    radius = rng.uniform(0.25, 0.5)
    end = (x + 2.5 * math.sin(angle), y + 2.5 * math.cos(angle))
    handle = canvas.pixels(np.array([[x, y], end]))
    canvas.stroke(handle, radius * 1.1 * unit, np.array([35.0, 35.0, 38.0]))
    canvas.stroke(handle, radius * 0.5 * unit, np.array([60.0, 60.0, 62.0]))
    middle = canvas.pixel(x, y)
    canvas.ellipse(middle, (radius * unit, radius * 1.15 * unit), tone * 0.75)
    shine = (middle[0] - 0.1 * unit, middle[1] - 0.12 * unit)
    canvas.ellipse(shine, (radius * 0.6 * unit, radius * 0.7 * unit), tone * 1.15, paint_only=True)
    if rng.random() < 0.6:
        _paint_hands(canvas, skin, rng, 1, "below")
    return canvas.result(blur=0.03 * unit)


def phone(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """A phone at the ear or before the lower face, with a hand."""
    canvas = Canvas(image, shape)
    side = float(rng.choice([-1, 1]))
    front = rng.random() < 0.5
    x, y = rng.normal(0, 0.3), rng.uniform(1.2, 2.0)
    if not front:
        x, y = side * rng.uniform(0.9, 1.2), rng.uniform(0.5, 1.1)
    angle = rng.normal(0, 0.2) if front else -side * rng.uniform(0.1, 0.5)
    wide, high = rng.uniform(0.5, 0.65), rng.uniform(1.0, 1.3)
    if front and rng.random() < 0.3:
        wide, high = high, wide
    tone = pick(rng, _DARK) if rng.random() < 0.7 else any_color(rng)
    cos, sin = math.cos(angle), math.sin(angle)
    corners = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]])
    turned = corners @ np.array([[cos, sin], [-sin, cos]]) + (x, y)
    points = canvas.pixels(turned)
    canvas.polygon(points, tone)
    canvas.stroke(np.concatenate([points, points[:1]]), max(1.0, 0.07 * shape.unit), tone * 0.8)
    lens = canvas.pixel(x + 0.7 * (-wide * cos + high * sin), y - 0.75 * (wide * sin + high * cos))
    canvas.ellipse(lens, (0.11 * shape.unit, 0.11 * shape.unit), np.array([60.0, 55.0, 50.0]), paint_only=True)
    if rng.random() < 0.8:
        _paint_hands(canvas, skin, rng, 1, "below" if front else "ear")
    return canvas.result(blur=0.02 * shape.unit)


def glasses(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """Sunglasses or spectacles."""
    canvas = Canvas(image, shape)
    dark = rng.random() < 0.7
    tone = pick(rng, _DARK) if rng.random() < 0.7 else any_color(rng) * 0.6
    wide, high = rng.uniform(0.34, 0.5), rng.uniform(0.24, 0.42)
    unit = shape.unit
    line = max(1.0, rng.uniform(0.03, 0.09) * unit)
    for side in (-1, 1):
        center = canvas.pixel(side * 0.52, 0.08)
        angle = math.degrees(shape.roll)
        if dark:
            canvas.ellipse(center, (wide * unit, high * unit), tone, angle=angle, opacity=rng.uniform(0.75, 1.0))
        canvas.ellipse(center, (wide * unit, high * unit), tone * 0.7, angle=angle, thickness=round(line))
        canvas.stroke(canvas.pixels(np.array([[side * 0.95, 0.0], [side * 1.25, -0.05]])), line, tone * 0.7)
    canvas.stroke(canvas.pixels(np.array([[-0.15, 0.0], [0.15, 0.0]])), line, tone * 0.7)
    return canvas.result()


def food(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """An apple, sandwich, banana or ice cream at the mouth, with a hand."""
    canvas = Canvas(image, shape)
    unit = shape.unit
    hue = ((40, 40, 190), (70, 150, 210), (60, 200, 230), (60, 170, 110), (90, 140, 190), (230, 235, 240))
    tone = pick(rng, hue, 15)
    x, y = rng.normal(0, 0.15), rng.uniform(1.15, 1.5)
    wide, high = rng.uniform(0.3, 0.9), rng.uniform(0.25, 0.6)
    angle = math.degrees(shape.roll) + rng.normal(0, 25)
    for k in range(4):
        part = pick(rng, hue, 20) if rng.random() < 0.5 else tone * (0.8 + 0.12 * k)
        center = canvas.pixel(x, y + 0.12 * k - 0.15)
        canvas.ellipse(center, (wide * unit * (1 - 0.06 * k), high * unit * (1 - 0.12 * k)), part, angle=angle)
    if rng.random() < 0.7:
        _paint_hands(canvas, skin, rng, 1, "grip")
    return canvas.result(blur=0.04 * unit, shade=0.4)


def book(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """A book, sheet or sign held before the lower or one half of the face: straight edges that follow no jaw."""
    canvas = Canvas(image, shape)
    tone = pick(rng, ((240, 240, 240), (225, 235, 240))) if rng.random() < 0.5 else any_color(rng)
    angle = rng.normal(0, 0.15)
    x, y = rng.normal(0, 0.4), rng.uniform(1.1, 1.8)
    wide, high = rng.uniform(1.2, 2.4), rng.uniform(1.0, 1.8)
    corners = np.array([[-wide, 0], [wide, 0], [wide, high], [-wide, high]]) - (0, 0.3)
    cos, sin = math.cos(angle), math.sin(angle)
    points = canvas.pixels(corners @ np.array([[cos, sin], [-sin, cos]]) + (x, y))
    canvas.polygon(points, tone)
    for k in range(int(rng.integers(0, 6))):
        row = np.array([[-0.8 * wide, 0.2 * k], [rng.uniform(-0.2, 0.8) * wide, 0.2 * k]])
        line = canvas.pixels(row @ np.array([[cos, sin], [-sin, cos]]) + (x, y))
        canvas.stroke(line, rng.uniform(0.04, 0.1) * shape.unit, tone * 0.4, paint_only=True)
    return canvas.result()


def graphic(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """A caption, banner, logo or sticker that lies over the picture."""
    canvas = Canvas(image, shape)
    x, y = canvas.pixel(rng.normal(0, 0.4), rng.uniform(0.9, 2.3))
    unit = shape.unit
    kind = rng.integers(3)
    if kind == 0:
        half = rng.uniform(0.15, 0.35) * unit
        bar = np.array([[0, y - half], [canvas.size[0], y - half], [canvas.size[0], y + half], [0, y + half]])
        canvas.polygon(bar, any_color(rng), opacity=rng.uniform(0.6, 1.0))
    elif kind == 1:
        radius = rng.uniform(0.3, 0.7) * unit
        canvas.ellipse((x, y), (radius, radius), any_color(rng))
        for side in (-1, 1):
            eye = (x + side * 0.4 * radius, y - 0.2 * radius)
            canvas.ellipse(eye, (0.12 * radius, 0.18 * radius), np.array([20.0, 20.0, 20.0]))
    letters = "".join(chr(int(c)) for c in rng.integers(65, 122, rng.integers(4, 14)))
    if kind != 1:
        start = (int(x - rng.uniform(0.5, 1.4) * unit), int(y + 0.12 * unit))
        ink, font = pick(rng, ((250, 250, 250), (20, 20, 20), (40, 220, 240))).tolist(), int(rng.integers(0, 5))
        scale, weight = rng.uniform(0.008, 0.02) * unit, int(rng.integers(1, 4))
        cv2.putText(canvas.color, letters, start, font, scale, ink, weight, cv2.LINE_AA)
        cv2.putText(canvas.alpha, letters, start, font, scale, 255, weight, cv2.LINE_AA)
    return canvas.result(lit=True, flat=True)


def hair(image: Image, shape: FaceShape, skin: NDArray[np.float32], rng: np.random.Generator) -> Drawn:
    """Strands of hair that fall across the face."""
    canvas = Canvas(image, shape)
    tone = pick(rng, _HAIR, 5)
    side = float(rng.choice([-1, 1]))
    start, end = rng.uniform(0.1, 0.9), rng.uniform(0.3, 1.2)
    for _ in range(int(rng.integers(8, 40))):
        top = np.array([side * (start + rng.normal(0, 0.15)), -1.0])
        middle = np.array([side * (0.5 * (start + end) + rng.normal(0.15, 0.1)), rng.uniform(0.3, 0.9)])
        bottom = np.array([side * (end + rng.normal(0, 0.15)), rng.uniform(1.2, 2.6)])
        t = np.linspace(0, 1, 8)[:, None]
        curve = top * (1 - t) ** 2 + 2 * middle * t * (1 - t) + bottom * t**2
        canvas.stroke(canvas.pixels(curve), rng.uniform(0.02, 0.08) * shape.unit, tone * rng.uniform(0.7, 1.4))
    return canvas.result()


Painter = Callable[[Image, FaceShape, NDArray[np.float32], np.random.Generator], Drawn]
OCCLUDERS: dict[str, Painter] = {
    "hand": hand,
    "cup": cup,
    "bottle": bottle,
    "scarf": scarf,
    "beard": beard,
    "microphone": microphone,
    "phone": phone,
    "glasses": glasses,
    "food": food,
    "book": book,
    "graphic": graphic,
    "hair": hair,
}
