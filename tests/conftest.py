"""What every test gets: no screen, a home of its own, and two portraits of people in the public domain."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Tests look for English texts, whatever the person's system speaks.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("LANGUAGE", None)
cv2.setNumThreads(1)  # as the application does: faster on small images, and the same on every machine


@pytest.fixture(scope="session", autouse=True)
def _font_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Matplotlib lists the system's fonts once for all tests, not once for each new home."""
    os.environ["MPLCONFIGDIR"] = str(tmp_path_factory.mktemp("matplotlib"))


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, so that no test reads or writes the settings and videos of the person who runs it."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    for variable in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_VIDEOS_DIR"):
        monkeypatch.delenv(variable, raising=False)
    return folder


@pytest.fixture(scope="session")
def portrait_path() -> Path:
    """Grace Hopper, 512×600 JPEG, a work of the United States Navy in the public domain."""
    import matplotlib.cbook

    return Path(str(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))


@pytest.fixture(scope="session")
def portrait(portrait_path: Path) -> NDArray[np.uint8]:
    """The same as H×W×3 uint8 BGR, read-only: copy it before drawing on it."""
    image = cv2.imread(str(portrait_path))
    assert image is not None
    image.flags.writeable = False
    return image.astype(np.uint8, copy=False)


@pytest.fixture(scope="session")
def demo_path() -> Path:
    """The demo clip that the application ships."""
    from webcam_app.resources import asset_path

    return asset_path("demo.mp4")


@pytest.fixture
def three_threads() -> Iterator[None]:
    """OpenCV is set to a number of threads that nobody else would choose."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(3)
    yield
    cv2.setNumThreads(before)
