"""Streams that end, stall, refuse and send one elsewhere; everything happens on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.capture.fakes import Server, write_video
from webcam_app.capture import Source, open_source
from webcam_app.capture.network import stream
from webcam_app.errors import SourceError, SourceLostError, SourceNotFoundError, SourcePermissionError


@pytest.fixture
def other_server() -> Iterator[Server]:
    """A second server, to which nobody shall be led."""
    running = Server()
    yield running
    running.close()


def _problem_of(url: str) -> str:
    with pytest.raises(SourceError) as error:
        open_source(url)
    assert "\n" not in str(error.value)
    return str(error.value)


def _read_until_lost(source: Source) -> tuple[int, str]:
    count = 0
    with pytest.raises(SourceLostError) as error:
        while source.read() is not None:
            count += 1
    return count, str(error.value)


def test_a_stream_that_ends_is_lost(server: Server) -> None:
    server.serve_jpegs("/live", 10)
    with open_source(server.url("/live")) as source:
        count, problem = _read_until_lost(source)
    assert count == 10
    assert "ended the stream" in problem


def test_a_video_on_a_server_ends_properly(server: Server, tmp_path: Path) -> None:
    content = write_video(tmp_path / "clip.mkv", frames=15).read_bytes()
    server.serve_bytes("/clip", content, "video/x-matroska")
    with open_source(server.url("/clip")) as source:
        frames = list(iter(source.read, None))
        assert source.info.duration == pytest.approx(0.5, abs=0.05)
    assert frames[-1] is not None and frames[-1].time == pytest.approx(14 / 30, abs=0.002)


def test_a_connection_that_breaks_in_a_video_is_lost(server: Server, tmp_path: Path) -> None:
    content = write_video(tmp_path / "clip.mkv", frames=300).read_bytes()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content[: len(content) // 2])

    server.pages["/clip"] = answer
    with open_source(server.url("/clip")) as source:
        count, _problem = _read_until_lost(source)
    assert 60 < count < 250


def test_a_stream_that_stalls_is_lost_after_the_timeout(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "STREAM_READ_TIMEOUT_SECONDS", 0.3)
    server.serve_jpegs("/live", 40, then=server.stop.wait)
    with open_source(server.url("/live")) as source:
        _count, problem = _read_until_lost(source)
    assert "stopped delivering" in problem


def test_a_server_that_never_answers_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "OPEN_TIMEOUT_SECONDS", 0.3)
    server.pages["/silent"] = lambda request: server.stop.wait() and None
    assert "did not answer within" in _problem_of(server.url("/silent"))


def test_a_port_where_nobody_listens_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    for scheme in ("http", "rtsp"):
        with pytest.raises(SourceNotFoundError, match=f"Nothing answers at {scheme}://127.0.0.1:{port}/cam"):
            open_source(f"{scheme}://127.0.0.1:{port}/cam")


def test_a_page_that_is_not_there_is_named(server: Server) -> None:
    with pytest.raises(SourceNotFoundError, match=r"nothing at .*/none"):
        open_source(server.url("/none"))


def test_a_stream_that_wants_a_password_says_how_to_give_it(server: Server) -> None:
    server.serve_status("/locked", 401, **{"WWW-Authenticate": 'Basic realm="cam"'})
    with pytest.raises(SourcePermissionError, match="name:password@host"):
        open_source(server.url("/locked"))


def test_what_is_no_video_is_refused(server: Server) -> None:
    server.serve_bytes("/page", b"<html>Welcome</html>" * 200, "text/html")
    assert "cannot be opened" in _problem_of(server.url("/page"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("ffmpeg", ["this", "old"])
def test_a_redirect_is_not_followed_but_named(
    ffmpeg: str, status: int, server: Server, other_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ffmpeg == "old":
        monkeypatch.setattr(stream, "FIRST_WITH_MAX_REDIRECTS", (10_000, 0))
        monkeypatch.delitem(stream.STREAM_OPTIONS, "max_redirects")
    other_server.serve_jpegs("/live", None)
    target = other_server.url("/live")
    server.serve_status("/moved", status, Location=target)
    assert f"sends you on to {target}" in _problem_of(server.url("/moved"))
    assert other_server.requests == []


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/vnd.apple.mpegurl", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{}\n#EXT-X-ENDLIST\n"),
        ("text/plain", "ffconcat version 1.0\nfile {}\n"),
        (
            "application/dash+xml",
            '<?xml version="1.0"?><MPD><Period><BaseURL>{}</BaseURL></Period></MPD>',
        ),
        ("application/sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\na=control:{}\nt=0 0\n"),
    ],
    ids=["hls", "concat", "dash", "sdp"],
)
def test_a_list_of_other_addresses_is_not_followed(
    kind: str, content: str, server: Server, other_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "OPEN_TIMEOUT_SECONDS", 0.5)
    server.serve_bytes("/list", content.format(other_server.url("/clip.ts")).encode(), kind)
    _problem_of(server.url("/list"))
    assert other_server.requests == []


def _rtsp_server(answer: str) -> tuple[int, list[str], Callable[[], None]]:
    """A server that gives one answer to whatever it is asked first."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[str] = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            asked.append(connection.recv(4096).decode())
            connection.sendall(answer.encode())

    thread = threading.Thread(target=serve)
    thread.start()

    def close() -> None:
        thread.join()
        listener.close()

    return listener.getsockname()[1], asked, close


def test_an_rtsp_redirect_is_not_followed_and_gets_no_password(other_server: Server) -> None:
    target = other_server.url("/cam").replace("http", "rtsp")
    port, asked, close = _rtsp_server(f"RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: {target}\r\n\r\n")
    problem = _problem_of(f"rtsp://me:secret@127.0.0.1:{port}/cam")
    close()
    assert f"sends you on to {target}" in problem
    assert "secret" not in problem + asked[0]
    assert other_server.requests == []


def test_a_password_is_in_no_message_and_no_name(server: Server) -> None:
    server.serve_jpegs("/live", 3)
    url = server.url("/live").replace("http://", "http://me:secret@")
    with open_source(url) as source:
        assert "secret" not in source.info.name
        assert source.info.spec == url
        _count, problem = _read_until_lost(source)
    assert "secret" not in problem
    assert "secret" not in _problem_of(url.replace("/live", "/none"))


def test_an_unknown_scheme_is_refused() -> None:
    assert "begin with one of" in _problem_of("gopher://127.0.0.1/cam")
