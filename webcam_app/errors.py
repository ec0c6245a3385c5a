"""The errors that reach a person.

Each message is one line that says what is wrong, with which file or device, and what to do. They are raised where the
fault is found and caught only at the edges: ``cli`` prints them and exits with 1, ``window`` shows them in its banner.
Of a library's own error, ``first_line`` is quoted.
"""

from __future__ import annotations

import re
from typing import TypeVar

E = TypeVar("E", bound=BaseException)

_SECRETS = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*://)[^\s'\"]*@")


class WebcamAppError(Exception):
    """Base of every error whose text is written for people."""


class SourceError(WebcamAppError):
    """A camera, file, stream or folder cannot deliver frames."""


class SourceNotFoundError(SourceError):
    """There is no such camera, file or folder."""


class SourceBusyError(SourceError):
    """Another program holds the camera."""


class SourcePermissionError(SourceError):
    """The system does not let this user read the camera or file."""


class SourceLostError(SourceError):
    """A source that was delivering stopped: pulled out, frozen, connection gone. Opening it again may help."""


class PictureError(WebcamAppError):
    """A picture file cannot be decoded, or is too large to be decoded safely."""


class ModelError(WebcamAppError):
    """The network, its card or a cascade is missing, damaged, or does not fit the other."""


class InferenceError(WebcamAppError):
    """The network failed on a crop, or answered with numbers that are no probabilities."""


class TeachingError(WebcamAppError):
    """A model cannot be taught from what was given: too few classes or pictures, or a folder that is none."""


class ClusterError(WebcamAppError):
    """Other machines cannot label photographs: no such scheduler, or workers that do not have what this machine has."""


class RecordingError(WebcamAppError):
    """The recording cannot be started, or had to stop; what was written before is closed and playable."""


class OutputError(WebcamAppError):
    """A table or picture cannot be written."""


class VirtualCameraError(WebcamAppError):
    """Other programs cannot be shown the picture as a camera, or cannot any more; the picture itself goes on."""


def first_line(error: BaseException) -> str:
    """The first line of a foreign error's text, or its class where it has none: libraries write paragraphs."""
    return without_passwords((str(error).strip().splitlines() or [type(error).__name__])[0])


def without_passwords(message: str) -> str:
    """A message of a library, which may quote an address, without the user name and password in that."""
    return _SECRETS.sub(r"\1", message)


def without_frames(error: E) -> E:
    """The error as it is kept for later: without traceback, cause and context.

    A traceback holds the frames that it went through, and these what they held: the source, its decoder, pictures.
    Where one of them holds the error again, all that stays until the garbage collector comes, which may be minutes.
    """
    error.__traceback__ = error.__cause__ = error.__context__ = None
    return error
