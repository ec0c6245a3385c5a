"""Is OpenCV there, and the right one? Several builds of it overwrite each other's files."""

from __future__ import annotations

import contextlib
import importlib
import sys
from pathlib import Path
from typing import Any

from webcam_app.errors import ModelError

BUILDS = ("opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless", "opencv-python-headless")
NEEDED = "opencv-python-headless>=4.10,<5"


def opencv_remedy() -> str:
    """The command that puts OpenCV right, whatever builds are there.

    Asking pip for the right one is not enough: it finds it installed, though another has overwritten its files, and
    taking another away takes its files along. So all go, and the right one comes back.
    """
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable or "python"
    install = f'{python} -m pip install --force-reinstall --no-deps "{NEEDED}"'
    there = installed_builds()
    return f"{python} -m pip uninstall -y {' '.join(there)} && {install}" if there else install


def installed_builds() -> list[str]:
    """The builds that pip knows of."""
    from importlib.metadata import PackageNotFoundError, distribution  # loads for 20 ms

    found = []
    for name in BUILDS:
        with contextlib.suppress(PackageNotFoundError):
            distribution(name)
            found.append(name)
    return found


def check_opencv() -> None:
    """Find out what is wrong with OpenCV before something fails for it.

    Raises:
        ModelError: it is missing, damaged, or a build without face cascades; says which command helps.
    """
    try:
        cv2: Any = importlib.import_module("cv2")
    except ImportError as error:
        what = "is missing" if not installed_builds() else f"is damaged ({str(error).splitlines()[0]})"
        raise ModelError(f"OpenCV {what}. This helps: {opencv_remedy()}") from None
    folder = getattr(getattr(cv2, "data", None), "haarcascades", None)
    if hasattr(cv2, "CascadeClassifier") and folder and any(Path(folder).glob("haarcascade_*.xml")):
        return
    version = getattr(cv2, "__version__", None)
    what = f"OpenCV {version} has no face cascades" if version else "OpenCV is damaged"
    builds = installed_builds()
    beside = f"; {' and '.join(builds)} overwrite each other" if len(builds) > 1 else ""
    raise ModelError(f"{what}{beside}. This helps: {opencv_remedy()}")
