"""Another network takes over while the picture runs."""

from __future__ import annotations

from typing import cast

from tests.live.fakes import FakeAnalyzer, FakeCamera, results, wait_until
from webcam_app.faces.labelling.classifier import FaceClassifier
from webcam_app.live import LiveEngine

FIRST, SECOND = cast(FaceClassifier, "first"), cast(FaceClassifier, "second")


def test_it_is_handed_over_between_two_frames_in_the_thread_that_labels(
    engine: LiveEngine, analyzer: FakeAnalyzer, camera: FakeCamera
) -> None:
    engine.open("0")
    results(engine, 1)
    engine.use_classifier(FIRST)
    wait_until(lambda: analyzer.classifiers, "the other network")
    assert analyzer.classifiers == [(FIRST, "live analysis")]
    results(engine, 2)
    assert len(analyzer.classifiers) == 1, "once"


def test_of_two_that_come_before_the_first_frame_the_last_labels(
    engine: LiveEngine, analyzer: FakeAnalyzer, camera: FakeCamera
) -> None:
    engine.use_classifier(FIRST)
    engine.use_classifier(SECOND)
    engine.open("0")
    wait_until(lambda: analyzer.classifiers, "the other network")
    results(engine, 1)
    assert [classifier for classifier, _ in analyzer.classifiers] == [SECOND]
