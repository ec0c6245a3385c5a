"""Everything but the pictures of a video file, sound and subtitles, taken over into another along with them."""

from __future__ import annotations

import heapq
from typing import Any

import av

from webcam_app.errors import first_line
from webcam_app.output.sound import sound_track
from webcam_app.output.subtitles import subtitle_track
from webcam_app.output.track import Span, Track, TrackError, codec_name
from webcam_app.output.track_readers import TrackReader

# Tracks that lie apart in the file are read ahead of each other, but not without bounds.
MAX_READ_AHEAD_PACKETS = 2000
READ_AHEAD_SECONDS = 1.0
MAX_TRACKS = 64
LONG_LEAD_SECONDS = 0.25


class Tracks:
    """The sound and subtitles of a file, read along with the pictures. One thread."""

    def __init__(self, reader: TrackReader, output: av.container.OutputContainer, format_name: str, span: Span) -> None:
        """Add a stream to the output for each track.

        Args:
            reader: gives the packets; closed by ``close``.
            output: where they go; its header must not be written yet.
            format_name: the output's format: mp4, mov or matroska.
            span: the part that is taken over.
        """
        self.problems: list[str] = []
        self._output, self._span = output, span
        self._reader = reader
        self._tracks: dict[Any, Track] = {}
        self._waiting: list[tuple[float, int, Track, Any, float]] = []
        self._queued: dict[Any, float] = {}
        self._count = 0
        self._over = False
        self._read_until: dict[Any, float] = {}
        """Of each sound track, how far it was read, in seconds of the output."""
        self._add_tracks(format_name)
        reader.choose(self._tracks)

    def finish(self, end: float) -> None:
        """Write all that is left, what is live up to the end of the pictures.

        Args:
            end: of the pictures, on the output's clock.

        Raises:
            OSError: the output takes no more.
        """
        self.mux_until(end if self._span.end is None and self._reader.live else self._span.end)
        for track in self._tracks.values():
            self._mux(track, track.rest())
        self._tracks.clear()

    def mux_until(self, until: float | None) -> None:
        """Write what lies before a moment.

        Args:
            until: on the output's clock; None for the end of all.

        Raises:
            OSError: the output takes no more.
        """
        while not self._over and not self.reach_beyond(until) and self._read_one():
            pass
        while self._waiting and (until is None or self._waiting[0][0] <= until):
            _, _, track, packet, time = heapq.heappop(self._waiting)
            self._mux(track, track.take(packet, time))

    def close(self) -> None:
        """Let the input go."""
        self._waiting.clear()
        self._reader.close()
        for problem in self._reader.problems:
            self._note(problem)

    def _add_tracks(self, format_name: str) -> None:
        makers: list[tuple[Any, Any]] = [(stream, sound_track) for stream in self._reader.sound]
        makers += [(stream, subtitle_track) for stream in self._reader.subtitles]
        for stream, make in makers[:MAX_TRACKS]:
            what = "sound" if make is sound_track else "subtitles"
            try:
                self._tracks[stream] = make(stream, self._output, format_name, self._span)
            except (TrackError, OSError, ValueError, av.FFmpegError) as error:
                self._note(f"the {what}{_described(stream)} could not be taken over: {first_line(error)}")
            else:
                if make is sound_track:
                    self._read_until[stream] = float("-inf")

    def reach_beyond(self, until: float | None) -> bool:
        """Whether all that lies before a moment was read, or as much as is kept.

        Args:
            until: on the output's clock; None for the end.
        """
        if until is None:
            return False
        if len(self._waiting) >= MAX_READ_AHEAD_PACKETS:
            return True
        times = self._read_until.values() if self._read_until else [time for time, *_ in self._waiting[-1:]]
        return bool(times) and (min(times) > until or max(times) > until + READ_AHEAD_SECONDS)

    def _read_one(self) -> bool:
        """Returns whether there was one."""
        packet = self._reader.read()
        if packet is None:
            self._over = not self._reader.goes_on
            return False
        track = self._tracks.get(packet.stream)
        if track is None or not packet.size:
            return True
        time = track.time(packet)
        stream = packet.stream
        if stream in self._read_until and not packet.is_discard:  # what the file itself cuts off
            first = self._read_until[stream] == float("-inf")
            if first and time < -LONG_LEAD_SECONDS and not self._reader.live:  # a stream is always joined late
                self._note(f"the first {-time:.1f} s of the sound, before the first picture, are not heard")
            self._read_until[stream] = time
        self._count += 1
        # A decoder takes a track's packets in the file's order, whatever their times.
        self._queued[stream] = max(time, self._queued.get(stream, time))
        heapq.heappush(self._waiting, (self._queued[stream], self._count, track, packet, time))
        return True

    def _mux(self, track: Track, packets: list[Any]) -> None:
        for packet in packets:
            try:
                self._output.mux(packet)
            except ValueError as error:  # FFmpeg's word for data that the container does not take
                self._note(f"a part of the {track.name} track could not be taken over: {first_line(error)}")

    def _note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _described(stream: Any) -> str:
    language = f", {stream.language}" if stream.language and stream.language != "und" else ""
    try:
        return f" ({codec_name(stream)}{language})"
    except TrackError:
        return language
