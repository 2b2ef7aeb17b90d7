"""The values that the client takes and returns."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing

from ._errors import UsageError

Age = typing.Union[datetime.timedelta, str]
Cursor = typing.Union[str, int, None]

_UNITS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
# The database's value for a paused job: the last millisecond of the year 9999.
_PAUSED = 253_402_300_799_999


@dataclasses.dataclass(frozen=True)
class Refusal:
    """A product that was not added. `index` is its place in the given products, from 0."""

    index: int
    product: str
    reason: str


@dataclasses.dataclass
class Enqueued:
    """The outcome of `enqueue`: numbers of products.

    A product that is given twice counts as added once and as already open once. The reasons of
    `refused` are for people; their wording differs between the database and the HTTP API.
    """

    added: int = 0
    already_open: int = 0
    fresh: int = 0
    refused: typing.List[Refusal] = dataclasses.field(default_factory=list)

    def __iadd__(self, other: Enqueued) -> Enqueued:
        self.added += other.added
        self.already_open += other.already_open
        self.fresh += other.fresh
        self.refused += other.refused
        return self


@dataclasses.dataclass(frozen=True)
class Result:
    """The last answer for a product at an endpoint.

    `found` is False for a product that the provider does not know. `item` is the provider's own JSON:
    an object, a list of objects at `search`, or None. `fetched_at` is in UTC. `cursor` is the place in
    the order of results: `results(after=cursor)` continues with the next one.
    """

    endpoint: str
    product: str
    found: bool
    item: typing.Any
    fetched_at: datetime.datetime
    revision: int
    call_id: int

    @property
    def cursor(self) -> str:
        return str(self.revision)


@dataclasses.dataclass(frozen=True)
class Forecast:
    """When the jobs with a label are done, and what they cost.

    `jobs` are numbers by state: ready, later, paused, running, completed, discarded, cancelled.
    `endpoints` has the same for each endpoint. `remaining_tokens` is None where it is unknown or where
    tokens of several pools would be added. `finishes_at`, in UTC, is None where no job is open, or
    where jobs do not finish by themselves.
    """

    label: str
    jobs: typing.Dict[str, int]
    remaining_tokens: typing.Optional[int]
    finishes_at: typing.Optional[datetime.datetime]
    endpoints: typing.Dict[str, typing.Dict[str, int]]


@dataclasses.dataclass(frozen=True)
class Options:
    """Checked options of `enqueue`. `max_age_s` is in seconds."""

    label: typing.Optional[str] = None
    priority: typing.Optional[int] = None
    account: typing.Optional[str] = None
    not_before: typing.Optional[datetime.datetime] = None
    max_age_s: typing.Optional[int] = None
    pages: typing.Optional[int] = None
    then_lookup: bool = False

    @classmethod
    def checked(
        cls,
        label: typing.Optional[str],
        priority: typing.Optional[int],
        account: typing.Optional[str],
        not_before: typing.Optional[datetime.datetime],
        max_age: typing.Optional[Age],
        pages: typing.Optional[int],
        then_lookup: bool,
    ) -> Options:
        """Raises UsageError for an option that no product could be added with."""
        if label is not None:
            require_text("label", label)
            if not 1 <= len(label) <= 100:
                raise UsageError(
                    f"label has {len(label)} characters.", "use 1 to 100, or leave it out."
                )
        if account is not None:
            require_text("account", account)
        _require_range("priority", priority, 0, 9)
        _require_range("pages", pages, 1, 100)
        if not_before is not None and not 0 <= milliseconds(not_before) < _PAUSED:
            raise UsageError(
                f"not_before is {not_before}.", "use a time between 1970 and 9999."
            )
        seconds = None if max_age is None else age_seconds(max_age)
        return cls(label, priority, account, not_before, seconds, pages, then_lookup)


def require_text(name: str, value: object) -> str:
    """Raises UsageError for a value that a database or JSON cannot hold as text."""
    if not isinstance(value, str):
        raise UsageError(f"{name} is {type(value).__name__}.", "use text (str).")
    if "\0" in value or not is_unicode(value):
        raise UsageError(
            f"{name} has a NUL or a lone surrogate.", "use valid Unicode text without NUL."
        )
    return value


def is_unicode(text: str) -> bool:
    """Whether the text can be encoded: Python's strings may hold lone surrogates."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _require_range(name: str, value: object, low: int, high: int) -> None:
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise UsageError(f"{name} is {value!r}.", f"use a whole number from {low} to {high}.")


def age_seconds(age: Age) -> int:
    """Whole seconds of `timedelta` or of text as the command line takes it: 90s, 45min, 12h, 30d, 2w."""
    if isinstance(age, datetime.timedelta):
        seconds = int(age.total_seconds())
    else:
        match = re.fullmatch(r"([0-9]{1,6})(s|min|h|d|w)", age)
        if match is None or int(match[1]) > 100_000:
            raise UsageError(
                f"max_age is {age!r}.", "use a timedelta, or text like 90s, 45min, 12h, 30d, 2w."
            )
        seconds = int(match[1]) * _UNITS[match[2]]
    if not 0 <= seconds <= 100_000 * 604_800:
        raise UsageError(f"max_age is {age!r}.", "use an age from 0 to 100000 weeks.")
    return seconds


def age_text(seconds: int) -> str:
    """An age as the HTTP API takes it, whose numbers go up to 100000. Longer units round up."""
    for unit, length in _UNITS.items():
        count = -(-seconds // length)
        if count <= 100_000:
            return f"{count}{unit}"
    return "100000w"


def milliseconds(instant: datetime.datetime) -> int:
    """Since 1970, UTC. Raises UsageError for a time without a zone, whose meaning is a guess."""
    if not isinstance(instant, datetime.datetime):
        raise UsageError(f"{instant!r} is no datetime.", "use datetime.fromisoformat.")
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise UsageError(
            f"{instant} has no time zone.", "use datetime.now(timezone.utc), or pass tzinfo."
        )
    since = instant - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return since // datetime.timedelta(milliseconds=1)


def instant(milliseconds_since_1970: int) -> datetime.datetime:
    start = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return start + datetime.timedelta(milliseconds=milliseconds_since_1970)


def revision_of(cursor: Cursor) -> int:
    """The number in a cursor; 0 for None, the beginning."""
    if cursor is None:
        return 0
    text = str(cursor)
    if not re.fullmatch("[0-9]{1,18}", text):
        raise UsageError(f"after is {text[:60]!r}, which is no cursor.", "use `cursor` of a result.")
    return int(text)
