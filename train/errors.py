"""Errors of the training pipeline; each message is one line for people, like those of ``webcam_app.errors``."""

from __future__ import annotations

from webcam_app.errors import WebcamAppError

_LINE_BREAKS = "\x7f\x85\u2028\u2029"


class DatasetError(WebcamAppError):
    """A data set is missing, damaged, has no layout that is known, or lacks a column that is needed."""

    def __init__(self, message: str) -> None:
        # Names and values from foreign tables are quoted in it, and may hold line breaks.
        super().__init__("".join(char if char >= " " and char not in _LINE_BREAKS else "?" for char in message))


class CollectError(WebcamAppError):
    """Pictures cannot be collected: no network, no results, or the target folder cannot be written."""


class TrainError(WebcamAppError):
    """A step cannot run: its settings make no sense, or what an earlier step makes is missing."""


class SortError(WebcamAppError):
    """Pictures cannot be labelled by hand: none there, or a decision cannot be kept."""
