"""Instants, intervals of ignorance, and legal time limits.

An instant is a whole number of microseconds since 1970-01-01T00:00Z. Knowledge of a
time is an interval [lo, hi]: not before lo, not after hi. A date is such an interval, never
a midnight; a time limit is added by the calendar, never as a number of days.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

Instant = int
#: Later than every instant: what never happens.
NEVER: Instant = 2**62
#: Earlier than every instant: what held before every event.
EVER: Instant = -(2**62)
SECOND: Instant = 1_000_000
DAY: Instant = 86_400 * SECOND

Rounding = Literal["month_start", "next_month"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The first and the last instant that a calendar here can name.
_FIRST: Instant = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_LAST: Instant = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class Interval(NamedTuple):
    """When something is so: not before `lo`, not after `hi` (instants, NEVER or EVER).

    >>> day("2023-07-26").exact
    False
    """

    lo: Instant
    hi: Instant

    @property
    def exact(self) -> bool:
        """Whether the time is known to the instant (or known never to come)."""
        return self.lo == self.hi

    def __str__(self) -> str:
        return describe(self)


NOT_EVER = Interval(NEVER, NEVER)
ALWAYS = Interval(EVER, EVER)


def at(moment: datetime) -> Instant:
    """The instant of an aware datetime. Raises ValueError for a naive one.

    >>> at(datetime(1970, 1, 2, tzinfo=UTC)) == DAY
    True
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset from UTC: write 2023-07-26T10:00Z or +01:00")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(instant: Instant) -> datetime:
    """The aware UTC datetime of an instant. Raises OverflowError outside years 1 to 9999."""
    return _EPOCH + timedelta(microseconds=instant)


def read_time(text: str, zone: tzinfo = UTC) -> Interval:
    """Read an instant with offset, or a date, month or year as an interval in `zone`.

    Raises ValueError, in words for the writer of the text.

    >>> read_time("2024-02-28T10:00Z").exact
    True
    >>> describe(read_time("2024-02"))
    '2024-02'
    """
    parts = _DATE.fullmatch(text)
    if not parts:
        return _read_instant(text)
    year, month, number = (int(part) if part else None for part in parts.groups())
    assert year is not None
    first = _date(text, year, month or 1, number or 1)
    if number:
        last = first
    elif month:
        last = date(year, month, calendar.monthrange(year, month)[1])
    else:
        last = date(year, 12, 31)
    return Interval(max(_midnight(first, zone), _FIRST), _end_of(last, zone))


def day(text: str, zone: tzinfo = UTC) -> Interval:
    """The same as `read_time`, for what must be a date, month or year."""
    if not _DATE.fullmatch(text):
        raise ValueError(f"`{text}` is not a date: write YYYY-MM-DD, YYYY-MM or YYYY")
    return read_time(text, zone)


