"""Errors of the training pipeline; each message is one line for people, like those of ``webcam_app.errors``."""

from __future__ import annotations

from webcam_app.errors import WebcamAppError


class DatasetError(WebcamAppError):
    """A data set is missing, damaged, has no layout that is known, or lacks a column that is needed."""


class CollectError(WebcamAppError):
    """Pictures cannot be collected: no network, no results, or the target folder cannot be written."""


class TrainError(WebcamAppError):
    """A step cannot run: its settings make no sense, or what an earlier step makes is missing."""
