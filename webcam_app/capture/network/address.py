"""An address in its parts. The standard library's parser quotes the password in its errors, so it is not used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin

from webcam_app.capture.text import without_password
from webcam_app.errors import SourceError

DEFAULT_PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
ESCAPES = "write / as %2F, # as %23, ? as %3F, @ as %40, : as %3A and % as %25"
_AUTHORITY = re.compile(r"[^/?#]*")


@dataclass(frozen=True, slots=True)
class Address:
    """An address that a person named.

    Attributes:
        scheme: in small letters.
        user, password: as they are, not as they are written in an address; None where there are none.
        host: name or number; an IPv6 address without its brackets.
        port: as written, None where it is not.
        target: path and query, which begin with ``/`` or are empty.
        name: for people, without user and password.
    """

    scheme: str
    user: str | None
    password: str | None
    host: str
    port: int | None
    target: str
    name: str

    @property
    def bare(self) -> str:
        """The address without user and password, and with its query."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if self.port is None else f':{self.port}'}{self.target}"

    @property
    def url(self) -> str:
        """The whole address, with user and password written such that nothing can be taken for something else."""
        if self.user is None:
            return self.bare
        secret = "" if self.password is None else f":{quote(self.password, safe='')}"
        return self.bare.replace("://", f"://{quote(self.user, safe='')}{secret}@", 1)

    @property
    def origin(self) -> tuple[str, str, int | None]:
        """What two addresses have in common that lead to one server."""
        return self.scheme, self.host.lower(), self.port or DEFAULT_PORTS.get(self.scheme)

    def joined(self, reference: str) -> Address:
        """Where a reference leads that stands in what the server gave; user and password stay on that server only.

        Raises:
            SourceError: it is no address.
        """
        try:
            other = parse_address(urljoin(self.bare, reference))
        except ValueError:
            raise SourceError(f"{self.name} leads to what is no address.") from None
        if other.origin != self.origin:
            return other
        return Address(self.scheme, self.user, self.password, self.host, self.port, other.target, other.name)


def parse_address(url: str) -> Address:
    """Take an address apart.

    Raises:
        SourceError: it is none; the message has no password in it, and says how to write one.
    """
    scheme, _, rest = url.partition("://")
    match = _AUTHORITY.match(rest)
    authority = match.group() if match else ""
    target = rest[len(authority) :].partition("#")[0]
    secrets, at, place = authority.rpartition("@")
    name = without_password(url)
    host, port = _host_and_port(place)
    if not host or (port and not (port.isascii() and port.isdecimal() and int(port) < 65536)):
        if "@" in rest[len(authority) :] or at:
            raise SourceError(f"{name} is no address. In the name and the password, {ESCAPES}.")
        raise SourceError(f"{name} is no address: after :// come the host and perhaps a port, a number.")
    user, colon, password = secrets.partition(":")
    return Address(
        scheme.lower(),
        unquote(user) if at else None,
        unquote(password) if colon else None,
        host,
        int(port) if port else None,
        f"/{target}" if target.startswith("?") else target,
        name,
    )


def _host_and_port(place: str) -> tuple[str, str]:
    if place.startswith("["):
        host, _, port = place[1:].partition("]")
        return host, port.removeprefix(":")
    host, _, port = place.partition(":")
    return host, port
