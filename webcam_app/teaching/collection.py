"""Examples that are gathered little by little: a folder with a sub-folder of pictures for each class.

``classes.json`` beside them keeps the names, which may be in any script and have letters that no file name can have,
and their order. The sub-folders are named as nearly like the classes as the disk allows.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from webcam_app.capture.frame import Image
from webcam_app.capture.pictures import is_picture_name
from webcam_app.capture.text import printable
from webcam_app.errors import OutputError
from webcam_app.output.files import AtomicFile, make_folder, reason
from webcam_app.output.pictures import write_picture
from webcam_app.teaching.examples import TABLE, Example

LIST = "classes.json"
FORMAT = 1
MODEL = "model.json"
"""The model that was taught last, in the same folder."""
# A list of ten thousand classes is smaller.
MAX_LIST_BYTES = 4 << 20
# Letters that some file system does not take in a name, and names that Windows keeps for devices.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
# Bytes of a folder's name: the disks of Linux take 255, and there must be room for ' (2)'.
MAX_NAME_BYTES = 120
# Milliseconds of one take that count as one picture in tests: frames that follow one another show nearly the same.
TOGETHER_MS = 2000
_TAKE = re.compile(r"(take \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.\d{3}) (\d{6})\b.*")


@dataclass(frozen=True, slots=True)
class TaughtClass:
    """A class of a collection.

    Attributes:
        key: a number that stays with it while the collection is open.
        name: what people call it.
        folder: name of its sub-folder.
    """

    key: int
    name: str
    folder: str


class Collection:
    """Classes and their pictures on the disk. Not thread-safe, and slow where the disk is."""

    def __init__(self, folder: Path) -> None:
        """Read what is there; a folder that does not exist yet is an empty collection.

        Args:
            folder: where it lies; made when something is kept in it.

        Raises:
            OutputError: it is there and cannot be read.
        """
        self.folder = folder
        self.people = False
        """Whether the person said that the classes are people."""
        self._numbers = itertools.count(1)
        self._classes: list[TaughtClass] = []
        self._load()

    @property
    def classes(self) -> Sequence[TaughtClass]:
        """In their order."""
        return tuple(self._classes)

    @property
    def model(self) -> Path:
        """Where the model that was taught last is, if there is one."""
        return self.folder / MODEL

    def add_class(self, name: str) -> TaughtClass:
        """Add a class at the end.

        Raises:
            OutputError: the disk refuses it.
        """
        entry = TaughtClass(next(self._numbers), name, self._free_folder(name))
        self._make(self.folder / entry.folder)
        self._classes.append(entry)
        self._save()
        return entry

    def rename(self, key: int, name: str) -> None:
        """Give a class another name; its folder follows where the disk allows it.

        Raises:
            OutputError: the list cannot be written.
        """
        entry = self._entry(key)
        if _folder_name(name).casefold() != entry.folder.casefold():
            folder = self._free_folder(name)
            try:
                (self.folder / entry.folder).rename(self.folder / folder)
            except OSError:
                folder = entry.folder
            entry = replace(entry, folder=folder)
        self._classes[self._index(key)] = replace(entry, name=name)
        self._save()

    def move(self, key: int, step: int) -> None:
        """Move a class up or down.

        Raises:
            OutputError: the list cannot be written.
        """
        index = self._index(key)
        self._classes.insert(max(0, index + step), self._classes.pop(index))
        self._save()

    def set_people(self, people: bool) -> None:
        """Note whether the classes are people.

        Raises:
            OutputError: the list cannot be written.
        """
        self.people = people
        self._save()

    def remove(self, key: int) -> None:
        """Delete a class with its pictures.

        Raises:
            OutputError: they cannot be deleted.
        """
        entry = self._entry(key)
        self._delete_pictures(entry)
        self._classes.remove(entry)
        self._save()

    def clear(self) -> None:
        """Delete all pictures, classes and the model. What else lies in the folder stays.

        Raises:
            OutputError: something cannot be deleted.
        """
        for entry in self.classes:
            self._delete_pictures(entry)
            self._classes.remove(entry)
        for path in (self.folder / LIST, self.model, self.model.with_suffix(".bin")):
            self._unlink(path)
        self.people = False

    def pictures(self, key: int) -> list[str]:
        """Names of a class's pictures, sorted.

        Raises:
            OutputError: the folder cannot be read.
        """
        folder = self.folder / self._entry(key).folder
        try:
            return sorted(
                entry.name
                for entry in folder.iterdir()
                if is_picture_name(entry) and not entry.name.startswith(".") and entry.is_file()
            )
        except FileNotFoundError:
            return []
        except OSError as error:
            raise OutputError(f"The pictures in {printable(folder)} cannot be read: {reason(error)}") from None

    def path(self, key: int, name: str) -> Path:
        """Where a picture lies."""
        return self.folder / self._entry(key).folder / name

    def add_picture(self, key: int, image: Image, name: str) -> str:
        """Keep a picture.

        Args:
            key: its class.
            image: H×W×3 uint8 BGR; not changed.
            name: what it is to be called, without an ending; where there is such a picture it gets a number.

        Returns:
            The file's name.

        Raises:
            OutputError: it cannot be written.
        """
        folder = self.folder / self._entry(key).folder
        stem = _folder_name(name)
        names = itertools.chain([stem], (f"{stem} ({number})" for number in itertools.count(2)))
        path = next(path for path in (folder / f"{each}.jpg" for each in names) if not path.exists())
        write_picture(path, image)
        return path.name

    def delete(self, key: int, names: Iterable[str]) -> None:
        """Delete pictures.

        Raises:
            OutputError: one cannot be deleted.
        """
        for name in names:
            self._unlink(self.path(key, name))

    def examples(self, key: int, names: Iterable[str]) -> Iterator[Example]:
        """Pictures as examples; those of one take that followed one another belong together."""
        entry = self._entry(key)
        for name in names:
            yield Example(self.folder / entry.folder / name, entry.name, _moment(name))

    def export(self, folder: Path) -> int:
        """Copy all pictures to a new folder, with a ``labels.csv`` that ``teach`` and ``train`` read.

        Args:
            folder: where they are to be; it must not exist, or be empty.

        Returns:
            How many there are.

        Raises:
            OutputError: there is something already, or it cannot be written.
        """
        table = io.StringIO()
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(("path", "label"))
        count = 0
        try:
            make_folder(folder)
            if any(folder.iterdir()):
                raise OutputError(f"The folder {printable(folder)} is not empty. Choose a new one.")
            for entry in self.classes:
                (folder / entry.folder).mkdir()
                for name in self.pictures(entry.key):
                    shutil.copyfile(self.path(entry.key, name), folder / entry.folder / name)
                    rows.writerow((f"{entry.folder}/{name}", entry.name))
                    count += 1
            with AtomicFile(folder / TABLE, overwrite=False) as file:
                file.partial.write_text(table.getvalue(), encoding="utf-8")
        except OSError as error:
            raise OutputError(f"The pictures cannot be copied to {printable(folder)}: {reason(error)}.") from None
        return count

    def _load(self) -> None:
        try:
            document = _read_list(self.folder / LIST)
            folders = sorted(
                entry.name for entry in self.folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")
            )
        except FileNotFoundError:
            return
        except OSError as error:
            raise OutputError(f"The examples in {printable(self.folder)} cannot be read: {reason(error)}.") from None
        self.people = document.get("people") is True
        known = document.get("classes")
        for entry in known if isinstance(known, list) else []:
            if isinstance(entry, dict) and entry.get("folder") in folders and isinstance(entry.get("name"), str):
                folders.remove(entry["folder"])
                self._classes.append(TaughtClass(next(self._numbers), entry["name"], entry["folder"]))
        # Folders that a person put there are classes too.
        self._classes += [TaughtClass(next(self._numbers), name, name) for name in folders]

    def _save(self) -> None:
        document = {
            "format": FORMAT,
            "people": self.people,
            "classes": [{"name": entry.name, "folder": entry.folder} for entry in self._classes],
        }
        self._make(self.folder)
        try:
            with AtomicFile(self.folder / LIST, overwrite=True) as file:
                file.partial.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            raise OutputError(f"Cannot write {printable(self.folder / LIST)}: {reason(error)}.") from None

    def _delete_pictures(self, entry: TaughtClass) -> None:
        self.delete(entry.key, self.pictures(entry.key))
        folder = self.folder / entry.folder
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError as error:
            raise OutputError(
                f"The pictures are deleted, but something else is in {printable(folder)}, which stays: {reason(error)}."
            ) from None

    def _free_folder(self, name: str) -> str:
        stem = _folder_name(name)
        taken = {entry.folder.casefold() for entry in self._classes}
        names = itertools.chain([stem], (f"{stem} ({number})" for number in itertools.count(2)))
        return next(each for each in names if each.casefold() not in taken and not (self.folder / each).exists())

    def _make(self, folder: Path) -> None:
        try:
            make_folder(folder)
        except OSError as error:
            raise OutputError(f"The folder {printable(folder)} cannot be made: {reason(error)}.") from None

    def _unlink(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{printable(path)} cannot be deleted: {reason(error)}.") from None

    def _entry(self, key: int) -> TaughtClass:
        return self._classes[self._index(key)]

    def _index(self, key: int) -> int:
        for index, entry in enumerate(self._classes):
            if entry.key == key:
                return index
        raise OutputError("This class was removed meanwhile.")


def take_name(started: datetime) -> str:
    """What the pictures of one take are called: the local time at which it began."""
    return f"take {started:%Y-%m-%d %H.%M.%S}.{started.microsecond // 1000:03}"


def _read_list(path: Path) -> dict[str, Any]:
    """The list of classes; empty where it is missing or damaged: the folders' names are nearly those of the classes."""
    if not path.exists() or path.stat().st_size > MAX_LIST_BYTES:
        return {}
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _moment(name: str) -> str | None:
    """What a picture belongs to by its name: a stretch of ``TOGETHER_MS`` of a take; None for no take."""
    found = _TAKE.fullmatch(name)
    return None if found is None else f"{found[1]} {int(found[2]) // TOGETHER_MS}"


def _folder_name(name: str) -> str:
    """A file name that every usual disk takes, as near to a name as may be."""
    clean = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    clean = clean.encode()[:MAX_NAME_BYTES].decode(errors="ignore").strip(" .")
    return f"_{clean}" if not clean or _DEVICES.fullmatch(clean) else clean
