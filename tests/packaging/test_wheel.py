"""What a person gets who installs the wheel: somewhere else, without the checkout."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import cv2
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the checkout so that nothing is left behind in it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    _copy_sources(source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    built = subprocess.run([*command, "-w", folder, source], capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``webcam-app`` of an environment that holds the wheel, and what it depends on but not the checkout.

    Downloading OpenCV, Qt and the rest again would take minutes: they are looked up in the environment that runs the
    tests. The wheel's own folder comes before it, and the commands run far from the checkout.
    """
    environment = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    install = [sys.executable, "-m", "pip", "--python", environment / "bin" / "python", "install", "--quiet"]
    subprocess.run([*install, "--no-deps", "--no-index", wheel], check=True)
    # Lines of a .pth file are appended: what is installed here wins, and no .pth of theirs (the editable checkout's)
    # is looked at.
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)))
    return environment / "bin" / "webcam-app"


def test_the_wheel_holds_every_module(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "webcam_app").rglob("*.py")}
    assert modules <= names, "add the package to setup.cfg"


def test_the_wheel_holds_models_and_assets(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"webcam_app/models/gender.tflite", "webcam_app/models/gender.json", "webcam_app/assets/demo.mp4"} <= names
    icons = {f"webcam_app/assets/icons/{path.name}" for path in (ROOT / "assets" / "icons").iterdir()}
    assert icons <= names
    desktop = {f"webcam_app/assets/desktop/{path.name}" for path in (ROOT / "assets" / "desktop").iterdir()}
    assert desktop <= names


def test_the_wheel_holds_neither_tests_nor_training(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"webcam_app"}


def test_installed_it_tells_its_version(installed: Path, tmp_path: Path) -> None:
    from webcam_app import __version__

    shown = _run(installed, "--version", folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert __version__ in shown.stdout


def test_installed_it_uses_its_own_files(installed: Path, tmp_path: Path) -> None:
    question = "import webcam_app.resources as r; print(r.model_path()); print(r.asset_path('demo.mp4'))"
    shown = _run(installed.with_name("python"), "-c", question, folder=tmp_path)
    paths = [Path(line) for line in shown.stdout.splitlines()]
    assert len(paths) == 2, shown.stderr
    for path in paths:
        assert path.is_file()
        assert installed.parents[1] in path.parents


def test_installed_it_labels_a_face(installed: Path, demo_path: Path, tmp_path: Path) -> None:
    _, first = cv2.VideoCapture(str(demo_path)).read()
    cv2.imwrite(str(tmp_path / "collins.png"), first)
    shown = _run(installed, "classify", "collins.png", "--csv", "faces.csv", folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    (row,) = csv.DictReader((tmp_path / "faces.csv").open(encoding="utf-8", newline=""))
    assert row["label"] in ("female", "male", "unsure")
    assert 0.5 <= float(row["confidence"]) <= 1


def _run(program: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *arguments], capture_output=True, text=True, cwd=folder, env=_environment())


def _environment() -> dict[str, str]:
    """Nothing that could lead back to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _copy_sources(target: Path) -> None:
    """What the build needs, without what earlier builds and runs left in the checkout."""
    target.mkdir()
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, target)
    for name in ("webcam_app", "models", "assets", "train"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
