"""Every number of a training run, in one place. A run folder keeps its own copy as ``settings.json``.

The defaults make ``models/gender.tflite`` from FairFace on two cores (see train/run.py for the times). ``train.tiny``
has those of the same pipeline on generated pictures in two minutes; the tests run it.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from train.errors import TrainError
from train.files import replace_json

RANDOM_WEIGHTS = "random"
"""Instead of a file of pretrained weights: start from nothing. Only for trying the pipeline out."""


@dataclass(frozen=True)
class PrepareSettings:
    """How pictures become the cache of canvases that both networks are trained on."""

    canvas_size: int = 192
    """Pixels. FairFace's pictures are 160 px with a margin of 0.25: at a canvas of 1.5 boxes they are not rescaled."""
    canvas_scale: float = 1.5
    """Side of a canvas over the side of the face's box. The crop takes 1.25; the rest is room for jitter."""
    development: int = 2000
    """Faces kept out of training, for choosing epochs, temperature and thresholds."""
    pool: int = 15500
    """Faces that the teacher never sees; it labels them for the student."""
    stratified: bool = False
    """Development faces from each class by its share, and at least one of each class with five faces; otherwise the
    faces are drawn whatever their class."""
    balance: bool = True
    """Draw the classes equally often, whatever their share of the data."""
    occluded: int = 20000
    """Faces drawn once more with a mask, or with something that is no mask, before them."""
    masked_share: float = 0.66
    """Share of those that get a mask."""
    duplicate_distance: int = 4
    """Bits of 64 in which the hashes of two pictures may differ to count as one picture."""


@dataclass(frozen=True)
class StageSettings:
    """A stretch of training at one resolution."""

    size: int
    epochs: int
    rate: float
    """Peak learning rate of the stage; the schedule over all stages is one cosine, scaled by this."""


@dataclass(frozen=True)
class TeacherSettings:
    """Fine-tuning of Inception v3: small pictures first, large ones last (Tan and Le 2021, arXiv:2104.00298)."""

    stages: tuple[StageSettings, ...] = (
        StageSettings(107, 2, 1e-4),
        StageSettings(139, 9, 1.5e-4),
        StageSettings(171, 6, 3.5e-4),
    )
    batch: int = 64
    """An optimizer's step over 22 million weights costs as much as 20 pictures on two cores."""
    weight_decay: float = 0.02
    dropout: float = 0.2
    head_rate_factor: float = 10.0
    """The head and the kernels without pretrained weights start from nothing and learn faster."""
    label_smoothing: float = 0.05
    average_decay: float = 0.997
    """Exponential moving average of the weights, by step."""
    occluded_share: float = 0.25
    """How often a face that has a drawn twin is shown as that: the teacher also labels real masked faces."""
    soft_share: float = 0.6
    """Weight of the labels of a face network, and of the student that training starts from, against the given ones,
    where there are any."""
    soft_temperature: float = 1.5
    hint_weight: float = 1.0
    """Weight of the hints' loss, where there is a face network."""
    band_weight: float = 0.3
    """Weight of the age bands' loss, likewise."""
    even_by: tuple[str, ...] = ()
    """See ``StudentSettings``."""
    even_power: float = 0.4
    beside_start: bool = False
    """Train a teacher although training goes on from an exported student: both label."""


@dataclass(frozen=True)
class HintSettings:
    """What a frozen face network says of the training faces: labels by folds, and features as hints."""

    folds: int = 3
    """Each face is labelled by small networks that were taught with the other folds."""
    dimensions: int = 256
    """The student predicts the face network's features along so many directions of most variance."""
    faces: int | None = None
    """The face network looks at the first so many faces of the cache, at the marked ones and at those with a drawn
    twin; None for all. It looks at 30 faces a second and core. What it has not seen is left out of the student's
    training."""


@dataclass(frozen=True)
class StudentSettings:
    """Distillation into MobileNetV2 (Hinton et al. 2015, arXiv:1503.02531; Beyer et al. 2022, arXiv:2106.05237)."""

    stages: tuple[StageSettings, ...] = (StageSettings(96, 6, 1.2e-3), StageSettings(112, 16, 1.2e-3))
    quantized: StageSettings = StageSettings(128, 1, 4e-5)
    """Last epochs, in which weights and activations are rounded as int8 will round them."""
    quantized_share: float = 1.0
    """Share of the faces that each of these epochs shows."""
    frozen_through: str | None = None
    """Last block that is kept as it is, such as ``block_6``: half the time, where training goes on from a student."""
    renormed: bool = False
    """Where training goes on from a student: give it batch norm again, measured on some faces, and with it higher
    learning rates."""
    width: float = 1.0
    batch: int = 64
    weight_decay: float = 0.03
    dropout: float = 0.2
    head_rate_factor: float = 3.0
    label_smoothing: float = 0.05
    average_decay: float = 0.9985
    soft_share: float = 0.5
    """Weight of the teacher's labels against the given ones, where a face has both."""
    soft_temperature: float = 1.5
    occluded_share: float = 0.5
    """How often a face that has a drawn twin, with a mask or something else before it, is shown as that."""
    masked_repeats: int = 4
    """How often an epoch shows a real masked face: there are few, and drawn ones are not all that masks look like."""
    mask_weight: float = 0.3
    """Weight of the mask's loss beside that of the classes."""
    hint_weight: float = 1.0
    """Weight of the hints' loss, where there is a face network."""
    band_weight: float = 0.3
    """Weight of the age bands' loss, likewise."""
    band_column: str = "age"
    """Column of labels.csv with the bands."""
    even_by: tuple[str, ...] = ()
    """Columns of labels.csv: each combination of their values and the class is a cell, and faces of rare cells are
    shown more often. Never a target."""
    even_power: float = 0.4
    """How much more: see ``train.data.batches.evened_order``."""
    hard_power: float = 0.0
    """How much more often faces are shown of the cells that the teacher is wrong about: in proportion to the share of
    errors in the cell to this power."""
    fair_labels_by: tuple[str, ...] = ()
    """Columns of labels.csv: the teacher's labels are shifted until they expect each class among the faces of each of
    their values as often as it was given. A teacher that calls too many women of a group male does not pass that on."""
    headwear: float = 0.0
    """How often something is drawn over hair and forehead, 0 to 1."""


