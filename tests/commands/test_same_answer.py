"""A picture gets the same boxes and labels whichever way it is looked at, and whatever was looked at before."""

from __future__ import annotations

import csv
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import PIL.Image
import pytest
from numpy.typing import NDArray

from webcam_app.capture import open_source
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.face import Face
from webcam_app.live import Event, LiveEngine, LiveState

Run = Callable[..., tuple[int, str, str]]
Seen = list[tuple[list[int], str, float]]
"""Box, label and confidence of the faces of one picture."""


@pytest.fixture
def album(tmp_path: Path, portrait: NDArray[np.uint8], portrait_path: Path, demo_path: Path) -> Path:
    """Portraits of different people in a row, so that labels would carry over, and a photograph of 12 megapixels."""
    folder = tmp_path / "album"
    folder.mkdir()
    shutil.copy(portrait_path, folder / "1.jpg")
    with av.open(str(demo_path)) as clip:
        frame = next(clip.decode(video=0)).to_ndarray(format="bgr24")
    cv2.imwrite(str(folder / "2.png"), frame)
    cv2.imwrite(str(folder / "3.png"), np.ascontiguousarray(portrait[:, ::-1]))
    exif = PIL.Image.Exif()
    exif[0x0112] = 8
    large = PIL.Image.fromarray(
        np.rot90(cv2.resize(frame, (4000, 3000), interpolation=cv2.INTER_CUBIC), -1)[:, :, ::-1]
    )
    large.save(folder / "10.jpg", exif=exif)
    return folder


def from_classify(folder: Path, tmp_path: Path, run: Run) -> dict[str, Seen]:
    assert run("classify", folder, "--csv", tmp_path / "out.csv")[0] == 0
    seen: dict[str, Seen] = {}
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert not row["error"]
            box = [int(row[key]) for key in ("x", "y", "width", "height")]
            seen.setdefault(Path(row["path"]).name, []).append((box, row["label"], float(row["confidence"])))
    return seen


def as_seen(faces: list[Face]) -> Seen:
    return [(list(face.box), face.label or "", round(face.confidence or 0.0, 4)) for face in faces]


def test_classify_and_annotate(album: Path, tmp_path: Path, run: Run) -> None:
    expected = from_classify(album, tmp_path, run)
    assert list(expected) == ["1.jpg", "2.png", "3.png", "10.jpg"] and all(expected.values())
    lines = tmp_path / "out.jsonl"
    assert run("annotate", album, "-o", tmp_path / "out.mp4", "--faces", lines)[0] == 0
    found = []
    for line in lines.read_text().splitlines():
        faces = json.loads(line)["faces"]
        found.append([(face["box"], face["label"], max(face["probabilities"].values())) for face in faces])
    assert found == list(expected.values())


def test_classify_and_the_engine_of_the_window(
    album: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webcam_app.capture.picture_source.SECONDS_PER_PICTURE", 0.01)
    ended = threading.Event()
    found: dict[str, Seen] = {}

    def on_event(event: Event) -> None:
        if event.state is LiveState.ENDED:
            ended.set()

    engine = LiveEngine(FaceAnalyzer, on_event=on_event)
    # What is recorded is every result, also those that are replaced before a window could take them.
    monkeypatch.setattr(engine._recording, "put", lambda frame, faces: found.update({frame.path.name: as_seen(faces)}))
    engine.open(str(album))
    assert ended.wait(60)
    assert engine.close()
    assert found == from_classify(album, tmp_path, run)


def test_no_picture_leaves_anything_to_the_next(album: Path, tmp_path: Path, run: Run) -> None:
    together = from_classify(album, tmp_path, run)
    for name, expected in together.items():
        assert from_classify(album / name, tmp_path, run) == {name: expected}
        with open_source(str(album / name)) as source:
            frame = source.read()
        assert frame is not None and frame.picture is not None


def test_annotate_names_what_it_leaves_out_and_goes_on(album: Path, tmp_path: Path, run: Run) -> None:
    (album / "2b.jpg").write_bytes(b"no picture")
    content = (album / "1.jpg").read_bytes()
    (album / "4.jpg").write_bytes(content[: len(content) * 3 // 4])
    code, out, complaints = run("annotate", album, "-o", tmp_path / "out.mp4")
    assert code == 0 and "5 frames" in out
    assert f"{album / '2b.jpg'} is not a picture" in complaints
    assert f"{album / '4.jpg'} is truncated: the lower" in complaints
    assert "1 damaged picture was left out" in out + complaints


def test_classify_remarks_a_picture_that_is_cut_off(album: Path, tmp_path: Path, run: Run) -> None:
    content = (album / "1.jpg").read_bytes()
    (album / "1.jpg").write_bytes(content[: len(content) * 9 // 10])
    assert run("classify", album / "1.jpg", "--csv", tmp_path / "out.csv")[0] == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["label"] == "male" and row["error"].startswith("truncated: the lower 1")
    code, out, _ = run("classify", album / "1.jpg")
    assert code == 0 and "male" in out and "(truncated: the lower 1" in out
