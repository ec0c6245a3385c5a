"""The layouts of labelled pictures that are recognised, and how each becomes samples.

In the order in which they are tried:

- ``labels.csv`` with the column ``path``, a label column, and any others, which become attributes; rows about single
  faces, as ``webcam_app.faces.marks`` describes them, become the picture's marks;
- ``boxes.csv`` with ``path``, ``label`` and a pixel box (``xmin,ymin,xmax,ymax`` or ``x,y,width,height``), with or
  without ``labels.csv`` beside it;
- FairFace: any table at the top with ``file,age,gender,race``, such as ``fairface_label_train.csv``;
- UTKFace: ``[age]_[gender]_[race]_[date].jpg``;
- one sub-folder a class, also below ``train``, ``val`` and ``test``;
- pictures without any label.

A zip may wrap all of it in one folder.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from train.errors import DatasetError
from train.readers.pictures import is_picture_name
from train.readers.sample import LabelledBox, Sample
from train.readers.stores import Store, safe_name
from train.readers.tables import Row, Table, read_table
from webcam_app.faces.face import Box
from webcam_app.faces.marks import KIND_COLUMN, Mark, is_mark, read_mark

LABEL_COLUMNS = ("label", "gender", "mask")
"""Columns taken for the label where none is asked for, the first that is there."""

AGE_BANDS = (
    (2, "0-2"), (9, "3-9"), (19, "10-19"), (29, "20-29"), (39, "30-39"), (49, "40-49"), (59, "50-59"), (69, "60-69"),
)  # fmt: skip
"""FairFace's bands by their last year; who is older is in ``OLDEST_BAND``."""
OLDEST_BAND = "more than 70"

UTKFACE_NAME = re.compile(
    r"(?P<age>\d{1,3})_(?P<gender>[01])_(?P<race>[0-4])_\d{8,20}\.jpe?g(\.chip\.jpg)?", re.IGNORECASE
)
UTKFACE_GENDERS = ("male", "female")
UTKFACE_RACES = ("White", "Black", "Asian", "Indian", "Others")

GENDER_WORDS = {
    "m": "male", "man": "male", "men": "male", "boy": "male",
    "f": "female", "w": "female", "woman": "female", "women": "female", "girl": "female",
}  # fmt: skip
"""Spellings of the two values of a ``gender`` column; other values are kept as they are, in lower case."""

