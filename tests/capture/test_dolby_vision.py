"""Dolby Vision: without a picture for everybody it is refused in one line, with one it is HDR as any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest

from tests.capture.fakes import Server, corners, picture
from webcam_app.capture import open_source
from webcam_app.errors import SourceError

PLACEHOLDER = "a place for what is added to the pictures"


def write_hevc(path: Path, *, tag: bytes = b"", transfer: int = 2, profile: int | None = None) -> Path:
    """Ten pictures in HEVC.

    Args:
        path: the file, .mp4 or .mkv.
        tag: what MP4 calls them.
        transfer: the curve of brightness that they state, 2 for none, 16 for PQ, 18 for HLG.
        profile: of the Dolby Vision that Matroska states.
    """
    with av.open(str(path), "w") as container:
        container.metadata["title"] = PLACEHOLDER
        stream: Any = container.add_stream("libx265", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.options = {"preset": "ultrafast", "x265-params": "log-level=none"}
        if transfer != 2:
            stream.codec_context.color_trc, stream.codec_context.color_primaries = transfer, 9
            stream.codec_context.colorspace = 9
        for number in range(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture(number), format="bgr24")))
        container.mux(stream.encode(None))
    content = path.read_bytes()
    if tag:
        assert content.count(b"hev1") == 1
        content = content.replace(b"hev1", tag)
    if profile is not None:
        configuration = bytes([1, 0, profile << 1, 5]) + bytes(20)
        added = b"\x41\xe7\x84dvcC\x41\xed\x98" + configuration
        assert PLACEHOLDER.encode() in content
        content = content.replace(PLACEHOLDER.encode(), added.ljust(len(PLACEHOLDER), b"\0"))
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("tag", [b"dvh1", b"dvhe"])
def test_profile_5_in_mp4_is_refused_in_one_line(tag: bytes, tmp_path: Path, server: Server) -> None:
    path = write_hevc(tmp_path / "p5.mp4", tag=tag)
    server.serve_bytes("/p5.mp4", path.read_bytes(), "video/mp4")
    for spec in (str(path), server.url("/p5.mp4")):
        with pytest.raises(SourceError, match=r"p5.mp4 is Dolby Vision of profile 5") as complaint:
            open_source(spec)
        assert "\n" not in str(complaint.value)


def test_profile_5_in_matroska_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="profile 5"):
        open_source(str(write_hevc(tmp_path / "p5.mkv", profile=5)))


@pytest.mark.parametrize("transfer", [16, 18], ids=["8.1", "8.4"])
@pytest.mark.parametrize("tag", [b"", b"dvh1"], ids=["usual name", "its own name"])
def test_a_base_that_everybody_can_show_is_shown_as_hdr(transfer: int, tag: bytes, tmp_path: Path) -> None:
    with open_source(str(write_hevc(tmp_path / "p8.mp4", tag=tag, transfer=transfer))) as source:
        assert source.info.hdr
        assert len(list(iter(source.read, None))) == 10


def test_profile_8_and_plain_files_in_matroska_are_shown(tmp_path: Path) -> None:
    for name, profile in (("p8.mkv", 8), ("plain.mkv", None)):
        with open_source(str(write_hevc(tmp_path / name, profile=profile))) as source:
            frame = source.read()
        assert frame is not None and corners(frame.image) == corners(picture(0))
