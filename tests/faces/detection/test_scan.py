"""The photographs' network searches a video in slices: all of a frame, at every size, within a fraction of a second."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.faces.scenes import masked
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.scan import CYCLE_SECONDS, STRIP_PIXELS, NetworkScan, lay_out_strips
from webcam_app.faces.detection.still_network import StillNetwork
from webcam_app.faces.detection.tiles import smallest_face


@pytest.fixture(scope="module")
def network() -> StillNetwork:
    """The shipped one."""
    return StillNetwork()


def _frame(portrait: NDArray[np.uint8], face: FaceBox, side: float = 120.0) -> tuple[NDArray[np.uint8], FaceBox]:
    """A masked face in a grey frame of 640×480, and where it is."""
    scale = side / face.side
    small = cv2.resize(masked(portrait, face), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[:440, :440]
    frame = np.full((480, 640, 3), 110, np.uint8)
    frame[20 : 20 + small.shape[0], 150 : 150 + small.shape[1]] = small
    return frame, FaceBox(150 + face.x * scale, 20 + face.y * scale, side)


@pytest.mark.parametrize("side", [50.0, 120.0, 190.0])
def test_a_masked_face_is_proposed_again_and_again(
    network: StillNetwork, portrait: NDArray[np.uint8], face: FaceBox, side: float
) -> None:
    frame, wanted = _frame(portrait, face, side)
    scan = NetworkScan(network)
    seen = [
        number / 30
        for number in range(60)
        for proposal in scan.search(frame, number / 30)
        if proposal.log_odds > 0 and proposal.box.iou(wanted) > 0.5
    ]
    assert seen
    # One cycle for the strips before it, and a frame in which its share is saved up.
    longest = max(np.diff([0.0, *seen, 2.0]))
    assert longest <= CYCLE_SECONDS + 3 / 30


@pytest.mark.parametrize("shape", [(480, 640), (270, 480), (1080, 1920), (240, 1600), (1600, 240), (60, 80)])
def test_the_strips_hold_every_face_whole(network: StillNetwork, shape: tuple[int, int]) -> None:
    card, smallest = network.card, smallest_face(shape)
    strips = lay_out_strips(shape, smallest, card)
    rng = np.random.default_rng(0)
    for _ in range(300):
        side = float(np.exp(rng.uniform(np.log(smallest), np.log(max(smallest, min(shape))))))
        top = float(rng.uniform(0, max(0.0, shape[0] - side)))
        seen = [
            strip
            for strip in strips
            if card.smallest * 0.99 <= side * strip.scale <= card.largest * 1.01
            and strip.region.y <= top
            and min(top + side, shape[0]) <= strip.region.y + strip.region.height
        ]
        assert seen, (side, top)


def test_a_frames_share_of_the_work_is_bounded(network: StillNetwork) -> None:
    for shape in ((480, 640), (1080, 1920), (2160, 3840)):
        strips = lay_out_strips(shape, smallest_face(shape), network.card)
        assert max(strip.cost for strip in strips) <= 2 * STRIP_PIXELS


def test_frames_far_apart_are_searched_one_strip_each(network: StillNetwork) -> None:
    frame = np.full((480, 640, 3), 110, np.uint8)
    scan, runs = NetworkScan(network), []
    scan._search_strip = lambda _image, strip: runs.append(strip) or []  # type: ignore[method-assign, func-returns-value]
    for number in range(10):
        scan.search(frame, number * 1.0)
    assert len(runs) <= 10
    assert set(runs) == set(lay_out_strips((480, 640), smallest_face((480, 640)), network.card))
