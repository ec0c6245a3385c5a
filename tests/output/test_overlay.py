"""What a person sees drawn at a face."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
import pytest

from webcam_app.faces.face import UNSURE, Box, Face
from webcam_app.output.overlay import OverlayStyle, color_for, describe, draw_overlay, text_color_on

LABELS = ("female", "male")


def face(label: str | None = "female", share: float = 0.97, box: Box | None = None, **more: object) -> Face:
    probabilities = {} if label is None else {"female": share, "male": 1 - share}
    return Face(box or Box(100, 100, 120, 120), 3, label, probabilities, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (face(), "female 97 %"),
        (face(mask=0.9, masked=True), "female 97 % · mask"),
        (face(mask=0.1, masked=False), "female 97 %"),
        (face(UNSURE, 0.6), "unsure"),
        (face(UNSURE, 0.6, mask=0.9, masked=True), "unsure · mask"),
        (face(share=0.9999), "female 99 %"),
        (face(None), ""),
    ],
)
def test_words(shown: Face, text: str) -> None:
    assert describe(shown) == text


def test_mask_and_track_can_be_switched() -> None:
    masked = face(mask=0.9, masked=True)
    assert describe(masked, show_mask=False) == "female 97 %"
    bare = face(mask=0.1, masked=False)
    assert describe(bare, show_no_mask=True) == "female 97 % · no mask"
    assert describe(bare, show_mask=False, show_no_mask=True) == "female 97 %"
    assert describe(masked, show_track=True) == "#3 · female 97 % · mask"


def test_the_order_of_labels_gives_their_colours_and_unsure_is_grey() -> None:
    labels = [f"class {number}" for number in range(30)]
    colors = [color_for(label, labels) for label in labels]
    assert min(sum(abs(a - b) for a, b in zip(p, q, strict=True)) for p, q in combinations(colors, 2)) > 10
    for unknown in (UNSURE, None, "neither"):
        blue, green, red = color_for(unknown, labels)
        assert blue == green == red


# Linear RGB as seen without one kind of cones (Machado, Oliveira and Fernandes 2009).
COLOR_VISION = {
    "usual": np.eye(3),
    "no long": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no medium": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "no short": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


@pytest.mark.parametrize("vision", COLOR_VISION)
def test_eight_labels_stay_apart_for_colour_blind_people(vision: str) -> None:
    labels = [str(number) for number in range(8)]
    rgb = np.array([color_for(label, labels)[::-1] for label in labels]) / 255
    seen = np.clip((rgb**2.2) @ np.transpose(COLOR_VISION[vision]), 0, 1) ** (1 / 2.2)
    lab = cv2.cvtColor(seen[np.newaxis].astype(np.float32), cv2.COLOR_RGB2LAB)[0]
    # Ten is far more than the eye needs to see a difference side by side, which is about two.
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(lab, 2)) > 10


@pytest.mark.parametrize("label", ["female", "male", UNSURE])
@pytest.mark.parametrize("background", [0, 60, 128, 200, 255])
def test_text_reads_on_bright_and_dark(label: str, background: int) -> None:
    picture = np.full((480, 640, 3), background, np.uint8)
    drawn = draw_overlay(picture, [face(label)], OverlayStyle(), labels=LABELS)
    plate = cv2.cvtColor(drawn[72:97, 102:200], cv2.COLOR_BGR2GRAY)
    color = color_for(label, LABELS)
    assert (np.abs(drawn[72:97, 102:200].astype(int) - color).max(axis=2) == 0).mean() > 0.3
    letters = int(cv2.cvtColor(np.uint8([[text_color_on(color)]]), cv2.COLOR_BGR2GRAY)[0, 0])
    assert (np.abs(plate.astype(int) - letters) < 30).mean() > 0.05
    assert abs(int(np.median(plate)) - letters) > 90


def test_the_box_is_drawn_where_the_face_is_and_nothing_elsewhere() -> None:
    picture = np.full((480, 640, 3), 128, np.uint8)
    drawn = draw_overlay(picture, [face()], OverlayStyle(), labels=LABELS)
    assert tuple(drawn[160, 100]) == color_for("female", LABELS)
    assert tuple(drawn[219, 160]) == color_for("female", LABELS)
    assert (drawn[110:210, 110:210] == 128).all()
    assert (drawn[250:] == 128).all()
    assert (picture == 128).all()


def test_mirrored_turns_the_picture_and_the_boxes_but_not_the_text() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    at_left = face(box=Box(100, 100, 120, 120))
    at_right = face(box=Box(640 - 100 - 120, 100, 120, 120))
    mirrored = draw_overlay(picture, [at_left], OverlayStyle(mirrored=True), labels=LABELS)
    direct = draw_overlay(np.ascontiguousarray(picture[:, ::-1]), [at_right], OverlayStyle(), labels=LABELS)
    assert (mirrored == direct).all()


def test_lines_and_letters_grow_with_the_picture() -> None:
    def inked(width: int, height: int, scale: float | None = None) -> int:
        picture = np.zeros((height, width, 3), np.uint8)
        big = face(box=Box(width // 4, height // 4, height // 2, height // 2))
        return int(draw_overlay(picture, [big], OverlayStyle(scale=scale), labels=LABELS).any(axis=2).sum())

    assert inked(1920, 1080) > 3 * inked(640, 360)
    assert inked(640, 360, 2.0) > 1.5 * inked(640, 360)


@pytest.mark.parametrize(
    "box", [Box(-50, -50, 100, 100), Box(600, 440, 200, 200), Box(-10, -10, 700, 500), Box(5, 470, 3, 3)]
)
def test_faces_at_the_edge_have_their_text_inside_the_picture(box: Box) -> None:
    picture = np.zeros((480, 640, 3), np.uint8)
    drawn = draw_overlay(picture, [face(box=box)], OverlayStyle(), labels=LABELS)
    plate = (drawn == color_for("female", LABELS)).all(axis=2)
    rows = plate.sum(axis=1)
    assert rows.max() > 60


def test_a_picture_smaller_than_its_text_is_drawn_all_the_same() -> None:
    drawn = draw_overlay(
        np.zeros((8, 8, 3), np.uint8), [face(box=Box(0, 0, 8, 8))], OverlayStyle(show_track=True), labels=LABELS
    )
    assert drawn.shape == (8, 8, 3)


def test_labels_in_any_script_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    for label in ("женщина", "女性", "žena"):
        labelled = Face(Box(100, 100, 120, 120), 1, label, {label: 0.9, "other": 0.1})
        drawn = draw_overlay(np.zeros((480, 640, 3), np.uint8), [labelled], OverlayStyle(), labels=(label, "other"))
        assert drawn[72:97].any()


def test_it_draws_into_a_given_array() -> None:
    picture = np.full((480, 640, 3), 128, np.uint8)
    target = np.zeros_like(picture)
    assert draw_overlay(picture, [face()], OverlayStyle(), labels=LABELS, out=target) is target
    assert tuple(target[160, 100]) == color_for("female", LABELS)
