"""A machine on which the features network sees colours and the detector squares."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.teaching.fakes import SquareFinder, install


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The features network that sees colours, in place; its path."""
    monkeypatch.setattr("webcam_app.teaching.describing.FaceAnalyzer", SquareFinder)
    folder = tmp_path / "network"
    folder.mkdir()
    return install(monkeypatch, folder)
