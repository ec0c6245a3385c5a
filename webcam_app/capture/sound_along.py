"""Sound that comes along with the pictures of a stream without end, for whoever writes these down."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.packet import Packet

MAX_PACKETS = 1000
"""Twenty seconds of most codecs, four megabytes of samples as they are: what nobody takes is forgotten, the oldest
first. The live page records no sound of streams."""


class SoundAlong:
    """Packets of sound that were read on the way to the pictures: a second connection would give other moments.

    Belongs to one source, and to the thread that reads it.
    """

    def __init__(self, streams: Sequence[AudioStream]) -> None:
        """Begin without any.

        Args:
            streams: the tracks of sound, of the container that the source has open.
        """
        self.streams = tuple(streams)
        self._packets: deque[Packet[AudioStream]] = deque(maxlen=MAX_PACKETS)

    def put(self, packet: Packet[AudioStream]) -> None:
        """Keep the next packet."""
        if packet.size:  # at the end there are empty ones
            self._packets.append(packet)

    def take(self) -> Packet[AudioStream] | None:
        """The oldest packet that nobody has taken, None where there is none yet."""
        return self._packets.popleft() if self._packets else None
