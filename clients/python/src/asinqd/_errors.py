"""The exceptions of the package."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from ._values import Enqueued


class AsinqdError(Exception):
    """Base of all errors: what happened and where, then advice.

    `enqueued` is set on an error of `enqueue`, if products were added before it. They stay in the queue;
    enqueue the same products again, because a product with an open job is not added twice.
    """

    def __init__(self, message: str, hint: typing.Optional[str] = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint
        self.enqueued: typing.Optional[Enqueued] = None

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\nTry: {self.hint}"


class UsageError(AsinqdError, ValueError):
    """An argument is wrong: an unknown endpoint or account, a priority out of range."""


class DatabaseError(AsinqdError):
    """SQLite failed: the disk is full, the file is read-only or damaged."""


class DatabaseMissing(DatabaseError, FileNotFoundError):
    """There is no file at the path."""

    def __str__(self) -> str:
        return AsinqdError.__str__(self)


class DatabaseBusy(DatabaseError):
    """Another program kept the database locked for longer than the timeout. Nothing was changed."""


class DatabaseUnsuitable(DatabaseError):
    """The file is not a database of asinqd, or has a version that this package does not know."""


class ServiceError(AsinqdError):
    """A request to the HTTP API failed. `status` is the HTTP status; None without a response."""

    def __init__(
        self,
        message: str,
        hint: typing.Optional[str] = None,
        status: typing.Optional[int] = None,
    ) -> None:
        super().__init__(message, hint)
        self.status = status


class ServiceUnreachable(ServiceError):
    """No connection, or no response within the timeout."""


class AccessRefused(ServiceError):
    """The token is missing, wrong, or has a role that may not do this (401, 403)."""


class RequestRefused(ServiceError):
    """The service refuses the request (4xx)."""


class ServiceFailed(ServiceError):
    """The service cannot answer now (429, 5xx), also after retries, or its answer does not follow the contract."""


class ForecastUnavailable(AsinqdError):
    """The database alone has no forecast."""


class WaitTimeout(AsinqdError, TimeoutError):
    """The job was still open when the timeout of `wait` was over."""

    def __str__(self) -> str:
        return AsinqdError.__str__(self)


class NotEnqueued(AsinqdError, LookupError):
    """The product was never enqueued at the endpoint, or no job has the label."""


class JobFailed(AsinqdError):
    """The job ended without an answer. `state` is "discarded" (a dead letter) or "cancelled"; `error` is why."""

    def __init__(
        self,
        message: str,
        hint: typing.Optional[str] = None,
        state: str = "discarded",
        error: typing.Optional[str] = None,
    ) -> None:
        super().__init__(message, hint)
        self.state = state
        self.error = error


class PandasMissing(AsinqdError, ImportError):
    """`to_pandas` needs pandas, which is not installed."""

    def __str__(self) -> str:
        return AsinqdError.__str__(self)
