"""The blocking client."""

from __future__ import annotations

import datetime
import os
import sqlite3
import time
import typing

from ._address import Address, Token, parse
from ._backend import Backend, Progress, Reader
from ._errors import AsinqdError, JobFailed, NotEnqueued, PandasMissing, UsageError, WaitTimeout
from ._http import HTTPBackend
from ._products import chunks
from ._sqlite import SQLiteBackend
from ._values import Age, Cursor, Enqueued, Forecast, Options, Result, require_text, revision_of

if typing.TYPE_CHECKING:
    import pandas

# The longest that one step waits, so that Ctrl-C and `close` from another thread take effect.
_STEP_S = 20.0


def open(
    path_or_url: typing.Union[str, os.PathLike[str]],
    token: typing.Optional[str] = None,
    timeout: float = 30.0,
) -> Client:
    """Opens the SQLite file at a path, or the HTTP API at an address.

    - `path_or_url`: the path of the database, which must exist; or `http://127.0.0.1:8317`, `https://HOST`, with
      the prefix of `asinqd serve --prefix`, if any.
    - `token`: for the HTTP API only, such as the content of the file `web-token`. Sent over `https://`, and over
      `http://` to this machine only. Never shown.
    - `timeout`: in seconds; how long to wait for a locked database, for each response, and for a service that restarts.

    Raises DatabaseError or ServiceError if it cannot be opened, and UsageError for a wrong argument.
    """
    place = place_of(path_or_url, None if token is None else Token(token), timeout)
    # Not in a traceback that shows variables.
    path_or_url = token = ""
    return Client(backend_at(place, timeout))


Place = typing.Union[str, "os.PathLike[str]", typing.Tuple[Address, typing.Optional[Token]]]


def place_of(
    path_or_url: typing.Union[str, os.PathLike[str]],
    token: typing.Optional[Token],
    timeout: float,
) -> Place:
    """The path, or the address with its token. Raises UsageError; opens nothing."""
    if not timeout > 0:
        raise UsageError(f"timeout is {timeout}.", "use a number of seconds above 0.")
    if isinstance(path_or_url, str) and path_or_url.lower().startswith(("http://", "https://")):
        return parse(path_or_url, token)
    if token is not None:
        raise UsageError("A database takes no token.", "leave token out, or pass an address.")
    return path_or_url


def backend_at(place: Place, timeout: float) -> typing.Union[SQLiteBackend, HTTPBackend]:
    if isinstance(place, tuple):
        return HTTPBackend(*place, timeout)
    return SQLiteBackend(place, timeout)


class Client:
    """Adds jobs and reads results. Several threads may use one client. Make one with `asinqd.open`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __repr__(self) -> str:
        return f"asinqd.open({self._backend!r})"

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections. A `follow` or `wait` in another thread ends with UsageError."""
        self._backend.close()

    def enqueue(
        self,
        endpoint: str,
        products: typing.Iterable[str],
        *,
        label: typing.Optional[str] = None,
        priority: typing.Optional[int] = None,
        account: typing.Optional[str] = None,
        not_before: typing.Optional[datetime.datetime] = None,
        max_age: typing.Optional[Age] = None,
        pages: typing.Optional[int] = None,
        then_lookup: bool = False,
        connection: typing.Optional[sqlite3.Connection] = None,
    ) -> Enqueued:
        """Adds a job for each product, unless one is open or its result is fresh.

        - `endpoint`: `images` or `barcodes` (products are ASINs), `lookup` (UPC, EAN, GTIN), `search` (words).
        - `products`: text, any number; an iterator is read piece by piece.
        - `label`: a name for these jobs, 1 to 100 characters.
        - `priority`: 0 (first) to 9; 5 without it.
        - `account`: the only account that may take the jobs.
        - `not_before`: a time with a zone.
        - `max_age`: skip products whose result is no older: a timedelta, or text such as "30d", "12h", "45min".
        - `pages`: of a search, 1 to 100.
        - `then_lookup`: at `barcodes`, look up the code of each answer, unless that was done within `max_age`.
        - `connection`: for a database only; a caller's connection with an open transaction, in which all products
          are added. The caller commits.

        Without `connection`, up to 10,000 products are added in one transaction or request. After an error, those of
        earlier ones stay: see `AsinqdError.enqueued`. An open job is not added twice, but raised to the more urgent
        priority and the earlier time. If a response of the HTTP API is lost and the request is sent again, products
        that the first one added count as already open.

        Raises UsageError, DatabaseError, ServiceError. A product that is refused is no error.
        """
        options = Options.checked(
            label, priority, account, not_before, max_age, pages, then_lookup
        )
        require_text("endpoint", endpoint)
        total = Enqueued()
        try:
            for chunk in chunks(products):
                total.refused += chunk.refused
                if not chunk.products:
                    continue
                if connection is None:
                    total += self._backend.add(endpoint, chunk.products, options)
                elif isinstance(self._backend, SQLiteBackend):
                    total += self._backend.add_within(
                        connection, endpoint, chunk.products, options
                    )
                else:
                    raise UsageError(
                        "The HTTP API has no transaction of the caller.",
                        "leave connection out, or open the database's path.",
                    )
        except AsinqdError as error:
            error.enqueued = total
            raise
        total.refused.sort(key=lambda refusal: refusal.index)
        return total

    def results(
        self,
        endpoint: typing.Optional[str] = None,
        after: Cursor = None,
        label: typing.Optional[str] = None,
        follow: bool = False,
    ) -> Results:
        """Results in the order in which they were stored, in constant memory.

        - `after`: the `cursor` of the last result that was handled; without it, from the beginning.
        - `label`: only products that have a job with this label at the endpoint.
        - `follow`: wait for further results instead of ending, until the loop is left.

        A product that is looked up again comes again, in its later place.
        """
        if label is not None:
            require_text("label", label)
        reader = self._backend.reader(endpoint, label, revision_of(after))
        return Results(reader, follow)

    def wait(
        self, endpoint: str, product: str, timeout: typing.Optional[float] = None
    ) -> Result:
        """Waits until no job of the product is open at the endpoint, and returns its result.

        `timeout` is in seconds; without it, the wait has no end. `Result.found` is False if the provider does not
        know the product. Raises WaitTimeout, JobFailed if the last job is a dead letter or cancelled, and NotEnqueued.
        """
        until = None if timeout is None else time.monotonic() + timeout
        before: typing.Optional[Progress] = None
        while True:
            rest_s = _STEP_S if until is None else min(_STEP_S, until - time.monotonic())
            before = self._backend.progress(endpoint, product, before, max(0, rest_s))
            result = ending(endpoint, product, before)
            if result is not None:
                return result
            if until is not None and time.monotonic() >= until:
                raise still_open(endpoint, product, timeout)

    def forecast(self, label: str) -> Forecast:
        """When the jobs with a label are done, and what they cost: HTTP API only.

        Raises ForecastUnavailable for a database, and NotEnqueued if no job has the label.
        """
        require_text("label", label)
        return self._backend.forecast(label)


