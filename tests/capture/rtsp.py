"""A camera that speaks RTSP: H.264 over the connection itself (TCP), with a name and a password if asked to.

It can also send a clip with sound, its clocks set in sender reports as RFC 3550 has it.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import socketserver
import struct
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from tests.capture.fakes import picture

RATE = 25
PICTURES, SOUND = 0, 1
SOUND_KINDS = {
    "pcm_mulaw": "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 PCMU/{rate}/1\r\n",
    "aac": (
        "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/{rate}/1\r\na=fmtp:97 streamtype=5;profile-level-id=1;"
        "mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config={config}\r\n"
    ),
}


@dataclass(frozen=True)
class Clip:
    """What a camera sends instead of its pictures: a file of H.264 whose pictures repeat the headers, and of sound."""

    payloads: list[tuple[int, float, list[bytes]]]
    """Track, time in seconds and RTP payloads, in the file's order."""
    rate: int
    description: str

    @classmethod
    def of(cls, path: Path) -> Clip:
        """Take a Matroska file with a track of each."""
        payloads = []
        with av.open(str(path)) as container:
            voice: Any = container.streams.audio[0]
            codec = voice.codec_context.codec.canonical_name
            for packet in container.demux():
                if not packet.size or packet.pts is None or packet.time_base is None:
                    continue
                content, time = bytes(packet), float(packet.pts * packet.time_base)
                if packet.stream_index == voice.index:
                    head = struct.pack(">HH", 16, len(content) << 3) if codec == "aac" else b""
                    payloads.append((SOUND, time, [head + content]))
                else:
                    payloads.append((PICTURES, time, _with_lengths(content)))
            config = bytes(voice.codec_context.extradata or b"").hex()
            return cls(payloads, voice.rate, SOUND_KINDS[codec].format(rate=voice.rate, config=config))


def _with_lengths(content: bytes) -> list[bytes]:
    """The units of a picture as Matroska has them, each behind its length."""
    units = []
    while content:
        length = int.from_bytes(content[:4], "big")
        units.append(content[4 : 4 + length])
        content = content[4 + length :]
    return units


def _nal_units(frames: int) -> list[list[bytes]]:
    """The units of each picture of a stream in which every picture can be decoded by itself."""
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 64, 48, "yuv420p"
    encoder.framerate, encoder.gop_size = RATE, 1
    encoder.options = {"tune": "zerolatency", "preset": "ultrafast"}
    found = []
    for number in range(frames):
        frame = av.VideoFrame.from_ndarray(picture(number), format="bgr24").reformat(format="yuv420p")
        frame.pts = number
        for packet in encoder.encode(frame):
            found.append([unit for unit in re.split(b"\0\0\0?\1", bytes(packet)) if unit])
    return found


class RtspCamera:
    """Runs until ``close``. Gives ``frames`` pictures to each who asks, or a clip as fast as it is taken."""

    def __init__(
        self, *, frames: int = 40, user: str = "", password: str = "", digest: bool = False, clip: Clip | None = None
    ) -> None:
        self.requests: list[str] = []
        self._clip = clip
        self._pictures = _nal_units(frames) if clip is None else []
        self._secret, self._digest = (user, password), digest
        self.stop = threading.Event()
        camera = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    camera._serve(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def url(self, secret: str = "") -> str:
        at = f"{secret}@" if secret else ""
        return f"rtsp://{at}127.0.0.1:{self._server.server_address[1]}/live"

    def close(self) -> None:
        self.stop.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _serve(self, handler: socketserver.StreamRequestHandler) -> None:
        while first := handler.rfile.readline().decode():
            headers = {}
            while line := handler.rfile.readline().decode().strip():
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            method = first.split()[0]
            self.requests.append(f"{first.strip()} {headers.get('transport', '')}")
            more, body = self._answer(method, headers)
            status = "401 Unauthorized" if "WWW-Authenticate" in more else "200 OK"
            if method == "SETUP" and "TCP" not in headers.get("transport", ""):
                status = "461 Unsupported Transport"
            head = f"RTSP/1.0 {status}\r\nCSeq: {headers.get('cseq', '0')}\r\n{more}"
            handler.wfile.write((head + (f"Content-Length: {len(body)}\r\n\r\n{body}" if body else "\r\n")).encode())
            if method == "PLAY" and status.startswith("200"):
                if self._clip is not None:
                    self._play_clip(handler, self._clip)
                else:
                    self._play(handler)
                return

    def _answer(self, method: str, headers: dict[str, str]) -> tuple[str, str]:
        if method == "OPTIONS":
            return "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n", ""
        if not self._let_in(method, headers.get("authorization", "")):
            kind = 'Digest realm="cam", nonce="abc"' if self._digest else 'Basic realm="cam"'
            return f"WWW-Authenticate: {kind}\r\n", ""
        if method == "DESCRIBE":
            return "Content-Type: application/sdp\r\n", (
                "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=cam\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
                "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track0\r\n"
            ) + ("" if self._clip is None else f"{self._clip.description}a=control:track1\r\n")
        if method == "SETUP":
            return f"Session: 1\r\nTransport: {headers.get('transport', '')}\r\n", ""
        return "Session: 1\r\n", ""

    def _let_in(self, method: str, given: str) -> bool:
        user, password = self._secret
        if not user:
            return True
        if not self._digest:
            return given == "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        found = re.search(r'uri="([^"]+)"', given)
        first = hashlib.md5(f"{user}:cam:{password}".encode()).hexdigest()
        second = hashlib.md5(f"{method}:{found.group(1) if found else ''}".encode()).hexdigest()
        return hashlib.md5(f"{first}:abc:{second}".encode()).hexdigest() in given

    def _play(self, handler: socketserver.StreamRequestHandler) -> None:
        sequence = 0
        for number, units in enumerate(self._pictures):
            for unit in units:
                last = unit is units[-1]
                head = struct.pack(
                    ">BBHII", 0x80, 96 | (0x80 if last else 0), sequence, number * 90_000 // RATE, 0x1234
                )
                handler.wfile.write(b"$\0" + struct.pack(">H", len(head) + len(unit)) + head + unit)
                sequence += 1
            if self.stop.wait(1 / RATE):
                return

    def _play_clip(self, handler: socketserver.StreamRequestHandler, clip: Clip) -> None:
        rates, offsets, sequences = (90_000, clip.rate), (1_000_000, 77_777), [0, 0]
        for track in (PICTURES, SOUND):  # both clocks begin with the clip
            report = struct.pack(">BBHIQIII", 0x80, 200, 6, 0x1234 + track, 4_000_000_000 << 32, offsets[track], 0, 0)
            handler.wfile.write(b"$" + bytes([2 * track + 1]) + struct.pack(">H", len(report)) + report)
        for track, time, payloads in clip.payloads:
            for payload in payloads:
                mark = 0x80 if payload is payloads[-1] else 0
                moment = offsets[track] + round(time * rates[track])
                head = struct.pack(">BBHII", 0x80, 96 + track | mark, sequences[track], moment, 0x1234 + track)
                sequences[track] += 1
                content = head + payload
                handler.wfile.write(b"$" + bytes([2 * track]) + struct.pack(">H", len(content)) + content)
