"""Someone wants a video in which nobody can be recognised."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.commands.square_analyzer import COLORS, SquareAnalyzer
from webcam_app.faces.face import Face

Run = Callable[..., tuple[int, str, str]]
FOUND_AFTER = 20


class LateAnalyzer(SquareAnalyzer):
    """Finds the face only after it has been there for some frames, as with a face that enters."""

    def analyze(self, image: Any, time: float | None = None) -> list[Face]:
        self._looked += 1
        return self.analyze_still(image) if self._looked > FOUND_AFTER else []


def look(path: Path) -> list[Any]:
    with av.open(str(path)) as container:
        return [picture.to_ndarray(format="bgr24") for picture in container.decode(video=0)]


def red_share(image: Any) -> float:
    """Of the pixels, those that look like the drawn face."""
    return float((np.abs(image.astype(int) - COLORS["female"]).max(axis=2) < 60).mean())


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_face_is_covered_before_it_is_found_and_the_frames_are_all_there(
    tmp_path: Path, make_video: Callable[..., Path], run: Run, monkeypatch: pytest.MonkeyPatch, mirrored: bool
) -> None:
    monkeypatch.setattr("webcam_app.faces.analyzer.FaceAnalyzer", LateAnalyzer)
    out, lines = tmp_path / "out.mp4", tmp_path / "out.jsonl"
    options = ["--mirror"] if mirrored else []
    code, _, complaints = run("annotate", make_video(), "-o", out, "--faces", lines, "--blur", "fill", *options)
    assert (code, complaints) == (0, "")
    frames = look(out)
    assert len(frames) == len(lines.read_text("utf-8").splitlines()) == 50
    shares = [red_share(image[30:72]) for image in frames]  # below the label's plate
    before = FOUND_AFTER - 12  # half a second at 25 a second
    assert min(shares[: before - 1]) > 0.1
    assert max(shares[before:FOUND_AFTER]) == 0


@pytest.mark.parametrize("kind", ["blur", "pixelate", "fill"])
def test_each_kind_leaves_the_rest_of_the_picture(
    tmp_path: Path, make_video: Callable[..., Path], run: Run, squares: None, kind: str
) -> None:
    source, out = make_video(), tmp_path / "out.mp4"
    assert run("annotate", source, "-o", out, "--blur", kind)[0] == 0
    before, after = look(source), look(out)
    assert len(after) == 50
    assert np.abs(after[5][98:].astype(int) - before[5][98:]).mean() < 4
    assert np.abs(after[5][:, 110:].astype(int) - before[5][:, 110:]).mean() < 6


def test_without_it_nothing_is_covered(
    tmp_path: Path, make_video: Callable[..., Path], run: Run, squares: None
) -> None:
    out = tmp_path / "out.mp4"
    assert run("annotate", make_video(), "-o", out)[0] == 0
    assert red_share(look(out)[5][35:65]) > 0.1


def test_a_kind_that_does_not_exist_is_refused(tmp_path: Path, make_video: Callable[..., Path], run: Run) -> None:
    code, _, complaint = run("annotate", make_video(), "-o", tmp_path / "out.mp4", "--blur", "smear")
    assert code == 2
    assert "smear" in complaint
