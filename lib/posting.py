"""A POST to an address that somebody typed, as safe as it can be made, in two stages like `lib.smtp`: what
fails before the body is certainly not there, only what fails after it is uncertain."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lib.smtp import Abandoned, HostDown, Later, Never, Outcome, Sent, Uncertain

CONNECT_SECONDS, ANSWER_SECONDS = 5, 20
KEPT = 300  # bytes of an answer
AGAIN = {408, 425, 429}
NOT_US = {401, 407}  # our key is not known there: says nothing about the message


class Place(NamedTuple):
    scheme: str
    host: str
    port: int
    path: str


def place_of(url: str, trusted: Collection[str]) -> Place:
    """Where it goes. Only https, but for the hosts named in `trusted` ("127.0.0.1:9000"). Raises
    ValidationError in words."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        parts, port = urlsplit(""), 0
    if not parts.hostname or not port or parts.username is not None or not url.isascii():
        raise ValidationError(_("“%(value)s” is no web address.") % {"value": url}, code="url")
    place = Place(
        parts.scheme, parts.hostname, port, (parts.path or "/") + ("?" + parts.query) * bool(parts.query)
    )
    if parts.scheme != "https" and not is_trusted(place, trusted):
        raise ValidationError(_("The address begins with https://."), code="https")
    return place


def is_trusted(place: Place, trusted: Collection[str]) -> bool:
    return place.host in trusted or f"{place.host}:{place.port}" in trusted


def addresses_of(place: Place, trusted: Collection[str]) -> list[str]:
    """Its numeric addresses. Raises ValidationError for one inside a private network that is not trusted: our
    machine can reach more than whoever types an address may. Raises OSError where the name is unknown."""
    found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    numbers = list(dict.fromkeys(one[4][0] for one in found))
    if not is_trusted(place, trusted) and not all(map(_is_public, numbers)):
        raise ValidationError(_("The address leads into a private network."), code="private")
    return numbers


def _is_public(number: str) -> bool:
    address = ipaddress.ip_address(number.partition("%")[0])
    return (getattr(address, "ipv4_mapped", None) or address).is_global


def post(
    place: Place,
    body: bytes,
    headers: Mapping[str, str],
    *,
    trusted: Collection[str] = (),
    before_body: Callable[[], object] | None = None,
) -> Outcome:
    """Never raises for what a server or the network does. No redirect is followed. `before_body()` is called
    once, when the server is there; a false answer abandons it, an exception in it goes through."""
    try:
        connection = _connect(place, trusted)
    except ValidationError as error:
        return Never(error.messages[0])
    except (OSError, http.client.HTTPException) as error:
        return HostDown(_words(error))
    try:
        if before_body is not None and not before_body():
            return Abandoned()
        return _send(connection, place, body, headers)
    finally:
        connection.close()


def _connect(place: Place, trusted: Collection[str]) -> http.client.HTTPConnection:
    """To the address that was looked at, not to what the name means a moment later."""
    number = addresses_of(place, trusted)[0]
    sock = socket.create_connection((number, place.port), timeout=CONNECT_SECONDS)
    try:
        if place.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=place.host)
    except BaseException:
        sock.close()
        raise
    sock.settimeout(ANSWER_SECONDS)
    connection = http.client.HTTPConnection(place.host, place.port)
    connection.default_port = 443 if place.scheme == "https" else 80
    connection.sock = sock
    return connection


def _send(connection, place: Place, body: bytes, headers: Mapping[str, str]) -> Outcome:
    try:
        connection.request("POST", place.path, body, {**headers, "Connection": "close"})
    except (OSError, http.client.HTTPException) as error:
        return Later(_words(error))
    try:
        answer = connection.getresponse()
        code, said = answer.status, answer.read(KEPT)
    except (OSError, http.client.HTTPException) as error:
        return Uncertain(_words(error))
    return _sorted(code, " ".join(f"{code} {said.decode('utf-8', 'replace')}".split()))


def _sorted(code: int, words: str) -> Outcome:
    if 200 <= code < 300:
        return Sent(words)
    if code in NOT_US:
        return HostDown(words)
    return Later(words) if code in AGAIN or code >= 500 else Never(words)


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
