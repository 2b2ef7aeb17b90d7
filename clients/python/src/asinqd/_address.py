"""The address and the token of the HTTP API."""

from __future__ import annotations

import ipaddress
import re
import typing
import urllib.parse

from ._errors import UsageError


class Token:
    """A secret that no `repr`, log or traceback shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        stripped = text.strip()
        if not re.fullmatch("[!-~]+", stripped):
            raise UsageError(
                "The token is empty or has characters that no token has.",
                "use the content of the file web-token, without quotes.",
            )
        self._text = stripped

    def __repr__(self) -> str:
        return "Token(hidden)"

    def __reduce__(self) -> typing.NoReturn:
        raise TypeError("a token is not copied or stored")

    def header(self) -> str:
        return "Bearer " + self._text


class Address(typing.NamedTuple):
    """Where the service is. `prefix` is the path before /api, without a slash at its end."""

    is_secure: bool
    host: str
    port: typing.Optional[int]
    prefix: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        return f"{'https' if self.is_secure else 'http'}://{host}{port}{self.prefix}"


def parse(
    url: str, token: typing.Optional[Token]
) -> typing.Tuple[Address, typing.Optional[Token]]:
    """Reads an address, also the one with `?token=` that `asinqd serve` prints.

    Errors never repeat the text, because it may have a token or a password.
    """
    try:
        parts = urllib.parse.urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError("The address is not valid.", "use http://127.0.0.1:8317.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError("The address has no host.", "use http://127.0.0.1:8317.")
    if parts.username is not None or parts.password is not None:
        raise UsageError("The address has a user or a password.", "pass token=… instead.")
    if not re.fullmatch("[!-~]*", parts.path):
        raise UsageError("The address has a path that is not encoded.", "use percent-encoding.")
    if token is None:
        given = dict(urllib.parse.parse_qsl(parts.query)).get("token")
        token = None if given is None else Token(given)
    address = Address(parts.scheme == "https", host, port, parts.path.rstrip("/"))
    if not address.is_secure and not is_loopback(host):
        raise UsageError(
            f"{address} is not encrypted: others on the network could read the token.",
            "use https://, or a tunnel: ssh -L 8317:127.0.0.1:8317 HOST, then http://127.0.0.1:8317.",
        )
    return address, token


def is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
