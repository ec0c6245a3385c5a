"""Video files of every kind, whole and broken."""

from __future__ import annotations

import gc
import itertools
import wave
import weakref
from pathlib import Path

import numpy as np
import pytest

from tests.capture.fakes import corners, set_display_matrix, write_video
from webcam_app.capture import Frame, Source, open_source
from webcam_app.errors import SourceError, SourceLostError, SourceNotFoundError


def _read_all(source: Source) -> list[Frame]:
    return list(iter(source.read, None))  # type: ignore[arg-type]


def _problem_of(path: Path) -> str:
    with pytest.raises(SourceError) as error:
        open_source(str(path))
    assert "\n" not in str(error.value)
    return str(error.value)


def test_times_are_those_of_the_file_at_a_variable_rate(tmp_path: Path) -> None:
    times = [0.0, 0.033, 0.5, 0.533, 2.0, 2.04]
    with open_source(str(write_video(tmp_path / "clip.mkv", frames=6, times=times))) as source:
        assert [frame.time for frame in _read_all(source)] == pytest.approx(times, abs=0.0011)


def test_times_begin_at_the_first_frame(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mkv", frames=3, times=[7.0, 7.1, 7.2])
    with open_source(str(path)) as source:
        assert [frame.time for frame in _read_all(source)] == pytest.approx([0.0, 0.1, 0.2], abs=0.0011)


@pytest.mark.parametrize(
    ("matrix", "shown"),
    [
        ((1, 0, 0, 1), "rgb."),
        ((0, 1, -1, 0), "br.g"),
        ((-1, 0, 0, -1), ".bgr"),
        ((0, -1, 1, 0), "g.rb"),
        ((-1, 0, 0, 1), "gr.b"),
    ],
    ids=["upright", "90 clockwise", "180", "90 counterclockwise", "mirrored"],
)
def test_pictures_are_turned_as_the_phone_was_held(
    matrix: tuple[int, int, int, int], shown: str, tmp_path: Path
) -> None:
    path = write_video(tmp_path / "clip.mp4", frames=3)
    set_display_matrix(path, *matrix)
    with open_source(str(path)) as source:
        frames = _read_all(source)
        info = source.info
    assert corners(frames[0].image) == shown
    assert frames[0].image.shape[:2] == (info.height, info.width) == ((48, 64) if matrix[0] else (64, 48))
    assert frames[0].image.flags.c_contiguous


@pytest.mark.parametrize("size", [(66, 50), (33, 17), (121, 35)], ids=str)
def test_odd_sizes_are_not_sheared(size: tuple[int, int], tmp_path: Path) -> None:
    with open_source(str(write_video(tmp_path / "clip.mkv", frames=2, size=size, codec="ffv1"))) as source:
        frame = source.read()
        assert (source.info.width, source.info.height) == size
    assert frame is not None
    assert frame.image.shape == (size[1], size[0], 3)
    assert corners(frame.image) == "rgb."


@pytest.mark.parametrize("name", ["видео 視頻 🎥.mp4", "a:b.mp4", "http:clip.mp4", "50%03d.mp4", "concat:x|y.mp4"])
def test_any_file_name_opens(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_video(tmp_path / "clip.mp4", frames=2).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    with open_source(name) as source:
        assert len(_read_all(source)) == 2
        assert source.info.name == name


def test_a_looped_file_goes_on_in_time(tmp_path: Path) -> None:
    with open_source(str(write_video(tmp_path / "clip.mp4", frames=6)), loop=True) as source:
        frames = [source.read() for _ in range(20)]
    assert [frame.index for frame in frames if frame] == list(range(20))
    steps = [b.time - a.time for a, b in itertools.pairwise(frame for frame in frames if frame)]
    assert steps == pytest.approx([1 / 30] * 19, abs=0.002)
    first, again = frames[0], frames[6]
    assert first is not None and again is not None
    assert np.array_equal(first.image, again.image)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SourceNotFoundError, match=r"The file /no/such.mp4 does not exist"):
        open_source("/no/such.mp4")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "it is empty"), (b"Dear diary, today\n" * 500, "no video, or damaged"), (bytes(100_000), "no video")],
    ids=["empty", "text", "zeros"],
)
def test_what_is_no_video_is_refused_by_name(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "note.mp4"
    path.write_bytes(content)
    problem = _problem_of(path)
    assert str(path) in problem and reason in problem


def test_a_text_file_is_not_shown_as_pictures_of_its_letters(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Dear diary, today\n" * 500)
    assert "no video" in _problem_of(path)


def test_a_file_with_sound_only_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 8000, 8000, "NONE", ""))
        sound.writeframes(bytes(16000))
    assert "has sound but no pictures" in _problem_of(path)


