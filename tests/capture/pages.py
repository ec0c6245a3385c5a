"""Pages for the tests' web server: single pictures, and what asks for a name and a password."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

from tests.capture.fakes import Server
from webcam_app.capture import open_source
from webcam_app.capture.frame import Frame


def lock(server: Server, page: str, user: str, password: str, *, digest: bool = False) -> None:
    """Ask for name and password before a page is given."""
    inner = server.pages[page]

    def answer(request: BaseHTTPRequestHandler) -> None:
        given = request.headers.get("Authorization", "")
        if digest:
            right = given.startswith("Digest") and _digest(given, user, password) in given
            challenge = 'Digest realm="cam", nonce="abc", qop="auth", algorithm=MD5'
        else:
            right = given == "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
            challenge = 'Basic realm="cam"'
        if right:
            inner(request)
            return
        request.send_response(401)
        request.send_header("WWW-Authenticate", challenge)
        request.send_header("Content-Length", "0")
        request.end_headers()

    server.pages[page] = answer


def _digest(given: str, user: str, password: str) -> str:
    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    def part(name: str) -> str:
        found = re.search(rf'\b{name}="?([^",]+)', given)
        return found.group(1) if found else ""

    first, second = md5(f"{user}:cam:{password}"), md5(f"GET:{part('uri')}")
    return md5(":".join([first, "abc", part("nc"), part("cnonce"), "auth", second]))


def frames_of(spec: str) -> list[Frame]:
    with open_source(spec) as source:
        return [frame for frame in iter(source.read, None) if frame is not None]


def serve_pictures(server: Server, page: str, contents: Iterator[bytes], kind: str = "image/jpeg") -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        content = next(contents)
        request.send_response(200)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    server.pages[page] = answer
