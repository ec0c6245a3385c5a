"""What happens between a canvas and a network: crop with jitter, and everything a webcam does to a picture.

One function for teacher and student, so that both see the same (Beyer et al. 2022, arXiv:2106.05237).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from train.data.cache import canvas_box
from webcam_app.faces.labelling.crop import CropSpec, crop_face, crop_square

# The cascade's boxes differ from the best one by about 7 % in size and 4 % in place (spread on FairFace); training sees
# twice that. Those of the live detector are 4 % (FairFace) to 13 % (LFW) smaller than the frontal cascade's, which the
# canvases are cut by: hence more room on that side.
SMALLEST_SCALE, LARGEST_SCALE = math.log(0.77), math.log(1.15)
SHIFT_JITTER = 0.07
ROTATION_DEGREES = 16.0
NOISE_BANK_SIZE = 1 << 20
# Of compressed faces, so many are compressed as videos are: VP8's key frames (WebP), whose loop filter takes the
# texture of skin and hair away, where JPEG leaves blocks. At bit rates of phones and calls the face is small then.
AS_VIDEO, SMALLEST_VIDEO = 0.5, 0.35
JPEG_QUALITY, VIDEO_QUALITY = (12, 70), (1, 40)


@dataclass(frozen=True)
class Chances:
    """Probabilities of what a webcam does, 0 to 1."""

    small: float = 0.25
    blur: float = 0.18
    light: float = 0.8
    cast: float = 0.4
    noise: float = 0.2
    compression: float = 0.3
    gray: float = 0.06
    erase: float = 0.15


class Augmenter:
    """Turns canvases into network inputs; every picture differently. Threads may share one."""

    def __init__(self, canvas_size: int, canvas_scale: float, seed: int, chances: Chances | None = None) -> None:
        self._box = canvas_box(canvas_size, canvas_scale, CropSpec())
        self._chances = chances or Chances()
        self._noise = np.random.default_rng(seed).normal(0, 1, NOISE_BANK_SIZE).astype(np.float32)

    def __call__(self, canvas: NDArray[np.uint8], size: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        """Crop and change a canvas.

        Args:
            canvas: S×S×3 uint8 BGR; not changed.
            size: side of the result in pixels.
            rng: decides everything.

        Returns:
            A new size×size×3 uint8 BGR array.
        """
        chance = self._chances
        image = self._crop(canvas, size, rng)
        if rng.random() < chance.small:
            image = _shrink(image, rng)
        if rng.random() < chance.blur:
            image = _blur(image, rng)
        if rng.random() < chance.erase:
            _erase(image, rng)
        if rng.random() < chance.light:
            image = self._light(image, rng)
        if rng.random() < chance.noise:
            image = self._add_noise(image, rng)
        if rng.random() < chance.compression:
            image = _compress(image, rng)
        if rng.random() < chance.gray:
            image = np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)
        return image

    def _crop(self, canvas: NDArray[np.uint8], size: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        left, top, side = crop_square(self._box, CropSpec())
        face = side / CropSpec().scale
        center_x = left + side / 2 + face * rng.uniform(-SHIFT_JITTER, SHIFT_JITTER)
        center_y = top + side / 2 + face * rng.uniform(-SHIFT_JITTER, SHIFT_JITTER)
        zoom = size / (side * math.exp(rng.uniform(SMALLEST_SCALE, LARGEST_SCALE)))
        angle = math.radians(rng.uniform(-ROTATION_DEGREES, ROTATION_DEGREES)) if rng.random() < 0.6 else 0.0
        cosine, sine = zoom * math.cos(angle), zoom * math.sin(angle)
        flip = -1.0 if rng.random() < 0.5 else 1.0
        matrix = np.array(
            [
                [flip * cosine, -flip * sine, size / 2 - flip * (cosine * center_x - sine * center_y)],
                [sine, cosine, size / 2 - sine * center_x - cosine * center_y],
            ]
        )
        flags, border = cv2.INTER_LINEAR, cv2.BORDER_REPLICATE
        return np.asarray(cv2.warpAffine(canvas, matrix, (size, size), flags=flags, borderMode=border), np.uint8)

    def _light(self, image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
        """Gamma, contrast, brightness, and a colour cast, as one look-up table for each channel."""
        dark = rng.random() < 0.15
        gamma = math.exp(rng.uniform(0.3, 1.0) if dark else rng.uniform(-0.4, 0.4))
        contrast = math.exp(rng.uniform(-0.35, 0.3))
        brightness = rng.uniform(-0.12, 0.12)
        gains = np.exp(rng.uniform(-0.18, 0.18, 3)) if rng.random() < self._chances.cast else np.ones(3)
        ramp = np.linspace(0, 1, 256)[:, None] ** gamma
        table = ((ramp - 0.5) * contrast + 0.5 + brightness) * gains
        lookup = np.clip(table * 255, 0, 255).astype(np.uint8).reshape(1, 256, 3)
        return np.asarray(cv2.LUT(image, lookup), np.uint8)

    def _add_noise(self, image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
        start = int(rng.integers(0, NOISE_BANK_SIZE - image.size))
        noise = self._noise[start : start + image.size].reshape(image.shape) * np.float32(rng.uniform(2, 18))
        return np.asarray(cv2.add(image, noise, dtype=cv2.CV_8U), np.uint8)


def _shrink(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    size = image.shape[0]
    small = max(16, round(size * math.exp(rng.uniform(math.log(0.22), math.log(0.8)))))
    way = cv2.INTER_LINEAR if rng.random() < 0.7 else cv2.INTER_CUBIC
    shrunk = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(shrunk, (size, size), interpolation=way), np.uint8)


def _blur(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    size = image.shape[0]
    if rng.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.8) * size / 128), np.uint8)
    length = int(rng.integers(3, max(4, size // 12)))
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, math.pi)
    middle, reach = (length - 1) / 2, (length - 1) / 2
    start = (round(middle - reach * math.cos(angle)), round(middle - reach * math.sin(angle)))
    end = (round(middle + reach * math.cos(angle)), round(middle + reach * math.sin(angle)))
    cv2.line(kernel, start, end, 1.0)
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.uint8)


def _compress(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    size = image.shape[0]
    if rng.random() >= AS_VIDEO:
        return _coded(image, ".jpg", cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*JPEG_QUALITY)))
    side = max(16, round(size * rng.uniform(SMALLEST_VIDEO, 1.0)))
    small = np.asarray(cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
    coded = _coded(small, ".webp", cv2.IMWRITE_WEBP_QUALITY, int(rng.integers(*VIDEO_QUALITY)))
    return np.asarray(cv2.resize(coded, (size, size), interpolation=cv2.INTER_LINEAR), np.uint8)


def _erase(image: NDArray[np.uint8], rng: np.random.Generator) -> None:
    size = image.shape[0]
    width, height = (int(rng.uniform(0.1, 0.45) * size) for _ in range(2))
    x, y = int(rng.integers(0, size - width)), int(rng.integers(0, size - height))
    image[y : y + height, x : x + width] = rng.integers(0, 256, 3) if rng.random() < 0.7 else image.mean((0, 1))


def _coded(image: NDArray[np.uint8], suffix: str, parameter: int, quality: int) -> NDArray[np.uint8]:
    """A picture as it comes back from a lossy file."""
    _, data = cv2.imencode(suffix, image, [parameter, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def crop_canvas(canvas: NDArray[np.uint8], size: int, scale: float) -> NDArray[np.uint8]:
    """The crop that the application would hand to a network, from a canvas; BGR in, size×size×3 BGR out."""
    return crop_face(canvas, canvas_box(canvas.shape[0], scale, CropSpec()), size, CropSpec())
