"""``webcam-app classify``: pictures in, a table, labelled copies and a comparison with true labels out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import cv2

from webcam_app.capture.text import printable
from webcam_app.commands.confusion import Confusion
from webcam_app.commands.progress import Progress
from webcam_app.commands.shell import DONE, FAILED, complain, quiet_libraries
from webcam_app.commands.truth import FolderTruth, TableTruth
from webcam_app.errors import OutputError, PictureError, WebcamAppError
from webcam_app.faces.face import UNSURE, Face

if TYPE_CHECKING:
    from webcam_app.capture import Image
    from webcam_app.commands.whole_image import WholeImage
    from webcam_app.faces.analyzer import FaceAnalyzer
    from webcam_app.output.tables import CsvTable

TABLE_ENDINGS = (".csv", ".tsv", ".txt", "")


def classify(
    paths: Sequence[Path],
    *,
    csv_out: Path | None = None,
    whole_image: bool = False,
    annotated: Path | None = None,
    labels_file: Path | None = None,
) -> int:
    """Label pictures.

    Args:
        paths: pictures and folders.
        csv_out: where to write the table, ``-`` for standard output, None to print a line for each picture instead.
        whole_image: a picture in which no face is found is taken as a face crop.
        annotated: a new or empty folder for labelled copies.
        labels_file: a table of true labels; without it, folders that are named like labels tell them.

    Returns:
        0 where something could be read, else 1.

    Raises:
        WebcamAppError: the model, the labels or an output is at fault.
    """
    from webcam_app.capture import list_pictures
    from webcam_app.faces.analyzer import FaceAnalyzer
    from webcam_app.output.tables import STANDARD_OUTPUT, CsvTable, TextFile
    from webcam_app.threads import use_opencv_threads

    _check_outputs(csv_out, annotated, paths)
    with quiet_libraries():
        use_opencv_threads()
        analyzer = FaceAnalyzer()
    labels = () if analyzer.card is None else analyzer.card.labels
    truth = FolderTruth(labels) if labels_file is None else TableTruth(labels_file, labels)
    report = sys.stderr if csv_out == STANDARD_OUTPUT else sys.stdout
    with ExitStack() as stack:
        file = None if csv_out is None else stack.enter_context(TextFile(csv_out, overwrite=True))
        run = _Run(analyzer, None if file is None else CsvTable(file), report)
        if whole_image and analyzer.classifier is not None:
            from webcam_app.commands.whole_image import WholeImage

            run.whole_image = WholeImage(analyzer.classifier)
        if annotated is not None:
            run.annotated = annotated
        progress = stack.enter_context(Progress(None, "pictures"))
        for path in _without(annotated, list_pictures(paths)):
            if file is None:
                progress.clear()
            run.picture(path, _relative(path, paths))
            known = truth.of(path if labels_file is not None else _named_place(path, paths))
            if known.label is not None:
                run.compare(known.label, known.masked)
            progress.update(run.pictures, path.name)
        progress.clear()
        if run.pictures == 0:
            raise PictureError(f"there are no pictures in {', '.join(repr(printable(path)) for path in paths)}")
    for line in run.summary():
        print(line, file=report)
    if run.unreadable == run.pictures:
        complain(
            run.first_problem if run.pictures == 1 else f"no picture could be read; the first: {run.first_problem}"
        )
        return FAILED
    return DONE


class _Run:
    """One picture after the other, and what is counted of them; holds one picture at a time."""

    def __init__(self, analyzer: FaceAnalyzer, table: CsvTable | None, report: TextIO) -> None:
        self._analyzer, self._table, self._report = analyzer, table, report
        self._labels = () if analyzer.card is None else analyzer.card.labels
        self.whole_image: WholeImage | None = None
        self.annotated: Path | None = None
        self.pictures = self.unreadable = 0
        self.first_problem = ""
        self._faces = self._masked = self._without_face = 0
        self._given: Counter[str] = Counter()
        self._confusion = Confusion(self._labels)
        self._last: Face | None = None
        self._last_readable = False

    def picture(self, path: Path, place: Path) -> None:
        """Label one picture.

        Args:
            path: the file.
            place: where its labelled copy goes, relative to the folder for those.
        """
        from webcam_app.capture import read_picture

        self.pictures += 1
        self._last, self._last_readable = None, False
        try:
            image = read_picture(path)
            faces = self._look(image)
        except OutputError:
            raise
        except (WebcamAppError, MemoryError, ValueError, cv2.error) as error:
            self._unreadable(path, str(error) or "there is not enough memory for it")
            return
        self._last_readable = True
        self._last = max(faces, key=lambda face: face.box.width * face.box.height, default=None)
        self._without_face += not faces
        self._write_rows(path, faces)
        for face in faces:
            self._faces += 1
            self._masked += bool(face.masked)
            self._given[face.label or "unlabelled"] += 1
        if self.annotated is not None:
            self._write_copy(self.annotated / place, image, faces)

    def compare(self, true: str, masked: bool | None) -> None:
        """Count the last picture's largest face against what is known; a picture that cannot be read does not count."""
        if self._last_readable:
            face = self._last
            seen = None if face is None else face.masked
            given = None if face is None else face.label or UNSURE
            self._confusion.add(true, given, seen if masked is None else masked)

    def summary(self) -> Iterator[str]:
        """What was seen, in lines for people."""
        order = (*self._labels, UNSURE, "unlabelled")
        given = ", ".join(f"{self._given[label]} {label}" for label in order if self._given[label])
        parts = [
            f"{_count(self.pictures, 'picture')}, {_count(self._faces, 'face')}" + (f" ({given})" if given else "")
        ]
        if self._masked:
            parts.append(f"{self._masked} with a mask")
        if self._without_face:
            parts.append(f"{_count(self._without_face, 'picture')} without a face")
        if self.unreadable:
            parts.append(f"{self.unreadable} could not be read")
        yield "; ".join(parts)
        if self._confusion.total:
            yield from self._confusion.lines()

    def _look(self, image: Image) -> list[Face]:
        faces = self._analyzer.analyze_still(image)
        return [self.whole_image.look(image)] if self.whole_image is not None and not faces else faces

    def _write_rows(self, path: Path, faces: Sequence[Face]) -> None:
        from webcam_app.output.overlay import describe
        from webcam_app.output.tables import csv_row

        if self._table is None:
            said = ", ".join(describe(face) or "unlabelled" for face in faces)
            print(f"{printable(path)}: {said or 'no face'}", file=self._report)
            return
        for number, face in enumerate(faces, 1):
            problem = self._analyzer.problem if face.label is None else None
            self._table.add(csv_row(path, face, number=number, error=problem or ""))
        if not faces:
            self._table.add(csv_row(path))

    def _unreadable(self, path: Path, problem: str) -> None:
        from webcam_app.output.tables import csv_row

        self.unreadable += 1
        self.first_problem = self.first_problem or problem
        if self._table is None:
            print(f"{printable(path)}: not read: {problem}", file=self._report)
        else:
            self._table.add(csv_row(path, error=problem))

    def _write_copy(self, path: Path, image: Image, faces: Sequence[Face]) -> None:
        from webcam_app.output.overlay import OverlayStyle, draw_overlay
        from webcam_app.output.pictures import ENDINGS, write_picture

        if path.suffix.lower() not in ENDINGS:
            path = path.with_name(f"{path.name}.jpg")
        number = 2
        free = path
        while free.exists():
            free = path.with_name(f"{path.stem} ({number}){path.suffix}")
            number += 1
        write_picture(free, draw_overlay(image, faces, OverlayStyle(), labels=self._labels))


