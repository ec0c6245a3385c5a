"""Faces in a picture are covered so that nobody can be recognised."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from webcam_app.capture.frame import Frame, StoredPicture
from webcam_app.faces.face import Box, Face
from webcam_app.output.cover import CoverKind, cover_faces, cover_frame, covered_area
from webcam_app.output.covering import AFTER_SECONDS, BEFORE_SECONDS, CoverDelay, CoverTrail

BOX = Box(120, 80, 60, 60)
noise = np.random.default_rng(1)


def picture(height: int = 240, width: int = 320) -> np.ndarray:
    return noise.integers(0, 256, (height, width, 3), dtype=np.uint8)


def frame(time: float, image: np.ndarray | None = None) -> Frame:
    return Frame(picture() if image is None else image, round(time * 10), time, 0.0)


@pytest.mark.parametrize("kind", CoverKind)
@pytest.mark.parametrize("box", [BOX, Box(-20, -30, 80, 80), Box(290, 210, 60, 60), Box(100, 100, 5, 5)])
def test_only_what_is_around_a_face_changes_and_the_picture_itself_stays(kind: CoverKind, box: Box) -> None:
    image = picture()
    before = image.copy()
    covered = cover_faces(image, [box], kind)
    assert np.array_equal(image, before)
    area = covered_area(image.shape, [box])
    changed = (covered != image).any(axis=2)
    assert not changed[~area].any()
    assert changed[area].mean() > 0.97


@pytest.mark.parametrize("kind", CoverKind)
def test_the_head_with_forehead_chin_and_ears_is_covered(kind: CoverKind) -> None:
    area = covered_area((240, 320), [BOX])
    left, top, right, bottom = 115, 65, 185, 150  # ears, hair, chin
    middle_x, middle_y = (left + right) // 2, (top + bottom) // 2
    assert all(area[y, x] for x, y in [(left, middle_y), (right, middle_y), (middle_x, top), (middle_x, bottom)])


@pytest.mark.parametrize("kind", CoverKind)
@pytest.mark.parametrize("side", [8, 20, 60, 150])
def test_pictures_that_differ_in_details_only_look_the_same_when_covered(kind: CoverKind, side: int) -> None:
    box = Box(120, 60, side, side)
    plain = np.full((300, 400, 3), 120, np.uint8)
    checks = plain.copy()
    checks[::2, ::2] = 160
    checks[1::2, 1::2] = 160
    checks[::2, 1::2] = 80
    checks[1::2, ::2] = 80
    area = covered_area(plain.shape, [box])
    difference = np.abs(cover_faces(checks, [box], kind)[area].astype(int) - cover_faces(plain, [box], kind)[area])
    assert difference.max() <= 12  # of 40


@pytest.mark.parametrize("kind", [CoverKind.BLUR, CoverKind.PIXELATE])
def test_of_a_face_few_numbers_are_left(kind: CoverKind) -> None:
    covered = cover_faces(picture(480, 640), [Box(200, 150, 120, 120)], kind)[150:270, 200:320].astype(float)
    strengths = np.linalg.svd(covered.mean(axis=2), compute_uv=False) ** 2
    # Of 120 rows and columns no more than the seven means along each side that lie in the square, or beside it.
    assert strengths[7:].sum() < 1e-4 * strengths[1:].sum() + 120 * 120 / 12


def test_a_cover_in_pixels_that_are_not_square_is_on_the_same_head() -> None:
    image = picture(240, 320)
    stored = picture(240, 160)
    covered = cover_frame(Frame(image, 0, 0.0, 0.0, stored=StoredPicture(stored, Fraction(2))), [BOX], CoverKind.FILL)
    assert covered.stored is not None
    changed = (covered.stored.image != stored).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(75, abs=2)
    assert columns.max() - columns.min() == pytest.approx(51, abs=4)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(107, abs=2)


def test_a_face_is_covered_in_the_half_second_before_it_is_found() -> None:
    delay = CoverDelay()
    for step in range(10):
        delay.put(frame(step / 10), [])
        assert (delay.take() is None) == (step <= 5)
    delay.put(frame(1.0), [Face(BOX, 1)])
    out = []
    while (item := delay.take(all_of_them=True)) is not None:
        out.append(item)
    assert len(out) == 7
    for item in out:
        assert 1.0 - item.frame.time <= BEFORE_SECONDS + 0.11
        (box,) = item.boxes
        assert covered_area((240, 320), [box])[80:140, 120:180].all()


def test_a_track_that_was_away_for_a_while_is_covered_meanwhile() -> None:
    delay = CoverDelay()
    for step, box in enumerate([BOX, None, None, Box(160, 80, 60, 60)]):
        delay.put(frame(step / 10), [] if box is None else [Face(box, 1)])
    boxes = []
    while (item := delay.take(all_of_them=True)) is not None:
        boxes.append(item.boxes)
    assert [len(each) for each in boxes] == [1, 2, 2, 1]  # where it was, and where it is again
    assert covered_area((240, 320), boxes[1])[80:140, 120:220].all()


def test_a_face_stays_covered_for_a_moment_after_it_was_lost() -> None:
    trail = CoverTrail()
    trail.places(frame(0.0), [Face(BOX, 1)])
    for time in (0.1, 0.3, AFTER_SECONDS):
        (box,) = trail.places(frame(time), [])
        assert box.width >= BOX.width
    assert trail.places(frame(AFTER_SECONDS + 0.2), []) == []


def test_chosen_faces_are_left_out_before_while_and_after_they_are_seen() -> None:
    delay = CoverDelay()
    for step in range(5):
        faces = [Face(BOX, 1), Face(Box(10, 10, 20, 20), 2)] if step in (1, 2) else []
        delay.put(frame(step / 10), faces, {1})
    while (item := delay.take(all_of_them=True)) is not None:
        assert len(item.boxes) == 1
        assert item.boxes[0].x < 20


def test_pictures_that_wait_have_a_bound_in_bytes_and_say_so() -> None:
    size = picture().nbytes
    delay = CoverDelay(max_bytes=3 * size)
    for step in range(5):
        delay.put(frame(step / 100), [])
        while delay.take() is not None:
            pass
        assert len(delay) <= 3
    assert delay.shortened
