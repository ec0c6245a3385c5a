"""Detects redirects before FFmpeg connects: it would follow them anywhere, and send the password along."""

from __future__ import annotations

import socket

from webcam_app.capture.network.address import DEFAULT_PORTS, Address
from webcam_app.capture.network.fetching import REDIRECTED, ask, refusal
from webcam_app.capture.text import printable, without_password
from webcam_app.errors import SourceError, SourceNotFoundError

PROBE_TIMEOUT_SECONDS = 3.0
MAX_RESPONSE_BYTES = 4096


def refuse_http_redirect(address: Address) -> None:
    """Request an HTTP address, and no other, to see whether it redirects.

    Raises:
        SourceError: it redirects.
    """
    try:
        with ask(address, PROBE_TIMEOUT_SECONDS) as answer:
            problem = refusal(address, answer) if 300 <= answer.status < 400 else None
    except (OSError, ValueError):
        return
    if problem is not None:
        raise problem


def refuse_rtsp_redirect(address: Address) -> None:
    """Probe an RTSP server, without the password in the address, for a redirect: FFmpeg always follows them.

    Raises:
        SourceError: the server redirects, or does not answer.
        SourceNotFoundError: nothing answers.
    """
    name = address.name
    request = f"DESCRIBE {address.bare} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n"
    try:
        place = (address.host, address.port or DEFAULT_PORTS["rtsp"])
        with socket.create_connection(place, PROBE_TIMEOUT_SECONDS) as connection:
            connection.sendall(request.encode())
            response = connection.recv(MAX_RESPONSE_BYTES).decode("utf-8", "replace")
    except (ConnectionRefusedError, socket.gaierror):
        raise SourceNotFoundError(f"Nothing answers at {name}. Is the camera on, and the address right?") from None
    except TimeoutError:
        raise SourceError(f"{name} did not answer. Is the camera on?") from None
    except (OSError, ValueError) as error:
        raise SourceError(f"{name} cannot be opened ({printable(str(error))}). Check the address.") from None
    lines = response.splitlines()
    status = lines[0].split() if lines else []
    if len(status) > 1 and status[1].startswith("3"):
        target = next((line.partition(":")[2].strip() for line in lines if line.lower().startswith("location:")), "?")
        raise SourceError(REDIRECTED.format(name=name, target=without_password(target)))
