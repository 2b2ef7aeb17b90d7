"""What the database and the HTTP API have in common."""

from __future__ import annotations

import dataclasses
import typing

from ._products import Products
from ._values import Enqueued, Forecast, Options, Result


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a product is: its open or last job, and its last result."""

    is_open: bool
    state: typing.Optional[str]
    error: typing.Optional[str]
    result: typing.Optional[Result]
    job_id: typing.Optional[int] = None


class Reader(typing.Protocol):
    """A place in the order of results."""

    @property
    def cursor(self) -> str: ...

    def read(self, wait_s: float) -> typing.List[Result]:
        """The next results; empty if there are no more within `wait_s` seconds."""


class Backend(typing.Protocol):
    """Blocking operations that several threads may call."""

    def add(self, endpoint: str, products: Products, options: Options) -> Enqueued:
        """Adds one chunk, in one transaction or request."""

    def reader(
        self, endpoint: typing.Optional[str], label: typing.Optional[str], after: int
    ) -> Reader: ...

    def progress(
        self, endpoint: str, product: str, before: typing.Optional[Progress], wait_s: float
    ) -> typing.Optional[Progress]:
        """None if the product was never enqueued. May wait for a change for `wait_s` seconds."""

    def forecast(self, label: str) -> Forecast: ...

    def close(self) -> None: ...
