"""Someone annotates what is behind an address: it ends where it ends, and its password is told nobody."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest

from tests.capture.fakes import Server
from tests.capture.pages import lock, serve_pictures
from tests.commands.beeps import BEEPS, Sound, offsets, write_beeps

pytestmark = pytest.mark.usefixtures("squares")
MakeVideo = Callable[..., Path]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.mark.parametrize("name", ["in.mkv", "in.ts", "in.avi"])
def test_a_file_on_a_server_is_annotated_to_its_end(
    name: str, tmp_path: Path, make_video: MakeVideo, run: Run, server: Server
) -> None:
    source, out, lines = make_video(name), tmp_path / "out.mp4", tmp_path / "out.jsonl"
    server.serve_bytes("/clip", source.read_bytes(), "video/x")
    code, said, complaints = run("annotate", server.url("/clip"), "-o", out, "--faces", lines)
    assert (code, complaints) == (0, "")
    assert "50 frames" in said
    times = [json.loads(line)["time"] for line in lines.read_text().splitlines()]
    assert times == pytest.approx([number / 25 for number in range(50)], abs=0.002)


@pytest.mark.parametrize("name", ["in.mkv", "in.mp4", "in.ts"])
def test_the_sound_of_a_file_on_a_server_is_kept_in_step(name: str, tmp_path: Path, run: Run, server: Server) -> None:
    source = write_beeps(tmp_path / name, [Sound("aac", language="deu"), Sound("aac", language="eng", default=False)])
    server.serve_bytes(f"/{name}", source.read_bytes(), "video/x")
    out = tmp_path / "out.mp4"
    code, _, complaints = run("annotate", server.url(f"/{name}"), "-o", out)
    assert (code, complaints) == (0, "")
    with av.open(str(out)) as container:
        assert len(container.streams.audio) == 2
    differences = offsets(out)
    assert len(differences) == len(BEEPS)
    assert max(map(abs, differences)) < 0.040


@pytest.mark.parametrize("locked", [False, True], ids=["plain", "encrypted"])
def test_the_sound_of_a_list_on_a_server_is_kept_in_step(
    locked: bool, tmp_path: Path, run: Run, server: Server
) -> None:
    options = {"hls_time": "1", "hls_list_size": "0", "hls_playlist_type": "vod"}
    if locked:
        (tmp_path / "the.key").write_bytes(bytes(range(16)))
        (tmp_path / "key.info").write_text(f"the.key\n{tmp_path / 'the.key'}\n")
        options["hls_key_info_file"] = str(tmp_path / "key.info")
    write_beeps(tmp_path / "list.m3u8", [Sound("aac")], video="libx264", form="hls", container_options=options)
    for path in tmp_path.iterdir():
        server.serve_bytes(f"/{path.name}", path.read_bytes(), "application/octet-stream")
    out = tmp_path / "out.mp4"
    code, _, complaints = run("annotate", server.url("/list.m3u8"), "-o", out)
    assert (code, complaints) == (0, "")
    differences = offsets(out)
    assert len(differences) == len(BEEPS)
    assert max(map(abs, differences)) < 0.040


def test_sound_that_cannot_be_fetched_is_told(
    tmp_path: Path, run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_beeps(tmp_path / "in.mkv", [Sound("aac")])
    server.serve_bytes("/clip", source.read_bytes(), "video/x")

    def fail(url: str, lists: object, *, own: bool) -> None:
        raise OSError("the server had enough")

    monkeypatch.setattr("webcam_app.capture.network.stream.open_stream_again", fail)
    code, _, complaints = run("annotate", server.url("/clip"), "-o", tmp_path / "out.mp4")
    assert code == 0
    assert "sound and subtitles could not be taken over: the server had enough" in complaints


def test_single_pictures_become_a_video(
    tmp_path: Path, make_picture: Callable[..., object], run: Run, server: Server
) -> None:
    import cv2

    def jpeg(number: int) -> bytes:
        return bytes(cv2.imencode(".jpg", make_picture(("female", 10 + number, 30)))[1].tobytes())  # type: ignore[call-overload]

    serve_pictures(server, "/snap", (jpeg(number) for number in itertools.count()))
    out, lines = tmp_path / "out.mp4", tmp_path / "out.jsonl"
    code, _, complaints = run("annotate", server.url("/snap"), "-o", out, "--faces", lines, "--duration", "0.6")
    assert (code, complaints) == (0, "")
    records = [json.loads(line) for line in lines.read_text().splitlines()]
    assert all(len(record["faces"]) == 1 for record in records)
    with av.open(str(out)) as container:
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(0.6, abs=0.01)


@pytest.mark.parametrize("place", ["/clip", "/none", "/locked"])
def test_a_password_is_told_nobody(
    place: str, tmp_path: Path, make_video: MakeVideo, run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = make_video("in.mkv").read_bytes()
    for page in ("/clip", "/locked"):
        server.serve_bytes(page, content, "video/x")
    lock(server, "/locked", "me", "another")
    url = server.url(place).replace("http://", "http://me:top-secret@")
    monkeypatch.setenv("WEBCAM_APP_DEBUG", "1")
    out, lines = tmp_path / "out.mp4", tmp_path / "out.jsonl"
    code, said, complaints = run("annotate", url, "-o", out, "--faces", lines)
    assert code == (0 if place == "/clip" else 1)
    assert "top-secret" not in said + complaints
    if place == "/clip":
        assert b"top-secret" not in out.read_bytes() + lines.read_bytes()


@pytest.mark.usefixtures("squares")
def test_a_password_is_not_told_where_there_is_no_display(
    tmp_path: Path, make_video: MakeVideo, run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.chdir(tmp_path)
    server.serve_bytes("/clip", make_video("in.mkv").read_bytes(), "video/x")
    url = server.url("/clip").replace("http://", "http://me:top-secret@")
    code, said, complaints = run(url)
    assert code == 0
    assert "127.0.0.1" in complaints
    assert "top-secret" not in said + complaints
