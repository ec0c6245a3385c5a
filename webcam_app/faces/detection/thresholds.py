"""From which log-odds a square of a photograph is called a face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webcam_app.faces.network_file import mapping_field, number_field

LARGEST_SIDE, LARGEST_LOG_ODDS = 1024.0, 100.0


@dataclass(frozen=True, slots=True)
class FaceThresholds:
    """Two thresholds: fewer pixels look like a face more often.

    Attributes:
        face: log-odds from which a square is a face.
        small: side in pixels below which more is asked for.
        small_face: log-odds from which a square smaller than that is a face.
    """

    face: float
    small: float
    small_face: float

    def least_log_odds(self, side: float) -> float:
        """Log-odds from which a square of a side in pixels is a face."""
        return self.small_face if side < self.small else self.face

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> FaceThresholds:
        """Those of a card.

        Raises:
            KeyError, TypeError, ValueError: a field is missing or makes no sense.
        """
        small = mapping_field(entry, "small")
        return cls(
            number_field(entry, "face", -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS),
            number_field(small, "below", 0.0, LARGEST_SIDE),
            number_field(small, "face", -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS),
        )