def test_a_file_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    """A playlist with a video's name could make FFmpeg open other files and addresses."""
    write_video(tmp_path / "secret.ts", frames=2)
    path = tmp_path / "clip.mp4"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nsecret.ts\n#EXT-X-ENDLIST\n")
    _problem_of(path)
    path.write_text("ffconcat version 1.0\nfile secret.ts\n")
    _problem_of(path)


def test_an_mp4_without_its_index_is_refused(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "damaged" in _problem_of(path)


@pytest.mark.parametrize(
    ("name", "options"), [("clip.mp4", {"movflags": "faststart"}), ("clip.mkv", {})], ids=["mp4", "mkv"]
)
def test_a_cut_off_file_gives_what_is_there_and_then_says_so(
    name: str, options: dict[str, str], tmp_path: Path
) -> None:
    path = write_video(tmp_path / name, frames=300, options=options)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    frames = []
    with open_source(str(path)) as source, pytest.raises(SourceLostError, match=r"cut off: it ends after [\d.]+ of"):
        while (frame := source.read()) is not None:
            frames.append(frame)
    assert 60 < len(frames) < 200


@pytest.mark.parametrize(("name", "b_frames"), [("clip.mp4", 0), ("clip.mp4", 3), ("clip.mkv", 0)])
def test_a_long_last_frame_is_no_damage(name: str, b_frames: int, tmp_path: Path) -> None:
    path = tmp_path / name
    write_video(path, frames=4, times=[0, 1, 2, 3], codec="libx264", last_seconds=4.0, b_frames=b_frames)
    with open_source(str(path)) as source:
        assert source.info.duration is not None and source.info.duration >= 6
        assert [frame.time for frame in _read_all(source)] == pytest.approx([0.0, 1.0, 2.0, 3.0], abs=0.0011)


def test_an_interrupted_recording_plays_to_its_end(tmp_path: Path) -> None:
    """A fragmented MP4 whose last fragment is incomplete, as a kill leaves it, is not called damaged."""
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "400000"}
    path = write_video(tmp_path / "clip.mp4", frames=90, options=options)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])
    with open_source(str(path)) as source:
        assert 40 < len(_read_all(source)) < 90


def test_damage_in_the_middle_costs_frames_and_is_counted(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", frames=60, codec="libx264", options={"movflags": "faststart"})
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat") + len(content) // 3
    for position in range(start, start + 400):
        content[position] ^= 0x5A
    path.write_bytes(content)
    with open_source(str(path)) as source:
        frames = _read_all(source)
        assert source.bad_frames > 0
    assert len(frames) > 20
    assert frames[-1].time == pytest.approx(59 / 30, abs=0.1)


def test_only_the_head_of_a_long_file_is_read_to_open_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten hours by its times; opened and read to the second frame without decoding the rest."""
    path = write_video(tmp_path / "clip.mkv", frames=40, times=[number * 900.0 for number in range(40)])
    with open_source(str(path)) as source:
        assert source.info.duration == pytest.approx(35100, abs=1000)
        second = [source.read(), source.read()][1]
    assert second is not None and second.time == pytest.approx(900)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8])
def test_a_damaged_head_gives_one_line_or_frames(share: float, tmp_path: Path) -> None:
    content = bytearray(write_video(tmp_path / "clip.mp4", frames=10, options={"movflags": "faststart"}).read_bytes())
    head = content.index(b"mdat")
    random = np.random.default_rng(int(10 * share))
    path = tmp_path / "damaged.mp4"
    for _ in range(40):
        damaged = bytearray(content)
        for position in random.integers(int(share * head), head, 3):
            damaged[position] = random.integers(256)
        path.write_bytes(damaged)
        try:
            with open_source(str(path)) as source:
                _read_all(source)
        except SourceError as error:
            assert "\n" not in str(error)


def test_no_frame_waits_for_the_garbage_collector(tmp_path: Path) -> None:
    """A second of 1080p is 180 MB; what was shown must go at once."""
    gc.collect()
    gc.disable()
    try:
        with open_source(str(write_video(tmp_path / "clip.mp4", frames=60))) as source:
            alive = [weakref.ref(frame.image) for frame in iter(source.read, None) if frame is not None]
            found = [item for item in gc.get_objects() if type(item).__name__ == "SideDataContainer"]
    finally:
        gc.enable()
    assert not any(image() is not None for image in alive[:-1])
    assert len(found) <= 1