def read_zone(name: str) -> tzinfo:
    """The time zone of an IANA name. Raises ValueError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"`{name}` is no IANA time zone (such as Africa/Niamey)") from error


def _read_instant(text: str) -> Interval:
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"`{text}` is no time: write 2023-07-26T10:00Z, or 2023-07-26, 2023-07, 2023"
        ) from None
    if stated.tzinfo is None:
        raise ValueError(f"`{text}` has no offset from UTC: write {text}Z or {text}+01:00")
    instant = at(stated)
    if not _FIRST <= instant <= _LAST:
        raise ValueError(f"`{text}` lies outside the years 1 to 9999")
    return Interval(instant, instant)


def _date(text: str, year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError(f"`{text}` is no day of the calendar") from None


def _midnight(day: date, zone: tzinfo) -> Instant:
    return at(datetime(day.year, day.month, day.day, tzinfo=zone))


def _end_of(day: date, zone: tzinfo) -> Instant:
    if day == date.max:
        return _LAST
    return min(_midnight(day + timedelta(days=1), zone) - 1, _LAST)


def iso(instant: Instant) -> str | None:
    """ISO 8601 in UTC; None for NEVER.

    >>> iso(0)
    '1970-01-01T00:00:00Z'
    """
    if instant >= NEVER:
        return None
    if instant <= EVER:
        return "-infinity"
    return moment(instant).isoformat().replace("+00:00", "Z")


def describe(when: Interval, zone: tzinfo = UTC) -> str:
    """Say an interval as people do: a day, a month, a year, an instant, or its two ends.

    Days are those of `zone`; instants are in UTC.

    >>> describe(read_time("2023-07-26")), describe(NOT_EVER)
    ('2023-07-26', 'never')
    """
    lo, hi = when
    if lo >= NEVER:
        return "never"
    if hi <= EVER:
        return "from the start"
    if lo == hi:
        return _clock(lo, zone)
    if hi >= NEVER:
        return f"{_clock(lo, zone)} or later, if at all" if lo > EVER else "unknown"
    first, last = _day_begun(lo, zone), _day_ended(hi, zone)
    if first is None or last is None:
        return f"{_clock(lo, zone)} to {_clock(hi, zone)}"
    return _calendar_unit(first, last)


def _calendar_unit(first: date, last: date) -> str:
    """A day, month or year by its first and last day; else both."""
    for length in (10, 7, 4):
        text = first.isoformat()[:length]
        lo, hi = day(text)
        if (moment(lo).date(), moment(hi).date()) == (first, last):
            return text
    return f"{first} to {last}"


def _day_begun(instant: Instant, zone: tzinfo) -> date | None:
    """The day whose first instant this is, if it is one."""
    if instant % SECOND or not _FIRST <= instant <= _LAST:
        return None
    try:
        local = moment(instant).astimezone(zone).date()
    except OverflowError:  # at the edge of the years, in a zone where it lies beyond
        return None
    return local if _midnight(local, zone) == instant else None


def _day_ended(instant: Instant, zone: tzinfo) -> date | None:
    """The day whose last instant this is, if it is one."""
    if instant == _LAST:
        return date.max if zone is UTC else None
    after = _day_begun(instant + 1, zone)
    return after - timedelta(days=1) if after is not None and after > date.min else None


def _clock(instant: Instant, zone: tzinfo) -> str:
    begun, ended = _day_begun(instant, zone), _day_ended(instant, zone)
    if begun is not None:
        return f"{begun}"
    if ended is not None:
        return f"end of {ended}"
    text = moment(instant).isoformat(" ")[:19]
    return text.removesuffix(":00") + "Z"


# ---------------------------------------------------------------- time limits

_ISO_LIMIT = re.compile(
    r"P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)
_WORDS = re.compile(r"(\d+) (hour|day|week|month|year)s?")
_UNITS = {"hour": "PT{}H", "day": "P{}D", "week": "P{}W", "month": "P{}M", "year": "P{}Y"}


@dataclass(frozen=True, slots=True, order=True)
class TimeLimit:
    """A legal time limit: calendar months, then days, then exact seconds.

    Written in ISO 8601 (`PT24H`, `P6M`) or in words (`24 hours`, `6 months`).

    >>> str(TimeLimit.parse("6 months")), str(TimeLimit.parse("PT24H"))
    ('P6M', 'PT24H')
    """

    months: int = 0
    days: int = 0
    seconds: int = 0

    @classmethod
    def parse(cls, text: Any) -> TimeLimit:
        """Read a time limit. Raises ValueError, also for a negative one."""
        if isinstance(text, cls):
            return text
        if isinstance(text, str):
            if words := _WORDS.fullmatch(text.strip()):
                text = _UNITS[words[2]].format(words[1])
            if parts := _ISO_LIMIT.fullmatch(text):
                y, m, w, d, hours, minutes, s = (int(part or 0) for part in parts.groups())
                limit = cls(12 * y + m, 7 * w + d, 3600 * hours + 60 * minutes + s)
                if limit.months > 12_000 or limit.days > 366_000 or limit.seconds > 10**10:
                    raise ValueError(f"`{text}` is longer than a thousand years")
                return limit
            if text.startswith("-"):
                raise ValueError(f"`{text}` is a negative time limit")
        raise ValueError(
            f"`{text}` is no time limit: write PT24H, P10D, P6M, or in words: 24 hours, 6 months"
        )

    def after(self, start: Instant, rounding: Rounding | None = None) -> Instant:
        """The instant this long after `start`, by the UTC calendar.

        Where the day does not exist in the month, the last instant of that month. What
        lies beyond the year 9999 is NEVER.

        >>> describe(Interval(*2 * [TimeLimit.parse("P6M").after(day("2023-08-31").lo)]))
        'end of 2024-02-29'
        """
        if abs(start) >= NEVER:
            return start
        try:
            shifted = _add_months(moment(start), self.months)
            shifted += timedelta(days=self.days, seconds=self.seconds)
            return at(_round(shifted, rounding))
        except (OverflowError, ValueError):
            return NEVER

    @property
    def is_zero(self) -> bool:
        """Whether the limit is no time at all."""
        return not (self.months or self.days or self.seconds)

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        dated = "".join(f"{n}{u}" for n, u in ((years, "Y"), (months, "M"), (self.days, "D")) if n)
        timed = "".join(f"{n}{u}" for n, u in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
        return f"P{dated}{'T' + timed if timed else ''}" if dated or timed else "PT0H"

    def words(self) -> str:
        """Say the limit in words.

        >>> TimeLimit.parse("PT24H").words(), TimeLimit.parse("P1Y6M").words()
        ('24 hours', '18 months')
        """
        parts = [
            (self.months // 12, "year") if self.months % 12 == 0 else (self.months, "month"),
            (self.days, "day"),
            (self.seconds // 3600, "hour"),
            (self.seconds % 3600 // 60, "minute"),
            (self.seconds % 60, "second"),
        ]
        said = [f"{n} {unit}{'s' if n > 1 else ''}" for n, unit in parts if n]
        return " ".join(said) or "at once"

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _: CoreSchema, __: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": r"^(P.+|\d+ (hour|day|week|month|year)s?)$",
            "examples": ["24 hours", "P10D", "P6M"],
            "description": "A legal time limit; months are calendar months.",
        }


def _add_months(start: datetime, months: int) -> datetime:
    if not months:
        return start
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    if start.day <= last:
        return start.replace(year=year, month=month0 + 1)
    return datetime(year, month0 + 1, last, 23, 59, 59, 999_999, tzinfo=UTC)


def _round(shifted: datetime, rounding: Rounding | None) -> datetime:
    if rounding is None:
        return shifted
    start = shifted.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return start if rounding == "month_start" else _add_months(start, 1)
