"""A set of labelled pictures, decoded when they are asked for."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from train.errors import DatasetError
from train.readers.layouts import recognise
from train.readers.pictures import decode_picture
from train.readers.sample import Sample
from train.readers.stores import FolderStore, Store, open_store
from webcam_app.errors import PictureError


class Dataset(Sequence[Sample]):
    """The samples of a set, in a fixed order.

    Attributes:
        path: where it came from.
        layout: which layout was recognised, by the name in :class:`train.readers.layouts.Layout`.
        label_column: the column that the labels came from; None where names said it or there are none.
        ignored: pictures left out while reading, with the reason.
        unreadable: pictures that ``images`` could not decode so far, with the reason.
    """

    def __init__(
        self,
        store: Store,
        samples: Sequence[Sample],
        *,
        layout: str,
        label_column: str | None = None,
        ignored: Mapping[str, str] | None = None,
    ) -> None:
        self.path = store.path
        self.layout = layout
        self.label_column = label_column
        self.ignored = dict(ignored or {})
        self.unreadable: dict[str, str] = {}
        self._store = store
        self._samples = tuple(samples)

    def __len__(self) -> int:
        return len(self._samples)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sample]: ...
    def __getitem__(self, index: int | slice) -> Sample | Sequence[Sample]:
        return self._samples[index]

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes that occur, sorted."""
        return tuple(self.counts)

    @property
    def counts(self) -> Mapping[str, int]:
        """Number of faces of each class, sorted by class: a picture is one, or as many as are labelled in it."""
        counts = Counter(label for sample in self._samples for label, _ in sample.labelled_faces)
        return dict(sorted(counts.items()))

    @property
    def has_boxes(self) -> bool:
        """Whether people marked faces in these pictures (``boxes.csv``)."""
        return self.layout == "boxes.csv"

    def has(self, attribute: str) -> bool:
        """Whether any sample has this attribute."""
        return any(attribute in sample.attributes for sample in self._samples)

    def subset(self, keep: Callable[[Sample], bool]) -> Dataset:
        """The samples for which ``keep`` says so, in the same order, with the same pictures behind them."""
        return self._with([sample for sample in self._samples if keep(sample)])

    def limited(self, limit: int) -> Dataset:
        """At most ``limit`` samples, evenly spaced over the whole set so that no class or group is cut off.

        Raises:
            ValueError: the limit is below 1.
        """
        if limit < 1:
            raise ValueError(f"a limit of {limit} pictures")
        count = len(self._samples)
        if count <= limit:
            return self
        return self._with([self._samples[index * count // limit] for index in range(limit)])

    def _with(self, samples: Sequence[Sample]) -> Dataset:
        return Dataset(self._store, samples, layout=self.layout, label_column=self.label_column, ignored=self.ignored)

    def read(self, sample: Sample) -> bytes:
        """The picture's file as it is stored.

        Raises:
            PictureError: it is missing or cannot be read.
        """
        try:
            return self._store.read(sample.key)
        except DatasetError as error:
            raise PictureError(str(error)) from error

    def image(self, sample: Sample) -> NDArray[np.uint8]:
        """Decode a picture.

        Returns:
            A new H×W×3 uint8 BGR array, upright by its EXIF.

        Raises:
            PictureError: it is missing, damaged, or too large to be decoded safely.
        """
        return decode_picture(self.read(sample), sample.key)

    def images(self) -> Iterator[tuple[Sample, NDArray[np.uint8]]]:
        """Every sample with its picture; those that cannot be decoded are skipped and noted in ``unreadable``."""
        for sample in self._samples:
            try:
                image = self.image(sample)
            except PictureError as error:
                self.unreadable[sample.key] = str(error)
                continue
            yield sample, image

    def fingerprint(self) -> str:
        """A checksum of what the set says and shows: the same for a zip and a folder unpacked from it.

        Returns:
            64 hexadecimal digits: SHA-256 over each sample's key, label, attributes, boxes, marks and the CRC-32 of its
            file.
        """
        digest = hashlib.sha256()
        for sample in sorted(self._samples, key=lambda each: each.key):
            try:
                checksum: int | None = self._store.checksum(sample.key)
            except DatasetError:
                checksum = None
            entry = [sample.key, sample.label, sorted(sample.attributes.items()), sample.boxes, checksum]
            if sample.marks:
                entry.append([astuple(mark) for mark in sample.marks])
            digest.update(json.dumps(entry).encode() + b"\n")
        return digest.hexdigest()


def read_dataset(path: Path, *, label: str | None = None, limit: int | None = None) -> Dataset:
    """Read a set of labelled pictures; no picture is decoded yet.

    Args:
        path: a folder, a zip file, or a ``labels.csv`` itself; see :mod:`train.readers.layouts` for the layouts.
        label: the column to take as the label; None for the first of ``label``, ``gender``, ``mask`` that is there.
        limit: at most so many samples, evenly spaced over the set.

    Raises:
        DatasetError: there is no such set, a table is damaged or lacks a column, a path in it leads out of the set, or
            no picture is in it.
        ValueError: the limit is below 1.
    """
    path = Path(path)
    store = FolderStore(path.parent) if path.is_file() and path.name == "labels.csv" else open_store(path)
    layout = recognise(store, label)
    if not layout.samples:
        raise DatasetError(f"{path}: lists no pictures")
    dataset = Dataset(
        store, layout.samples, layout=layout.name, label_column=layout.label_column, ignored=layout.ignored
    )
    return dataset if limit is None else dataset.limited(limit)
