"""What can be set on a camera, whatever the system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class ControlKind(Enum):
    """How a control is set."""

    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class CameraControl:
    """A property of a camera, with its present value.

    Attributes:
        id: what the system calls it.
        name: the same on every system and in the settings, such as ``white_balance``.
        label: what people read.
        kind: a number within bounds, a switch (0 or 1), or one of ``choices``.
        minimum, maximum, step, default, value: in the driver's own units; ``step`` is at least 1.
        choices: of a ``CHOICE``, value to text, in the driver's order; else empty.
        automatic: whether the camera decides the value by itself at present, because a switch says so.
        locked: whether it cannot be set at present for another reason, such as a running stream.
    """

    id: int
    name: str
    label: str
    kind: ControlKind
    minimum: int
    maximum: int
    step: int
    default: int
    value: int
    choices: Mapping[int, str] = field(default_factory=dict)
    automatic: bool = False
    locked: bool = False

    @property
    def settable(self) -> bool:
        """Whether setting it has an effect now."""
        return not self.automatic and not self.locked

    def nearest(self, value: int) -> int:
        """The value that the camera takes which is nearest to a wish; the default for a choice that it lacks."""
        if self.kind is ControlKind.CHOICE:
            return value if value in self.choices else self.default
        value = max(self.minimum, min(self.maximum, value))
        steps = round((value - self.minimum) / self.step)
        return self.minimum + min(steps, (self.maximum - self.minimum) // self.step) * self.step
