"""Client for asinqd: enqueue product look-ups and read their results.

One interface for the SQLite file of a daemon on this machine and for the HTTP API of `asinqd serve`:

    with asinqd.open("asinqd.sqlite") as client:
        client.enqueue("images", ["B0086FFHLS"], label="spring")
        for result in client.results("images", follow=True):
            print(result.product, result.item, result.cursor)
"""

from ._client import Client, Results, open
from ._errors import (
    AccessRefused,
    AsinqdError,
    DatabaseBusy,
    DatabaseError,
    DatabaseMissing,
    DatabaseUnsuitable,
    ForecastUnavailable,
    JobFailed,
    NotEnqueued,
    PandasMissing,
    RequestRefused,
    ServiceError,
    ServiceFailed,
    ServiceUnreachable,
    UsageError,
    WaitTimeout,
)
from ._values import Enqueued, Forecast, Refusal, Result

__all__ = [
    "AccessRefused",
    "AsinqdError",
    "Client",
    "DatabaseBusy",
    "DatabaseError",
    "DatabaseMissing",
    "DatabaseUnsuitable",
    "Enqueued",
    "Forecast",
    "ForecastUnavailable",
    "JobFailed",
    "NotEnqueued",
    "PandasMissing",
    "Refusal",
    "RequestRefused",
    "Result",
    "Results",
    "ServiceError",
    "ServiceFailed",
    "ServiceUnreachable",
    "UsageError",
    "WaitTimeout",
    "open",
]
