"""Drawn masks cover what a mask covers, other things do not count as masks, and both can be repeated."""

from __future__ import annotations

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from train.occlusion.draw import (
    HELD_OUT_KINDS,
    OCCLUDER_KINDS,
    choose_mask_kind,
    draw_mask,
    draw_occluder,
    eye_positions,
    mask_kinds,
)
from webcam_app.capture import open_source
from webcam_app.faces.face import Box

BOX = Box(32, 32, 128, 128)
EYES = np.array([[67, 76], [123, 76]], np.float32)
# Rows of the head's parts in the picture below: eyes at 76, nose's tip at 115, mouth at 140, chin at 178.
FOREHEAD = (slice(36, 60), slice(70, 120))
NOSE = (slice(106, 114), slice(88, 102))
MOUTH = (slice(136, 146), slice(82, 108))


@pytest.fixture(scope="module")
def face() -> NDArray[np.uint8]:
    """A head of plain skin before grey, 192 px, with noise like a camera's."""
    image = np.full((192, 192, 3), 90, np.uint8)
    cv2.ellipse(image, (95, 105), (66, 88), 0, 0, 360, (120, 150, 200), -1)
    noise = np.random.default_rng(0).normal(0, 2, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def _changed(before: NDArray[np.uint8], after: NDArray[np.uint8], part: tuple[slice, slice]) -> float:
    """Share of a part's pixels that differ by more than shading and noise do."""
    difference = np.abs(before[part].astype(int) - after[part].astype(int)).max(axis=2)
    return float((difference > 25).mean())


@pytest.mark.parametrize("kind", mask_kinds() + mask_kinds(held_out=True))
def test_a_worn_mask_covers_mouth_and_nose_and_leaves_the_forehead(face: NDArray[np.uint8], kind: str) -> None:
    covered = [draw_mask(face, BOX, EYES, np.random.default_rng(seed), kind) for seed in range(8)]
    # A mask may by chance have the skin's colour.
    assert np.median([_changed(face, image, MOUTH) for image in covered]) > 0.8 or kind in ("skin", "mouth_print")
    assert np.median([_changed(face, image, NOSE) for image in covered]) > 0.5 or kind in ("skin", "mouth_print")
    assert max(_changed(face, image, FOREHEAD) for image in covered) < 0.02


def test_a_mask_under_the_nose_leaves_the_nose_and_covers_the_mouth(face: NDArray[np.uint8]) -> None:
    image = draw_mask(face, BOX, EYES, np.random.default_rng(1), "black", wear="under_nose")
    assert _changed(face, image, MOUTH) > 0.8
    assert _changed(face, image, NOSE) < 0.1


def test_a_mask_on_the_chin_leaves_the_mouth(face: NDArray[np.uint8]) -> None:
    image = draw_mask(face, BOX, EYES, np.random.default_rng(1), "black", wear="chin")
    assert _changed(face, image, MOUTH) < 0.1
    assert _changed(face, image, (slice(160, 180), slice(80, 110))) > 0.8


@pytest.mark.parametrize("kind", OCCLUDER_KINDS)
def test_every_other_thing_is_seen(face: NDArray[np.uint8], kind: str) -> None:
    whole = (slice(None), slice(None))
    images = [draw_occluder(face, BOX, EYES, np.random.default_rng(seed), kind) for seed in range(5)]
    assert all(image.shape == face.shape and image.dtype == np.uint8 for image in images)
    assert max(_changed(face, image, whole) for image in images) > 0.005


def test_the_picture_that_is_drawn_on_stays_as_it_was(face: NDArray[np.uint8]) -> None:
    before = face.copy()
    draw_mask(face, BOX, None, np.random.default_rng(0))
    draw_occluder(face, BOX, None, np.random.default_rng(0))
    assert np.array_equal(face, before)


def test_the_same_seed_draws_the_same(face: NDArray[np.uint8]) -> None:
    first, second = (draw_mask(face, BOX, EYES, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, draw_mask(face, BOX, EYES, np.random.default_rng(8)))


def test_a_mask_follows_the_tilt_of_the_eyes(face: NDArray[np.uint8]) -> None:
    tilted = np.array([[70, 62], [120, 90]], np.float32)
    image = draw_mask(face, BOX, tilted, np.random.default_rng(3), "black")
    difference = np.abs(face.astype(int) - image.astype(int)).max(axis=2) > 40
    rows, columns = np.nonzero(difference)
    # The head leans to the picture's right, so what lies below the eyes lies further left.
    assert columns[rows > 140].mean() < 95 - 10


def test_a_mask_is_as_dark_as_the_picture(face: NDArray[np.uint8]) -> None:
    dim = (face * 0.25).astype(np.uint8)
    bright = draw_mask(face, BOX, EYES, np.random.default_rng(2), "white")[MOUTH].mean()
    dark = draw_mask(dim, BOX, EYES, np.random.default_rng(2), "white")[MOUTH].mean()
    assert dark < 0.6 * bright


def test_held_out_kinds_are_never_drawn_for_training() -> None:
    rng = np.random.default_rng(0)
    assert not {choose_mask_kind(rng) for _ in range(400)} & set(HELD_OUT_KINDS)
    assert {choose_mask_kind(rng, held_out=True) for _ in range(100)} <= set(HELD_OUT_KINDS)


def test_an_unknown_kind_is_refused(face: NDArray[np.uint8]) -> None:
    with pytest.raises(KeyError):
        draw_mask(face, BOX, EYES, np.random.default_rng(0), "balaclava")
    with pytest.raises(KeyError):
        draw_mask(face, BOX, EYES, np.random.default_rng(0), "template:surgical")


def test_a_photograph_of_a_mask_is_laid_over_nose_and_mouth(face: NDArray[np.uint8], tmp_path: Path) -> None:
    picture = np.zeros((200, 300, 4), np.uint8)
    cv2.rectangle(picture, (10, 10), (290, 190), (200, 40, 40, 255), -1)
    points = {"a": (10, 20), "b": (150, 10), "c": (290, 20), "d": (10, 150), "e": (150, 190), "f": (290, 150)}
    lines = "".join(f"mask_{key}: {x}, {y}\n" for key, (x, y) in points.items())
    path = tmp_path / "masks.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("masks.cfg", f"[plain]\ntemplate: masks/templates/plain.png\n{lines}[absent]\n")
        archive.writestr("templates/plain.png", cv2.imencode(".png", picture)[1].tobytes())
    assert "template:plain" in mask_kinds(path)
    image = draw_mask(face, BOX, EYES, np.random.default_rng(0), "template:plain", templates=path)
    blue, _, red = image[MOUTH].reshape(-1, 3).mean(axis=0)
    assert blue > 1.5 * red
    assert _changed(face, image, FOREHEAD) < 0.02


@pytest.mark.parametrize(
    "box", [Box(-60, 40, 100, 100), Box(150, 150, 120, 120), Box(500, 500, 80, 80), Box(0, 0, 9, 9)]
)
def test_a_face_at_or_past_the_edge_does_no_harm(face: NDArray[np.uint8], box: Box) -> None:
    for seed in range(6):
        assert draw_mask(face, box, None, np.random.default_rng(seed)).shape == face.shape
        assert draw_occluder(face, box, None, np.random.default_rng(seed)).shape == face.shape


def test_eyes_are_found_on_faces_and_not_on_a_wall(demo_path: Path) -> None:
    cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
    found = []
    with open_source(str(demo_path)) as clip:
        while (frame := clip.read()) is not None:
            if frame.index % 12 == 0:
                gray = cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY)
                for place in cascade.detectMultiScale(gray, 1.1, 5, minSize=(90, 90)):
                    box = Box(*(int(v) for v in place))
                    found.append((eye_positions(frame.image, box), box))
    shares = np.array([(eyes - (box.x, box.y)) / box.width for eyes, box in found if eyes is not None])
    assert len(shares) > 0.5 * len(found) > 10
    (left_x, left_y), (right_x, right_y) = np.median(shares, 0)
    assert 0.2 < left_x < 0.4 < 0.6 < right_x < 0.8
    assert 0.28 < left_y < 0.45
    assert 0.28 < right_y < 0.45
    assert eye_positions(np.full((200, 200, 3), 128, np.uint8), BOX) is None
