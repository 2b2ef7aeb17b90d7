"""The client for asyncio: the same operations, awaited.

Each step runs in a thread of the client. A task that is cancelled ends at once; its step, at most one transaction,
one request or a wait of a second, still ends by itself.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import datetime
import functools
import os
import time
import typing

from . import _client
from ._address import Token
from ._backend import Backend, Progress, Reader
from ._errors import AsinqdError
from ._products import chunks
from ._values import Age, Cursor, Enqueued, Forecast, Options, Result, require_text, revision_of

# How long a step of `follow` waits in its thread.
_STEP_S = 1.0
_THREADS = 32
# All waits of a client together look this many times a second at most, and one of them every quarter of a second.
_LOOKS_PER_S = 100
_LOOK_S_MIN = 0.25

_Value = typing.TypeVar("_Value")


async def open(
    path_or_url: typing.Union[str, os.PathLike[str]],
    token: typing.Optional[str] = None,
    timeout: float = 30.0,
) -> AsyncClient:
    """As `asinqd.open`: `async with await asinqd.aio.open(…) as client`."""
    place = _client.place_of(path_or_url, None if token is None else Token(token), timeout)
    # Not in a traceback that shows variables.
    path_or_url = token = ""
    threads = concurrent.futures.ThreadPoolExecutor(_THREADS, "asinqd")
    try:
        backend = await asyncio.get_running_loop().run_in_executor(
            threads, _client.backend_at, place, timeout
        )
    except BaseException:
        threads.shutdown(wait=False)
        raise
    return AsyncClient(backend, threads)


class AsyncClient:
    """Adds jobs and reads results. Make one with `asinqd.aio.open`."""

    def __init__(
        self, backend: Backend, threads: concurrent.futures.ThreadPoolExecutor
    ) -> None:
        self._backend = backend
        self._threads = threads
        self._waits = 0

    def __repr__(self) -> str:
        return f"asinqd.aio.open({self._backend!r})"

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections."""
        self._backend.close()
        self._threads.shutdown(wait=False)

    async def _run(
        self, step: typing.Callable[..., _Value], *arguments: typing.Any
    ) -> _Value:
        call = functools.partial(step, *arguments)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def enqueue(
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
    ) -> Enqueued:
        """As `Client.enqueue`, without a caller's connection. `products` is read between the steps."""
        options = Options.checked(
            label, priority, account, not_before, max_age, pages, then_lookup
        )
        require_text("endpoint", endpoint)
        total = Enqueued()
        try:
            for chunk in chunks(products):
                total.refused += chunk.refused
                if chunk.products:
                    total += await self._run(self._backend.add, endpoint, chunk.products, options)
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
    ) -> AsyncResults:
        """As `Client.results`: `async for result in client.results(…)`."""
        if label is not None:
            require_text("label", label)
        revision = revision_of(after)
        return AsyncResults(self, (endpoint, label, revision), follow)

    async def wait(
        self, endpoint: str, product: str, timeout: typing.Optional[float] = None
    ) -> Result:
        """As `Client.wait`. Thousands may wait at once; then each looks less often."""
        until = None if timeout is None else time.monotonic() + timeout
        before: typing.Optional[Progress] = None
        self._waits += 1
        try:
            while True:
                before = await self._run(self._backend.progress, endpoint, product, before, 0)
                result = _client.ending(endpoint, product, before)
                if result is not None:
                    return result
                pause_s = max(_LOOK_S_MIN, self._waits / _LOOKS_PER_S)
                if until is not None:
                    rest_s = until - time.monotonic()
                    if rest_s <= 0:
                        raise _client.still_open(endpoint, product, timeout)
                    pause_s = min(pause_s, rest_s)
                await asyncio.sleep(pause_s)
        finally:
            self._waits -= 1

    async def forecast(self, label: str) -> Forecast:
        """As `Client.forecast`."""
        require_text("label", label)
        return await self._run(self._backend.forecast, label)


class AsyncResults(typing.AsyncIterator[Result]):
    """Iterates over results. `cursor` is the place behind the last one that was returned."""

    def __init__(
        self,
        client: AsyncClient,
        place: typing.Tuple[typing.Optional[str], typing.Optional[str], int],
        follow: bool,
    ) -> None:
        self._client = client
        self._place = place
        self._follow = follow
        self._reader: typing.Optional[Reader] = None
        self._page: typing.List[Result] = []
        self.cursor = str(place[2])

    def __aiter__(self) -> AsyncResults:
        return self

    async def __anext__(self) -> Result:
        if self._reader is None:
            self._reader = await self._client._run(self._client._backend.reader, *self._place)
        while not self._page:
            wait_s = _STEP_S if self._follow else 0
            self._page = (await self._client._run(self._reader.read, wait_s))[::-1]
            if not self._page:
                self.cursor = self._reader.cursor
                if not self._follow:
                    raise StopAsyncIteration
        result = self._page.pop()
        self.cursor = result.cursor if self._page else self._reader.cursor
        return result
