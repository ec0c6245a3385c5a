"""A chain of FFmpeg's filters for frames whose size or kind may change on the way."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_RANGES = {1: "tv", 2: "pc"}


class FilterChain:
    """Filters one after the other, set up for the frames that come. One thread uses it."""

    def __init__(self, steps: Sequence[tuple[str, dict[str, str]]]) -> None:
        """Prepare.

        Args:
            steps: names of filters, each with its options.
        """
        self._steps = steps
        self._graph: Any = None
        self._kind: tuple[object, ...] = ()

    def fits(self, frame: VideoFrame) -> bool:
        """Whether the filters are set up for frames of this kind: ``push`` would set them up anew, without memory."""
        return self._graph is not None and _kind_of(frame) == self._kind

    def push(self, frame: VideoFrame) -> None:
        """Give the filters a frame.

        Raises:
            av.FFmpegError: they take no such frame.
        """
        if not self.fits(frame):
            self._set_up(frame)
        self._graph.push(frame)

    def frames(self) -> list[VideoFrame]:
        """The frames that are ready."""
        import av

        found: list[VideoFrame] = []
        while self._graph is not None:
            try:
                found.append(self._graph.vpull())
            except (av.BlockingIOError, av.EOFError):
                break
        return found

    def drain(self) -> list[VideoFrame]:
        """The frames that the filters still hold. Afterwards they begin anew."""
        if self._graph is None:
            return []
        self._graph.push(None)
        found = self.frames()
        self._graph = None
        return found

    def _set_up(self, frame: VideoFrame) -> None:
        from av.filter import Graph

        graph = Graph()
        base = frame.time_base or Fraction(1, 90_000)
        options = {
            "video_size": f"{frame.width}x{frame.height}",
            "pix_fmt": frame.format.name,
            "time_base": f"{base.numerator}/{base.denominator}",
            "pixel_aspect": "1/1",
            "colorspace": str(int(frame.colorspace)),
            "range": _RANGES.get(int(frame.color_range), "unknown"),
        }
        last = graph.add("buffer", **options)
        for name, step in self._steps:
            following = graph.add(name, **step)
            last.link_to(following)
            last = following
        sink = graph.add("buffersink")
        last.link_to(sink)
        graph.configure()
        self._graph, self._kind = graph, _kind_of(frame)


def _kind_of(frame: VideoFrame) -> tuple[object, ...]:
    return (frame.width, frame.height, frame.format.name, frame.time_base, frame.colorspace, frame.color_range)
