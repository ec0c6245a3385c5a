"""Each face of a photograph is found once, whatever its size and place; what the maps say becomes boxes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.faces.scenes import Scene, masked, room
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.still import Proposal, StillDetector, make_levels, merge, read_maps
from webcam_app.faces.detection.still_network import FaceMaps, StillNetwork


@pytest.fixture(scope="module")
def detector(refiner: BoxRefiner) -> StillDetector:
    """The shipped networks."""
    return StillDetector(refiner)


def _hits(detector: StillDetector, image: NDArray[np.uint8], wanted: FaceBox, smallest: float = 20.0) -> int:
    return sum(found.box.iou(wanted) > 0.5 for found in detector.find(image, smallest))


def test_a_masked_and_a_bare_face_are_each_found_once(
    detector: StillDetector, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    both = np.hstack([portrait, masked(portrait, face)])
    both = np.asarray(cv2.resize(both, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    small = FaceBox(face.x / 2, face.y / 2, face.side / 2)
    other = small._replace(x=small.x + portrait.shape[1] / 2)
    assert [_hits(detector, both, wanted) for wanted in (small, other)] == [1, 1]


@pytest.mark.parametrize("side", [24, 34, 50, 80, 150, 280])
def test_faces_of_all_sizes_are_found_in_one_picture_each(detector: StillDetector, scene: Scene, side: float) -> None:
    place = FaceBox(310, 240, side)
    assert _hits(detector, scene(place), place) == 1


def test_a_face_that_fills_the_picture_is_found(
    detector: StillDetector, portrait: NDArray[np.uint8], face: FaceBox
) -> None:
    left, top, reach = round(face.x - 0.58 * face.side), round(face.y - 0.55 * face.side), round(1.16 * face.side)
    crop = portrait[top : top + reach, left : left + reach]
    assert _hits(detector, crop, face._replace(x=face.x - left, y=face.y - top)) == 1


def test_faces_at_the_edges_of_the_picture_are_found(detector: StillDetector, scene: Scene) -> None:
    corners = [FaceBox(50, 60, 90), FaceBox(590, 420, 90)]
    image = scene(*corners)
    assert [_hits(detector, image, corner) for corner in corners] == [1, 1]


def test_faces_smaller_than_asked_for_cost_no_time(detector: StillDetector) -> None:
    fine, coarse = (make_levels(room((640, 480)), smallest, detector.card) for smallest in (20.0, 80.0))
    assert sum(level.image.size for level in coarse) < 0.1 * sum(level.image.size for level in fine)


@pytest.mark.parametrize("size", [(640, 480), (33, 1000), (21, 20), (4000, 3000)])
def test_every_level_has_a_size_that_the_network_takes(detector: StillDetector, size: tuple[int, int]) -> None:
    card = detector.card
    levels = make_levels(np.zeros((size[1], size[0], 3), np.uint8), max(20.0, min(size) / 40), card)
    assert all(length % card.multiple == 0 for level in levels for length in level.image.shape[:2])
    assert min(size) * levels[-1].scale <= card.largest
    assert levels[0].image.shape[0] * levels[0].image.shape[1] < 1_500_000


def test_a_levels_pixels_lie_where_its_scale_says(detector: StillDetector) -> None:
    image = np.zeros((800, 1200, 3), np.uint8)
    image[400:480, 900:980] = 255
    for level in make_levels(image, 25.0, detector.card)[:3]:
        bright = level.image[..., 0] > 200
        rows, columns = np.nonzero(bright)
        assert (columns.mean() + 0.5) / level.scale == pytest.approx(940, abs=1.5 / level.scale)
        assert (rows.mean() + 0.5) / level.scale == pytest.approx(440, abs=1.5 / level.scale)


def test_a_peak_becomes_the_box_that_its_cell_describes(detector: StillDetector) -> None:
    card = detector.card
    logits = np.full((10, 12), -9.0, np.float32)
    logits[4, 7], logits[4, 8] = 5.0, 3.0  # the second is no peak
    boxes = np.zeros((10, 12, 3), np.float32)
    boxes[4, 7] = (0.25, -0.5, np.log(1.5))
    [(log_odds, box)] = read_maps(FaceMaps(logits, boxes), 0.5, card)
    assert log_odds == 5.0
    assert box == pytest.approx(((7.75 * card.stride) / 0.5, (4.0 * card.stride) / 0.5, 1.5 * card.base_side / 0.5))


def test_cells_below_the_least_logit_are_no_proposals(detector: StillDetector) -> None:
    logits = np.full((4, 4), detector.card.min_logit - 0.1, np.float32)
    assert read_maps(FaceMaps(logits, np.zeros((4, 4, 3), np.float32)), 1.0, detector.card) == []


def test_boxes_of_one_face_are_merged_and_neighbours_are_not() -> None:
    first, near, beside = FaceBox(100, 100, 50), FaceBox(104, 98, 54), FaceBox(150, 100, 50)
    merged = merge([Proposal(2.0, near), Proposal(6.0, first), Proposal(4.0, beside)])
    assert [proposal.log_odds for proposal in merged] == [6.0, 4.0]
    assert merged[0].box.iou(first) > 0.85
    assert merged[1].box == beside


def test_a_small_proposal_needs_more_certainty(detector: StillDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = detector.card.thresholds
    between = (limits.face + limits.small_face) / 2
    small, usual = FaceBox(50, 50, limits.small - 1), FaceBox(150, 50, limits.small + 1)
    proposals = [Proposal(between, small), Proposal(between, usual), Proposal(limits.small_face, small)]
    monkeypatch.setattr(detector, "proposals", lambda _image, _smallest: proposals)
    assert limits.face < limits.small_face
    assert [found.box for found in detector.find(room(), 20.0)] == [usual, small]


def test_a_picture_without_people_has_no_faces(detector: StillDetector) -> None:
    ramp = np.linspace(40, 200, 320, dtype=np.uint8)
    wall = np.repeat(np.repeat(ramp[None, :, None], 240, axis=0), 3, axis=2)
    noise = np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)
    for image in (np.ascontiguousarray(wall), noise, room()):
        assert detector.find(image, 20.0) == []


def test_the_network_alone_finds_a_face_too(scene: Scene) -> None:
    place = FaceBox(300, 220, 70)
    proposals = StillDetector(network=StillNetwork()).propose(scene(place), 20.0)
    assert proposals[0].box.iou(place) > 0.5


def test_the_picture_is_not_changed(detector: StillDetector, scene: Scene) -> None:
    image = scene(FaceBox(300, 220, 70))
    before = image.copy()
    image.flags.writeable = False
    detector.find(image, 20.0)
    assert np.array_equal(image, before)
