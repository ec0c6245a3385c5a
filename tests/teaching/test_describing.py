"""From pictures to features."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.teaching.fakes import COLORS, DIMENSION, picture, write
from webcam_app.faces.labelling.features import LOOKS
from webcam_app.teaching.describing import VARIANTS, describe_examples
from webcam_app.teaching.examples import Example


def test_the_face_is_described_and_not_what_is_around_it(network: Path, tmp_path: Path) -> None:
    example = Example(write(tmp_path / "1.png", picture("red", 1)), "red")
    described = describe_examples([example], threads=1)
    assert described.features.shape == (1, LOOKS + len(VARIANTS), DIMENSION)
    assert described.features[0, 0].reshape(-1, 3).mean(axis=0).round(-1).tolist() == [30, 30, 220]


def test_the_variants_differ_from_the_face_as_it_is(network: Path, tmp_path: Path) -> None:
    features = describe_examples([Example(write(tmp_path / "1.png", picture("red", 1)), "red")], threads=1).features[0]
    assert all(not np.array_equal(variant, features[0]) for variant in features[1:])


def test_the_flipped_variant_is_the_mirror_image(network: Path, tmp_path: Path) -> None:
    features = describe_examples([Example(write(tmp_path / "1.png", picture("red", 1)), "red")], threads=1).features[0]
    assert np.array_equal(features[1].reshape(4, 4, 3), features[0].reshape(4, 4, 3)[:, ::-1])


def test_a_picture_without_a_face_is_taken_whole_and_counted(network: Path, tmp_path: Path) -> None:
    blank = np.full((60, 60, 3), 250, np.uint8)
    described = describe_examples([Example(write(tmp_path / "1.png", blank), "red")], threads=1)
    assert described.whole == 1
    assert described.features[0, 0].tolist() == [250.0] * DIMENSION


def test_of_several_faces_the_largest_is_taken_and_counted(network: Path, tmp_path: Path) -> None:
    image = np.full((100, 200, 3), 255, np.uint8)
    image[10:60, 10:60] = COLORS["red"]
    image[10:90, 100:180] = COLORS["blue"]
    described = describe_examples([Example(write(tmp_path / "1.png", image), "x")], threads=1)
    assert described.several == 1
    assert described.features[0, 0, :3].tolist() == list(COLORS["blue"])


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(network: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "2.png"
    damaged.write_bytes(b"no picture")
    examples = [Example(damaged, "red"), Example(write(tmp_path / "3.png", picture("red", 1)), "red")]
    described = describe_examples(examples, threads=1)
    assert described.examples == examples[1:]
    assert len(described.unreadable) == 1 and "2.png" in described.unreadable[0]


def test_the_number_of_threads_does_not_change_the_result(network: Path, tmp_path: Path) -> None:
    examples = [Example(write(tmp_path / f"{n}.png", picture("red", n)), "red") for n in range(20)]
    one, three = describe_examples(examples, threads=1), describe_examples(examples, threads=3)
    assert np.array_equal(one.features, three.features) and np.array_equal(one.hashes, three.hashes)
