"""Where an unfinished table goes on, and whether it is one of the same pictures by the same model."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from webcam_app.capture.text import printable
from webcam_app.errors import OutputError
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.output.tables import CSV_COLUMNS
from webcam_app.photographs.results import Looked, Photograph
from webcam_app.photographs.table import PictureRows, read_table, same_rows
from webcam_app.tables import format_row

# So many pictures with a face, and one without, are labelled again: another model would not say the same of them to
# four digits.
CHECKED_WITH_FACES = 2


@dataclass(frozen=True, slots=True)
class Checked:
    """A photograph that is labelled again, and what the table says of it."""

    photograph: Photograph
    rows: PictureRows


class UnfinishedTable:
    """A table that lacks its end.

    Attributes:
        keep: bytes of it that stay.
        pictures: photographs that these have; the last one of the table may lack rows and is not among them.
        checked: photographs to be labelled again, for ``check``.
    """

    def __init__(self, path: Path, photographs: Iterator[Photograph]) -> None:
        """Find its end.

        Args:
            path: the table; one that is missing or has no rows is gone on with from the beginning.
            photographs: those of the command in order; what the table has is taken from it.

        Raises:
            OutputError: it cannot be read, has other columns, or other photographs.
        """
        self.path = path
        self.keep = self.pictures = 0
        self.checked: list[Checked] = []
        with_faces: list[Checked] = []
        without: list[Checked] = []
        waiting: PictureRows | None = None
        for rows in self._read():
            if waiting is not None:
                checked = Checked(self._match(waiting, photographs), waiting)
                (with_faces if waiting.rows[0][1] else without).append(checked)
                del with_faces[:-CHECKED_WITH_FACES], without[:-1]
                self.pictures += 1
            self.keep, waiting = rows.start, rows
        self.checked = with_faces + without

    def results(self, card: ModelCard | None) -> Iterator[Looked]:
        """What the table says of its photographs, in order.

        Args:
            card: of the network that labels.

        Raises:
            OutputError: the table is damaged.
        """
        for number, rows in enumerate(self._read()):
            if number == self.pictures:
                return
            try:
                yield rows.looked(card)
            except ValueError as error:
                raise OutputError(
                    f"'{printable(self.path)}' is damaged ({error}): leave out --resume to replace it"
                ) from None

    def check(self, checked: Checked, looked: Looked) -> None:
        """Compare what is seen now with what the table says.

        Raises:
            OutputError: it is not the same.
        """
        if not same_rows(looked, checked.rows):
            raise OutputError(
                f"'{printable(self.path)}' says otherwise of {printable(looked.path)}: it was made with another model, "
                "version or option, or the picture has changed. Leave out --resume to replace it"
            )

    def _match(self, rows: PictureRows, photographs: Iterator[Photograph]) -> Photograph:
        photograph = next(photographs, None)
        if photograph is None or os.fspath(photograph.path) != rows.path:
            comes = "no more" if photograph is None else printable(photograph.path)
            raise OutputError(
                f"'{printable(self.path)}' is a table of other pictures: it has {printable(rows.path)} where {comes} "
                "comes now. Name the same folders, or leave out --resume to replace it"
            )
        return photograph

    def _read(self) -> Iterator[PictureRows]:
        try:
            if not self.path.exists() or self._is_empty():
                return
            with self.path.open("rb") as file:
                yield from read_table(file, self.path)
        except OSError as error:
            raise OutputError(f"'{printable(self.path)}' cannot be read: {error.strerror or error}") from None

    def _is_empty(self) -> bool:
        """Whether it was stopped within its first line."""
        header = format_row(CSV_COLUMNS).encode()
        with self.path.open("rb") as file:
            return header.startswith(file.read(len(header) + 1))
