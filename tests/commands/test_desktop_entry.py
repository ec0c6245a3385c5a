"""Someone puts the program into their desktop's menu and opens a file from there."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from webcam_app import __version__
from webcam_app.cli import main
from webcam_app.commands import desktop
from webcam_app.commands.desktop import data_folder
from webcam_app.resources import asset_path

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="desktop entries are for Linux")
TARGETS = (
    "applications/webcam-app.desktop",
    "icons/hicolor/scalable/apps/webcam-app.svg",
    "metainfo/webcam-app.metainfo.xml",
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


def entry(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def arguments_of(exec_line: str) -> list[str]:
    """As a desktop reads it: the file's escapes, then quotes with escapes of their own, then percent signs."""
    text = re.sub(r"\\(.)", r"\1", exec_line)
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', text)
    parts = [re.sub(r"\\(.)", r"\1", quoted) if quoted else plain for quoted, plain in found]
    return [part.replace("%%", "%") for part in parts]


def test_installed_everything_is_in_its_place_and_can_be_removed(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--install-desktop"]) == 0
    assert all((data / target).is_file() for target in TARGETS)
    shown = capsys.readouterr().out
    assert all(str(data / target) in shown for target in TARGETS)
    assert main(["--install-desktop"]) == 0, "again"
    assert main(["--uninstall-desktop"]) == 0
    assert not any((data / target).exists() for target in TARGETS)
    capsys.readouterr()
    assert main(["--uninstall-desktop"]) == 0
    assert "was not in the desktop's menu" in capsys.readouterr().out


def test_the_entry_starts_this_program_from_anywhere(data: Path, tmp_path: Path) -> None:
    main(["--install-desktop"])
    groups = entry(data / TARGETS[0])
    command = arguments_of(groups["Desktop Entry"]["Exec"])
    assert command[-1] == "%F"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([*command[:-1], "--version"], capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert __version__ in done.stdout
    again = arguments_of(groups["Desktop Action new-window"]["Exec"])
    assert again == [*command[:-1], "--new-window"]


@pytest.mark.parametrize("name", ["plain", "two words", 'a"quote', "100 %", "back\\slash", "$HOME", "`tick`", "über'"])
def test_any_folder_may_hold_the_program(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    program = tmp_path / name / "webcam-app"
    program.parent.mkdir()
    program.touch()
    monkeypatch.setattr(sys, "executable", str(program.with_name("python")))
    main(["--install-desktop"])
    assert arguments_of(entry(data / TARGETS[0])["Desktop Entry"]["Exec"]) == [str(program), "%F"]


def test_the_entry_has_what_the_specification_asks_for(data: Path) -> None:
    main(["--install-desktop"])
    path = data / TARGETS[0]
    group = entry(path)["Desktop Entry"]
    assert group["Type"] == "Application"
    assert all(group[key] for key in ("Name", "Comment", "Comment[de]", "Exec", "Icon", "Categories"))
    for key in ("Categories", "MimeType", "Keywords", "Keywords[de]", "Actions"):
        assert group[key].endswith(";"), key
    kinds = group["MimeType"].split(";")[:-1]
    assert len(kinds) == len(set(kinds)) and {"video/mp4", "image/jpeg"} <= set(kinds)
    assert all(kind.count("/") == 1 for kind in kinds)
    validator = shutil.which("desktop-file-validate")
    if validator:
        checked = subprocess.run([validator, path], capture_output=True, text=True)
        assert checked.returncode == 0 and not checked.stdout, checked.stdout


def test_the_description_is_whole(data: Path) -> None:
    main(["--install-desktop"])
    path = data / TARGETS[2]
    root = ET.parse(path).getroot()
    assert root.tag == "component" and root.get("type") == "desktop-application"
    names = ("id", "name", "summary", "metadata_license", "project_license", "description", "launchable")
    assert all(root.find(name) is not None for name in names)
    assert root.findtext("launchable") == Path(TARGETS[0]).name
    validator = shutil.which("appstreamcli")
    if validator:
        checked = subprocess.run([validator, "validate", "--no-net", path], capture_output=True, text=True)
        faults = [line for line in checked.stdout.splitlines() if line.startswith(("E:", "W:"))]
        # The project has no domain whose reverse could be its name.
        assert [line for line in faults if "is-not-rdns" not in line] == []


def test_every_kind_of_file_that_the_dialog_offers_is_in_the_entry() -> None:
    import mimetypes

    from webcam_app.window.dialogs.open import FILTERS

    kinds = set(entry(asset_path("desktop/webcam-app.desktop"))["Desktop Entry"]["MimeType"].split(";"))
    endings = [part.strip("*() ") for part in FILTERS.partition(";;")[0].partition("(")[2].split()]
    known = {ending: mimetypes.guess_type(f"x{ending}")[0] for ending in endings}
    same = {"video/x-m4v": "video/mp4", "image/x-ms-bmp": "image/bmp", "audio/3gpp": "video/3gpp"}
    missing = {ending: kind for ending, kind in known.items() if kind and same.get(kind, kind) not in kinds}
    assert {kind for kind in missing.values() if not kind.startswith(("text/", "application/"))} == set()


@pytest.mark.parametrize("value", ["", "not/absolute"])
def test_without_a_place_that_counts_it_is_the_usual_one(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", value)
    monkeypatch.setenv("HOME", "/home/ada")
    assert data_folder() == Path("/home/ada/.local/share")


def test_a_place_that_cannot_be_written_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.write_text("a file where the folder would be")
    assert main(["--install-desktop"]) == 1
    assert str(data / TARGETS[0]) in capsys.readouterr().err


def test_elsewhere_than_on_linux_it_says_so(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(desktop.sys, "platform", "win32")
    assert main(["--install-desktop"]) == 1
    assert "Linux" in capsys.readouterr().err
