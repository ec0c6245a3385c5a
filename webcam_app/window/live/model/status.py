"""The network of the live picture, and why there are no labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from webcam_app.window.core_texts import told
from webcam_app.window.translation import tr
from webcam_app.window.widgets.banner import Banner, Severity

if TYPE_CHECKING:
    from webcam_app.faces.labelling.card import ModelCard

MODEL, ANALYSIS = "model", "analysis"


class ModelStatus:
    """Keeps the network's card and shows a message while it gives no labels.

    Attributes:
        card: the network's card; None without a network or before it is loaded.
        problem: why there is none, or not the one that was wanted; empty otherwise.
    """

    def __init__(self, banner: Banner) -> None:
        self._banner = banner
        self.forget: Callable[[], None] = lambda: None
        """Makes the next start begin with the built-in model."""
        self.card: ModelCard | None = None
        self.problem = ""
        self._analysis_problem = ""

    def on_loaded(self, card: ModelCard | None, problem: str) -> None:
        """The network was loaded, or refused."""
        self.card, self.problem = card, problem
        if problem and card is not None:
            text = tr("The model that was opened last cannot be used, the built-in one labels: {problem}")
            text = text.format(problem=told(problem))
            self._banner.show_message(MODEL, text, Severity.WARNING, [(tr("Forget it"), self.forget)])
        elif problem:
            text = tr("Faces stay without labels: {problem}").format(problem=told(problem))
            self._banner.show_message(MODEL, text, Severity.WARNING)
        else:
            self._banner.clear_message(MODEL)

    def show_analysis_problem(self, problem: str) -> None:
        """Show once why the analysis fails at present: a message that was closed does not come back every second."""
        if problem == self._analysis_problem:
            return
        self._analysis_problem = problem
        if problem and problem != self.problem:
            text = tr("The picture goes on without labels: {problem}").format(problem=told(problem))
            self._banner.show_message(ANALYSIS, text, Severity.WARNING)
        else:
            self._banner.clear_message(ANALYSIS)
