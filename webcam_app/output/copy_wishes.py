"""What is wanted of an annotated copy, and who follows the work on it: apart from what decodes and encodes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from webcam_app.capture.frame import Frame, Image
from webcam_app.faces.face import Face
from webcam_app.output.cover import CoverKind
from webcam_app.output.overlay import OverlayStyle


@dataclass(frozen=True, slots=True)
class CopyWishes:
    """What a copy is to be like.

    Attributes:
        style: how the overlay looks.
        duration: seconds after which to stop, None for the end of the source.
        cover: how faces are covered, None for not at all; from half a second before they are found.
    """

    style: OverlayStyle = field(default_factory=OverlayStyle)
    duration: float | None = None
    cover: CoverKind | None = None


class CopyWatch:
    """Follows the work on a copy; this one does nothing."""

    def stopped(self) -> bool:
        """Asked before each frame: whether the copy is to end here."""
        return False

    def done(self, frame: Frame, faces: Sequence[Face]) -> None:
        """A frame was looked at."""

    def written(self, picture: Image) -> None:
        """This picture is being written; not to be changed."""

    def remark(self, text: str) -> None:
        """What a person should know of a picture."""

    def whole(self) -> AbstractContextManager[None]:
        """Surrounds what must be done wholly or not at all."""
        return nullcontext()
