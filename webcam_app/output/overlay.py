"""What is known about the faces, drawn into the picture."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from webcam_app.capture.frame import Image
from webcam_app.faces.face import UNSURE, Box, Face
from webcam_app.output.covering import Covering
from webcam_app.output.text import draw_text, text_size

# Okabe and Ito's colours (jfly.uni-koeln.de/color), which people with any colour vision tell apart, as BGR, in an order
# that suggests no gender. In place of their black, which is the outline, a dark brown is the eighth: with each kind of
# colour blindness (Machado et al. 2009) it is further from the others than these are from each other.
PALETTE = (
    *((0, 159, 230), (233, 180, 86), (115, 158, 0), (66, 228, 240)),
    *((167, 121, 204), (0, 94, 213), (178, 114, 0), (20, 50, 90)),
)
GREY = (190, 190, 190)
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
# Letters of 1/22 of the shorter side: 22 px at 640x480, 33 px at 720p.
TEXT_SHARE = 1 / 22
MIN_TEXT_SIZE = 12
TEXT_TO_FACE_WIDTH = 0.25


@dataclass(frozen=True, slots=True)
class OverlayStyle:
    """How the overlay looks.

    Attributes:
        mirrored: show the picture as a mirror would; text stays readable.
        show_mask: say where a mask is worn.
        show_no_mask: with ``show_mask``, say as well where none is worn.
        show_track: show each track's number.
        scale: size of lines and letters, 1.0 for what suits the picture's size; None for 1.0.
        covering: which faces snapshots and recordings cover, and how; None for none. What draws covers first.
    """

    mirrored: bool = False
    show_mask: bool = True
    show_no_mask: bool = False
    show_track: bool = False
    scale: float | None = None
    covering: Covering | None = None


def describe(face: Face, *, show_mask: bool = True, show_no_mask: bool = False, show_track: bool = False) -> str:
    """What is written at a face, like ``female 97 % · mask``; empty where nothing is known."""
    parts = []
    if show_track:
        parts.append(f"#{face.track}")
    if face.label == UNSURE:
        parts.append(UNSURE)
    elif face.label is not None:
        share = face.probabilities.get(face.label, face.confidence)
        # A network is never certain, so 99.7 % is not rounded up to what would sound like it.
        parts.append(face.label if share is None else f"{face.label} {min(99, round(100 * share))} %")
    if show_mask and face.masked:
        parts.append("mask")
    elif show_mask and show_no_mask and face.masked is False:
        parts.append("no mask")
    return " · ".join(parts)


def color_for(label: str | None, labels: Sequence[str]) -> tuple[int, int, int]:
    """The colour of a label.

    Args:
        label: one of ``labels``, ``UNSURE``, or None while unknown.
        labels: the model's labels; their order decides.

    Returns:
        BGR, 0 to 255; grey for anything that is none of the labels.
    """
    if label is None or label not in labels:
        return GREY
    index = list(labels).index(label)
    if index < len(PALETTE):
        return PALETTE[index]
    red, green, blue = colorsys.hsv_to_rgb((index * 0.618034) % 1.0, 0.65, 0.95)
    return round(255 * blue), round(255 * green), round(255 * red)


def draw_overlay(
    image: Image, faces: Sequence[Face], style: OverlayStyle, *, labels: Sequence[str], out: Image | None = None
) -> Image:
    """Draw each face's box, label, confidence and mask.

    Args:
        image: H×W×3 uint8 BGR; not changed.
        faces: in pixels of ``image``.
        style: how it looks.
        labels: the model's labels, for the colours.
        out: where to draw, of the shape of ``image``, which it must not share memory with; None for a new array.

    Returns:
        ``out`` or the new array, owned by the caller.
    """
    canvas = np.empty_like(image, order="C") if out is None else out
    if style.mirrored:
        cv2.flip(image, 1, dst=canvas)
    else:
        np.copyto(canvas, image)
    height, width = canvas.shape[:2]
    scale = style.scale or 1.0
    size = max(MIN_TEXT_SIZE, round(min(height, width) * TEXT_SHARE * scale))
    boxes = [_mirrored(face.box, width) if style.mirrored else face.box for face in faces]
    colors = [color_for(face.label, labels) for face in faces]
    for box, color in zip(boxes, colors, strict=True):
        _draw_box(canvas, box, color, max(1, round(size / 9)))
    for face, box, color in zip(faces, boxes, colors, strict=True):
        text = describe(face, show_mask=style.show_mask, show_no_mask=style.show_no_mask, show_track=style.show_track)
        if text:
            # The plates of a small face's neighbours need room too.
            fitting = round(max(MIN_TEXT_SIZE * scale, min(size, box.width * TEXT_TO_FACE_WIDTH)))
            _draw_plate(canvas, text, fitting, box, color)
    return canvas


def text_color_on(color: tuple[int, int, int]) -> tuple[int, int, int]:
    """Black or white, whichever reads better on a BGR colour."""
    blue, green, red = ((value / 255) ** 2.2 for value in color)
    # At this luminance both have the same contrast by WCAG 2 (w3.org/TR/WCAG21/#dfn-contrast-ratio).
    return BLACK if 0.0722 * blue + 0.7152 * green + 0.2126 * red > 0.179 else WHITE


def _mirrored(box: Box, width: int) -> Box:
    return Box(width - box.x - box.width, box.y, box.width, box.height)


def _draw_box(canvas: Image, box: Box, color: tuple[int, int, int], thickness: int) -> None:
    first, second = (box.x, box.y), (box.x + box.width - 1, box.y + box.height - 1)
    cv2.rectangle(canvas, first, second, BLACK, thickness + 2 * max(1, thickness // 2))
    cv2.rectangle(canvas, first, second, color, thickness)


def _draw_plate(canvas: Image, text: str, size: int, box: Box, color: tuple[int, int, int]) -> None:
    """Text on a plate in the label's colour with a dark edge: it reads on any picture.

    It stands above the box, below it where there is no room, inside it where there is none either.
    """
    height, width = canvas.shape[:2]
    text_width, text_height = text_size(text, size)
    edge, padding = max(1, size // 12), max(2, size // 5)
    plate_width, plate_height = text_width + 2 * padding, text_height + 2 * edge
    left = max(edge, min(box.x, width - plate_width - edge))
    for top in (box.y - plate_height - 2 * edge, box.y + box.height + 2 * edge):
        if edge <= top <= height - plate_height - edge:
            break
    else:
        top = max(edge, min(box.y + 2 * edge, height - plate_height - edge))
    corner = (left + plate_width - 1, top + plate_height - 1)
    cv2.rectangle(canvas, (left - edge, top - edge), (corner[0] + edge, corner[1] + edge), BLACK, cv2.FILLED)
    cv2.rectangle(canvas, (left, top), corner, color, cv2.FILLED)
    draw_text(canvas, text, left + padding, top + edge, size, text_color_on(color))
