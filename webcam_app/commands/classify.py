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
from webcam_app.commands.picture_paths import check_outputs, free_path, outside, path_with_root, relative_path
from webcam_app.commands.progress import Progress
from webcam_app.commands.shell import DONE, FAILED, print_error, quiet_libraries
from webcam_app.commands.truth import FolderTruth, TableTruth
from webcam_app.errors import OutputError, PictureError, WebcamAppError
from webcam_app.faces.face import UNSURE, Face

if TYPE_CHECKING:
    from webcam_app.capture import Picture
    from webcam_app.commands.whole_image import WholeImage
    from webcam_app.faces.analyzer import FaceAnalyzer
    from webcam_app.output.tables import CsvTable


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
        labels_file: a table of true labels; without it, names of folders that are labels count as such.

    Returns:
        0 where something could be read, else 1.

    Raises:
        WebcamAppError: the model, the labels or an output is at fault.
    """
    from webcam_app.capture import list_pictures
    from webcam_app.faces.analyzer import FaceAnalyzer
    from webcam_app.output.tables import STANDARD_OUTPUT, CsvTable, TextFile
    from webcam_app.threads import use_opencv_threads

    check_outputs(csv_out, annotated, paths)
    with quiet_libraries():
        use_opencv_threads()
        analyzer = FaceAnalyzer()
    labels = () if analyzer.card is None else analyzer.card.labels
    truth = FolderTruth(labels) if labels_file is None else TableTruth(labels_file, labels)
    report = sys.stderr if csv_out == STANDARD_OUTPUT else sys.stdout
    with ExitStack() as stack:
        file = None if csv_out is None else stack.enter_context(TextFile(csv_out, overwrite=True))
        run = _Run(analyzer, None if file is None else CsvTable(file), report, annotated=annotated)
        if whole_image and analyzer.classifier is not None:
            from webcam_app.commands.whole_image import WholeImage

            run.whole_image = WholeImage(analyzer.classifier)
        progress = stack.enter_context(Progress(None, "pictures"))
        for path in outside(annotated, list_pictures(paths)):
            if file is None:
                progress.clear()
            faces = run.label(path, relative_path(path, paths))
            known = truth.of(path if labels_file is not None else path_with_root(path, paths))
            if known.label is not None and faces is not None:
                run.compare(faces, known.label, known.masked)
            progress.update(run.pictures, path.name)
        progress.clear()
        if run.pictures == 0:
            raise PictureError(f"there are no pictures in {', '.join(repr(printable(path)) for path in paths)}")
    return run.finish()


class _Run:
    """Labels one picture after another and counts; holds one picture at a time."""

    def __init__(
        self, analyzer: FaceAnalyzer, table: CsvTable | None, report: TextIO, *, annotated: Path | None
    ) -> None:
        self._analyzer, self._table, self._report, self._annotated = analyzer, table, report, annotated
        self._labels = () if analyzer.card is None else analyzer.card.labels
        self.whole_image: WholeImage | None = None
        self.pictures = 0
        self._unreadable = 0
        self._first_problem = ""
        self._faces = self._masked = self._without_face = 0
        self._given: Counter[str] = Counter()
        self._confusion = Confusion(self._labels)

    def label(self, path: Path, copy_path: Path) -> list[Face] | None:
        """Label one picture, and write what was asked for.

        Args:
            path: the file.
            copy_path: where its labelled copy goes, relative to the folder for those.

        Returns:
            Its faces, empty where none was found; None where it cannot be read.
        """
        from webcam_app.faces.photograph import load_to_search

        self.pictures += 1
        try:
            picture = load_to_search(path)
            faces = self._find(picture)
        except OutputError:
            raise
        except (WebcamAppError, MemoryError, ValueError, cv2.error) as error:
            self._count_unreadable(path, str(error) or "there is not enough memory for it")
            return None
        self._without_face += not faces
        self._write_rows(path, faces, picture.remark)
        for face in faces:
            self._faces += 1
            self._masked += bool(face.masked)
            self._given[face.label or "unlabelled"] += 1
        if self._annotated is not None:
            self._write_copy(self._annotated / copy_path, path, faces)
        return faces

    def compare(self, faces: Sequence[Face], true: str, masked: bool | None) -> None:
        """Count a picture's largest face against what is known of it.

        Args:
            faces: as ``label`` returned them.
            true: the true label.
            masked: whether a mask is worn, None where that is unknown: then what the network says counts.
        """
        face = max(faces, key=lambda face: face.box.width * face.box.height, default=None)
        predicted = None if face is None else face.label or UNSURE
        predicted_masked = None if face is None else face.masked
        self._confusion.add(true, predicted, predicted_masked if masked is None else masked)

    def finish(self) -> int:
        """Print the summary; returns the exit code, ``FAILED`` where no picture could be read."""
        for line in self.summary():
            print(line, file=self._report)
        if self._unreadable < self.pictures:
            return DONE
        first = self._first_problem
        print_error(first if self.pictures == 1 else f"no picture could be read; the first: {first}")
        return FAILED

    def summary(self) -> Iterator[str]:
        """The counts, as lines for people."""
        order = (*self._labels, UNSURE, "unlabelled")
        given = ", ".join(f"{self._given[label]} {label}" for label in order if self._given[label])
        parts = [
            f"{_count(self.pictures, 'picture')}, {_count(self._faces, 'face')}" + (f" ({given})" if given else "")
        ]
        if self._masked:
            parts.append(f"{self._masked} with a mask")
        if self._without_face:
            parts.append(f"{_count(self._without_face, 'picture')} without a face")
        if self._unreadable:
            parts.append(f"{self._unreadable} could not be read")
        yield "; ".join(parts)
        if self._confusion.total:
            yield from self._confusion.lines()

    def _find(self, picture: Picture) -> list[Face]:
        from webcam_app.faces.photograph import analyze_photograph, scaled

        faces = analyze_photograph(self._analyzer, picture)
        if self.whole_image is None or faces:
            return faces
        return scaled([self.whole_image.label(picture.image)], picture.reduction)

    def _write_rows(self, path: Path, faces: Sequence[Face], remark: str) -> None:
        from webcam_app.output.overlay import describe
        from webcam_app.output.tables import csv_row

        if self._table is None:
            described = ", ".join(describe(face) or "unlabelled" for face in faces)
            noted = f" ({remark})" if remark else ""
            print(f"{printable(path)}: {described or 'no face'}{noted}", file=self._report)
            return
        for number, face in enumerate(faces, 1):
            problem = self._analyzer.problem if face.label is None else None
            self._table.add(csv_row(path, face, number=number, error="; ".join(filter(None, (problem, remark)))))
        if not faces:
            self._table.add(csv_row(path, error=remark))

    def _count_unreadable(self, path: Path, problem: str) -> None:
        from webcam_app.output.tables import csv_row

        self._unreadable += 1
        self._first_problem = self._first_problem or problem
        if self._table is None:
            print(f"{printable(path)}: not read: {problem}", file=self._report)
        else:
            self._table.add(csv_row(path, error=problem))

    def _write_copy(self, path: Path, original: Path, faces: Sequence[Face]) -> None:
        from webcam_app.capture import load_picture
        from webcam_app.faces.photograph import scaled
        from webcam_app.output.overlay import OverlayStyle, draw_overlay
        from webcam_app.output.pictures import IMAGE_SUFFIXES, write_picture

        if path.suffix.lower() not in IMAGE_SUFFIXES:
            path = path.with_name(f"{path.name}.jpg")
        picture = load_picture(original)
        shown = scaled(faces, 1 / picture.reduction)
        write_picture(free_path(path), draw_overlay(picture.image, shown, OverlayStyle(), labels=self._labels))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
