"""Labelled pictures in any of the layouts that people have them in, read the same way.

``read_dataset`` is the one entry; see :mod:`train.readers.layouts` for what it recognises.
"""

from __future__ import annotations

from train.readers.dataset import Dataset, read_dataset
from train.readers.sample import LabelledBox, Mark, Sample

__all__ = ["Dataset", "LabelledBox", "Mark", "Sample", "read_dataset"]
