"""``webcam-app classify``: pictures in, a table, labelled copies and a comparison with true labels out."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from webcam_app.capture import list_pictures
from webcam_app.capture.text import printable
from webcam_app.commands.interrupt import Interrupted, deferred_interrupts
from webcam_app.commands.progress import Progress, on_terminal
from webcam_app.commands.shell import DONE, FAILED, print_error, quiet_libraries
from webcam_app.commands.tally import UNLABELLED, Tally, count
from webcam_app.errors import PictureError
from webcam_app.output.cover import CoverKind
from webcam_app.output.tables import STANDARD_OUTPUT, CsvTable, GrowingFile
from webcam_app.photographs import Cluster, Looked, LookerSpec, Photograph, PhotographRun, label_photographs
from webcam_app.photographs.labels.truth import FolderTruth, TableTruth, Truth
from webcam_app.photographs.paths import CopyPaths, check_outputs, outside, path_with_root, relative_path
from webcam_app.photographs.resuming import UnfinishedTable
from webcam_app.photographs.table import rows_of
from webcam_app.threads import use_opencv_threads


@dataclass(frozen=True, slots=True)
class Wanted:
    """What ``classify`` is asked for.

    Attributes:
        csv_out: where to write the table, ``-`` for standard output, None to print a line for each picture instead.
        whole_image: a picture in which no face is found is taken as a face crop.
        annotated: a folder for labelled copies, new or empty unless an unfinished table is gone on with.
        cover: how faces are covered in the labelled copies, None for not at all.
        labels_file: a table of true labels; without it, names of folders that are labels count as such.
        jobs: pictures that are worked on at a time; None for as many as there are cores.
        resume: go on with an unfinished table.
        cluster: other machines that work instead of this one.
    """

    csv_out: Path | None = None
    whole_image: bool = False
    annotated: Path | None = None
    labels_file: Path | None = None
    jobs: int | None = None
    resume: bool = False
    cluster: Cluster | None = None
    cover: CoverKind | None = None


def classify(paths: Sequence[Path], wanted: Wanted | None = None) -> int:
    """Label pictures.

    Args:
        paths: pictures and folders.
        wanted: what to make of them.

    Returns:
        0 where something could be read, else 1.

    Raises:
        WebcamAppError: the model, the labels or an output is at fault.
        Interrupted: someone stopped it; the table has what was done.
    """
    command = _Command(paths, wanted or Wanted())
    try:
        return command.run()
    except Interrupted as stop:
        stop.outcome = command.outcome()
        raise


class _Command:
    """One call of ``classify``."""

    def __init__(self, paths: Sequence[Path], wanted: Wanted) -> None:
        self._paths, self._wanted = paths, wanted
        self._report: TextIO = sys.stderr if wanted.csv_out == STANDARD_OUTPUT else sys.stdout
        self._tally = Tally(())
        self._others = 0
        self._file: GrowingFile | None = None
        self._table: CsvTable | None = None

    def run(self) -> int:
        """Do it; returns the exit code."""
        wanted = self._wanted
        check_outputs(wanted.csv_out, wanted.annotated, self._paths, resume=wanted.resume)
        use_opencv_threads()
        photographs = self._photographs()
        unfinished = None
        if wanted.resume and wanted.csv_out is not None:
            unfinished = UnfinishedTable(wanted.csv_out, photographs)
            photographs = chain((checked.photograph for checked in unfinished.checked), photographs)
        spec = LookerSpec(whole_image=wanted.whole_image, overwrite=wanted.resume, cover=wanted.cover)
        with ExitStack() as stack:
            if wanted.csv_out is not None:
                keep = 0 if unfinished is None else unfinished.keep
                self._file = stack.enter_context(GrowingFile(wanted.csv_out, keep=keep))
            with quiet_libraries():
                run = stack.enter_context(
                    label_photographs(photographs, spec, jobs=wanted.jobs, cluster=wanted.cluster)
                )
                total = sum(1 for _ in self._listed()) if on_terminal() else None
                card = run.card
            labels = () if card is None else card.labels
            truth = FolderTruth(labels) if wanted.labels_file is None else TableTruth(wanted.labels_file, labels)
            self._tally = Tally(labels)
            if unfinished is not None:
                for looked in unfinished.results(card):
                    self._tally.add(looked, self._known(looked.path, truth))
            progress = stack.enter_context(Progress(total, "pictures", begun_at=self._tally.pictures))
            self._go_through(run, unfinished, truth, progress)
        if self._tally.pictures == 0:
            raise PictureError(f"there are no pictures in {', '.join(repr(printable(path)) for path in self._paths)}")
        return self._finish(truth)

    def outcome(self) -> str:
        """What there is when it was stopped."""
        path = self._wanted.csv_out
        if path is None or path == STANDARD_OUTPUT or self._table is None:
            return ""
        pictures = count(self._tally.pictures, "picture")
        return f"'{printable(path)}' has the first {pictures}: the same command with --resume goes on"

    def _go_through(
        self,
        run: PhotographRun,
        unfinished: UnfinishedTable | None,
        truth: FolderTruth | TableTruth,
        progress: Progress,
    ) -> None:
        """Take result after result, and write what was asked for."""
        to_check = deque(() if unfinished is None else unfinished.checked)
        goes_on = unfinished is not None and unfinished.keep > 0
        for looked in run:
            if to_check and unfinished is not None:
                unfinished.check(to_check.popleft(), looked)
                continue
            with deferred_interrupts():  # a photograph has all its rows, or none
                if self._file is None:
                    progress.clear()
                    print(_line(looked), file=self._report)
                else:
                    self._table = self._table or CsvTable(self._file, header=not goes_on)
                    self._table.add(*rows_of(looked))
                self._tally.add(looked, self._known(looked.path, truth))
            progress.update(self._tally.pictures, printable(looked.path.name))

    def _finish(self, truth: FolderTruth | TableTruth) -> int:
        """Print the closing lines; returns the exit code, ``FAILED`` where no picture could be read."""
        tally = self._tally
        for line in chain(tally.lines(others=self._others), truth.lines()):
            print(line, file=self._report)
        if tally.unreadable < tally.pictures:
            return DONE
        first = tally.first_problem
        print_error(first if tally.pictures == 1 else f"no picture could be read; the first: {first}")
        return FAILED

    def _photographs(self) -> Iterator[Photograph]:
        copies = None if self._wanted.annotated is None else CopyPaths(self._wanted.annotated)
        for path in self._listed(self._count_other):
            yield Photograph(path, None if copies is None else copies.of(relative_path(path, self._paths)))

    def _listed(self, on_other: Callable[[Path], None] | None = None) -> Iterator[Path]:
        return outside(self._wanted.annotated, list_pictures(self._paths, on_other=on_other))

    def _count_other(self, path: Path) -> None:
        out = self._wanted.csv_out
        self._others += out is None or not _is_same_file(path, out)

    def _known(self, path: Path, truth: FolderTruth | TableTruth) -> Truth:
        return truth.of(path if self._wanted.labels_file is not None else path_with_root(path, self._paths))


def _is_same_file(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:  # one of them is not there, or a link that leads nowhere or to itself
        return False


def _line(looked: Looked) -> str:
    """A photograph's result for people."""
    from webcam_app.output.overlay import describe

    shown = printable(looked.path)
    if looked.error:
        return f"{shown}: not read: {looked.error}"
    described = ", ".join(describe(face) or UNLABELLED for face in looked.faces)
    faults = "; ".join(each for each in (looked.problem, looked.remark) if each)
    return f"{shown}: {described or 'no face'}" + (f" ({faults})" if faults else "")
