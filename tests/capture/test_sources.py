"""What every source promises, tried on each kind."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.capture.fakes import Server, camera_source, corners, picture, write_video
from webcam_app.capture import Frame, Source, SourceKind, open_source
from webcam_app.errors import SourceLostError

FRAMES = 12
Make = Callable[[Path, Server], Source]


def _camera(folder: Path, server: Server) -> Source:
    return camera_source(picture(number) for number in range(FRAMES))


def _video(folder: Path, server: Server) -> Source:
    return open_source(str(write_video(folder / "clip.mp4", frames=FRAMES)))


def _pictures(folder: Path, server: Server) -> Source:
    for number in range(FRAMES):
        cv2.imwrite(str(folder / f"{number:03}.png"), picture(number))
    return open_source(str(folder))


def _live_stream(folder: Path, server: Server) -> Source:
    server.serve_jpegs("/live", FRAMES)
    return open_source(server.url("/live"))


def _video_on_a_server(folder: Path, server: Server) -> Source:
    server.serve_bytes("/clip.mkv", write_video(folder / "clip.mkv", frames=FRAMES).read_bytes(), "video/x-matroska")
    return open_source(server.url("/clip.mkv"))


def _single_pictures(folder: Path, server: Server) -> Source:
    server.serve_single_jpegs("/snapshot", FRAMES)
    return open_source(server.url("/snapshot"))


def _playlist(folder: Path, server: Server) -> Path:
    path = write_video(folder / "list.m3u8", frames=FRAMES, codec="libx264", options={"hls_list_size": "0"})
    for part in folder.iterdir():
        server.serve_bytes(f"/{part.name}", part.read_bytes(), "application/octet-stream")
    return path


def _local_playlist(folder: Path, server: Server) -> Source:
    return open_source(str(_playlist(folder, server)))


def _playlist_on_a_server(folder: Path, server: Server) -> Source:
    return open_source(server.url(f"/{_playlist(folder, server).name}"))


MAKERS = {
    SourceKind.CAMERA: [_camera],
    SourceKind.FILE: [_video, _local_playlist],
    SourceKind.PICTURES: [_pictures],
    SourceKind.STREAM: [_live_stream, _video_on_a_server, _single_pictures, _playlist_on_a_server],
}
every_source = pytest.mark.parametrize(
    ("kind", "make"),
    [pytest.param(kind, make, id=make.__name__.strip("_")) for kind, makers in MAKERS.items() for make in makers],
)


def _read_all(source: Source) -> list[Frame]:
    frames = []
    try:
        while (frame := source.read()) is not None:
            frames.append(frame)
    except SourceLostError:
        assert source.info.live, "only what comes live is lost at its end"
    return frames


@every_source
def test_gives_every_frame_as_bgr_pictures(kind: SourceKind, make: Make, tmp_path: Path, server: Server) -> None:
    with make(tmp_path, server) as source:
        frames = _read_all(source)
    assert len(frames) == FRAMES
    for frame in frames:
        assert frame.image.shape == (48, 64, 3)
        assert frame.image.dtype == np.uint8
        assert frame.image.flags.c_contiguous
        assert corners(frame.image) == "rgb."


@every_source
def test_numbers_frames_and_never_goes_back_in_time(
    kind: SourceKind, make: Make, tmp_path: Path, server: Server
) -> None:
    with make(tmp_path, server) as source:
        frames = _read_all(source)
    assert [frame.index for frame in frames] == list(range(FRAMES))
    assert frames[0].time == 0.0
    assert all(a.time <= b.time for a, b in itertools.pairwise(frames))
    assert all(a.taken_at <= b.taken_at for a, b in itertools.pairwise(frames))


@every_source
def test_says_what_was_obtained(kind: SourceKind, make: Make, tmp_path: Path, server: Server) -> None:
    with make(tmp_path, server) as source:
        info = source.info
    assert info.kind is kind
    assert (info.width, info.height) == (64, 48)
    assert info.live is (kind in (SourceKind.CAMERA, SourceKind.STREAM))
    assert info.name and info.spec


@every_source
def test_frames_stay_as_they_are_while_more_are_read(
    kind: SourceKind, make: Make, tmp_path: Path, server: Server
) -> None:
    with make(tmp_path, server) as source:
        first = source.read()
        assert first is not None
        before = first.image.copy()
        _read_all(source)
    assert np.array_equal(first.image, before)


@every_source
def test_can_be_closed_twice_and_gives_nothing_then(
    kind: SourceKind, make: Make, tmp_path: Path, server: Server
) -> None:
    source = make(tmp_path, server)
    assert source.read() is not None
    source.close()
    source.close()
    assert source.read() is None
