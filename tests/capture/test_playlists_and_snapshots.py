"""Playlists, single pictures, passwords, files and spellings: what else there is behind an address."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import av
import pytest

from tests.capture.fakes import Server, corners, jpeg, picture, write_video
from tests.capture.rtsp import RtspCamera
from webcam_app.capture import open_source
from webcam_app.capture.frame import Frame
from webcam_app.capture.network import snapshot, stream
from webcam_app.errors import SourceError, SourceLostError, SourcePermissionError


@pytest.fixture
def other_server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def frames_of(spec: str) -> list[Frame]:
    with open_source(spec) as source:
        return [frame for frame in iter(source.read, None) if frame is not None]


def write_playlist(folder: Path, kind: str = "mpegts") -> Path:
    """An HLS playlist with three segments of a second each."""
    folder.mkdir(exist_ok=True)
    path = folder / "list.m3u8"
    options = {"hls_time": "1", "hls_list_size": "0", "hls_playlist_type": "vod", "hls_segment_type": kind}
    if kind == "mpegts":
        options["hls_segment_filename"] = str(folder / "part%d.ts")
    with av.open(str(path), "w", format="hls", options=options) as container:
        track: Any = container.add_stream("libx264", rate=30)
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        track.codec_context.gop_size = 30
        for number in range(90):
            frame = av.VideoFrame.from_ndarray(picture(number), format="bgr24")
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path


def serve_folder(server: Server, folder: Path) -> None:
    for path in folder.iterdir():
        server.serve_bytes(f"/{path.name}", path.read_bytes(), "application/octet-stream")


@pytest.mark.parametrize("kind", ["mpegts", "fmp4"])
@pytest.mark.parametrize("where", ["local", "remote"])
def test_a_playlist_is_played_to_its_end(
    where: str, kind: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_playlist(tmp_path / "hls", kind)
    if kind == "fmp4":  # the muxer writes the first part where it is
        for part in tmp_path.glob("init*"):
            part.rename(path.parent / part.name)
    serve_folder(server, path.parent)
    frames = frames_of(str(path) if where == "local" else server.url("/list.m3u8"))
    assert len(frames) == 90
    assert [frame.time for frame in frames] == pytest.approx([number / 30 for number in range(90)], abs=0.002)
    assert corners(frames[0].image)[:3] == "rgb"


def test_a_playlist_under_any_name_is_played(server: Server, tmp_path: Path) -> None:
    path = write_playlist(tmp_path / "hls")
    serve_folder(server, path.parent)
    server.serve_bytes("/live", path.read_bytes(), "application/vnd.apple.mpegurl")
    assert len(frames_of(server.url("/live"))) == 90


def test_a_playlist_of_playlists_is_played(server: Server, tmp_path: Path) -> None:
    path = write_playlist(tmp_path / "hls")
    serve_folder(server, path.parent)
    line = '#EXT-X-STREAM-INF:CODECS="avc1.4d,mp4a",RESOLUTION=64x48,BANDWIDTH'
    master = f"#EXTM3U\n{line}=1000\nnone.m3u8\n{line}=200000\nlist.m3u8?size=a/b\n{line}=100000\nnone.m3u8\n"
    server.pages["/list.m3u8?size=a/b"] = server.pages["/list.m3u8"]
    server.serve_bytes("/master.m3u8", master.encode(), "application/vnd.apple.mpegurl")
    (path.parent / "master.m3u8").write_text(master.replace("?size=a/b", ""))
    assert len(frames_of(server.url("/master.m3u8"))) == 90
    assert len(frames_of(str(path.parent / "master.m3u8"))) == 90


def test_a_live_playlist_goes_on_with_what_is_added(server: Server, tmp_path: Path) -> None:
    path = write_playlist(tmp_path / "hls")
    serve_folder(server, path.parent)
    lines = path.read_text().replace("#EXT-X-PLAYLIST-TYPE:VOD\n", "").splitlines(keepends=True)
    first = "".join(lines[: lines.index("part1.ts\n") + 1]).replace("TARGETDURATION:2", "TARGETDURATION:1")
    asked = itertools.count()

    def answer(request: BaseHTTPRequestHandler) -> None:
        content = (first if next(asked) == 0 else "".join(lines)).encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    server.pages["/live.m3u8"] = answer
    with open_source(server.url("/live.m3u8")) as source:
        assert source.info.live and source.info.own_times
        frames = [frame for frame in iter(source.read, None) if frame is not None]
    assert len(frames) == 90
    assert next(asked) > 1


def test_a_playlist_with_a_password_gives_it_to_its_parts(server: Server, tmp_path: Path) -> None:
    path = write_playlist(tmp_path / "hls")
    serve_folder(server, path.parent)
    for page in list(server.pages):
        lock(server, page, "me", "p/w")
    url = server.url("/list.m3u8").replace("http://", "http://me:p%2Fw@")
    assert len(frames_of(url)) == 90
    with pytest.raises(SourcePermissionError, match="asks who you are"):
        open_source(server.url("/list.m3u8"))


@pytest.mark.parametrize("reference", ["{other}/part0.ts", "../secret.ts", "/etc/hostname", "http://127.0.0.1:9/x.ts"])
def test_a_local_playlist_leads_nowhere_else(reference: str, other_server: Server, tmp_path: Path) -> None:
    path = write_playlist(tmp_path / "hls")
    write_video(tmp_path / "secret.ts", frames=5)
    reference = reference.format(other=other_server.url(""))
    path.write_text(path.read_text().replace("part0.ts", reference).replace("part1.ts", reference))
    with pytest.raises(SourceError, match="leads"):
        open_source(str(path))
    assert other_server.requests == []


def test_a_remote_playlist_leads_to_no_other_server(server: Server, other_server: Server, tmp_path: Path) -> None:
    path = write_playlist(tmp_path / "hls")
    content = path.read_text().replace("part0.ts", other_server.url("/part0.ts"))
    server.serve_bytes("/list.m3u8", content.encode(), "application/vnd.apple.mpegurl")
    with pytest.raises(SourceError, match=f"leads to {other_server.url('/part0.ts')}"):
        open_source(server.url("/list.m3u8").replace("http://", "http://me:secret@"))
    assert other_server.requests == []


def test_a_list_of_channels_is_no_playlist_to_play(tmp_path: Path) -> None:
    path = tmp_path / "channels.m3u"
    path.write_text("#EXTM3U\n#EXTINF:-1,One\nhttp://127.0.0.1:9/one.ts\n")
    with pytest.raises(SourceError, match="Choose one of the files or addresses in it"):
        open_source(str(path))


def serve_pictures(server: Server, page: str, contents: Iterator[bytes], kind: str = "image/jpeg") -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        content = next(contents)
        request.send_response(200)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    server.pages[page] = answer


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


def lock(server: Server, page: str, user: str, password: str, *, digest: bool = False) -> None:
    """Ask for name and password before a page is given."""
    inner = server.pages[page]

    def answer(request: BaseHTTPRequestHandler) -> None:
        given = request.headers.get("Authorization", "")
        if digest:
            right = given.startswith("Digest") and _digest(given, user, password) in given
            challenge = 'Digest realm="cam", nonce="abc", qop="auth", algorithm=MD5'
        else:
            right = given == "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
            challenge = 'Basic realm="cam"'
        if right:
            inner(request)
            return
        request.send_response(401)
        request.send_header("WWW-Authenticate", challenge)
        request.send_header("Content-Length", "0")
        request.end_headers()

    server.pages[page] = answer


def _digest(given: str, user: str, password: str) -> str:
    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    def part(name: str) -> str:
        found = re.search(rf'\b{name}="?([^",]+)', given)
        return found.group(1) if found else ""

    first, second = md5(f"{user}:cam:{password}"), md5(f"GET:{part('uri')}")
    return md5(":".join([first, "abc", part("nc"), part("cnonce"), "auth", second]))


PASSWORDS = ["secret", "se/cr?e#t@", "100% secret", "sécrêt"]


@pytest.mark.parametrize("what", ["stream", "snapshot"])
@pytest.mark.parametrize("digest", [False, True], ids=["basic", "digest"])
@pytest.mark.parametrize("password", PASSWORDS)
def test_a_password_is_taken_and_a_wrong_one_is_told_from_none(
    password: str, digest: bool, what: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from urllib.parse import quote

    monkeypatch.setattr(snapshot, "INTERVAL_SECONDS", 0.01)
    if what == "stream":
        content = write_video(tmp_path / "clip.mkv", frames=15).read_bytes()
        server.serve_bytes("/cam", content, "video/x-matroska")
    else:
        serve_pictures(server, "/cam", (jpeg(number) for number in itertools.count()))
    lock(server, "/cam", "me", password, digest=digest)
    url = server.url("/cam")
    right = url.replace("http://", f"http://me:{quote(password, safe='')}@")
    with open_source(right) as source:
        assert source.read() is not None and source.read() is not None
        assert source.info.name == url
    with pytest.raises(SourcePermissionError) as wrong:
        open_source(url.replace("http://", "http://me:wrong-one@"))
    assert "refuses this name and password" in str(wrong.value)
    assert "%2F" in str(wrong.value) and "wrong-one" not in str(wrong.value)
    with pytest.raises(SourcePermissionError, match="asks who you are"):
        open_source(url)


@pytest.mark.parametrize("mark", "/?#")
def test_a_password_that_cuts_the_address_is_not_sent_anywhere(mark: str, server: Server) -> None:
    server.serve_jpegs("/live", 3)
    url = server.url("/live").replace("http://", f"http://me:sec{mark}ret@")
    with pytest.raises(SourceError, match="%2F") as error:
        open_source(url)
    assert "sec" not in str(error.value) and "ret@" not in str(error.value)
    assert server.requests == []


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


@pytest.fixture
def rtsp_camera() -> Iterator[Callable[..., RtspCamera]]:
    cameras: list[RtspCamera] = []

    def make(**arguments: Any) -> RtspCamera:
        cameras.append(RtspCamera(**arguments))
        return cameras[-1]

    yield make
    for camera in cameras:
        camera.close()


@pytest.mark.parametrize("scheme", ["rtsp", "RTSP"])
def test_rtsp_plays_over_tcp(scheme: str, rtsp_camera: Callable[..., RtspCamera]) -> None:
    camera = rtsp_camera()
    with open_source(camera.url().replace("rtsp", scheme, 1)) as source:
        frames = [source.read() for _ in range(10)]
        assert source.info.live and not source.info.finite
    assert all(frame is not None and corners(frame.image)[:3] == "rgb" for frame in frames)
    assert any(request.startswith("SETUP") and "TCP" in request for request in camera.requests)


@pytest.mark.parametrize("digest", [False, True], ids=["basic", "digest"])
def test_an_rtsp_password_is_taken_and_a_wrong_one_is_told_from_none(
    digest: bool, rtsp_camera: Callable[..., RtspCamera]
) -> None:
    camera = rtsp_camera(user="me", password="p/w#@?", digest=digest)
    with open_source(camera.url("me:p%2Fw%23%40%3F")) as source:
        assert source.read() is not None
    with pytest.raises(SourcePermissionError, match="refuses this name and password") as wrong:
        open_source(camera.url("me:wrong-one"))
    assert "wrong-one" not in str(wrong.value)
    with pytest.raises(SourcePermissionError, match="asks who you are"):
        open_source(camera.url())
    with pytest.raises(SourceError, match="%2F"):
        open_source(camera.url("me:p/w#@?"))


def test_parts_may_be_ranges_of_one_file(server: Server, tmp_path: Path) -> None:
    path = write_playlist(tmp_path / "hls")
    parts = [(path.parent / f"part{number}.ts").read_bytes() for number in range(3)]
    (path.parent / "all.ts").write_bytes(b"".join(parts))
    text, first = path.read_text(), 0
    for number, part in enumerate(parts):
        place = f"{len(part)}@{first}" if number != 1 else str(len(part))
        text = text.replace(f"part{number}.ts", f"#EXT-X-BYTERANGE:{place}\nall.ts")
        first += len(part)
    path.write_text(text)
    serve_folder(server, path.parent)
    assert len(frames_of(str(path))) == 90
    assert len(frames_of(server.url("/list.m3u8"))) == 90


@pytest.mark.parametrize("what", ["encrypted", "empty", "missing part"])
def test_a_playlist_that_cannot_be_played_is_told(what: str, tmp_path: Path) -> None:
    path = write_playlist(tmp_path / "hls")
    text = path.read_text()
    if what == "encrypted":
        path.write_text(text.replace("#EXTINF", '#EXT-X-KEY:METHOD=AES-128,URI="key"\n#EXTINF', 1))
    elif what == "empty":
        path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXT-X-ENDLIST\n")
    else:
        (path.parent / "part0.ts").unlink()
    with pytest.raises(
        SourceError, match={"missing part": "part0.ts"}.get(what, what if what != "empty" else "names no")
    ):
        open_source(str(path))


def test_a_part_that_is_missing_later_is_told_and_is_no_end(tmp_path: Path) -> None:
    path = write_playlist(tmp_path / "hls")
    (path.parent / "part2.ts").unlink()
    with open_source(str(path)) as source:
        count = 0
        with pytest.raises(SourceLostError, match=r"part2.ts"):
            while source.read() is not None:
                count += 1
    assert 30 < count < 75


def test_a_live_playlist_that_stops_is_lost(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webcam_app.capture.network.playlist.GIVEN_UP_AFTER_TARGETS", 1)
    path = write_playlist(tmp_path / "hls")
    path.write_text(path.read_text().replace("#EXT-X-ENDLIST\n", "").replace("TARGETDURATION:2", "TARGETDURATION:1"))
    serve_folder(server, path.parent)
    with open_source(server.url("/list.m3u8")) as source, pytest.raises(SourceLostError, match="stopped delivering"):
        while source.read() is not None:
            pass
