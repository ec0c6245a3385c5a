"""Addresses in all spellings; a password is shown nowhere."""

from __future__ import annotations

import pytest

from webcam_app.capture.network.address import parse_address
from webcam_app.capture.text import without_password
from webcam_app.errors import SourceError, first_line, without_passwords


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://cam.local/live", "http://cam.local/live"),
        ("HTTP://Cam.local:8080/live?token=secret#secret", "HTTP://Cam.local:8080/live"),
        ("http://me:secret@cam/live", "http://cam/live"),
        ("http://secret@cam/live", "http://cam/live"),
        ("rtsp://me:se:secret@cam:554/live", "rtsp://cam:554/live"),
        ("rtsp://me:sec@secret@cam:554/live", "rtsp://cam:554/live"),
        ("http://me:sec/secret@cam/live", "http://…@cam/live"),
        ("http://me:sec?secret@cam/live", "http://…@cam/live"),
        ("http://me:sec#secret@cam/live?secret", "http://…@cam/live"),
        ("http://me:1/secret@cam/live", "http://…@cam/live"),
        ("http://me:[secret@cam/live", "http://cam/live"),
        ("http://m/e:secret@cam/live", "http://…@cam/live"),
        ("http://me:secret℀@cam/live", "http://cam/live"),
        ("http://cam/@someone/live", "http://cam/@someone/live"),
        ("http://cam/live?mail=a@b", "http://cam/live"),
        ("rtsp://me:secret@[fe80::1]:554/live", "rtsp://[fe80::1]:554/live"),
    ],
)
def test_a_name_has_no_password(url: str, name: str) -> None:
    assert without_password(url) == name


@pytest.mark.parametrize(
    ("url", "user", "password", "host", "port", "target"),
    [
        ("HTTP://Cam/live#part", None, None, "Cam", None, "/live"),
        ("http://cam?x=1", None, None, "cam", None, "/?x=1"),
        ("http://me:p%2Fw%40@cam:81/live", "me", "p/w@", "cam", 81, "/live"),
        ("http://me:p@w@cam", "me", "p@w", "cam", None, ""),
        ("http://me:100%@cam", "me", "100%", "cam", None, ""),
        ("http://me:a:b@[::1]:8/x", "me", "a:b", "::1", 8, "/x"),
        ("http://me@cam", "me", None, "cam", None, ""),
    ],
)
def test_an_address_is_taken_apart(
    url: str, user: str | None, password: str | None, host: str, port: int | None, target: str
) -> None:
    address = parse_address(url)
    assert address.scheme == "http"
    assert (address.user, address.password) == (user, password)
    assert (address.host, address.port, address.target) == (host, port, target)
    assert parse_address(address.url) == parse_address(url) or address.url != url
    again = parse_address(address.url)
    assert (again.user, again.password, again.host, again.port) == (user, password, host, port)


@pytest.mark.parametrize("mark", "/?#")
def test_a_password_that_ends_the_address_is_told_how_to_be_written(mark: str) -> None:
    with pytest.raises(SourceError) as error:
        parse_address(f"rtsp://me:sec{mark}secret@cam/live")
    message = str(error.value)
    assert "sec" not in message.replace("secrets", "")
    for escape in ("%2F", "%23", "%3F", "%40"):
        assert escape in message


@pytest.mark.parametrize("url", ["http://", "http:///live", "http://cam:port/", "http://cam:99999/"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(SourceError, match="no address"):
        parse_address(url)


def test_a_password_goes_to_its_own_server_only() -> None:
    address = parse_address("http://me:secret@cam:80/list.m3u8")
    assert address.joined("one.ts").url == "http://me:secret@cam:80/one.ts"
    assert address.joined("http://CAM/one.ts").password == "secret"
    assert address.joined("http://other/one.ts").password is None
    assert address.joined("https://cam/one.ts").password is None


def test_messages_of_libraries_lose_their_passwords() -> None:
    message = "No such file: 'http://me:sec/ret@cam/live' and rtsp://a:b@c/d"
    assert without_passwords(message) == "No such file: 'http://cam/live' and rtsp://c/d"
    assert first_line(OSError(message)) == "No such file: 'http://cam/live' and rtsp://c/d"
