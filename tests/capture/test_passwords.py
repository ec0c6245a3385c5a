"""Passwords in addresses: taken, refused in words that tell why, and shown nowhere."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.capture.fakes import Server, jpeg, write_video
from tests.capture.pages import lock, serve_pictures
from tests.capture.rtsp import RtspCamera
from webcam_app.capture import open_source
from webcam_app.capture.network import snapshot
from webcam_app.errors import SourceError, SourcePermissionError

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
