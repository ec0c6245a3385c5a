"""Which part of a picture is seen."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import QPointF, QRectF, QSizeF

from webcam_app.window.live.picture.viewport import LARGEST_ZOOM, Viewport

AREA, FRAME = QSizeF(1000, 600), QSizeF(640, 480)
AREAS = (QSizeF(1000, 600), QSizeF(300, 700), QSizeF(640, 480), QSizeF(161, 90))


def share_at(viewport: Viewport, at: QPointF, area: QSizeF = AREA) -> tuple[float, float]:
    """What of the picture lies at a point, in shares of it."""
    place = viewport.picture(area, FRAME)
    return (at.x() - place.left()) / place.width(), (at.y() - place.top()) / place.height()


@pytest.mark.parametrize("at", [QPointF(500, 300), QPointF(300, 100), QPointF(700, 550)])
def test_what_is_under_the_mouse_stays_there(at: QPointF) -> None:
    near = Viewport().zoomed(3, QPointF(500, 300), AREA, FRAME)
    nearer = near.zoomed(1.5, at, AREA, FRAME)
    assert share_at(nearer, at) == pytest.approx(share_at(near, at), abs=1e-9)


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("by", [QPointF(5000, 5000), QPointF(-5000, 0), QPointF(0, -5000), QPointF(3, 4)])
@pytest.mark.parametrize("zoom", [1.1, 2, 8])
def test_no_empty_edge_is_seen_where_there_could_be_a_picture(area: QSizeF, by: QPointF, zoom: float) -> None:
    viewport = Viewport().zoomed(zoom, QPointF(0, 0), area, FRAME).moved(by, area, FRAME)
    place = viewport.picture(area, FRAME)
    for start, length, room in (
        (place.left(), place.width(), area.width()),
        (place.top(), place.height(), area.height()),
    ):
        if length <= room:
            assert start == pytest.approx((room - length) / 2), "in the middle"
        else:
            assert start <= 1e-6 and start + length >= room - 1e-6


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("zoom", [1.05, 1.7, 3.3, 8])
def test_what_is_painted_covers_what_is_seen_and_little_more(area: QSizeF, zoom: float) -> None:
    viewport = Viewport().zoomed(zoom, QPointF(area.width() * 0.3, area.height() * 0.8), area, FRAME)
    cut, place = viewport.cut(area, FRAME)
    picture = viewport.picture(area, FRAME)
    seen = picture.intersected(QRectF(0, 0, area.width(), area.height()))
    pixel = picture.width() / FRAME.width()
    assert place.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(seen)
    assert place.width() <= seen.width() + 2 * pixel + 1e-6 and place.height() <= seen.height() + 2 * pixel + 1e-6
    assert 0 <= cut.left < cut.right <= FRAME.width() and 0 <= cut.top < cut.bottom <= FRAME.height()
    # The part and its place fit together: a pixel of the frame lies where the whole picture has it.
    assert place.left() == pytest.approx(picture.left() + cut.left * pixel)
    assert place.bottom() == pytest.approx(picture.top() + cut.bottom * pixel)


def test_zooming_out_ends_with_the_whole_picture_and_in_at_the_largest() -> None:
    viewport = Viewport()
    for _ in range(40):
        viewport = viewport.zoomed(1.25, QPointF(10, 10), AREA, FRAME)
    assert viewport.zoom == LARGEST_ZOOM
    for _ in range(40):
        viewport = viewport.zoomed(1 / 1.25, QPointF(900, 10), AREA, FRAME)
    assert viewport == Viewport() and viewport.whole


def test_in_and_out_again_leaves_no_zoom_behind() -> None:
    viewport = Viewport()
    for factor in (1.25, 1.25, 1.25, 1 / 1.25, 1 / 1.25, 1 / 1.25):
        viewport = viewport.zoomed(factor, QPointF(10, 10), AREA, FRAME)
    assert viewport.whole


def test_exchanging_left_and_right_keeps_the_part_of_the_scene() -> None:
    viewport = Viewport().zoomed(4, QPointF(200, 300), AREA, FRAME)
    cut, _ = viewport.cut(AREA, FRAME)
    other, _ = viewport.flipped().cut(AREA, FRAME)
    assert abs(other.left - (FRAME.width() - cut.right)) <= 1 and abs(other.right - (FRAME.width() - cut.left)) <= 1
    assert (other.top, other.bottom) == (cut.top, cut.bottom)


def test_another_size_of_the_window_leaves_no_empty_edge() -> None:
    viewport = Viewport().zoomed(2, QPointF(1000, 600), AREA, FRAME)
    after = viewport.within(QSizeF(1200, 500), FRAME)
    place = after.picture(QSizeF(1200, 500), FRAME)
    assert place.right() >= 1200 - 1e-6 and place.bottom() >= 500 - 1e-6
