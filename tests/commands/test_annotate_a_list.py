"""Someone annotates an HLS list whose sound has lists of its own: it is kept, with its languages, in step."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import av
import pytest

from tests.capture.fakes import Server
from tests.commands.beeps import BEEPS, SECONDS, Sound, beeps, first_picture, flashes, track_ends, write_beeps

pytestmark = pytest.mark.usefixtures("squares")
Run = Callable[..., tuple[int, str, str]]
IN_STEP_SECONDS = 0.02
ENGLISH = Sound("aac")
GERMAN = Sound("aac", layout="stereo")
PARTS = "v:0,agroup:snd a:0,agroup:snd,language:en,default:yes a:1,agroup:snd,language:de-AT"
OWN_AND_APART = "v:0,a:0,name:0 a:1,name:1"


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def write_lists(folder: Path, kind: str = "mpegts", parts: str = PARTS, start: float = 0.0) -> Path:
    """A list of pictures and two of sound, English and German, and the list that names them all."""
    folder.mkdir(exist_ok=True)
    options = {
        "hls_time": "1",
        "hls_list_size": "0",
        "hls_playlist_type": "vod",
        "hls_segment_type": kind,
        "master_pl_name": "master.m3u8",
        "var_stream_map": parts,
    }
    if kind == "fmp4":
        options["hls_fmp4_init_filename"] = "init_%v.mp4"
    write_beeps(
        folder / "list_%v.m3u8",
        [ENGLISH, GERMAN],
        video="libx264",
        options={"x264-params": "keyint=30", "bf": "2"},
        start=start,
        form="hls",
        container_options=options,
    )
    for head in Path().glob("init_*.mp4"):  # the muxer writes these where it is
        head.rename(folder / head.name)
    return folder / "master.m3u8"


def serve(server: Server, folder: Path) -> str:
    for path in folder.iterdir():
        server.serve_bytes(f"/{path.name}", path.read_bytes(), "application/octet-stream")
    return server.url("/master.m3u8")


def languages(path: Path) -> list[str]:
    with av.open(str(path)) as container:
        return [stream.language or "" for stream in container.streams.audio]


def assert_in_step(path: Path, track: int = 0, count: int = len(BEEPS)) -> None:
    begin, seen, heard = first_picture(path), flashes(path), beeps(path, track)
    assert len(seen) == len(heard) == count
    assert max(abs(beep - begin - flash) for beep, flash in zip(heard, seen, strict=True)) < IN_STEP_SECONDS


@pytest.mark.parametrize("start", [0.0, 0.4], ids=["together", "pictures later"])
@pytest.mark.parametrize("kind", ["mpegts", "fmp4"])
@pytest.mark.parametrize("where", ["local", "remote"])
def test_sound_with_lists_of_its_own_is_kept_with_its_languages(
    where: str, kind: str, start: float, tmp_path: Path, run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    master, out = write_lists(tmp_path / "hls", kind, start=start), tmp_path / "out.mp4"
    code, _, complaints = run("annotate", master if where == "local" else serve(server, master.parent), "-o", out)
    assert code == 0
    assert complaints == "" or (start and "are not heard" in complaints and complaints.count("\n") == 1)
    assert languages(out) == ["eng", "deu"]
    for track in range(2):
        assert_in_step(out, track)
    assert max(track_ends(out)) == pytest.approx(SECONDS - start, abs=0.05)


def test_a_wished_duration_is_that_of_the_sound_too(tmp_path: Path, run: Run, server: Server) -> None:
    url, out = serve(server, write_lists(tmp_path / "hls").parent), tmp_path / "out.mp4"
    code, _, complaints = run("annotate", url, "-o", out, "--duration", "1.2")
    assert (code, complaints) == (0, "")
    assert track_ends(out) == pytest.approx([1.2, 1.2, 1.2], abs=0.03)


def bare_sound(folder: Path, number: int) -> None:
    """Turn a list of sound in transport streams into one of bare AAC, whose parts say in a tag when they begin."""
    path = folder / f"list_{number}.m3u8"
    text = path.read_text()
    for part in sorted(folder.glob(f"list_{number}?.ts")):
        content, begin = io.BytesIO(), None
        with av.open(str(part)) as old, av.open(content, "w", format="adts") as new:
            stream = new.add_stream_from_template(old.streams.audio[0])
            for packet in old.demux(audio=0):
                if packet.size and packet.pts is not None and packet.time_base is not None:
                    begin = packet.pts * packet.time_base if begin is None else begin
                    packet.stream = stream
                    new.mux(packet)
        assert begin is not None
        owner = b"com.apple.streaming.transportStreamTimestamp\0" + round(begin * 90_000).to_bytes(8, "big")
        frame = b"PRIV" + len(owner).to_bytes(4, "big") + b"\0\0" + owner
        tag = b"ID3\4\0\0" + len(frame).to_bytes(4, "big") + frame
        part.with_suffix(".aac").write_bytes(tag + content.getvalue())
        part.unlink()
        text = text.replace(part.name, part.with_suffix(".aac").name)
    path.write_text(text)


@pytest.mark.parametrize("start", [0.0, 0.4], ids=["together", "pictures later"])
def test_bare_sound_begins_when_its_tag_says(start: float, tmp_path: Path, run: Run) -> None:
    master, out = write_lists(tmp_path / "hls", start=start), tmp_path / "out.mp4"
    bare_sound(master.parent, 1)
    assert run("annotate", master, "-o", out)[0] == 0
    assert languages(out) == ["eng", "deu"]
    for track in range(2):
        assert_in_step(out, track)


def test_sound_in_the_list_of_the_pictures_is_kept_beside_that_with_its_own(tmp_path: Path, run: Run) -> None:
    folder = write_lists(tmp_path / "hls", parts=OWN_AND_APART).parent
    media = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",LANGUAGE='
    (folder / "master.m3u8").write_text(
        f'#EXTM3U\n{media}"en",NAME="English",DEFAULT=YES\n{media}"de",NAME="Deutsch",URI="list_1.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=9000,AUDIO="a"\nlist_0.m3u8\n'
    )
    out = tmp_path / "out.mkv"
    code, _, complaints = run("annotate", folder / "master.m3u8", "-o", out)
    assert (code, complaints) == (0, "")
    assert languages(out)[1] == "deu"
    for track in range(2):
        assert_in_step(out, track)


def test_a_group_that_the_pictures_do_not_belong_to_is_none_of_theirs(tmp_path: Path, run: Run) -> None:
    folder = write_lists(tmp_path / "hls", parts=OWN_AND_APART).parent
    (folder / "master.m3u8").write_text(
        '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="other",NAME="x",URI="list_1.m3u8"\n'
        "#EXT-X-STREAM-INF:BANDWIDTH=9000\nlist_0.m3u8\n"
    )
    out = tmp_path / "out.mkv"
    assert run("annotate", folder / "master.m3u8", "-o", out)[0] == 0
    assert len(languages(out)) == 1
    assert_in_step(out)


@pytest.mark.parametrize("missing", ["list_2.m3u8", "list_20.ts"])
def test_a_sound_that_cannot_be_read_is_told_and_the_others_stay(missing: str, tmp_path: Path, run: Run) -> None:
    master, out = write_lists(tmp_path / "hls"), tmp_path / "out.mp4"
    (master.parent / missing).unlink()
    code, _, complaints = run("annotate", master, "-o", out)
    assert code == 0
    assert "audio_2 de-AT" in complaints and missing in complaints
    assert languages(out) == ["eng"]
    assert_in_step(out)


def test_a_sound_that_breaks_off_is_told_and_the_picture_stays(tmp_path: Path, run: Run) -> None:
    master, out = write_lists(tmp_path / "hls"), tmp_path / "out.mp4"
    (master.parent / "list_12.ts").unlink()
    code, said, complaints = run("annotate", master, "-o", out)
    assert code == 0
    assert "96 frames" in said
    assert "the sound ends early" in complaints and "list_12.ts" in complaints
    assert len(flashes(out)) == len(beeps(out, 1)) == 3
    assert len(beeps(out, 0)) == 2


def test_a_sound_that_leads_elsewhere_is_not_followed(tmp_path: Path, run: Run, server: Server) -> None:
    other = Server()
    try:
        master, out = write_lists(tmp_path / "hls"), tmp_path / "out.mp4"
        serve(other, master.parent)
        master.write_text(master.read_text().replace("list_2.m3u8", other.url("/list_2.m3u8")))
        code, _, complaints = run("annotate", serve(server, master.parent), "-o", out)
        assert code == 0
        assert "leads to" in complaints
        assert languages(out) == ["eng"]
        assert other.requests == []
    finally:
        other.close()


def test_the_sound_of_a_live_list_begins_where_its_pictures_do(tmp_path: Path, run: Run, server: Server) -> None:
    folder = write_lists(tmp_path / "hls").parent
    url = serve(server, folder)
    for number in range(3):
        name, asked = f"list_{number}.m3u8", [0]
        lines = (folder / name).read_text().replace("#EXT-X-PLAYLIST-TYPE:VOD\n", "").splitlines(keepends=True)
        second = [at for at, line in enumerate(lines) if not line.startswith("#")][1]

        def answer(
            request: BaseHTTPRequestHandler, lines: list[str] = lines, second: int = second, asked: list[int] = asked
        ) -> None:
            asked[0] += 1  # first two parts, then the others, never an end
            given = lines[: second + 1] if asked[0] == 1 else lines[:-1]
            content = "".join(given).replace("TARGETDURATION:2", "TARGETDURATION:1").encode()
            request.send_response(200)
            request.send_header("Content-Length", str(len(content)))
            request.end_headers()
            request.wfile.write(content)

        server.pages[f"/{name}"] = answer
    out = tmp_path / "out.mp4"
    code, _, complaints = run("annotate", url, "-o", out, "--duration", "2.8")
    assert (code, complaints) == (0, "")
    assert languages(out) == ["eng", "deu"]
    for track in range(2):
        assert_in_step(out, track)
    assert track_ends(out) == pytest.approx([2.8, 2.8, 2.8], abs=0.03)


def test_subtitles_with_a_list_of_their_own_are_told(tmp_path: Path, run: Run) -> None:
    master, out = write_lists(tmp_path / "hls", parts="v:0,name:0 a:0,name:1 a:1,name:2"), tmp_path / "out.mp4"
    master.write_text(
        '#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",LANGUAGE="de",NAME="Deutsch",URI="text.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=9000,SUBTITLES="s"\nlist_0.m3u8\n'
    )
    code, said, complaints = run("annotate", master, "-o", out)
    assert code == 0
    assert "96 frames" in said
    assert "the subtitles (Deutsch de) are left out: they have a list of their own" in complaints