@dataclass(frozen=True)
class ExportSettings:
    """Quantization and the choice of thresholds, on the development faces."""

    size: int = 128
    calibration_faces: int = 400
    coverage: float = 0.9
    """Least share of faces that shall get a label; the rest is called unsure."""


@dataclass(frozen=True)
class Settings:
    """A whole run."""

    name: str = "gender"
    task: str = "the gender that a face is perceived as"
    data: tuple[str, ...] = ()
    """Labelled sets: zips or folders, as ``train.readers`` lists them."""
    label: str | None = None
    """Column of labels.csv to learn; None for the usual names."""
    unlabelled: tuple[str, ...] = ()
    """Sets for the pool whose labels are not used."""
    exclude: tuple[str, ...] = ()
    """Sets to be measured on later: faces that look like one of theirs are dropped."""
    mask_boxes: str | None = None
    """A set with boxes.csv of masked and bare faces."""
    mask_templates: str | None = None
    """Zip of mask pictures to draw; generated masks are always used."""
    inception_weights: str | None = None
    """Folded ImageNet weights (npz); None lets keras.applications fetch its own; ``RANDOM_WEIGHTS`` uses none."""
    mobilenet_weights: str | None = None
    """Likewise for the student."""
    start_model: str | None = None
    """An exported .tflite file with its card: the student goes on from its weights, and its labels are the teacher's;
    no teacher is trained, unless ``teacher.beside_start`` says so, and no pretrained weights are needed."""
    given_labels_only: bool = False
    """Train no teacher: the student learns from the given labels. ``start_model`` may then have other labels."""
    face_weights: str | None = None
    """Folded weights of a face network (npz) that gives labels and hints; see ``train.learning.face_network``."""
    seed: int = 1
    prepare: PrepareSettings = field(default_factory=PrepareSettings)
    teacher: TeacherSettings = field(default_factory=TeacherSettings)
    hints: HintSettings = field(default_factory=HintSettings)
    student: StudentSettings = field(default_factory=StudentSettings)
    export: ExportSettings = field(default_factory=ExportSettings)

    @property
    def has_teacher(self) -> bool:
        """Whether an Inception v3 is trained to label the faces."""
        return not self.given_labels_only and (self.start_model is None or self.teacher.beside_start)


def save_settings(settings: Settings, path: Path) -> None:
    """Write settings as JSON."""
    replace_json(path, dataclasses.asdict(settings))


def load_settings(path: Path) -> Settings:
    """Read settings from JSON; what is not named keeps its default.

    Raises:
        TrainError: the file is missing or damaged, or names a setting that does not exist.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        settings: Settings = _build(Settings, document)
    except OSError as error:
        raise TrainError(f"settings '{path}' cannot be read: {error.strerror or error}") from None
    except (ValueError, TypeError, KeyError) as error:
        raise TrainError(f"settings '{path}' are refused: {error}") from None
    return settings


_PARTS: dict[str, Any] = {
    "prepare": PrepareSettings,
    "teacher": TeacherSettings,
    "hints": HintSettings,
    "student": StudentSettings,
    "export": ExportSettings,
}


# Names that settings had in an earlier version.
_OLD_NAMES = {"covered": "occluded", "covered_share": "occluded_share"}


def _build(kind: Any, document: Any) -> Any:
    if not isinstance(document, dict):
        raise ValueError(f"{kind.__name__} is no JSON object")
    document = {_OLD_NAMES.get(name, name): value for name, value in document.items()}
    known = {entry.name for entry in dataclasses.fields(kind)}
    unknown = sorted(set(document) - known)
    if unknown:
        raise ValueError(f"there is no setting '{unknown[0]}'")
    values: dict[str, Any] = {}
    for name, value in document.items():
        if kind is Settings and name in _PARTS:
            values[name] = _build(_PARTS[name], value)
        elif name == "quantized":
            values[name] = _build(StageSettings, value)
        elif name == "stages":
            values[name] = tuple(_build(StageSettings, stage) for stage in value)
        else:
            values[name] = tuple(value) if isinstance(value, list) else value
    return kind(**values)
