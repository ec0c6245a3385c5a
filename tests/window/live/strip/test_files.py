"""Files of the strip on the disk: found, renamed, moved to the trash, deleted."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from webcam_app.errors import OutputError
from webcam_app.output.marks import RecordingMark
from webcam_app.window.live.strip import files
from webcam_app.window.live.strip.files import (
    TrashError,
    delete_file,
    move_to_trash,
    newest_files,
    rename_file,
    renamed_path,
)


def make(folder: Path, name: str, changed: float = 1e9, content: bytes = b"x") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (changed, changed))
    return path


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def names(found: list[files.KeptFile]) -> list[str]:
    return [file.path.name for file in found]


def test_the_newest_of_both_folders_come_first(tmp_path: Path) -> None:
    videos, pictures = tmp_path / "videos", tmp_path / "pictures"
    make(videos, "old.mp4", 100)
    make(pictures, "new.JPG", 400)
    make(videos, "middle.mkv", 300)
    found = newest_files((videos, pictures))
    assert names(found) == ["new.JPG", "middle.mkv", "old.mp4"]
    assert [file.video for file in found] == [False, True, True]


def test_one_folder_for_both_has_each_file_once(tmp_path: Path) -> None:
    make(tmp_path, "one.mp4")
    assert names(newest_files((tmp_path, tmp_path))) == ["one.mp4"]


def test_what_is_neither_recording_nor_snapshot_is_not_shown(tmp_path: Path) -> None:
    for name in ("labels.csv", ".hidden.mp4", ".ab12.partial.jpg", "mp4", "notes.mp4.txt"):
        make(tmp_path, name)
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "gone.mp4").symlink_to(tmp_path / "nothing")
    assert newest_files([tmp_path]) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
def test_a_pipe_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert newest_files([tmp_path]) == []


def test_folders_that_cannot_be_read_have_no_files(tmp_path: Path) -> None:
    path = make(tmp_path, "file.mp4")
    make(tmp_path / "good", "one.mp4")
    assert names(newest_files((tmp_path / "missing", path, tmp_path / "good"))) == ["one.mp4"]


def test_of_very_many_only_the_newest_are_kept(tmp_path: Path) -> None:
    for number in range(500):
        make(tmp_path, f"{number:03}.jpg", 1e9 + number)
    found = newest_files([tmp_path], most=7)
    assert names(found) == [f"{number}.jpg" for number in range(499, 492, -1)]
    assert len(newest_files([tmp_path])) == files.MOST_SHOWN


def test_a_recording_that_is_being_written_is_left_out_until_it_ends(tmp_path: Path) -> None:
    path = make(tmp_path, "now.mp4", 2e9)
    make(tmp_path, "before.mp4")
    mark = RecordingMark(path)
    assert names(newest_files([tmp_path])) == ["before.mp4"]
    mark.remove(path)
    assert names(newest_files([tmp_path])) == ["now.mp4", "before.mp4"]


def test_one_that_was_cut_off_is_shown(tmp_path: Path) -> None:
    make(tmp_path, "cut.mp4")
    (tmp_path / ".cut.mp4.recording").write_text("1\n")
    assert names(newest_files([tmp_path])) == ["cut.mp4"]


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("Birthday", "Birthday.mp4"), ("  Birthday ", "Birthday.mp4"), ("Birthday.mp4", "Birthday.mp4"),
        ("Birthday.MP4", "Birthday.mp4"), ("v1.2", "v1.2.mp4"), ("Grüße 🎉", "Grüße 🎉.mp4"), ("-rf", "-rf.mp4"),
    ],
)  # fmt: skip
def test_a_name_is_taken_as_it_was_meant(tmp_path: Path, typed: str, becomes: str) -> None:
    path = make(tmp_path, "one.mp4", content=b"film")
    new = rename_file(path, typed)
    assert new == tmp_path / becomes and new.read_bytes() == b"film"
    assert entries(tmp_path) == [becomes]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "needs a name"), ("   ", "needs a name"), (".mp4", "needs a name"), ("a/b", "/"), ("..\\up", "\\"),
        ("what?", "?"), ("a\nb", "U+000A"), ("a\0b", "U+0000"), (".hidden", "dot"), ("end.", "every system"),
        ("CON", "every system"), ("lpt1.old", "every system"), ("a\ud800", "U+D800"),
    ],
)  # fmt: skip
def test_what_is_no_name_for_a_file_is_refused(tmp_path: Path, typed: str, said: str) -> None:
    path = make(tmp_path, "one.mp4")
    with pytest.raises(OutputError) as error:
        rename_file(path, typed)
    assert said in str(error.value) and "\n" not in str(error.value)
    assert entries(tmp_path) == ["one.mp4"]


def no_links(*_: Any, **__: Any) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_another_file_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    one, two = make(tmp_path, "one.mp4", content=b"1"), make(tmp_path, "two.mp4", content=b"2")
    with pytest.raises(OutputError, match=r"'two\.mp4' already"):
        rename_file(one, "two")
    assert (one.read_bytes(), two.read_bytes()) == (b"1", b"2")
    (tmp_path / "three.mp4").symlink_to(tmp_path / "nothing")
    with pytest.raises(OutputError, match="already"):
        rename_file(one, "three")
    assert rename_file(one, "four").read_bytes() == b"1"


def test_a_disk_without_links_renames_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", no_links)
    assert rename_file(make(tmp_path, "one.mp4", content=b"1"), "two").read_bytes() == b"1"
    assert entries(tmp_path) == ["two.mp4"]


def test_a_link_is_renamed_and_not_what_it_points_to(tmp_path: Path) -> None:
    target = make(tmp_path, "target.mp4")
    link = tmp_path / "link.mp4"
    link.symlink_to(target)
    new = rename_file(link, "other")
    assert new.is_symlink() and target.is_file() and not link.is_symlink()


def test_the_same_name_is_no_change(tmp_path: Path) -> None:
    path = make(tmp_path, "one.mp4")
    assert rename_file(path, "one") == path and path.exists()
    assert rename_file(path, "ONE").name == "ONE.mp4"


def test_a_file_that_is_gone_and_a_name_too_long_are_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not there any more"):
        rename_file(tmp_path / "gone.mp4", "other")
    with pytest.raises(OutputError, match="too long"):
        rename_file(make(tmp_path, "one.mp4"), "n" * 300)


def test_the_ending_stays_whatever_is_typed(tmp_path: Path) -> None:
    assert renamed_path(tmp_path / "one.jpg", "two.mp4").name == "two.mp4.jpg"


def test_the_trash_of_the_system_takes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    monkeypatch.setattr("send2trash.send2trash", lambda path: (taken.append(path), Path(path).unlink()))
    path = make(tmp_path, "one.mp4")
    move_to_trash(path)
    assert taken == [str(path)]
    with pytest.raises(OutputError, match="not there any more"):
        move_to_trash(path)


@pytest.mark.skipif(sys.platform != "linux", reason="the rules of freedesktop.org")
def test_what_is_in_the_trash_can_be_brought_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    send2trash = pytest.importorskip("send2trash.plat_other")
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    home.mkdir()
    monkeypatch.setattr(send2trash, "HOMETRASH_B", os.fsencode(home / "Trash"))
    monkeypatch.setattr("send2trash.send2trash", send2trash.send2trash)
    path = make(tmp_path, "Grüße 1.mp4", content=b"film")
    move_to_trash(path)
    assert not path.exists()
    assert (home / "Trash" / "files" / "Grüße 1.mp4").read_bytes() == b"film"
    assert "Gr%C3%BC%C3%9Fe%201.mp4" in (home / "Trash" / "info" / "Grüße 1.mp4.trashinfo").read_text()


@pytest.mark.parametrize(
    "error", [PermissionError(errno.EACCES, "Permission denied"), OSError("no mount point for it")]
)
def test_without_a_trash_the_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def refuse(path: str) -> None:
        raise error

    monkeypatch.setattr("send2trash.send2trash", refuse)
    path = make(tmp_path, "one.mp4")
    with pytest.raises(TrashError, match=r"its disk has none|no mount point"):
        move_to_trash(path)
    assert path.exists()


def test_where_the_package_is_missing_the_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "send2trash", None)
    path = make(tmp_path, "one.mp4")
    with pytest.raises(TrashError, match="not installed"):
        move_to_trash(path)
    assert path.exists()


def test_deleting_takes_one_file_and_minds_none_that_is_gone(tmp_path: Path) -> None:
    path, other = make(tmp_path, "one.mp4"), make(tmp_path, "two.mp4")
    delete_file(path)
    delete_file(path)
    assert not path.exists() and other.exists()
