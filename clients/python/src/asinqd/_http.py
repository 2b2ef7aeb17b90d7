"""The HTTP API of `asinqd serve` as a backend: docs/http-api.md."""

from __future__ import annotations

import datetime
import time
import typing
import urllib.parse

from ._address import Address, Token
from ._backend import Progress, Reader
from ._errors import NotEnqueued, RequestRefused, ServiceFailed
from ._products import Products
from ._transport import JSON, Transport
from ._values import Enqueued, Forecast, Options, Refusal, Result, age_text

_PAGE_ROWS = 500
_LABELS_PAGE = 1_000
# The most that the service holds a request.
_WAIT_MAX_S = 60
_OPEN_STATES = ("ready", "later", "paused", "running")
_PROGRESS_POLL_S = 0.25


class HTTPBackend:
    def __init__(
        self, address: Address, token: typing.Optional[Token], timeout_s: float
    ) -> None:
        self.transport = Transport(address, token, timeout_s)
        try:
            # A wrong address, token or version is an error now, not in the middle of the work.
            self.transport.get("/results", {"limit": 1})
        except BaseException:
            self.transport.close()
            raise

    def __repr__(self) -> str:
        return repr(str(self.transport.address))

    def add(self, endpoint: str, products: Products, options: Options) -> Enqueued:
        body: JSON = {"endpoint": endpoint, "products": [product for _, product in products]}
        if options.label is not None:
            body["label"] = options.label
        if options.priority is not None:
            body["priority"] = options.priority
        if options.account is not None:
            body["account"] = options.account
        if options.not_before is not None:
            body["notBefore"] = _iso(options.not_before)
        if options.max_age_s is not None:
            body["maxAge"] = age_text(options.max_age_s)
        if options.pages is not None:
            body["pages"] = options.pages
        if options.then_lookup:
            body["thenLookup"] = True
        answer = self.transport.post("/jobs", body)
        with _contract(self.transport):
            return Enqueued(
                int(answer["added"]),
                int(answer["alreadyOpen"]),
                int(answer["fresh"]),
                [
                    Refusal(*products[int(entry["index"])], str(entry["message"]))
                    for entry in answer["refused"]
                ],
            )

    def reader(
        self, endpoint: typing.Optional[str], label: typing.Optional[str], after: int
    ) -> Reader:
        if endpoint is not None:
            self.transport.get("/results", {"endpoint": endpoint, "limit": 1})
        return _HTTPReader(self.transport, endpoint, label, after)

    def progress(
        self, endpoint: str, product: str, before: typing.Optional[Progress], wait_s: float
    ) -> typing.Optional[Progress]:
        path = "/".join(urllib.parse.quote(part, safe="") for part in (endpoint, product))
        until = time.monotonic() + wait_s
        while True:
            answer = self._found(f"/results/{path}")
            if answer is None:
                return None
            with _contract(self.transport):
                progress = self._progress(answer)
            rest_s = until - time.monotonic()
            if not progress.is_open or rest_s <= 0:
                return progress
            # The parameter `wait` would end at an older result, and not at a dead letter.
            self.transport.closed.wait(min(_PROGRESS_POLL_S, rest_s))

    def _progress(self, answer: JSON) -> Progress:
        state, error, job_id = answer.get("state"), answer.get("error"), answer.get("jobID")
        result = _result(answer) if "revision" in answer else None
        if result is not None and state in ("discarded", "cancelled"):
            # The job may be older than the result, whose own job is deleted sooner than a dead letter.
            job = self._found(f"/jobs/{job_id}")
            if job is None or _instant(job["finishedAt"]) <= result.fetched_at:
                state, error = "completed", None
        return Progress(state in _OPEN_STATES, state, error, result, job_id)

    def _found(self, path: str) -> typing.Optional[JSON]:
        """The answer; None for the status 404."""
        try:
            return self.transport.get(path)
        except RequestRefused as error:
            if error.status == 404:
                return None
            raise

    def forecast(self, label: str) -> Forecast:
        cursor: typing.Optional[str] = None
        while True:
            page = self.transport.get("/labels", {"limit": _LABELS_PAGE, "cursor": cursor})
            with _contract(self.transport):
                for entry in page["items"]:
                    if entry["label"] == label:
                        return _forecast(entry)
                cursor = page.get("next")
            if cursor is None:
                raise NotEnqueued(f"No job has the label {label!r}.", "check the label.")

    def close(self) -> None:
        self.transport.close()


class _HTTPReader:
    """Reads page by page: a slow reader keeps no response open, and a restart loses nothing."""

    def __init__(
        self,
        transport: Transport,
        endpoint: typing.Optional[str],
        label: typing.Optional[str],
        after: int,
    ) -> None:
        self._transport = transport
        self._query: JSON = {"endpoint": endpoint, "label": label, "limit": _PAGE_ROWS}
        self.cursor = str(after)

    def read(self, wait_s: float) -> typing.List[Result]:
        until = time.monotonic() + wait_s
        while True:
            # Whole seconds, rounded up: `wait=0` in a loop would not wait.
            rest_s = max(0, until - time.monotonic())
            wait = min(_WAIT_MAX_S, int(-(-rest_s // 1)))
            page = self._transport.get(
                "/results", {**self._query, "after": self.cursor, "wait": wait or None}, wait
            )
            with _contract(self._transport):
                results = [_result(entry) for entry in page["items"]]
                is_end = page["cursor"] == self.cursor
                self.cursor = str(page["cursor"])
            # A page of one endpoint may be empty although others follow: then its cursor has moved.
            if results or is_end and time.monotonic() >= until:
                return results


class _contract:
    """Turns an answer without the fields of the contract into an error that says so."""

    def __init__(self, transport: Transport) -> None:
        self._place = str(transport.address)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, (KeyError, TypeError, ValueError, IndexError, AttributeError)):
            raise ServiceFailed(
                f"The answer of {self._place} does not follow the contract: {error!r}.",
                "check that the address is one of `asinqd serve`, and its version.",
            ) from error


def _result(entry: JSON) -> Result:
    return Result(
        entry["endpoint"],
        entry["product"],
        bool(entry["found"]),
        entry["items"] if "items" in entry else entry.get("item"),
        _instant(entry["fetchedAt"]),
        int(entry["revision"]),
        int(entry["callID"]),
    )


def _forecast(entry: JSON) -> Forecast:
    ends = entry["finishesAt"]
    return Forecast(
        entry["label"],
        dict(entry["jobs"]),
        entry["remainingTokens"],
        None if ends is None else _instant(ends),
        {part["endpoint"]: dict(part["jobs"]) for part in entry["endpoints"]},
    )


def _instant(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def _iso(instant: datetime.datetime) -> str:
    text = instant.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
