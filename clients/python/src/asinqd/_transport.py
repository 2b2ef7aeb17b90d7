"""Requests to the HTTP API: connections, retries, errors."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
import time
import typing
import urllib.parse

from ._address import Address, Token
from ._errors import (
    AccessRefused,
    RequestRefused,
    ServiceFailed,
    ServiceUnreachable,
    UsageError,
)

_RETRIED = (429, 502, 503, 504)
_PAUSE_MIN_S, _PAUSE_MAX_S = 0.1, 2.0
_IDLE_MAX = 4

JSON = typing.Dict[str, typing.Any]


class Transport:
    """Sends requests that may be repeated: GET, and POST of jobs, which adds no open job twice.

    Once a request has succeeded, a lost connection and the statuses 429, 502, 503 and 504 are retried for
    `timeout_s`. Redirects are not followed and proxies are not used: either would get the token.
    """

    def __init__(
        self, address: Address, token: typing.Optional[Token], timeout_s: float
    ) -> None:
        self.address = address
        self.closed = threading.Event()
        self._token = token
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._idle: typing.List[http.client.HTTPConnection] = []
        self._has_succeeded = False
        # SSL_CERT_FILE names further authorities.
        self._tls = ssl.create_default_context() if address.is_secure else None

    def get(
        self, path: str, query: typing.Optional[JSON] = None, wait_s: float = 0
    ) -> JSON:
        return self._send("GET", path, query, None, wait_s)

    def post(self, path: str, body: JSON) -> JSON:
        return self._send("POST", path, None, json.dumps(body, ensure_ascii=False).encode(), 0)

    def close(self) -> None:
        self.closed.set()
        self._drop_idle()

    def _drop_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _send(
        self,
        method: str,
        path: str,
        query: typing.Optional[JSON],
        body: typing.Optional[bytes],
        wait_s: float,
    ) -> JSON:
        target = f"{self.address.prefix}/api/v1{path}"
        given = {name: value for name, value in (query or {}).items() if value is not None}
        if given:
            target += "?" + urllib.parse.urlencode(given)
        until = time.monotonic() + self._timeout_s
        pause_s = _PAUSE_MIN_S
        while True:
            if self.closed.is_set():
                raise UsageError("The client is closed.", "open another one.")
            error: typing.Union[ServiceUnreachable, ServiceFailed]
            try:
                status, after_s, data = self._once(method, target, body, wait_s)
            except (OSError, http.client.HTTPException) as cause:
                if isinstance(cause, ssl.SSLCertVerificationError):
                    raise ServiceUnreachable(
                        f"The certificate of {self.address} is not valid: {cause.verify_message}.",
                        "set SSL_CERT_FILE to the authority's file, or correct the host.",
                    ) from cause
                # After a restart, the idle connections are closed too.
                self._drop_idle()
                error = self._unreachable(cause)
                error.__cause__ = cause
            else:
                if status == 200:
                    self._has_succeeded = True
                    return self._object(data)
                if status not in _RETRIED:
                    raise self._problem(status, data)
                problem = self._problem(status, data)
                assert isinstance(problem, ServiceFailed)
                error = problem
                pause_s = max(pause_s, after_s)
            rest_s = until - time.monotonic()
            if not self._has_succeeded or pause_s > rest_s:
                raise error
            self.closed.wait(pause_s)
            pause_s = min(2 * pause_s, _PAUSE_MAX_S)

    def _once(
        self, method: str, target: str, body: typing.Optional[bytes], wait_s: float
    ) -> typing.Tuple[int, float, bytes]:
        """Status, seconds of Retry-After, body."""
        connection = self._take(self._timeout_s + wait_s)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            connection.putheader("Accept", "application/json")
            if self._token is not None:
                connection.putheader("Authorization", self._token.header())
            if body is not None:
                connection.putheader("Content-Type", "application/json")
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            data = response.read()
        except BaseException:
            connection.close()
            raise
        after = response.getheader("Retry-After") or ""
        if response.will_close:
            connection.close()
        else:
            self._give_back(connection)
        return response.status, float(after) if after.isdigit() else 0, data

    def _take(self, timeout_s: float) -> http.client.HTTPConnection:
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            host, port = self.address.host, self.address.port
            if self._tls is None:
                connection = http.client.HTTPConnection(host, port)
            else:
                connection = http.client.HTTPSConnection(host, port, context=self._tls)
        connection.timeout = timeout_s
        if connection.sock is not None:
            connection.sock.settimeout(timeout_s)
        return connection

    def _give_back(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            if not self.closed.is_set() and len(self._idle) < _IDLE_MAX:
                self._idle.append(connection)
                return
        connection.close()

    def _unreachable(self, cause: Exception) -> ServiceUnreachable:
        return ServiceUnreachable(
            f"{self.address} does not answer: {cause or type(cause).__name__}.",
            "start `asinqd serve`, or check the address.",
        )

    def _object(self, data: bytes) -> JSON:
        try:
            value = json.loads(data)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise ServiceFailed(
                f"The answer of {self.address} is not the JSON of asinqd.",
                "check that the address is one of `asinqd serve`, not of another program.",
            )
        return value

    def _problem(
        self, status: int, data: bytes
    ) -> typing.Union[UsageError, AccessRefused, RequestRefused, ServiceFailed]:
        try:
            problem = json.loads(data)
            detail, hint = str(problem["detail"]), problem.get("hint")
        except (ValueError, KeyError, TypeError):
            detail, hint = f"Status {status}.", "check that the address is one of `asinqd serve`."
        text = f"{self.address}: {detail}"
        hint = None if hint is None else str(hint)
        if status == 400:
            return UsageError(text, hint)
        if status in (401, 403):
            return AccessRefused(text, hint, status)
        if status == 429 or status >= 500:
            return ServiceFailed(text, hint, status)
        return RequestRefused(text, hint, status)
