"""Sound and subtitles of every kind stay in the annotated video, in step with the picture."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from tests.commands.beeps import BEEPS, SECONDS, Sound, beeps, first_picture, flashes, track_ends, write_beeps
from webcam_app.output.sound import sound_track
from webcam_app.output.track import Span

pytestmark = pytest.mark.usefixtures("squares")
Run = Callable[..., tuple[int, str, str]]
STEP_SECONDS = 0.02
FRAME_SECONDS = 1 / 30


def apart(path: Path, track: int = 0) -> list[float]:
    """How much later than the picture each beep is, in seconds."""
    heard, seen = beeps(path, track), [first_picture(path) + time for time in flashes(path)]
    assert len(heard) == len(seen) == len(BEEPS)
    return [sound - picture for sound, picture in zip(heard, seen, strict=True)]


def codecs(path: Path) -> list[str]:
    with av.open(str(path)) as container:
        return [str(stream.codec_context.codec.canonical_name) for stream in container.streams.audio]


@pytest.mark.parametrize("ending", ["mp4", "mkv", "mov"])
@pytest.mark.parametrize(
    ("name", "video", "sound"),
    [
        ("in.asf", "wmv2", Sound("wmav2")),
        ("in.wmv", "wmv1", Sound("wmav1", 44_100, "stereo")),
        ("in.avi", "mpeg4", Sound("libmp3lame", 44_100)),
        ("in.avi", "mjpeg", Sound("pcm_s16le", 22_050)),
        ("in.avi", "mpeg4", Sound("pcm_u8", 11_025)),
        ("in.avi", "mpeg4", Sound("pcm_mulaw", 8_000)),
        ("in.avi", "mpeg4", Sound("adpcm_ms")),
        ("in.avi", "mpeg4", Sound("ac3", 48_000, "5.1")),
        ("in.mp4", "mpeg4", Sound("aac", 44_100, "stereo")),
        ("in.mp4", "mpeg4", Sound("libopus")),
        ("in.mkv", "mpeg4", Sound("libopus", 48_000, "stereo")),
        ("in.mkv", "mpeg4", Sound("flac", 37_800)),
        ("in.mkv", "mpeg4", Sound("pcm_s24le", 96_000, "5.1")),
        ("in.ts", "mpeg2video", Sound("mp2")),
        ("in.ts", "mpeg2video", Sound("aac")),
        ("in.mpg", "mpeg2video", Sound("mp2")),
        ("in.flv", "flv", Sound("libmp3lame", 44_100)),
        ("in.mov", "mjpeg", Sound("pcm_s16be")),
    ],
    ids=lambda value: f"{value.codec}-{value.layout}" if isinstance(value, Sound) else None,
)
def test_sound_of_any_kind_stays_in_step(
    name: str, video: str, sound: Sound, ending: str, tmp_path: Path, run: Run
) -> None:
    source, out = write_beeps(tmp_path / name, [sound], video=video), tmp_path / f"out.{ending}"
    code, _, complaints = run("annotate", source, "-o", out)
    assert (code, complaints) == (0, "")
    assert first_picture(out) == 0
    assert apart(out) == pytest.approx(apart(source), abs=STEP_SECONDS)
    with av.open(str(out)) as container:
        assert (
            len(container.streams.audio[0].layout.channels or [0]) == {"5.1": 6, "stereo": 2, "mono": 1}[sound.layout]
        )
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(SECONDS, abs=2 * FRAME_SECONDS)


@pytest.mark.parametrize("codec", ["wmav2", "ac3"])
def test_packets_without_time_stamps_follow_one_another(codec: str, tmp_path: Path) -> None:
    source = write_beeps(tmp_path / "in.asf", [Sound(codec)], video="wmv2")
    out = tmp_path / "out.mp4"
    with av.open(str(source)) as old, av.open(str(out), "w") as new:
        stream = old.streams.audio[0]
        track = sound_track(stream, new, "mp4", Span())
        made = []
        for packet in old.demux(stream):
            if packet.size:
                packet.pts = packet.dts = None
                made += track.take(packet, track.time(packet))
        new.mux(made + track.rest())
    first, *others = beeps(out)
    assert first == pytest.approx(BEEPS[0], abs=0.05)  # the encoder's delay, of which only time stamps tell
    assert others == pytest.approx([first + 1, first + 2], abs=0.002)


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
@pytest.mark.parametrize("codec", ["aac", "pcm_s16le"])
@pytest.mark.parametrize(
    ("picture_start", "sound_start"), [(0.0, 0.4), (0.4, 0.0), (5.0, 5.0)], ids=["late", "early", "both late"]
)
def test_sound_that_begins_at_another_time_than_the_picture_stays_in_step(
    picture_start: float, sound_start: float, codec: str, ending: str, tmp_path: Path, run: Run
) -> None:
    shift = min(picture_start, sound_start)
    plain = write_beeps(tmp_path / "plain.mkv", [Sound(codec, start=sound_start - shift)], start=picture_start - shift)
    source, out = tmp_path / "in.mkv", tmp_path / f"out.{ending}"
    with av.open(str(plain)) as old, av.open(str(source), "w") as new:
        targets = [new.add_stream_from_template(stream) for stream in old.streams]
        for packet in old.demux():
            if packet.size:
                packet.pts = packet.pts + round(shift / packet.time_base)
                packet.dts = packet.pts
                packet.stream = targets[packet.stream_index]
                new.mux(packet)
    code, _, complaints = run("annotate", source, "-o", out)
    assert code == 0
    assert first_picture(out) == 0
    assert apart(out) == pytest.approx(apart(source), abs=STEP_SECONDS)
    early = picture_start > sound_start
    assert ("before the first picture" in complaints) == early


@pytest.mark.parametrize("codec", ["pcm_s16le", "flac", "ac3"])
def test_a_gap_in_the_sound_moves_nothing_behind_it(codec: str, tmp_path: Path, run: Run) -> None:
    source = write_beeps(tmp_path / "in.mkv", [Sound(codec, gap=(0.9, 1.3))])
    for name in ("out.mp4", "out.mkv"):
        assert run("annotate", source, "-o", tmp_path / name)[0] == 0
        assert apart(tmp_path / name) == pytest.approx(apart(source), abs=STEP_SECONDS)


@pytest.mark.parametrize("sound_seconds", [2.8, 5.0])
@pytest.mark.parametrize(("name", "codec"), [("in.asf", "wmav2"), ("in.mkv", "aac"), ("in.avi", "pcm_s16le")])
def test_sound_that_is_shorter_or_longer_than_the_picture_keeps_its_length(
    name: str, codec: str, sound_seconds: float, tmp_path: Path, run: Run
) -> None:
    source, out = write_beeps(tmp_path / name, [Sound(codec, seconds=sound_seconds)]), tmp_path / "out.mp4"
    assert run("annotate", source, "-o", out)[0] == 0
    picture, sound = track_ends(out)
    assert picture == pytest.approx(SECONDS, abs=FRAME_SECONDS)
    assert sound == pytest.approx(sound_seconds, abs=0.08)


@pytest.mark.parametrize("ending", ["mp4", "mov", "mkv"])
@pytest.mark.parametrize(
    ("name", "codec"), [("in.mp4", "aac"), ("in.avi", "pcm_s16le"), ("in.asf", "wmav2"), ("in.mkv", "flac")]
)
def test_a_wished_duration_is_that_of_picture_and_sound(
    name: str, codec: str, ending: str, tmp_path: Path, run: Run
) -> None:
    source, out = write_beeps(tmp_path / name, [Sound(codec)]), tmp_path / f"out.{ending}"
    code, said, _ = run("annotate", source, "-o", out, "--duration", "1")
    assert code == 0
    assert "30 frames, 1.00 s" in said
    for length in track_ends(out):
        assert length == pytest.approx(1, abs=0.002)
    with av.open(str(out)) as container:
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(1, abs=0.022)  # Matroska counts a packet of sound in full


@pytest.mark.parametrize("ending", ["mp4", "mov", "mkv"])
def test_all_sound_tracks_stay_with_their_languages(ending: str, tmp_path: Path, run: Run) -> None:
    sounds = [Sound("aac", language="eng", default=False), Sound("pcm_s16le", language="deu"), Sound("ac3")]
    source, out = write_beeps(tmp_path / "in.mkv", sounds), tmp_path / f"out.{ending}"
    assert run("annotate", source, "-o", out)[0] == 0
    with av.open(str(out)) as container:
        tracks = container.streams.audio
        # QuickTime's name for the language.
        german = "ger" if ending == "mov" else "deu"
        assert [track.language in ("eng", german) for track in tracks] == [True, True, False]
        assert [track.language for track in tracks[:2]] == ["eng", german]
        assert [bool(track.disposition & av.stream.Disposition.default) for track in tracks][:2] == [False, True]
    for track in range(3):
        assert apart(out, track) == pytest.approx([0, 0, 0], abs=STEP_SECONDS)


LINES = [(0.5, 1.0, "Hello"), (2.0, 2.9, "Zweite\nZeile")]


def with_subtitles(path: Path, source: Path, codec: str) -> Path:
    """A copy with two lines of subtitles."""
    from webcam_app.output.subtitles import HEADER

    with av.open(str(source)) as old, av.open(str(path), "w") as new:
        targets = [new.add_stream_from_template(stream) for stream in old.streams]
        lines: Any = new.add_stream(codec)
        lines.codec_context.subtitle_header = HEADER
        lines.codec_context.time_base = Fraction(1, 1000)
        lines.metadata["language"] = "fra"
        for packet in old.demux():
            if packet.size:
                packet.stream = targets[packet.stream_index]
                new.mux(packet)
        for number, (begin, end, text) in enumerate(LINES):
            content = text.encode()
            if codec == "mov_text":
                content = len(content).to_bytes(2, "big") + content
            elif codec == "ass":
                content = f"{number},0,Default,,0,0,0,,{{\\b1}}".encode() + content.replace(b"\n", b"\\N")
            packet = av.Packet(content)
            packet.stream, packet.time_base = lines, Fraction(1, 1000)
            packet.pts = packet.dts = round(begin * 1000)
            packet.duration = round((end - begin) * 1000)
            new.mux(packet)
    return path


def lines_of(path: Path) -> list[tuple[float, float, str]]:
    from webcam_app.output.subtitles import plain_text

    found = []
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        assert stream.language == "fra"
        for packet in container.demux(stream):
            text = plain_text(bytes(packet), stream.codec_context.name) if packet.size else ""
            if text and packet.pts is not None and packet.time_base is not None and packet.duration is not None:
                begin, seconds = float(packet.pts * packet.time_base), float(packet.duration * packet.time_base)
                found.append((round(begin, 2), round(begin + seconds, 2), text))
    return found


@pytest.mark.parametrize("ending", ["mp4", "mov", "mkv"])
@pytest.mark.parametrize(("name", "codec"), [("in.mkv", "subrip"), ("in.mkv", "ass"), ("in.mp4", "mov_text")])
def test_subtitles_stay(name: str, codec: str, ending: str, tmp_path: Path, run: Run) -> None:
    plain = write_beeps(tmp_path / "plain.mkv", [Sound("aac")])
    source, out = with_subtitles(tmp_path / name, plain, codec), tmp_path / f"out.{ending}"
    code, _, complaints = run("annotate", source, "-o", out)
    assert (code, complaints) == (0, "")
    assert lines_of(out) == LINES
    assert apart(out) == pytest.approx([0, 0, 0], abs=STEP_SECONDS)


def test_subtitles_end_with_the_wished_duration(tmp_path: Path, run: Run) -> None:
    plain = write_beeps(tmp_path / "plain.mkv", [Sound("aac")])
    source, out = with_subtitles(tmp_path / "in.mkv", plain, "subrip"), tmp_path / "out.mp4"
    assert run("annotate", source, "-o", out, "--duration", "0.8")[0] == 0
    assert lines_of(out) == [(0.5, 0.8, "Hello")]


def test_subtitles_that_the_file_cannot_hold_are_told(tmp_path: Path, run: Run) -> None:
    plain, source = write_beeps(tmp_path / "plain.mkv", []), tmp_path / "in.mkv"
    with av.open(str(plain)) as old, av.open(str(source), "w") as new:
        target = new.add_stream_from_template(old.streams.video[0])
        pictures = new.add_mux_stream("dvbsub")
        for packet in old.demux():
            if packet.size:
                packet.stream = target
                new.mux(packet)
        packet = av.Packet(b"\x20\x00\x0f\x10\x00\x01\x00\x02\x00\x00\xff")
        packet.stream, packet.time_base, packet.pts, packet.dts = pictures, Fraction(1, 1000), 500, 500
        new.mux(packet)
    code, _, complaints = run("annotate", source, "-o", tmp_path / "out.mp4")
    assert code == 0
    assert complaints.count("\n") == 1
    assert "subtitles" in complaints
    assert ".mkv" in complaints


def test_sound_of_an_unknown_kind_is_told_and_the_picture_stays(tmp_path: Path, run: Run) -> None:
    source, out = write_beeps(tmp_path / "in.avi", [Sound("adpcm_ms")]), tmp_path / "out.mp4"
    content = bytearray(source.read_bytes())
    form = content.rindex(b"strf") + 8
    content[form : form + 2] = b"\x99\x98"
    source.write_bytes(content)
    code, _, complaints = run("annotate", source, "-o", out)
    assert code == 0
    assert complaints.count("\n") == 1
    assert "sound" in complaints
    assert len(flashes(out)) == len(BEEPS)


@pytest.mark.parametrize("rate", [1, 50, 999, 2**31 - 1])
def test_sound_at_a_rate_that_is_none_is_told_and_the_picture_stays(rate: int, tmp_path: Path, run: Run) -> None:
    source, out = write_beeps(tmp_path / "in.avi", [Sound("pcm_s16le")]), tmp_path / "out.mp4"
    content = bytearray(source.read_bytes())
    form = content.rindex(b"strf") + 8
    content[form + 4 : form + 8] = rate.to_bytes(4, "little")
    source.write_bytes(content)
    code, _, complaints = run("annotate", source, "-o", out)
    assert code == 0
    assert complaints.count("\n") == 1
    assert f"the sound (pcm_s16le) could not be taken over: it has {rate} samples a second" in complaints
    assert len(flashes(out)) == len(BEEPS)
    assert codecs(out) == []


@pytest.mark.parametrize("b_frames", [0, 2])
@pytest.mark.parametrize("start", [-0.1, -0.3])
def test_pictures_that_lost_their_times_before_zero_have_them_again(
    start: float, b_frames: int, tmp_path: Path, run: Run
) -> None:
    source, out = tmp_path / "in.mkv", tmp_path / "out.mp4"
    sound = Sound("libopus", start=start, seconds=SECONDS - start)
    options = {"avoid_negative_ts": "disabled"}
    write_beeps(source, [sound], video="libx264", options={"bf": str(b_frames)}, start=start, container_options=options)
    with av.open(str(source)) as container:
        assert next(container.decode(video=0)).pts is None
    code, said, _ = run("annotate", source, "-o", out)
    assert code == 0
    assert f"{round((SECONDS - start) * 30)} frames" in said
    assert flashes(out) == pytest.approx([beep - start for beep in BEEPS], abs=0.005)
    assert beeps(out) == pytest.approx(flashes(out), abs=0.03)


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_packets_that_state_no_length_are_all_kept(ending: str, tmp_path: Path, run: Run) -> None:
    source, out = write_beeps(tmp_path / "in.nut", [Sound("flac")]), tmp_path / f"out.{ending}"
    assert {packet.duration for packet in sound_packets(source)} == {0}
    assert run("annotate", source, "-o", out)[0] == 0
    assert list(map(bytes, sound_packets(out))) == list(map(bytes, sound_packets(source)))
    assert max(track_ends(out), default=SECONDS) == pytest.approx(SECONDS, abs=0.1)


def sound_packets(path: Path) -> list[Any]:
    with av.open(str(path)) as container:
        return [packet for packet in container.demux(audio=0) if packet.size]
