"""Videos with changed bytes: annotated or refused in one line, without a crash, a hang or anything left behind."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
# 10,000 take about half an hour.
INPUTS = int(os.environ.get("WEBCAM_APP_TEST_FUZZ", "60"))


@pytest.mark.usefixtures("squares")
@pytest.mark.parametrize(("name", "sound"), [("in.mp4", "aac"), ("in.mkv", "ac3"), ("in.avi", "pcm_s16le")])
def test_changed_bytes_are_no_crash(
    tmp_path: Path, make_video: Callable[..., Path], run: Run, name: str, sound: str
) -> None:
    source = make_video(name, times=[number / 25 for number in range(8)], size=(64, 48), sound=sound, sound_seconds=0.3)
    whole = source.read_bytes()
    # The header tells more than the pictures: three of four changes go there.
    header = slice(whole.index(b"moov"), len(whole)) if name == "in.mp4" else slice(0, min(len(whole), 2000))
    out = tmp_path / "out.mp4"
    for seed in range(max(1, INPUTS // 3)):
        chance = random.Random(seed)
        content = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            part = header if chance.random() < 0.75 else slice(0, len(whole))
            place = chance.randrange(part.start, part.stop)
            content[place] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
        if chance.random() < 0.2:
            del content[chance.randrange(len(content)) :]
        source.write_bytes(content)
        code, _, complaints = run("annotate", source, "-o", out, "--overwrite", "--duration", "60")
        assert code in (0, 1), seed
        assert "Traceback" not in complaints, seed
        assert "unexpected error" not in complaints, (seed, complaints)
        assert out.exists() == (code == 0), seed
        out.unlink(missing_ok=True)
        assert [path.name for path in tmp_path.iterdir()] == [name], seed