def _check_outputs(csv_out: Path | None, annotated: Path | None, paths: Sequence[Path]) -> None:
    if csv_out is not None and csv_out.is_file():
        # A table replaces an older table, but not a photograph after a slip of the hand.
        if csv_out.suffix.lower() not in TABLE_ENDINGS:
            raise OutputError(f"'{printable(csv_out)}' is there and is no table: name the table with the ending .csv")
        if any(path.is_file() and path.samefile(csv_out) for path in paths):
            raise OutputError(f"'{printable(csv_out)}' is what is read: choose another name for the table")
    if annotated is None:
        return
    try:
        if annotated.exists() and (not annotated.is_dir() or any(annotated.iterdir())):
            raise OutputError(f"'{printable(annotated)}' is no empty folder: name a new one for the labelled pictures")
    except OSError as error:
        raise OutputError(f"'{printable(annotated)}' cannot be used: {error.strerror}: name another folder") from None


def _without(folder: Path | None, paths: Iterator[Path]) -> Iterator[Path]:
    """Without the copies that are written while the folder around them is read."""
    if folder is None:
        yield from paths
        return
    place = folder.resolve()
    for path in paths:
        if place not in path.resolve().parents:
            yield path


def _relative(path: Path, roots: Sequence[Path]) -> Path:
    """Where a picture lies below the folder that was named."""
    for root in roots:
        if path != root and root in path.parents:
            return path.relative_to(root)
    return Path(path.name)


def _named_place(path: Path, roots: Sequence[Path]) -> Path:
    """A picture's place from the named folder on, its name included; from its own folder on where it was named."""
    for root in roots:
        if path != root and root in path.parents:
            return Path(root.resolve().name) / path.relative_to(root)
    return Path(path.absolute().parent.name) / path.name


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
