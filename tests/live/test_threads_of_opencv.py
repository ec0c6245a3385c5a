"""The live application leaves the other cores to decoding, recording and the window."""

from __future__ import annotations

import cv2
import pytest

from tests.live.fakes import FakeAnalyzer
from webcam_app.live.analysis import Analysis


@pytest.mark.usefixtures("three_threads")
def test_opencv_has_one_thread_before_the_analyzer_is_made() -> None:
    found = []

    def make() -> FakeAnalyzer:
        found.append(cv2.getNumThreads())
        return FakeAnalyzer()

    analysis = Analysis(make, lambda *_: None)
    analysis.start()
    analysis.close()
    assert analysis.join(20.0)
    assert found == [1]
