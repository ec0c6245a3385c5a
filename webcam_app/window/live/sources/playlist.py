"""Several files that were opened together."""

from __future__ import annotations

from collections.abc import Sequence

from webcam_app.window.live.sources.choices import SourceChoice


class Playlist:
    """Files in the order in which they were named, and which of them is shown."""

    def __init__(self, choices: Sequence[SourceChoice] = ()) -> None:
        self.choices = tuple(dict.fromkeys(choices))
        self._position = 0

    def select(self, choice: SourceChoice) -> bool:
        """Note that one of them is shown; returns whether it is one of them."""
        if choice not in self.choices:
            return False
        self._position = self.choices.index(choice)
        return True

    def at(self, step: int) -> SourceChoice | None:
        """The one so many steps after the one that is shown, None beyond either end."""
        position = self._position + step
        return self.choices[position] if 0 <= position < len(self.choices) else None
