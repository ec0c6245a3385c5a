"""Someone writes down a stream that has no end, and its sound: both stay in step, and end where they are told to."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import av
import pytest

from tests.capture.fakes import Server
from tests.capture.rtsp import PICTURES, Clip, RtspCamera
from tests.commands.beeps import BEEPS, RATE, SECONDS, Sound, first_picture, flashes, offsets, track_ends, write_beeps

pytestmark = pytest.mark.usefixtures("squares")
Run = Callable[..., tuple[int, str, str]]
IN_STEP_SECONDS = 0.02
WISHED = 2.8
SELF_CONTAINED = {"x264-params": "repeat-headers=1:keyint=5", "bf": "0"}
TS_PACKET = 188


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Starts a camera that sends beeps over RTSP; tells its address."""
    running: list[RtspCamera] = []

    def start(sound: Sound, *, mute: bool = False, pictures: Callable[[float], bool] = lambda time: True) -> str:
        name = "camera.mov" if sound.codec.startswith("pcm") else "camera.mkv"
        clip = Clip.of(write_beeps(tmp_path / name, [sound], video="libx264", options=SELF_CONTAINED))
        kept = [one for one in clip.payloads if (pictures(one[1]) if one[0] == PICTURES else not mute)]
        running.append(RtspCamera(clip=replace(clip, payloads=kept)))
        return running[-1].url()

    yield start
    for one in running:
        one.close()


def serve_endlessly(server: Server, content: bytes) -> str:
    """A page that says nothing of its length, as a live transcoder's."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "video/mp2t")
        request.end_headers()
        request.wfile.write(content)

    server.pages["/live"] = answer
    return server.url("/live")


def beeping_ts(folder: Path, codec: str = "aac") -> bytes:
    path = write_beeps(folder / "live.ts", [Sound(codec)], video="libx264", options=SELF_CONTAINED)
    return path.read_bytes()


def with_late_sound(content: bytes, seconds: float) -> bytes:
    """A transport stream whose sound is sent so much later than the pictures that it belongs to."""
    packets = [content[start : start + TS_PACKET] for start in range(0, len(content), TS_PACKET)]
    later = round(len(packets) * seconds / SECONDS)
    sound = 0x101

    def place(numbered: tuple[int, bytes]) -> int:
        number, packet = numbered
        return number + (later if (packet[1] & 0x1F) << 8 | packet[2] == sound else 0)

    return b"".join(packet for _, packet in sorted(enumerate(packets), key=place))


def serve_live_list(server: Server, folder: Path) -> str:
    """A list that first lacks its end."""
    options = {"hls_time": "1.2", "hls_list_size": "0", "hls_flags": "append_list+omit_endlist"}
    path = write_beeps(
        folder / "list.m3u8",
        [Sound("aac")],
        video="libx264",
        options=SELF_CONTAINED,
        form="hls",
        container_options=options,
    )
    for part in folder.glob("*.ts"):
        server.serve_bytes(f"/{part.name}", part.read_bytes(), "video/mp2t")
    asked, text = itertools.count(), path.read_text()

    def answer(request: BaseHTTPRequestHandler) -> None:
        content = (text if next(asked) == 0 else text + "#EXT-X-ENDLIST\n").encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    server.pages["/list.m3u8"] = answer
    return server.url("/list.m3u8")


def assert_in_step(out: Path, beeps: int = len(BEEPS)) -> None:
    assert first_picture(out) == 0
    differences = offsets(out)
    assert len(differences) == beeps
    assert max(map(abs, differences)) < IN_STEP_SECONDS


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
@pytest.mark.parametrize("kind", ["ts", "ts with mp2", "ts with late sound", "list", "rtsp aac", "rtsp pcm_mulaw"])
def test_the_sound_of_a_stream_is_in_step_and_ends_with_it(
    kind: str, ending: str, tmp_path: Path, run: Run, server: Server, camera: Callable[..., str]
) -> None:
    if kind == "list":
        url = serve_live_list(server, tmp_path)
    elif kind.startswith("rtsp"):
        codec = kind.removeprefix("rtsp ")
        url = camera(Sound(codec, 8_000 if codec == "pcm_mulaw" else 48_000))
    else:
        content = beeping_ts(tmp_path, "mp2" if "mp2" in kind else "aac")
        url = serve_endlessly(server, with_late_sound(content, 0.8) if "late" in kind else content)
    out = tmp_path / f"out.{ending}"
    code, said, complaints = run("annotate", url, "-o", out, "--duration", WISHED)
    assert (code, complaints) == (0, "")
    assert f"{round(WISHED * RATE)} frames" in said
    assert_in_step(out)
    assert track_ends(out) == pytest.approx([WISHED] * len(track_ends(out)), abs=0.03)


@pytest.mark.parametrize("first", ["pictures", "sound"])
def test_one_that_begins_before_the_other_is_in_step(
    first: str, tmp_path: Path, run: Run, camera: Callable[..., str]
) -> None:
    late = (lambda time: time >= 0.3) if first == "sound" else (lambda time: True)
    url, out = camera(Sound("aac", start=0.3 if first == "pictures" else 0.0), pictures=late), tmp_path / "out.mp4"
    code, _, _ = run("annotate", url, "-o", out, "--duration", "2.4")
    assert code == 0
    assert_in_step(out, 2 if first == "pictures" else 3)


def test_a_stream_whose_faces_are_covered_is_in_step(tmp_path: Path, run: Run, camera: Callable[..., str]) -> None:
    """Its pictures wait for half a second, its sound does not."""
    out = tmp_path / "out.mp4"
    code, _, complaints = run("annotate", camera(Sound("aac")), "-o", out, "--duration", WISHED, "--blur")
    assert (code, complaints) == (0, "")
    assert_in_step(out)
    assert track_ends(out) == pytest.approx([WISHED] * 2, abs=0.03)


def test_a_stream_that_is_joined_on_the_way_is_in_step(tmp_path: Path, run: Run, server: Server) -> None:
    content = beeping_ts(tmp_path)
    head, rest = content[: 3 * TS_PACKET], content[round(len(content) / TS_PACKET / 3) * TS_PACKET :]
    out = tmp_path / "out.mp4"
    code, _, complaints = run("annotate", serve_endlessly(server, head + rest), "-o", out, "--duration", "1.5")
    assert (code, complaints) == (0, "")
    assert_in_step(out, len(flashes(out)))
    assert len(flashes(out)) >= 1


@pytest.mark.parametrize("kind", ["ts", "rtsp"])
def test_what_came_before_a_stream_broke_has_its_sound(
    kind: str, tmp_path: Path, run: Run, server: Server, camera: Callable[..., str]
) -> None:
    url = camera(Sound("aac")) if kind == "rtsp" else serve_endlessly(server, beeping_ts(tmp_path))
    out = tmp_path / "out.mp4"
    code, _, complaints = run("annotate", url, "-o", out)
    assert code == 1
    assert "What came before" in complaints
    assert_in_step(out)


def test_a_camera_that_promises_sound_and_sends_none_is_written_without(
    tmp_path: Path, run: Run, camera: Callable[..., str]
) -> None:
    out = tmp_path / "out.mp4"
    code, said, complaints = run("annotate", camera(Sound("aac"), mute=True), "-o", out, "--duration", "1")
    assert (code, complaints) == (0, "")
    assert f"{RATE} frames" in said
    with av.open(str(out)) as container:
        assert len(list(container.decode(video=0))) == RATE