_SPLITS = {"train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}
_FAIRFACE_COLUMNS = ("file", "age", "gender", "race")
_MAX_BOX = 1_000_000


@dataclass(frozen=True, slots=True)
class Layout:
    """What was recognised in a store.

    Attributes:
        name: ``labels.csv``, ``boxes.csv``, ``fairface``, ``utkface``, ``folders`` or ``unlabelled``.
        label_column: the column that the label was taken from; None where it came from names or there is none.
        samples: in the order of the tables, or by name.
        ignored: name of a picture that is left out to the reason.
    """

    name: str
    label_column: str | None
    samples: Sequence[Sample]
    ignored: Mapping[str, str] = field(default_factory=dict)


def age_band(years: int) -> str:
    """FairFace's band for an age in years.

    Raises:
        ValueError: the age is negative.
    """
    if years < 0:
        raise ValueError(f"an age of {years} years")
    return next((band for last, band in AGE_BANDS if years <= last), OLDEST_BAND)


def recognise(store: Store, label: str | None) -> Layout:
    """Find out how a set is laid out, and read it.

    Args:
        store: the set's files.
        label: the column to take the label from; None for the first of ``LABEL_COLUMNS`` that is there.

    Raises:
        DatasetError: a table is damaged or lacks a column, a path leads out of the set, or there are no pictures.
    """
    names = store.names()
    base = _base(names)
    if base + "labels.csv" in names or base + "boxes.csv" in names:
        return _read_tables(store, names, base, label)
    for name in names:
        if name.startswith(base) and name.lower().endswith(".csv") and "/" not in name[len(base) :]:
            table = read_table(store, name)
            if all(column in table.columns for column in _FAIRFACE_COLUMNS):
                return _read_fairface(store, names, base, label)
    pictures = [name for name in names if is_picture_name(name)]
    if not pictures:
        raise DatasetError(f"{store.path}: no labels.csv and no pictures in it")
    utkface = [name for name in pictures if UTKFACE_NAME.fullmatch(name.rsplit("/", 1)[-1])]
    if 2 * len(utkface) > len(pictures):
        return _read_utkface(pictures, label)
    if label is not None:
        raise DatasetError(f"{store.path}: no labels.csv to take the column {label!r} from")
    return _read_folders(pictures, base)


def normalise(column: str, value: str) -> str:
    """A value as the rest of the pipeline writes it: genders in lower case and one spelling, others unchanged."""
    if column == "gender":
        return GENDER_WORDS.get(value.lower(), value.lower())
    return value


def _base(names: Sequence[str]) -> str:
    """The one folder that wraps a whole zip with a table in it, with its slash, or nothing."""
    tops = {name.split("/", 1)[0] for name in names}
    if len(tops) == 1:
        top = next(iter(tops)) + "/"
        if any(name.startswith(top) and name.lower().endswith(".csv") for name in names):
            return top
    return ""


def _label_column(table: Table, label: str | None, *, optional: bool) -> str | None:
    if label is not None:
        table.require(label.lower())
        return label.lower()
    for column in LABEL_COLUMNS:
        if column in table.columns:
            return column
    if optional:
        return None
    raise DatasetError(
        f"{table.name}: no column with the label ({', '.join(LABEL_COLUMNS)}); it has {', '.join(table.columns)[:200]}"
    )


def _row_sample(row: Row, path_column: str, base: str, label_column: str | None, extra: Mapping[str, str]) -> Sample:
    key = base + safe_name(row.values[path_column], row.where)
    attributes = {column: normalise(column, value) for column, value in row.values.items() if column and value}
    del attributes[path_column]
    attributes.update(extra)
    return Sample(key, attributes.get(label_column) if label_column else None, attributes)


def _unique(samples: Iterable[Sample], where: str) -> list[Sample]:
    by_key: dict[str, Sample] = {}
    for sample in samples:
        if sample.key in by_key:
            raise DatasetError(f"{where}: {sample.key!r:.100} is listed more than once")
        by_key[sample.key] = sample
    return list(by_key.values())


def _read_tables(store: Store, names: Sequence[str], base: str, label: str | None) -> Layout:
    boxes: dict[str, list[LabelledBox]] = {}
    if base + "boxes.csv" in names:
        boxes = _read_boxes(read_table(store, base + "boxes.csv"), base)
    if base + "labels.csv" not in names:
        if label is not None:
            raise DatasetError(f"{store.path}: no labels.csv to take the column {label!r} from")
        samples = [Sample(key, boxes=tuple(faces)) for key, faces in sorted(boxes.items())]
        return Layout("boxes.csv", None, samples)
    table = read_table(store, base + "labels.csv")
    table.require("path")
    column = _label_column(table, label, optional=bool(boxes))
    samples = _with_marks(table, base, column)
    if not boxes:
        return Layout("labels.csv", column, samples)
    listed = {sample.key for sample in samples}
    for key in boxes:
        if key not in listed:
            raise DatasetError(f"{store.path.name}/boxes.csv: {key!r:.100} is not in labels.csv")
    with_boxes = [replace(sample, boxes=tuple(boxes.get(sample.key, ()))) for sample in samples]
    return Layout("boxes.csv", column, with_boxes)


def _with_marks(table: Table, base: str, column: str | None) -> list[Sample]:
    """The samples of a ``labels.csv``: one for each picture, with what is said of single faces in it."""
    pictures = []
    marks: dict[str, list[Mark]] = {}
    for row in table.rows:
        if not is_mark(row.values.get(KIND_COLUMN, "")):
            pictures.append(_row_sample(row, "path", base, column, {}))
            continue
        key = base + safe_name(row.values["path"], row.where)
        try:
            label = None if column is None else normalise(column, row.values[column])
            marks.setdefault(key, []).append(read_mark(row.values, label))
        except ValueError as error:
            raise DatasetError(f"{row.where}: {error}") from None
    samples = {sample.key: sample for sample in _unique(pictures, table.name)}
    for key, of_picture in marks.items():
        samples[key] = replace(samples.get(key, Sample(key)), marks=tuple(of_picture))
    return list(samples.values())


def _read_boxes(table: Table, base: str) -> dict[str, list[LabelledBox]]:
    table.require("path")
    corners = "xmin" in table.columns
    columns = ("xmin", "ymin", "xmax", "ymax") if corners else ("x", "y", "width", "height")
    table.require(*columns)
    boxes: dict[str, list[LabelledBox]] = {}
    for row in table.rows:
        key = base + safe_name(row.values["path"], row.where)
        x, y, third, fourth = (_pixel(row, column) for column in columns)
        width, height = (third - x, fourth - y) if corners else (third, fourth)
        if width <= 0 or height <= 0:
            raise DatasetError(f"{row.where}: an empty box; its right and lower edges lie before the others")
        boxes.setdefault(key, []).append(LabelledBox(Box(x, y, width, height), row.values.get("label") or None))
    return boxes


def _pixel(row: Row, column: str) -> int:
    try:
        value = float(row.values[column])
    except ValueError:
        value = math.nan
    if not abs(value) <= _MAX_BOX:
        raise DatasetError(f"{row.where}: {column} is {row.values[column]!r:.40}, not a pixel position")
    return round(value)


def _read_fairface(store: Store, names: Sequence[str], base: str, label: str | None) -> Layout:
    present = set(names)
    folders = ["", *sorted({name[len(base) :].split("/", 1)[0] + "/" for name in names if "/" in name[len(base) :]})]
    samples: list[Sample] = []
    column: str | None = None
    for name in names:
        if not name.startswith(base) or "/" in name[len(base) :] or not name.lower().endswith(".csv"):
            continue
        table = read_table(store, name)
        if not all(needed in table.columns for needed in _FAIRFACE_COLUMNS):
            continue
        column = _label_column(table, label, optional=False)
        # The pictures come in a zip of their own, so the tables may lie beside the folder that the paths begin in.
        prefix = base
        if table.rows:
            first = safe_name(table.rows[0].values["file"], table.rows[0].where)
            prefix = next((base + folder for folder in folders if base + folder + first in present), base)
        for row in table.rows:
            split = _SPLITS.get(row.values["file"].split("/", 1)[0].lower())
            samples.append(_row_sample(row, "file", prefix, column, {"split": split} if split else {}))
    return Layout("fairface", column, _unique(samples, str(store.path)))


def _read_utkface(pictures: Sequence[str], label: str | None) -> Layout:
    column = (label or "gender").lower()
    if column not in ("gender", "age", "race"):
        raise DatasetError(f"UTKFace file names say gender, age and race, not {label!r}")
    samples = []
    ignored = {}
    for name in pictures:
        match = UTKFACE_NAME.fullmatch(name.rsplit("/", 1)[-1])
        if match is None:
            ignored[name] = "the name is not [age]_[gender]_[race]_[date].jpg"
            continue
        attributes = {
            "age": age_band(int(match["age"])),
            "years": str(int(match["age"])),
            "gender": UTKFACE_GENDERS[int(match["gender"])],
            "race": UTKFACE_RACES[int(match["race"])],
        }
        samples.append(Sample(name, attributes[column], attributes))
    return Layout("utkface", column, samples, ignored)


def _read_folders(pictures: Sequence[str], base: str) -> Layout:
    parts = [(name, name[len(base) :].split("/")) for name in pictures]
    if all(len(path) == 1 for _, path in parts):
        return Layout("unlabelled", None, [Sample(name) for name in pictures])
    parts = _unwrapped(parts)
    splits = all(path[0].lower() in _SPLITS and len(path) > 2 for _, path in parts if len(path) > 1)
    samples = []
    ignored = {}
    for name, path in parts:
        if len(path) < 2:
            ignored[name] = "beside the class folders, not in one"
        elif splits:
            samples.append(Sample(name, path[1], {"split": _SPLITS[path[0].lower()]}))
        else:
            samples.append(Sample(name, path[0]))
    return Layout("folders", None, samples, ignored)


def _unwrapped(parts: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """Without a folder that wraps all class folders: a lone class is no classification."""
    while len({path[0] for _, path in parts}) == 1 and all(len(path) > 2 for _, path in parts):
        parts = [(name, path[1:]) for name, path in parts]
    return parts
