"""Examples come one by one, each is described at once, and a model is taught from all of them in a second or two.

Every example is kept as a picture of its face with some surroundings, and described as it is read back from the disk;
frames of a take are told by their names: so ``webcam-app teach`` makes the same of the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from webcam_app.capture.frame import Image
from webcam_app.capture.pictures import read_picture, shrunk
from webcam_app.errors import TeachingError
from webcam_app.faces.face import UNSURE, Box
from webcam_app.faces.labelling.features import FeatureNetwork
from webcam_app.teaching.collection import Collection
from webcam_app.teaching.describing import Describer, Looked
from webcam_app.teaching.examples import Example
from webcam_app.teaching.folds import group_examples
from webcam_app.teaching.lesson import check_classes, teach
from webcam_app.teaching.report import Outcome, figures, not_taught, outcomes, remarks
from webcam_app.teaching.store import NewModel

# Sides of the box that are kept around it: on all of 139 frames of five clips the detector for photographs finds the
# face in what is kept. More would show more of the room.
MARGIN = 0.6
# Largest side of a kept picture; the network sees 128 pixels.
LARGEST = 640
# Cosine of a frame's features with those of an example of its class from which on it shows nothing new. Of a person who
# moves and talks two fifths of the frames, eight a second, are taken; of one who sits still hardly any.
ALIKE = 0.985
THUMBNAIL = 96
GREY = 128


@dataclass(frozen=True, slots=True)
class Kept:
    """An example that was added.

    Attributes:
        name: of its file.
        thumbnail: ``THUMBNAIL``×``THUMBNAIL``×3 uint8 BGR.
        whole: no face was found in it, so it is taken whole.
    """

    name: str
    thumbnail: Image
    whole: bool


@dataclass(frozen=True, slots=True)
class Taught:
    """A model that was taught, and how good it is.

    Attributes:
        model: its card.
        labels: its classes, in order.
        counts: examples of each.
        figures: of the cross-validation, as in the card.
        outcomes: what every tested example was called.
        remarks: what would help, a sentence each.
    """

    model: Path
    labels: Sequence[str]
    counts: Sequence[int]
    figures: Mapping[str, Any]
    outcomes: Sequence[Outcome]
    remarks: Sequence[str]


class Gathering:
    """A collection whose pictures are described as they come. Not thread-safe."""

    def __init__(self, collection: Collection, network: Path | None = None) -> None:
        """Prepare; the networks are loaded when the first example comes.

        Args:
            collection: where the pictures are kept.
            network: another features network than ``features_path`` names.
        """
        self.collection = collection
        self._network = network
        self._describer: Describer | None = None
        self._looked: dict[int, dict[str, Looked]] = {}

    def add_frame(self, key: int, image: Image, box: Box, others: Sequence[Box], name: str) -> Kept | None:
        """Keep a face of a frame, unless it looks like one that the class has already.

        Args:
            key: the class.
            image: H×W×3 uint8 BGR; not changed.
            box: the face that is meant.
            others: the other faces of the frame, which are covered.
            name: the file's name, without an ending.

        Returns:
            None where it shows nothing new, or no face is found in what would be kept.

        Raises:
            OutputError: it cannot be written.
            ModelError: a network or cascade is missing or damaged.
            InferenceError: a network failed.
        """
        cut = cut_example(image, box, others)
        looked = self._look(cut)
        known = self._looked.get(key, {})
        if not looked.faces or any(_alike(looked, other) for other in known.values()):
            return None
        return self._keep(key, cut, name)

    def add_file(self, key: int, path: Path) -> Kept:
        """Keep the largest face of a picture file; where none is found, the whole picture.

        Args:
            key: the class.
            path: any picture.

        Raises:
            PictureError: it cannot be read.
            OutputError: it cannot be written.
            ModelError: a network or cascade is missing or damaged.
            InferenceError: a network failed.
        """
        image = read_picture(path)
        boxes = self._ready().find(image)
        cut = cut_example(image, boxes[0], boxes[1:]) if boxes else shrunk(image, LARGEST)
        if boxes and not self._ready().find(cut):
            cut = shrunk(image, LARGEST)
        return self._keep(key, cut, path.stem)

    def look_again(self, key: int, name: str) -> Kept:
        """Describe a picture that is in the folder already.

        Raises:
            PictureError: it cannot be read.
            ModelError: a network or cascade is missing or damaged.
            InferenceError: a network failed.
        """
        image = read_picture(self.collection.path(key, name))
        looked = self._look(image)
        self._looked.setdefault(key, {})[name] = looked
        return Kept(name, _thumbnail(image), looked.faces == 0)

    def delete(self, key: int, names: Sequence[str]) -> None:
        """Delete pictures.

        Raises:
            OutputError: one cannot be deleted.
        """
        for name in names:
            self._looked.get(key, {}).pop(name, None)
        self.collection.delete(key, names)

    def remove(self, key: int) -> None:
        """Delete a class with its pictures.

        Raises:
            OutputError: they cannot be deleted.
        """
        self._looked.pop(key, None)
        self.collection.remove(key)

    def clear(self) -> None:
        """Delete everything.

        Raises:
            OutputError: something cannot be deleted.
        """
        self._looked.clear()
        self.collection.clear()

    def teach(self, check: Callable[[], None] = lambda: None) -> Taught:
        """Teach a model of all examples, and write it beside them.

        Args:
            check: called from time to time; what it raises ends the work.

        Raises:
            TeachingError: the examples do not make a model.
            OutputError: it cannot be written.
            ModelError: the features network is missing or damaged.
        """
        examples: list[Example] = []
        looked: list[Looked] = []
        for entry in self.collection.classes:
            known = self._looked.get(entry.key, {})
            examples += self.collection.examples(entry.key, known)
            looked += known.values()
        labels = [example.label for example in examples]
        order = [entry.name for entry in self.collection.classes]
        check_classes(labels, order)
        check()
        described = Looked.together(examples, looked)
        groups = group_examples(examples, described.hashes)
        network = FeatureNetwork(self._network).card
        lesson = teach(described.features, labels, groups, network.population, order=order, check=check)
        with NewModel(self.collection.model, overwrite=True) as model:
            model.write(lesson, network, people=self.collection.people)
        said = [*not_taught(order, lesson), *remarks(lesson, described, groups)]
        return Taught(self.collection.model, lesson.labels, lesson.counts, figures(lesson), outcomes(lesson), said)

    def _keep(self, key: int, cut: Image, name: str) -> Kept:
        return self.look_again(key, self.collection.add_picture(key, cut, name))

    def _look(self, image: Image) -> Looked:
        return self._ready().look(image)

    def _ready(self) -> Describer:
        if self._describer is None:
            self._describer = Describer(self._network)
        return self._describer


def check_name(name: str, others: Sequence[str]) -> str:
    """A class's name without spaces around it.

    Args:
        name: as it was typed.
        others: the names of the other classes.

    Raises:
        TeachingError: it is empty, taken, or means something else.
    """
    clean = " ".join(name.split())
    if not clean:
        raise TeachingError("A class needs a name.")
    if clean in others:
        raise TeachingError(f"There is a class '{clean}' already: give this one another name.")
    if clean == UNSURE:
        raise TeachingError(f"'{UNSURE}' is what faces unlike all examples are called: give the class another name.")
    return clean


def cut_example(image: Image, box: Box, others: Sequence[Box] = ()) -> Image:
    """The surroundings of a face, with other faces covered.

    Args:
        image: H×W×3 uint8 BGR; not changed.
        box: the face.
        others: faces that are not to be seen; what they share with ``box`` stays.

    Returns:
        A new array, at most ``LARGEST`` on a side.
    """
    margin = round(MARGIN * max(box.width, box.height))
    height, width = image.shape[:2]
    left, top = min(max(0, box.x - margin), width - 1), min(max(0, box.y - margin), height - 1)
    right, bottom = max(left + 1, box.x + box.width + margin), max(top + 1, box.y + box.height + margin)
    cut = image[top:bottom, left:right].copy()
    for other in others:
        # Hair and chin lie outside the box.
        reach = other.height // 3
        x, y = max(0, other.x - reach - left), max(0, other.y - reach - top)
        cut[y : max(0, other.y + other.height + reach - top), x : max(0, other.x + other.width + reach - left)] = GREY
    x, y = max(0, box.x - left), max(0, box.y - top)
    inner = cut[y : box.y + box.height - top, x : box.x + box.width - left]
    inner[:] = image[top + y : top + y + inner.shape[0], left + x : left + x + inner.shape[1]]
    return shrunk(cut, LARGEST)


def _thumbnail(image: Image) -> Image:
    """The middle of a picture, square."""
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = np.ascontiguousarray(image[top : top + side, left : left + side])
    method = cv2.INTER_AREA if side > THUMBNAIL else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(square, (THUMBNAIL, THUMBNAIL), interpolation=method), np.uint8)


def _alike(first: Looked, second: Looked) -> bool:
    one, other = first.features[0], second.features[0]
    return float(one @ other) >= ALIKE * float(np.linalg.norm(one) * np.linalg.norm(other))
