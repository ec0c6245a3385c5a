"""HLS: lists of short videos, on this machine and on a server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import av
import pytest

from tests.capture.fakes import Server, corners, picture, write_video
from tests.capture.pages import frames_of, lock
from webcam_app.capture import open_source
from webcam_app.errors import SourceError, SourceLostError, SourcePermissionError


@pytest.fixture
def other_server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


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
