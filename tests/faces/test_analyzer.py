"""From a picture to labelled faces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.faces.fakes import Answer, FakeInterpreter, write_model
from tests.faces.scenes import Scene, room
from webcam_app.errors import ModelError
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.still_network import LIVE_MODEL
from webcam_app.faces.detection.still_network import MODEL as DETECTOR
from webcam_app.faces.face import UNSURE
from webcam_app.faces.labelling import classifier as classifier_module
from webcam_app.faces.labelling.classifier import Classifier
from webcam_app.resources import model_path

Make = Callable[..., FaceAnalyzer]
BOX = FaceBox(320, 220, 110)


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Make:
    """``make(answer)``: an analyzer whose labels come from a function of the crop."""

    def build(answer: Answer, *, masks: bool = True, seen: list[NDArray[np.int8]] | None = None) -> FaceAnalyzer:
        network = FakeInterpreter(answer)
        if seen is not None:
            network.seen = seen
        monkeypatch.setattr(classifier_module, "load_interpreter", lambda *_: network)
        return FaceAnalyzer(write_model(tmp_path), masks=masks)

    return build


def say(female: float, mask: float = -5.0) -> Answer:
    return lambda _: {"classes": [female, -female], "mask": mask}


def test_a_face_gets_the_label_that_the_network_gives(make: Make, scene: Scene) -> None:
    analyzer = make(say(4.0))
    faces = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(5)][-1]
    assert [face.label for face in faces] == ["female"]
    assert faces[0].probabilities["female"] > 0.9
    assert not faces[0].masked


def test_a_network_that_does_not_know_makes_a_face_unsure(make: Make, scene: Scene) -> None:
    analyzer = make(say(0.1))
    assert [analyzer.analyze(scene(BOX), frame / 30) for frame in range(5)][-1][0].label == UNSURE


def test_masks_can_be_left_out(make: Make, scene: Scene) -> None:
    analyzer = make(say(4.0, mask=5.0), masks=False)
    face = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(5)][-1][0]
    assert (face.mask, face.masked) == (None, None)


def test_a_video_asks_more_of_a_mask_than_a_photograph(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scene: Scene
) -> None:
    network = FakeInterpreter(say(4.0, mask=-0.8))
    monkeypatch.setattr(classifier_module, "load_interpreter", lambda *_: network)
    analyzer = FaceAnalyzer(write_model(tmp_path, thresholds={"unsure": 0.6, "mask": 0.2}))
    assert [face.masked for face in analyzer.analyze_still(scene(BOX))] == [True]
    frames = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(30)]
    assert [face.masked for face in frames[-1]] == [False]


def test_a_face_with_a_stable_label_is_looked_at_seldom(make: Make, scene: Scene) -> None:
    seen: list[NDArray[np.int8]] = []
    analyzer = make(say(4.0), seen=seen)
    for frame in range(90):
        analyzer.analyze(scene(BOX), frame / 30)
    assert 12 <= len(seen) <= 40


def test_a_network_that_fails_leaves_the_faces_and_says_why(make: Make, scene: Scene) -> None:
    def fail(_: object) -> dict[str, float]:
        raise RuntimeError("broken")

    analyzer = make(fail)
    faces = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(5)][-1]
    assert [face.label for face in faces] == [None]
    assert analyzer.problem is not None
    assert "broken" in analyzer.problem


def test_a_network_that_works_again_is_no_problem_any_more(make: Make, scene: Scene) -> None:
    broken = True

    def sometimes(_: object) -> dict[str, float | list[float]]:
        if broken:
            raise RuntimeError("broken")
        return {"classes": [4.0, -4.0], "mask": -5.0}

    analyzer = make(sometimes)
    for frame in range(5):
        analyzer.analyze(scene(BOX), frame / 30)
    broken = False
    face = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(5, 10)][-1][0]
    assert (face.label, analyzer.problem) == ("female", None)


def test_without_a_classifier_faces_are_found_but_not_labelled(scene: Scene) -> None:
    analyzer = FaceAnalyzer(classifier=None)
    faces = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(5)][-1]
    assert [(face.label, dict(face.probabilities)) for face in faces] == [(None, {})]
    assert analyzer.card is None


def test_a_classifier_that_is_given_labels_the_faces(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scene: Scene
) -> None:
    monkeypatch.setattr(classifier_module, "load_interpreter", lambda *_: FakeInterpreter(say(-4.0)))
    analyzer = FaceAnalyzer(classifier=Classifier(write_model(tmp_path)))
    assert [analyzer.analyze(scene(BOX), frame / 30) for frame in range(5)][-1][0].label == "male"


def test_another_network_labels_anew_the_faces_that_are_followed(make: Make, scene: Scene, tmp_path: Path) -> None:
    analyzer = make(say(4.0))
    before = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(5)][-1][0]
    other = tmp_path / "other"
    other.mkdir()
    analyzer.use_classifier(Classifier(write_model(other, labels=["ada", "bea"])))
    after = analyzer.analyze(scene(BOX), 5 / 30)[0]
    assert (after.track, after.label) == (before.track, "ada")
    assert set(after.probabilities) == {"ada", "bea"}


def test_a_model_and_a_classifier_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not both"):
        FaceAnalyzer(tmp_path / "model.tflite", classifier=None)


@pytest.mark.usefixtures("three_threads")
def test_an_analyzer_leaves_the_number_of_threads_of_the_process_alone(make: Make, scene: Scene) -> None:
    analyzer = make(say(4.0))
    assert cv2.getNumThreads() == 3
    for frame in range(3):
        analyzer.analyze(scene(BOX), frame / 30)
    analyzer.analyze_still(scene(BOX))
    assert cv2.getNumThreads() == 3


def test_a_missing_model_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        FaceAnalyzer(tmp_path / "none.tflite")


def test_the_picture_is_not_changed(scene: Scene) -> None:
    image = scene(BOX)
    before = image.copy()
    image.flags.writeable = False
    FaceAnalyzer(classifier=None).analyze(image)
    assert np.array_equal(image, before)


@pytest.mark.parametrize(
    "image", [np.zeros((48, 64), np.uint8), np.zeros((48, 64, 4), np.uint8), np.zeros((48, 64, 3)), None]
)
def test_what_is_no_bgr_picture_is_refused(image: object) -> None:
    with pytest.raises(ValueError, match="BGR"):
        FaceAnalyzer(classifier=None).analyze(image)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (500, 3), (41, 37)])
def test_little_pictures_have_no_faces(size: tuple[int, int]) -> None:
    analyzer = FaceAnalyzer(classifier=None)
    image = np.zeros((size[1], size[0], 3), np.uint8)
    assert analyzer.analyze(image) == []
    assert analyzer.analyze_still(image) == []


def test_times_may_be_left_out(scene: Scene) -> None:
    analyzer = FaceAnalyzer(classifier=None)
    results = [analyzer.analyze(scene(BOX)) for _ in range(6)]
    assert {face.track for faces in results for face in faces} == {1}


def test_time_that_goes_backwards_begins_anew(scene: Scene) -> None:
    analyzer = FaceAnalyzer(classifier=None)
    first = [analyzer.analyze(scene(BOX), 10 + frame / 30) for frame in range(6)][-1]
    second = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(6)][-1]
    assert first[0].track != second[0].track


def test_a_reset_forgets_the_faces_but_not_the_numbers(scene: Scene) -> None:
    analyzer = FaceAnalyzer(classifier=None)
    first = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(6)][-1]
    analyzer.reset()
    assert [analyzer.analyze(room(), frame / 30) for frame in range(6)][-1] == []
    analyzer.reset()
    again = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(6)][-1]
    assert again[0].track > first[0].track


def test_a_picture_of_another_size_may_follow(scene: Scene) -> None:
    analyzer = FaceAnalyzer(classifier=None)
    analyzer.analyze(scene(BOX), 0.0)
    small = cv2.resize(scene(BOX), (320, 240)).astype(np.uint8)
    faces = [analyzer.analyze(small, frame / 30) for frame in range(1, 7)][-1]
    assert len(faces) == 1
    assert FaceBox.of(faces[0].box).distance(FaceBox(160, 110, 55)) < 0.3


def test_the_faces_of_a_photograph_are_numbered_from_the_left(make: Make, scene: Scene) -> None:
    analyzer = make(say(4.0))
    faces = analyzer.analyze_still(scene(FaceBox(480, 200, 110), FaceBox(150, 240, 90)))
    centers = [face.box.x + face.box.width / 2 for face in faces]
    assert len(centers) >= 2
    assert centers == sorted(centers)
    assert [face.track for face in faces] == list(range(1, len(faces) + 1))
    assert {face.label for face in faces} == {"female"}


def test_every_face_of_a_photograph_gets_a_label_however_many_there_are(make: Make, scene: Scene) -> None:
    boxes = [FaceBox(80 + 160 * column, 120 + 220 * row, 80) for row in range(2) for column in range(4)]
    faces = make(say(4.0)).analyze_still(scene(*boxes))
    assert [face.label for face in faces] == ["female"] * 8


def test_small_faces_of_a_photograph_are_found(scene: Scene) -> None:
    faces = FaceAnalyzer(classifier=None).analyze_still(scene(FaceBox(300, 200, 34)))
    assert len(faces) == 1
    assert FaceBox.of(faces[0].box).distance(FaceBox(300, 200, 34)) < 0.4


def test_a_large_photograph_has_its_boxes_in_its_own_pixels(scene: Scene) -> None:
    box = FaceBox(1200, 750, 450)
    faces = FaceAnalyzer(classifier=None).analyze_still(scene(box, size=(2000, 1500)))
    assert any(FaceBox.of(face.box).distance(box) < 0.3 for face in faces)


def test_a_photograph_between_frames_does_not_disturb_the_tracks(scene: Scene) -> None:
    analyzer = FaceAnalyzer(classifier=None)
    before = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(6)][-1]
    analyzer.analyze_still(scene(FaceBox(150, 240, 90)))
    after = [analyzer.analyze(scene(BOX), frame / 30) for frame in range(6, 9)][-1]
    assert [face.track for face in after] == [face.track for face in before]


def test_the_real_portrait_is_one_face(portrait: NDArray[np.uint8]) -> None:
    assert len(FaceAnalyzer(classifier=None).analyze_still(portrait)) == 1


def test_the_shipped_model_labels_the_portrait(portrait: NDArray[np.uint8]) -> None:
    analyzer = FaceAnalyzer()
    face = analyzer.analyze_still(portrait)[0]
    assert analyzer.card is not None
    assert face.label in (*analyzer.card.labels, UNSURE)
    assert sum(face.probabilities.values()) == pytest.approx(1.0)


def test_without_the_detectors_network_the_cascade_searches_photographs(
    portrait: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shipped = model_path

    def absent(name: str = "gender.tflite") -> Path:
        return tmp_path / name if name == DETECTOR else shipped(name)

    monkeypatch.setattr("webcam_app.faces.analyzer.model_path", absent)
    assert len(FaceAnalyzer(classifier=None).analyze_still(portrait)) == 1


@pytest.mark.parametrize("name", [DETECTOR, LIVE_MODEL])
def test_a_damaged_detector_is_an_error_that_names_it(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    damaged = tmp_path / name
    damaged.write_bytes(b"no network")
    damaged.with_suffix(".json").write_bytes(model_path(name).with_suffix(".json").read_bytes())
    monkeypatch.setattr("webcam_app.faces.analyzer.model_path", lambda name="gender.tflite": damaged.with_name(name))
    with pytest.raises(ModelError, match=name):
        FaceAnalyzer(classifier=None)
