"""Examples come one by one, and a model is taught of them."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.teaching.fakes import COLORS, WHITE, picture, write
from webcam_app.errors import PictureError, TeachingError
from webcam_app.faces.face import UNSURE, Box
from webcam_app.faces.labelling.taught import TaughtClassifier
from webcam_app.teaching.collection import Collection
from webcam_app.teaching.describing import describe_examples
from webcam_app.teaching.gathering import GREY, LARGEST, Gathering, check_name, cut_example
from webcam_app.teaching.store import NewModel

FACE = Box(60, 60, 60, 60)


@pytest.fixture
def gathering(network: Path, tmp_path: Path) -> Gathering:
    return Gathering(Collection(tmp_path / "teaching"))


def frame(color: str, place: Box = FACE, size: tuple[int, int] = (240, 320)) -> NDArray[np.uint8]:
    image = np.full((*size, 3), WHITE, np.uint8)
    image[place.y : place.y + place.height, place.x : place.x + place.width] = COLORS[color]
    return image


def add(gathering: Gathering, name: str, color: str, count: int = 6) -> int:
    key = gathering.collection.add_class(name).key
    for seed in range(count):
        path = write(gathering.collection.folder.parent / "from" / f"{name}{seed}.png", picture(color, seed))
        gathering.add_file(key, path)
    return key


def test_a_frame_that_looks_like_one_before_is_left_out(gathering: Gathering) -> None:
    key = gathering.collection.add_class("a").key
    kept = [gathering.add_frame(key, frame(color), FACE, [], "f") for color in ("red", "red", "blue", "red", "blue")]
    assert [entry is not None for entry in kept] == [True, False, True, False, False]
    assert len(gathering.collection.pictures(key)) == 2


def test_what_one_class_has_another_may_have_too(gathering: Gathering) -> None:
    one, other = (gathering.collection.add_class(name).key for name in "ab")
    assert gathering.add_frame(one, frame("red"), FACE, [], "f") is not None
    assert gathering.add_frame(other, frame("red"), FACE, [], "f") is not None


def test_a_frame_in_which_no_face_is_seen_again_teaches_nothing(gathering: Gathering) -> None:
    key = gathering.collection.add_class("a").key
    assert gathering.add_frame(key, np.full((240, 320, 3), WHITE, np.uint8), FACE, [], "f") is None
    assert gathering.collection.pictures(key) == []


def test_other_faces_are_covered_and_the_meant_one_is_whole() -> None:
    image = np.random.default_rng(0).integers(0, 100, (240, 320, 3)).astype(np.uint8)
    before = image.copy()
    beside, over = Box(125, 60, 60, 60), Box(90, 40, 60, 60)
    cut = cut_example(image, FACE, [beside, over])
    left, top = 60 - 36, 60 - 36
    face = cut[60 - top : 120 - top, 60 - left : 120 - left]
    assert np.array_equal(face, image[60:120, 60:120])
    assert (cut[60 - top : 120 - top, 125 - left :] == GREY).all()
    assert np.array_equal(image, before)


@pytest.mark.parametrize(
    "box", [Box(-40, -40, 80, 80), Box(300, 220, 90, 90), Box(0, 0, 320, 240), Box(400, 300, 9, 9)]
)
def test_a_face_at_the_edge_is_cut_without_what_is_outside(box: Box) -> None:
    cut = cut_example(np.zeros((240, 320, 3), np.uint8), box, [Box(-50, -50, 20, 20)])
    assert cut.size and cut.shape[0] <= 240 and cut.shape[1] <= 320


def test_a_large_photograph_is_kept_small_with_its_face(gathering: Gathering, tmp_path: Path) -> None:
    key = gathering.collection.add_class("a").key
    kept = gathering.add_file(key, write(tmp_path / "big.png", picture("red", 1, side=900, size=2000)))
    stored = cv2.imread(str(gathering.collection.path(key, kept.name)))
    assert stored is not None and max(stored.shape) <= LARGEST and not kept.whole


def test_a_picture_without_a_face_is_taken_whole_and_marked(gathering: Gathering, tmp_path: Path) -> None:
    key = gathering.collection.add_class("a").key
    kept = gathering.add_file(key, write(tmp_path / "white.png", np.full((80, 60, 3), 255, np.uint8)))
    assert kept.whole and gathering.collection.pictures(key) == [kept.name]


def test_what_is_no_picture_is_refused_by_name(gathering: Gathering, tmp_path: Path) -> None:
    key = gathering.collection.add_class("a").key
    (tmp_path / "notes.jpg").write_text("no picture")
    with pytest.raises(PictureError, match=r"notes\.jpg"):
        gathering.add_file(key, tmp_path / "notes.jpg")
    assert gathering.collection.pictures(key) == []


def test_the_model_has_the_classes_in_their_order_and_knows_the_pictures(gathering: Gathering) -> None:
    keys = [add(gathering, name, color) for name, color in (("zebra", "red"), ("ant", "blue"))]
    taught = gathering.teach()
    assert taught.labels == ("zebra", "ant") and taught.counts == (6, 6)
    model = TaughtClassifier(taught.model)
    assert model.card.labels == ("zebra", "ant")
    for number, key in enumerate(keys):
        crop = cv2.resize(frame("red" if number == 0 else "blue", Box(0, 0, 240, 240), (240, 240)), (32, 32))
        assert int(model.classify([crop.astype(np.uint8)])[0].logits.argmax()) == number, key
    assert taught.figures["count"] == 12


def test_moving_a_class_moves_it_in_the_next_model(gathering: Gathering) -> None:
    add(gathering, "a", "red")
    key = add(gathering, "b", "blue")
    gathering.collection.move(key, -1)
    assert gathering.teach().labels == ("b", "a")


def test_teach_makes_the_same_of_the_folder(gathering: Gathering, tmp_path: Path) -> None:
    key = add(gathering, "a", "red")
    examples = list(gathering.collection.examples(key, gathering.collection.pictures(key)))
    described = describe_examples(examples, threads=1)
    for example, features in zip(examples, described.features, strict=True):
        assert np.array_equal(gathering._looked[key][example.path.name].features, features)


def test_pictures_that_are_there_already_count_when_they_were_looked_at(gathering: Gathering) -> None:
    keys = [add(gathering, name, color) for name, color in (("a", "red"), ("b", "blue"))]
    first = gathering.teach()
    again = Gathering(Collection(gathering.collection.folder))
    for entry in again.collection.classes:
        for name in again.collection.pictures(entry.key):
            again.look_again(entry.key, name)
    assert again.teach().figures == first.figures and len(keys) == 2


def test_deleted_pictures_and_classes_are_not_taught(gathering: Gathering) -> None:
    key = add(gathering, "a", "red")
    add(gathering, "b", "blue")
    gathering.remove(add(gathering, "c", "green"))
    gathering.delete(key, gathering.collection.pictures(key)[:4])
    taught = gathering.teach()
    assert (taught.labels, taught.counts) == (("a", "b"), (2, 6))


def test_a_class_without_pictures_is_told_and_left_out(gathering: Gathering) -> None:
    for name, color in (("a", "red"), ("b", "blue")):
        add(gathering, name, color)
    gathering.collection.add_class("empty one")
    taught = gathering.teach()
    assert "empty one" not in taught.labels
    assert any("empty one" in remark for remark in taught.remarks)


def test_one_class_makes_no_model(gathering: Gathering) -> None:
    add(gathering, "a", "red")
    with pytest.raises(TeachingError, match="only one class"):
        gathering.teach()
    assert not gathering.collection.model.exists()


def test_training_that_is_stopped_writes_nothing(gathering: Gathering) -> None:
    for name, color in (("a", "red"), ("b", "blue")):
        add(gathering, name, color)
    calls = []

    def check() -> None:
        calls.append(1)
        if len(calls) > 2:
            raise TeachingError("stopped")

    with pytest.raises(TeachingError, match="stopped"):
        gathering.teach(check)
    assert not gathering.collection.model.exists()


@pytest.mark.parametrize(("people", "said"), [(False, "If the classes are people"), (True, "The classes are people")])
def test_the_card_says_what_is_known_about_people(gathering: Gathering, people: bool, said: str) -> None:
    for name, color in (("a", "red"), ("b", "blue")):
        add(gathering, name, color)
    gathering.collection.set_people(people)
    about = json.loads(gathering.teach().model.read_text())["about"]
    assert about["persons"].startswith(said) and "must have agreed" in about["persons"]


def test_a_copy_has_its_own_name_and_the_same_answers(gathering: Gathering, tmp_path: Path) -> None:
    for name, color in (("a", "red"), ("b", "blue")):
        add(gathering, name, color)
    model, copy = gathering.teach().model, tmp_path / "mine.json"
    with NewModel(copy, overwrite=False) as new:
        new.copy(model)
    model.unlink()
    model.with_suffix(".bin").unlink()
    taught = TaughtClassifier(copy)
    assert taught.card.name == "mine" and taught.card.labels == ("a", "b")
    assert taught.classify([np.full((32, 32, 3), COLORS["red"], np.uint8)])[0].logits.argmax() == 0


@pytest.mark.parametrize(
    ("name", "message"), [("  ", "needs a name"), (" bea ", "'bea' already"), (UNSURE, f"'{UNSURE}'")]
)
def test_names_that_cannot_be_are_refused(name: str, message: str) -> None:
    with pytest.raises(TeachingError, match=message):
        check_name(name, ["bea"])


def test_spaces_around_a_name_and_double_ones_are_nothing() -> None:
    assert check_name("  no  glasses ", []) == "no glasses"
