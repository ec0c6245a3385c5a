"""What is asked about a photograph, of whom, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from webcam_app.faces.face import Face


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture file to be labelled.

    Attributes:
        path: as the person named it; messages name it so.
        copy: where its labelled copy goes; None for none.
        place: where it is, if not at ``path``; None if it is.
    """

    path: Path
    copy: Path | None = None
    place: Path | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen in a photograph.

    Attributes:
        path: as the person named it.
        faces: from left to right.
        error: why it could not be read, one line; empty where it could.
        remark: what is wrong with a picture that was read all the same; empty where nothing is.
        problem: why a network failed, so that faces or their labels are missing; empty where none did.
        copy: the labelled copy as a JPEG or PNG file, where it has to be written by whoever asked; else None.
    """

    path: Path
    faces: tuple[Face, ...] = ()
    error: str = ""
    remark: str = ""
    problem: str = ""
    copy: bytes | None = None

    @property
    def read(self) -> bool:
        """Whether the file could be read."""
        return not self.error


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the workers are, and how they get the pictures.

    Attributes:
        address: of the scheduler, like ``tcp://host:8786``.
        send: pictures are sent to the workers; otherwise these read them at the same paths, from storage that is
            shared.
    """

    address: str
    send: bool = False
