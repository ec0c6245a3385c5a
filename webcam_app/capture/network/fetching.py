"""Requests over HTTP that FFmpeg does not make: to look where an address leads, for snapshots and playlists."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import IO, Any

from webcam_app.capture.network.address import ESCAPES, Address
from webcam_app.errors import SourceError, SourceLostError, SourceNotFoundError, SourcePermissionError

REDIRECTED = "{name} sends you on to {target}. Give that address if you trust it."


class Answer:
    """What a server answered. The content is read while it arrives."""

    def __init__(self, status: int, headers: Mapping[str, str], body: IO[bytes]) -> None:
        self.status = status
        self.headers = headers
        self._body = body

    @property
    def kind(self) -> str:
        """What the server says that the content is: ``image/jpeg``; empty where it says nothing."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes, all for -1; none at the end.

        Raises:
            OSError: the connection broke or timed out.
        """
        try:
            return self._body.read(size)
        except http.client.HTTPException as error:
            raise ConnectionResetError(str(error) or "the answer is cut off") from None

    def close(self) -> None:
        """Let the connection go."""
        with contextlib.suppress(OSError):
            self._body.close()

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ask(address: Address, timeout: float, headers: Mapping[str, str] | None = None) -> Answer:
    """Request an address with its name and password; redirects are not followed.

    Args:
        address: ``http`` or ``https``.
        timeout: seconds that a connection, or a read of the answer, may take.
        headers: more of the request.

    Raises:
        OSError: no connection, or no answer within the time.
        ValueError: what answers does not speak HTTP, or the address cannot be asked for.
    """
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    if address.user is not None:
        passwords.add_password(None, address.bare, address.user, address.password or "")
    # Cameras sign their own certificates; FFmpeg, which gets the same password, does not check them either.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=context),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Digest(passwords),
        urllib.request.HTTPBasicAuthHandler(passwords),
    ):
        opener.add_handler(handler)
    request = urllib.request.Request(address.bare, headers={"User-Agent": "webcam-app", **(headers or {})})
    try:
        answer: Any = opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        answer = error
    except urllib.error.URLError as error:
        raise error.reason if isinstance(error.reason, OSError) else OSError(str(error.reason)) from None
    except http.client.HTTPException as error:
        raise ValueError(f"no HTTP ({type(error).__name__})") from None
    return Answer(answer.status, answer.headers, answer)


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Takes passwords with letters that are not in ASCII, which the standard library's own does not."""

    def get_algorithm_impls(self, algorithm: str) -> tuple[Any, Any]:
        kinds = {"MD5": hashlib.md5, "SHA": hashlib.sha1, "SHA-256": hashlib.sha256}
        make = kinds.get(algorithm)
        if make is None:
            raise ValueError("an unknown way to ask for a password")

        def digest(text: str) -> str:
            return str(make(text.encode()).hexdigest())

        return digest, lambda secret, data: digest(f"{secret}:{data}")


def refusal(address: Address, answer: Answer) -> SourceError | None:
    """Why an answer is not what was asked for, or None where it is."""
    status = answer.status
    if 300 <= status < 400 and "Location" in answer.headers:
        target = address.joined(answer.headers["Location"])
        return SourceError(REDIRECTED.format(name=address.name, target=target.name))
    if status in (401, 403):
        return not_let_in(address, asked=status == 401)
    if status in (404, 410):
        return SourceNotFoundError(f"There is nothing at {address.name} ({status}). Check the address.")
    if status >= 400:
        return SourceLostError(f"{address.name} reports a fault of its own ({status}). Try again later.")
    return None


def not_let_in(address: Address, *, asked: bool) -> SourcePermissionError:
    """The error of a server that lets nobody in, or not with this name and password.

    Args:
        address: what was asked for.
        asked: whether the server asked for name and password (401), instead of refusing whoever comes (403).
    """
    if address.user is not None:
        return SourcePermissionError(f"{address.name} refuses this name and password. Check both; in them, {ESCAPES}.")
    if not asked:
        return SourcePermissionError(
            f"{address.name} refuses to be seen by whoever asks. With a name and a password, write it as "
            f"{address.scheme}://name:password@host/…"
        )
    return SourcePermissionError(
        f"{address.name} asks who you are. Write it as {address.scheme}://name:password@host/…; in both, {ESCAPES}."
    )