class Results(typing.Iterator[Result]):
    """Iterates over results. `cursor` is the place behind the last one that was returned; store it to resume."""

    def __init__(self, reader: Reader, follow: bool) -> None:
        self._reader = reader
        self._follow = follow
        self._page: typing.List[Result] = []
        self.cursor = reader.cursor

    def __iter__(self) -> Results:
        return self

    def __next__(self) -> Result:
        while not self._page:
            self._page = self._reader.read(_STEP_S if self._follow else 0)[::-1]
            if not self._page:
                self.cursor = self._reader.cursor
                if not self._follow:
                    raise StopIteration
        result = self._page.pop()
        # Behind the last result of a page, the reader may have passed results of other endpoints.
        self.cursor = result.cursor if self._page else self._reader.cursor
        return result

    def to_pandas(self) -> pandas.DataFrame:
        """The results as a DataFrame: endpoint, product (text, with its zeros), found, fetched_at (UTC), cursor, item.

        `pandas.json_normalize(frame["item"])` makes columns of the items' fields. Raises PandasMissing.
        """
        if self._follow:
            raise UsageError("A followed iterator has no end.", "leave follow=True out.")
        try:
            import pandas
        except ImportError as error:
            raise PandasMissing("pandas is not installed.", "run pip install pandas.") from error
        columns = ["endpoint", "product", "found", "fetched_at", "cursor", "item"]
        rows = [[getattr(result, column) for column in columns] for result in self]
        frame = pandas.DataFrame(rows, columns=columns)
        frame["fetched_at"] = pandas.to_datetime(frame["fetched_at"], utc=True)
        frame["found"] = frame["found"].astype(bool)
        return frame


def ending(
    endpoint: str, product: str, progress: typing.Optional[Progress]
) -> typing.Optional[Result]:
    """The result of a job that has ended; None while it is open."""
    if progress is None:
        raise NotEnqueued(
            f"{product!r} was never enqueued at {endpoint}, or its job was deleted.", "enqueue it."
        )
    if progress.is_open:
        return None
    if progress.state in ("discarded", "cancelled") or progress.result is None:
        state = progress.state or "discarded"
        reason = "" if progress.error is None else f": {progress.error}"
        raise JobFailed(
            f"The job of {product!r} at {endpoint} is {state}{reason}.",
            "run `asinqd retry`." if state == "discarded" else "enqueue it again.",
            state,
            progress.error,
        )
    return progress.result


def still_open(endpoint: str, product: str, timeout: typing.Optional[float]) -> WaitTimeout:
    return WaitTimeout(
        f"{product!r} at {endpoint} was not done within {timeout} seconds.",
        "wait longer; `asinqd status` shows whether the daemon runs, and why it waits.",
    )
