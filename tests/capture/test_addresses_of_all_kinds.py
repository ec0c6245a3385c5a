"""What else there is behind an address: single pictures, files, RTSP; capitals, and servers that refuse."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from tests.capture.fakes import Server, corners, jpeg, picture, write_video
from tests.capture.pages import frames_of, serve_pictures
from tests.capture.rtsp import RtspCamera
from webcam_app.capture import open_source
from webcam_app.capture.network import snapshot, stream
from webcam_app.errors import SourceError, SourceLostError


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_single_picture_is_asked_for_again_and_again(
    kind: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    import cv2

    monkeypatch.setattr(snapshot, "INTERVAL_SECONDS", 0.01)
    contents = (cv2.imencode(f".{kind}", picture(number))[1].tobytes() for number in itertools.count())
    serve_pictures(server, "/snap", contents, f"image/{kind}")
    with open_source(server.url("/snap")) as source:
        assert source.info.live
        assert (source.info.width, source.info.height) == (64, 48)
        frames = [source.read() for _ in range(8)]
    shown = [int(frame.image[40, 56, 0]) for frame in frames if frame is not None]
    assert len(shown) == 8
    assert all(8 <= after - before <= 40 for before, after in itertools.pairwise(shown))
    times = [frame.time for frame in frames if frame is not None]
    assert times[0] == 0 and sorted(times) == times


def test_a_picture_that_stays_the_same_is_given_at_the_servers_pace(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "INTERVAL_SECONDS", 0.001)
    monkeypatch.setattr(snapshot, "SAME_PICTURE_SECONDS", 60.0)
    serve_pictures(server, "/snap", (jpeg(number // 10) for number in itertools.count()))
    with open_source(server.url("/snap")) as source:
        shown = [frame.image[40, 56, 0] for frame in (source.read() for _ in range(4)) if frame is not None]
    assert len(set(shown)) == len(shown) == 4
    assert len(server.requests) >= 30


def test_damaged_pictures_are_skipped_and_a_server_that_goes_is_lost(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "INTERVAL_SECONDS", 0.01)
    contents = iter([jpeg(1), jpeg(1), jpeg(2)[:100], jpeg(3), b"", jpeg(5)])
    serve_pictures(server, "/snap", contents)
    with open_source(server.url("/snap")) as source:
        with pytest.raises(SourceLostError):
            while source.read() is not None:
                pass
        assert source.bad_frames == 2


def test_a_closed_snapshot_source_ends(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "SAME_PICTURE_SECONDS", 60.0)
    serve_pictures(server, "/snap", itertools.repeat(jpeg(1)))
    source = open_source(server.url("/snap"))
    assert source.read() is not None
    source.close()
    assert source.read() is None


def test_a_stream_of_pictures_is_no_single_picture(server: Server) -> None:
    server.serve_jpegs("/live", 5)
    with open_source(server.url("/live")) as source, pytest.raises(SourceLostError):
        while source.read() is not None:
            pass
    assert server.requests == ["/live"]


@pytest.mark.parametrize("name", ["clip.avi", "clip.ts", "clip.mkv", "clip.flv", "clip.mjpeg", "clip.mpg"])
def test_a_file_on_a_server_has_its_end_and_its_own_times(name: str, server: Server, tmp_path: Path) -> None:
    codec = {"avi": "mpeg4", "mjpeg": "mjpeg", "flv": "flv"}.get(name[5:], "mpeg2video")
    path = tmp_path / name
    with av.open(str(path), "w") as container:
        track: Any = container.add_stream(codec, rate=25)
        track.width, track.height, track.pix_fmt = 64, 48, "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for number in range(20):
            frame = av.VideoFrame.from_ndarray(picture(number), format="bgr24")
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    server.serve_bytes(f"/{name}", path.read_bytes(), "video/x")
    with open_source(server.url(f"/{name}")) as source:
        assert source.info.finite
        frames = [frame for frame in iter(source.read, None) if frame is not None]
    assert [frame.time for frame in frames] == pytest.approx([number / 25 for number in range(20)], abs=0.002)


def test_a_scheme_may_be_written_in_capitals(server: Server, tmp_path: Path) -> None:
    content = write_video(tmp_path / "clip.mkv", frames=15).read_bytes()
    server.serve_bytes("/clip", content, "video/x-matroska")
    url = server.url("/clip")
    for scheme in ("HTTP://", "Http://"):
        assert len(frames_of(url.replace("http://", scheme))) == 15


@pytest.mark.parametrize(("status", "word"), [(403, "refuses"), (500, "fault of its own"), (503, "fault of its own")])
def test_a_server_that_refuses_is_quoted(status: int, word: str, server: Server) -> None:
    server.serve_status("/cam", status)
    with pytest.raises(SourceError, match=word):
        open_source(server.url("/cam"))


def test_rtsp_is_asked_for_over_tcp(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stream.STREAM_OPTIONS["rtsp_transport"] == "tcp"
    asked: list[dict[str, str]] = []

    def refuse(url: str, *, options: dict[str, str], **_: Callable[..., object]) -> None:
        asked.append(options)
        raise av.FFmpegError(1, "no")

    monkeypatch.setattr(stream, "refuse_rtsp_redirect", lambda address: None)
    monkeypatch.setattr(av, "open", refuse)
    with pytest.raises(SourceError):
        open_source("RTSP://cam/live")
    assert asked[0]["rtsp_transport"] == "tcp"
    assert "tcp" in asked[0]["protocol_whitelist"]


@pytest.mark.parametrize("scheme", ["rtsp", "RTSP"])
def test_rtsp_plays_over_tcp(scheme: str, rtsp_camera: Callable[..., RtspCamera]) -> None:
    camera = rtsp_camera()
    with open_source(camera.url().replace("rtsp", scheme, 1)) as source:
        frames = [source.read() for _ in range(10)]
        assert source.info.live and not source.info.finite
    assert all(frame is not None and corners(frame.image)[:3] == "rgb" for frame in frames)
    assert any(request.startswith("SETUP") and "TCP" in request for request in camera.requests)
