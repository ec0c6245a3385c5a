"""The faces that were counted, as a table for spreadsheets and programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from webcam_app.output.tables import TextFile
from webcam_app.tables import format_row
from webcam_app.window.history.tally import TrackTally

COLUMNS = ("row", "track", "label", "tracks", "masked", "first_seen", "last_seen", "seconds", "source")
TOTAL, TRACK = "total", "track"


def table_rows(tally: TrackTally) -> list[list[Any]]:
    """The rows, without the header.

    First a ``total`` for each label: how many tracks, how many of them masked. Then a ``track`` for each that is known
    one by one, in the order in which they came: 1 track, ``masked`` 1, 0, or empty where the model does not say.
    """
    rows: list[list[Any]] = []
    for label, total in tally.totals().items():
        seen = (_iso(total.first_seen), _iso(total.last_seen), round(total.seconds, 2))
        rows.append([TOTAL, "", label, total.tracks, total.masked, *seen, ""])
    for record in tally.records():
        masked = "" if record.masked is None else int(record.masked)
        seen = (_iso(record.first_seen), _iso(record.last_seen), round(record.seconds, 2))
        rows.append([TRACK, record.number, record.label, 1, masked, *seen, record.source])
    return rows


def write_table(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    """Write the table; a file that is there is replaced.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
    """
    with TextFile(path, overwrite=True) as file:
        file.write(format_row(COLUMNS))
        file.write("".join(format_row(row) for row in rows))


def _iso(seconds: float) -> str:
    """ISO 8601 with milliseconds and the difference to UTC."""
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="milliseconds")
