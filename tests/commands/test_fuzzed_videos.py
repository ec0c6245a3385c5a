"""Videos with changed headers, lengths and times: annotated or refused in one line, and nothing is left behind.

``python -m tests.commands.fuzz_videos`` runs many more of the same in a process that is watched for crashes, hangs and
growth.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.commands.fuzz_videos import KINDS, fault_of, mutated, sources

INPUTS = int(os.environ.get("WEBCAM_APP_TEST_FUZZ", "76"))


def test_changed_videos_are_no_crash(tmp_path: Path) -> None:
    whole = sources(tmp_path)
    assert {kind.name for kind, _ in whole} >= {"in.mp4", "in.mkv", "in.avi", "in.asf", "in.ts", "in.flv", "in.h264"}
    faults = {number: fault for number in range(INPUTS) if (fault := fault_of(number, whole, tmp_path)[1])}
    assert faults == {}


def test_videos_are_of_every_kind_and_all_are_changed(tmp_path: Path) -> None:
    whole = sources(tmp_path)
    assert len(whole) >= len(KINDS) - 3  # not every FFmpeg has all encoders
    for number, (kind, content) in enumerate(whole):
        name, changed = mutated(number, whole)
        assert name == kind.name
        assert changed != content
        assert mutated(number, whole) == (name, changed)


def test_a_stream_that_begins_on_the_way_is_no_crash(tmp_path: Path) -> None:
    whole = sources(tmp_path)
    if len(whole) != len(KINDS):
        pytest.skip("this FFmpeg lacks an encoder, and the number stands for another video")
    assert fault_of(403986, whole, tmp_path)[1] is None
