"""The classes and their pictures as the page shows them; all work on them is done in a thread of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PyQt5.QtCore import QObject, pyqtSignal

from webcam_app.capture.frame import Image
from webcam_app.capture.text import printable
from webcam_app.errors import PictureError, TeachingError
from webcam_app.faces.face import Box
from webcam_app.teaching.collection import Collection, TaughtClass
from webcam_app.teaching.gathering import Gathering, Kept, Taught, check_name
from webcam_app.threads import use_opencv_threads
from webcam_app.window.tasks import Worker

# Frames of a held button that wait for the thread at most: what comes faster is left out, so that nothing lags.
MOST_WAITING_FRAMES = 2


@dataclass
class ClassState:
    """A class as it is shown."""

    key: int
    name: str
    pictures: list[Kept] = field(default_factory=list)


class Studio(QObject):
    """Holds what is shown; a change is asked for, done in the thread, and signalled when it is done."""

    classes_changed = pyqtSignal()
    """There are other classes, or their order or names are others."""
    pictures_added = pyqtSignal(int, object)
    """A class's key, and the ``Kept`` that it has more."""
    pictures_changed = pyqtSignal(int)
    """A class's key: pictures are gone."""
    frame_done = pyqtSignal(int, bool)
    """A class's key, and whether a frame was taken; else it showed nothing new."""
    work_changed = pyqtSignal()
    """There is more or less to do, or training began or ended."""
    taught = pyqtSignal(object)
    """A ``Taught``."""
    problem = pyqtSignal(str)
    """One line for people."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        """Make it; ``open`` reads what is there.

        Args:
            folder: where the examples lie.
            parent: the page.
        """
        super().__init__(parent)
        self.folder = folder
        self.classes: list[ClassState] = []
        self.people = False
        self.training = False
        self._worker = Worker("teach worker", self)
        self._gathering: Gathering | None = None
        self._todo: deque[tuple[int, Path | str]] = deque()
        """Pictures to look at: files that are to be added, and names of those that are in the folder already."""
        self._looking = False
        self._waiting_frames = 0
        self._unreadable: list[str] = []
        self._stop = threading.Event()
        self._opened = False

    @property
    def to_do(self) -> int:
        """Pictures that are still to be looked at."""
        return len(self._todo) + self._looking

    @property
    def cancellable(self) -> bool:
        """Whether ``cancel`` would change anything: pictures that are there already are looked at in any case."""
        return self.training or bool(self._todo and isinstance(self._todo[-1][1], Path))

    @property
    def pictures(self) -> int:
        """Pictures of all classes."""
        return sum(len(each.pictures) for each in self.classes)

    @property
    def trainable(self) -> bool:
        """Whether two classes have pictures, or will have."""
        waiting = {key for key, _ in self._todo}
        return sum(bool(each.pictures) or each.key in waiting for each in self.classes) >= 2

    def open(self) -> None:
        """Read the folder, once."""
        if not self._opened:
            self._opened = True
            self._submit(self._read, self._on_read)

    def add_class(self, name: str, then: Callable[[int], None] = lambda key: None) -> None:
        """Add a class; a name that is not given or taken is refused with a message.

        Args:
            name: what it is called.
            then: called with its key when it is there.
        """

        def add(gathering: Gathering) -> TaughtClass:
            return gathering.collection.add_class(check_name(name, self._names(gathering)))

        def added(entry: TaughtClass) -> None:
            self.classes.append(ClassState(entry.key, entry.name))
            self.classes_changed.emit()
            then(entry.key)

        self._submit(add, added)

    def free_name(self) -> str:
        """A name for a new class that no other has."""
        taken = {each.name for each in self.classes}
        return next(name for number in range(1, len(taken) + 2) if (name := f"Class {number}") not in taken)

    def rename(self, key: int, name: str) -> None:
        """Give a class another name."""

        def rename(gathering: Gathering) -> None:
            others = [entry.name for entry in gathering.collection.classes if entry.key != key]
            gathering.collection.rename(key, check_name(name, others))

        self._submit(rename, lambda _: self._take_classes(), lambda problem: self._take_classes(problem))

    def move(self, key: int, step: int) -> None:
        """Move a class up or down."""
        self._submit(lambda gathering: gathering.collection.move(key, step), lambda _: self._take_classes())

    def remove(self, key: int) -> None:
        """Delete a class and its pictures."""
        self._todo = deque(entry for entry in self._todo if entry[0] != key)
        self._submit(lambda gathering: gathering.remove(key), lambda _: self._take_classes(), self._take_classes)

    def clear(self) -> None:
        """Delete everything."""
        self._todo.clear()
        self.cancel()
        self._submit(lambda gathering: gathering.clear(), lambda _: self._take_classes(), self._take_classes)

    def set_people(self, people: bool) -> None:
        """Note whether the classes are people."""
        self.people = people
        self._submit(lambda gathering: gathering.collection.set_people(people), lambda _: None)

    def add_frame(self, key: int, image: Image, box: Box, others: Sequence[Box], name: str) -> None:
        """Offer a frame; it is left out while others wait.

        Args:
            key: the class.
            image: H×W×3 uint8 BGR; not changed.
            box: the face that is followed.
            others: the other faces.
            name: what the picture is to be called.
        """
        if self._waiting_frames >= MOST_WAITING_FRAMES:
            return
        self._waiting_frames += 1

        def done(kept: Kept | None) -> None:
            self._waiting_frames -= 1
            if kept is not None:
                self._add(key, kept)
            self.frame_done.emit(key, kept is not None)

        def failed(problem: str) -> None:
            self._waiting_frames -= 1
            self.problem.emit(problem)

        self._submit(lambda gathering: gathering.add_frame(key, image, box, others, name), done, failed)

    def add_files(self, key: int, paths: Sequence[Path]) -> None:
        """Add pictures, and all pictures of folders."""
        from webcam_app.capture.listing import list_pictures

        def found(files: list[Path]) -> None:
            if not files:
                self.problem.emit(f"There is no picture in {printable(paths[0])}.")
            self._look_at(key, files)

        self._submit(lambda _: list(list_pictures(paths)), found)

    def add_folders(self, folders: Sequence[Path]) -> None:
        """Add folders that have a sub-folder of pictures for each class, or a ``labels.csv``."""
        from webcam_app.teaching.examples import list_examples

        def look(_: Gathering) -> dict[str, list[Path]]:
            found: dict[str, list[Path]] = {}
            for example in list_examples(folders):
                found.setdefault(" ".join(example.label.split()), []).append(example.path)
            return found

        def add(found: dict[str, list[Path]]) -> None:
            keys = {each.name: each.key for each in self.classes}
            for name, paths in found.items():
                if name in keys:
                    self._look_at(keys[name], paths)
                else:
                    self.add_class(name, lambda key, files=paths: self._look_at(key, files))  # type: ignore[misc]

        self._submit(look, add)

    def delete(self, key: int, names: Sequence[str]) -> None:
        """Delete pictures of a class."""

        def deleted(_: object) -> None:
            state = self._state(key)
            if state is not None:
                state.pictures = [kept for kept in state.pictures if kept.name not in names]
                self.pictures_changed.emit(key)

        self._submit(lambda gathering: gathering.delete(key, names), deleted)

    def train(self) -> None:
        """Teach a model as soon as all pictures have been looked at."""
        if not self.training:
            self.training = True
            self._stop = threading.Event()
            self.work_changed.emit()
            self._go_on()

    def cancel(self) -> None:
        """Forget the training that runs and the files that have not been added; what is there stays."""
        self._stop.set()
        self.training = False
        self._todo = deque(entry for entry in self._todo if isinstance(entry[1], str))
        self.work_changed.emit()

    def run(self, job: Callable[[Collection], object], done: Callable[[object], None]) -> None:
        """Do something with the collection in the thread.

        Args:
            job: what; raises ``WebcamAppError`` where it fails.
            done: called with what it returned.
        """
        self._submit(lambda gathering: job(gathering.collection), done)

    def close(self, timeout_seconds: float) -> None:
        """End all work."""
        self._stop.set()
        self._todo.clear()
        self._worker.close(timeout_seconds)

    def _submit(
        self,
        job: Callable[[Gathering], object],
        done: Callable[..., None],
        failed: Callable[[str], None] | None = None,
    ) -> None:
        self._worker.submit(lambda: job(self._open_gathering()), done, failed or self.problem.emit)

    def _open_gathering(self) -> Gathering:
        """In the thread."""
        if self._gathering is None:
            use_opencv_threads()
            self._gathering = Gathering(Collection(self.folder))
        return self._gathering

    def _names(self, gathering: Gathering) -> list[str]:
        return [entry.name for entry in gathering.collection.classes]

    def _read(self, gathering: Gathering) -> tuple[bool, list[tuple[TaughtClass, list[str]]]]:
        collection = gathering.collection
        return collection.people, [(entry, collection.pictures(entry.key)) for entry in collection.classes]

    def _on_read(self, found: tuple[bool, list[tuple[TaughtClass, list[str]]]]) -> None:
        self.people, entries = found
        self.classes = [ClassState(entry.key, entry.name) for entry, _ in entries]
        self.classes_changed.emit()
        for entry, names in entries:
            self._look_at(entry.key, names)

    def _take_classes(self, problem: str = "") -> None:
        """Show what is really there, after something changed it or failed to."""
        if problem:
            self.problem.emit(problem)

        def take(found: tuple[bool, list[tuple[TaughtClass, list[str]]]]) -> None:
            self.people = found[0]
            known = {each.key: each for each in self.classes}
            self.classes = []
            for entry, names in found[1]:
                state = known.get(entry.key, ClassState(entry.key, entry.name))
                state.name = entry.name
                state.pictures = [kept for kept in state.pictures if kept.name in names]
                self.classes.append(state)
            self.classes_changed.emit()

        self._submit(self._read, take)

    def _look_at(self, key: int, pictures: Sequence[Path | str]) -> None:
        self._todo.extend((key, each) for each in pictures)
        self.work_changed.emit()
        self._go_on()

    def _go_on(self) -> None:
        """Look at the next picture, or train when there is none: one job at a time, so that others come between."""
        if self._looking:
            return
        if self._todo:
            self._looking = True
            key, picture = self._todo.popleft()
            self._submit(
                lambda gathering: self._look(gathering, key, picture),
                lambda kept: self._looked(key, kept),
                self._on_look_failed,
            )
            return
        if self._unreadable:
            first, count = self._unreadable[0], len(self._unreadable)
            self._unreadable = []
            self.problem.emit(first if count == 1 else f"{count} pictures could not be read; the first: {first}")
        if self.training:
            self._start_training()

    def _look(self, gathering: Gathering, key: int, picture: Path | str) -> Kept | str:
        try:
            if isinstance(picture, Path):
                return gathering.add_file(key, picture)
            return gathering.look_again(key, picture)
        except PictureError as error:
            return str(error)

    def _looked(self, key: int, kept: Kept | str) -> None:
        self._looking = False
        if isinstance(kept, str):
            self._unreadable.append(kept)
        else:
            self._add(key, kept)
        self.work_changed.emit()
        self._go_on()

    def _on_look_failed(self, problem: str) -> None:
        """The disk is full or a network fails: the others would fail too."""
        self._looking = False
        self._todo.clear()
        self.cancel()
        self.problem.emit(problem)

    def _add(self, key: int, kept: Kept) -> None:
        state = self._state(key)
        if state is not None:
            state.pictures.append(kept)
            self.pictures_added.emit(key, kept)

    def _start_training(self) -> None:
        stop = self._stop

        def check() -> None:
            if stop.is_set():
                raise TeachingError("cancelled")

        def done(taught: Taught) -> None:
            if not stop.is_set():
                self.training = False
                self.work_changed.emit()
                self.taught.emit(taught)

        def failed(problem: str) -> None:
            if not stop.is_set():
                self.training = False
                self.work_changed.emit()
                self.problem.emit(problem)

        self._submit(lambda gathering: gathering.teach(check), done, failed)

    def _state(self, key: int) -> ClassState | None:
        return next((each for each in self.classes if each.key == key), None)
