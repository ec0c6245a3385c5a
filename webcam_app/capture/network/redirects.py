"""Detects redirects before FFmpeg connects: it would follow them anywhere, and send the password along."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urljoin, urlsplit

from webcam_app.capture.text import printable, without_password
from webcam_app.errors import SourceError, SourceNotFoundError

PROBE_TIMEOUT_SECONDS = 3.0
DEFAULT_RTSP_PORT = 554
MAX_RESPONSE_BYTES = 4096

_REDIRECTED = "{name} sends you on to {target}. Give that address if you trust it."


def refuse_http_redirect(url: str, name: str) -> None:
    """Request an HTTP address, and no other, to see whether it redirects.

    Args:
        url: the address.
        name: the address without its password, for the message.

    Raises:
        SourceError: it redirects.
    """
    target = _http_redirect(url)
    if target is not None:
        raise SourceError(_REDIRECTED.format(name=name, target=without_password(target)))


def refuse_rtsp_redirect(url: str, name: str) -> None:
    """Probe an RTSP server, without the password in the address, for a redirect: FFmpeg always follows them.

    Args:
        url: the address.
        name: the address without its password, for the message.

    Raises:
        SourceError: the server redirects, or does not answer.
        SourceNotFoundError: nothing answers.
    """
    parts = urlsplit(url)
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    request = f"DESCRIBE {bare} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n"
    try:
        address = (parts.hostname or "", parts.port or DEFAULT_RTSP_PORT)
        with socket.create_connection(address, PROBE_TIMEOUT_SECONDS) as connection:
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
        raise SourceError(_REDIRECTED.format(name=name, target=without_password(target)))


def _http_redirect(url: str) -> str | None:
    """Where a GET is redirected to; None where it is not, or the probe fails."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme.lower() == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=PROBE_TIMEOUT_SECONDS)
        try:
            connection.request("GET", parts._replace(scheme="", netloc="", fragment="").geturl() or "/")
            response = connection.getresponse()
            location = response.getheader("Location")
            return urljoin(url, location) if 300 <= response.status < 400 and location else None
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        return None
