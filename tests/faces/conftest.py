"""Scenes with faces in known boxes, and networks that say what a test wants."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.faces.scenes import Head, Scene, room
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import FRONTAL, Cascade
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.crop import CropSpec


@pytest.fixture(scope="session")
def head(portrait: NDArray[np.uint8]) -> Head:
    """The head of the portrait."""
    face = Cascade(FRONTAL).find(Pyramid.of(portrait), 80, 400)[0].box
    reach = round(face.side * 0.85)
    left, top = max(0, round(face.x) - reach), max(0, round(face.y) - reach)
    cut = portrait[top : round(face.y) + reach, left : round(face.x) + reach]
    return Head(cut, FaceBox(face.x - left, face.y - top, face.side))


@pytest.fixture(scope="session")
def scene(head: Head) -> Scene:
    """``scene(*boxes, size=(640, 480))``: a room with a face in each of some boxes, H×W×3 uint8 BGR."""

    def draw(*boxes: FaceBox, size: tuple[int, int] = (640, 480)) -> NDArray[np.uint8]:
        image = room(size)
        for box in boxes:
            zoom = box.side / head.face.side
            width, height = round(head.image.shape[1] * zoom), round(head.image.shape[0] * zoom)
            small = cv2.resize(head.image, (width, height), interpolation=cv2.INTER_AREA)
            left, top = round(box.x - head.face.x * zoom), round(box.y - head.face.y * zoom)
            x0, y0, x1, y1 = max(0, left), max(0, top), min(size[0], left + width), min(size[1], top + height)
            if x0 < x1 and y0 < y1:
                image[y0:y1, x0:x1] = small[y0 - top : y1 - top, x0 - left : x1 - left]
        return image

    return draw


@pytest.fixture(scope="module")
def refiner() -> BoxRefiner:
    """The face network that is shipped."""
    return BoxRefiner()


@pytest.fixture(scope="module")
def face(portrait: NDArray[np.uint8]) -> FaceBox:
    """Where the frontal cascade sees the face of the portrait."""
    cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
    boxes = cascade.detectMultiScale(cv2.cvtColor(portrait, cv2.COLOR_BGR2GRAY), 1.1, 5, minSize=(80, 80))
    return FaceBox.of(Box(*(int(v) for v in max(boxes, key=lambda box: box[2]))))


@pytest.fixture
def card() -> ModelCard:
    """A card with the labels ``female`` and ``male`` and a mask output."""
    return ModelCard(
        name="test",
        task="none",
        labels=("female", "male"),
        input_size=32,
        color_order="RGB",
        crop=CropSpec(),
        temperature=1.0,
        unsure_below=0.7,
        mask_at=0.5,
        classes_output="classes",
        mask_output="mask",
        sha256="",
        path=Path("test.tflite"),
        document=MappingProxyType({}),
    )


@pytest.fixture(scope="module")
def people(demo_path: Path) -> tuple[list[NDArray[np.uint8]], list[NDArray[np.uint8]]]:
    """Two people who each fill the picture, at the same place, each for a second of the demo clip."""
    with av.open(str(demo_path)) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)][90:120]
    # The faces are at about 156, 211 and 477, 200; 106 and 121 pixels wide.
    left = [cv2.resize(frame[90:330, 0:320], (640, 480)) for frame in frames]
    right = [cv2.resize(frame[80:320, 317:637], (640, 480)) for frame in frames]
    return left, right  # type: ignore[return-value]


@pytest.fixture(scope="module")
def analyzer() -> FaceAnalyzer:
    return FaceAnalyzer()
