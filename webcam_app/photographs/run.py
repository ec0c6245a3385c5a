"""What every way of labelling photographs promises."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType

from webcam_app.faces.labelling.card import ModelCard
from webcam_app.photographs.results import Looked


class PhotographRun(ABC):
    """Photographs that are being labelled.

    Iterating gives a ``Looked`` for each photograph, in their order, in the thread that iterates; more than one thread
    must not. Photographs are taken from the input as they are needed, so that neither their number nor their size
    decides how much memory is used. To be closed, or used as a context manager: that ends what was started.
    """

    @property
    @abstractmethod
    def card(self) -> ModelCard | None:
        """The network's card, None where there is no network; waits until it is loaded.

        Raises:
            WebcamAppError: it cannot be loaded.
        """

    @abstractmethod
    def __iter__(self) -> Iterator[Looked]:
        """Each photograph's result.

        Raises:
            WebcamAppError: a network cannot be loaded, or a labelled copy cannot be written. A photograph that cannot
                be read is no error here but a ``Looked`` with one.
        """

    @abstractmethod
    def cancel(self) -> None:
        """Let the iteration end after the photographs that are done. May be called from any thread."""

    @abstractmethod
    def close(self) -> None:
        """End what was started, without waiting for photographs that are being worked on."""

    def __enter__(self) -> PhotographRun:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
