"""Times: the calendar's months, the days of a zone, the edges of the years; as properties."""

# ruff: noqa: DTZ001  (naive times are what hypothesis draws)

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normrules.core.register import edge
from normrules.core.time import (
    ALWAYS,
    DAY,
    EVER,
    NEVER,
    NOT_EVER,
    SECOND,
    Interval,
    TimeLimit,
    at,
    day,
    describe,
    iso,
    moment,
    read_time,
    read_zone,
)

HOUR = 3600 * SECOND
ZONES = [
    "UTC",
    "Africa/Cairo",
    "America/Tegucigalpa",
    "America/Havana",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Monrovia",
]
DATES = st.dates(date(1, 1, 1), date(9999, 12, 31))
MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)).map(
    lambda when: when.replace(tzinfo=UTC)
)
LATER = st.dates(date(1946, 1, 1), date(2037, 12, 31))
LIMITS = st.builds(
    TimeLimit, st.integers(0, 12_000), st.integers(0, 366_000), st.integers(0, 10**10)
)
MONTHS = st.builds(TimeLimit, st.integers(0, 240))
TEXTS = st.one_of(
    DATES.map(lambda d: d.isoformat()), DATES.map(lambda d: d.isoformat()[:7]), DATES.map(lambda d: d.isoformat()[:4]),
)  # fmt: skip


def instant(text: str) -> int:
    return read_time(text).lo


# -------------------------------------------------------------------- time limits


@pytest.mark.parametrize(
    ("limit", "start", "end"),
    [
        ("P6M", "2023-08-31T10:00Z", "2024-02-29T23:59:59.999999Z"),
        ("P6M", "2022-08-31T10:00Z", "2023-02-28T23:59:59.999999Z"),
        ("P6M", "2022-08-28T10:00Z", "2023-02-28T10:00Z"),
        ("P1M", "2023-01-31T00:00Z", "2023-02-28T23:59:59.999999Z"),
        ("P2M", "2023-01-31T00:00Z", "2023-03-31T00:00Z"),
        ("P30D", "2023-01-31T00:00Z", "2023-03-02T00:00Z"),
        ("P1Y", "2024-02-29T12:00Z", "2025-02-28T23:59:59.999999Z"),
        ("P4Y", "2024-02-29T12:00Z", "2028-02-29T12:00Z"),
        ("P100Y", "2000-02-29T12:00Z", "2100-02-28T23:59:59.999999Z"),
        ("P1M1D", "2023-01-31T00:00Z", "2023-03-01T23:59:59.999999Z"),
        ("PT24H", "2023-03-25T23:00Z", "2023-03-26T23:00Z"),
    ],
)
def test_months_are_calendar_months(limit, start, end):
    assert TimeLimit.parse(limit).after(instant(start)) == instant(end)


@given(MOMENTS, MONTHS)
def test_a_month_later_is_the_same_day_or_the_last_instant_of_its_month(start, limit):
    whole, month0 = divmod(start.year * 12 + start.month - 1 + limit.months, 12)
    found = limit.after(at(start))
    if whole > 9999:
        assert found == NEVER
        return
    end = moment(found)
    last = calendar.monthrange(whole, month0 + 1)[1]
    assert (end.year, end.month) == (whole, month0 + 1)
    if start.day <= last:
        assert end == start.replace(year=whole, month=month0 + 1)
    else:
        assert moment(found + 1) == end.replace(
            hour=0, minute=0, second=0, microsecond=0
        ) + timedelta(days=1)
        assert end.day == last


@given(MOMENTS, MOMENTS, LIMITS, st.sampled_from([None, "month_start", "next_month"]))
def test_who_starts_later_does_not_end_sooner(one, other, limit, rounding):
    first, second = sorted([at(one), at(other)])
    assert limit.after(first, rounding) <= limit.after(second, rounding)


@given(MOMENTS, LIMITS, LIMITS)
def test_a_longer_limit_does_not_end_sooner(start, one, other):
    longer = TimeLimit(
        *map(max, (one.months, one.days, one.seconds), (other.months, other.days, other.seconds))
    )
    assert at(start) <= one.after(at(start)) <= longer.after(at(start))


@given(LIMITS)
def test_a_limit_reads_as_it_is_written(limit):
    assert TimeLimit.parse(str(limit)) == limit
    assert limit.is_zero == (str(limit) == "PT0H")


@given(st.integers(0, 900), st.sampled_from(["hour", "day", "week", "month", "year"]))
def test_a_limit_in_words_is_the_same_in_iso(number, unit):
    letters = {"hour": "PT{}H", "day": "P{}D", "week": "P{}W", "month": "P{}M", "year": "P{}Y"}
    limit = TimeLimit.parse(f"{number} {unit}{'s' * (number != 1)}")
    assert limit == TimeLimit.parse(letters[unit].format(number))
    assert limit.is_zero == (number == 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1",
        "6 moons",
        "-P6M",
        "P-6M",
        "P1.5D",
        "six months",
        "P1H",
        "P9999999D",
        "P1001Y",
        "P" + "9" * 5000 + "D",
        6,
        None,
    ],
)
def test_what_is_no_limit_is_refused(text):
    with pytest.raises(ValueError, match=r"\S"):
        TimeLimit.parse(text)


@given(MOMENTS)
def test_rounding_goes_to_the_first_of_a_month(start):
    first = moment(TimeLimit().after(at(start), "month_start"))
    assert (first.year, first.month, first.day, first.hour) == (start.year, start.month, 1, 0)
    after = TimeLimit().after(at(start), "next_month")
    if (start.year, start.month) == (9999, 12):
        assert after == NEVER
    else:
        assert moment(after) == (first + timedelta(days=32)).replace(day=1)
        assert after > at(start)


def test_no_limit_moves_what_never_or_always_is():
    for limit in (TimeLimit(), TimeLimit.parse("P1Y")):
        assert limit.after(NEVER) == NEVER
        assert limit.after(EVER) == EVER


# -------------------------------------------------------------------- reading and saying


@given(TEXTS)
def test_a_date_says_what_it_was_written_as(text):
    assert describe(read_time(text)) == text


@given(LATER, st.sampled_from(ZONES), st.sampled_from([4, 7, 10]))
def test_a_date_of_a_zone_says_itself_there(written, name, length):
    zone, text = read_zone(name), written.isoformat()[:length]
    if name == "Pacific/Apia" and date(2011, 12, 30).isoformat()[:length] == text:
        return  # a day that was left out there
    assert describe(read_time(text, zone), zone) == text


@given(MOMENTS)
def test_an_instant_reads_as_it_is_printed(when):
    printed = iso(at(when))
    assert read_time(printed) == Interval(at(when), at(when))
    assert moment(at(when)) == when


@given(TEXTS)
def test_a_date_is_never_midnight(text):
    lo, hi = read_time(text)
    assert lo < hi
    assert hi + 1 - lo >= DAY or text.startswith("9999")


@given(st.dates(date(1, 1, 1), date(9999, 12, 30)))
def test_days_follow_each_other_without_a_gap(written):
    assert day(written.isoformat()).hi + 1 == day((written + timedelta(days=1)).isoformat()).lo
    assert edge(written.isoformat()).exact


@given(LATER, st.sampled_from(ZONES))
def test_days_of_a_zone_follow_each_other_without_a_gap(written, name):
    zone = read_zone(name)
    tomorrow = (written + timedelta(days=1)).isoformat()
    assert day(written.isoformat(), zone).hi + 1 == day(tomorrow, zone).lo


def length(text: str, zone: str) -> int:
    lo, hi = read_time(text, read_zone(zone))
    return (hi + 1 - lo) // HOUR


@pytest.mark.parametrize(
    ("zone", "text", "hours"),
    [
        ("Africa/Cairo", "2023-04-28", 23),  # at midnight the clocks went to one
        ("Africa/Cairo", "2023-10-26", 25),  # at midnight they went back to eleven
        ("Africa/Cairo", "2020-04-24", 24),  # no summer time that year
        ("America/Tegucigalpa", "2006-05-07", 23),
        ("America/Tegucigalpa", "2006-08-06", 25),
        ("America/Tegucigalpa", "2009-06-28", 24),
        ("America/Havana", "2023-11-05", 25),
    ],
)
def test_a_day_is_as_long_as_its_zone_made_it(zone, text, hours):
    assert length(text, zone) == hours


def test_a_date_of_a_zone_is_that_zones():
    assert describe(read_time("2009-06-28", read_zone("America/Tegucigalpa"))) != "2009-06-28"
    assert (
        iso(read_time("2009-06-28", read_zone("America/Tegucigalpa")).lo) == "2009-06-28T06:00:00Z"
    )
    assert iso(read_time("2023-04-28", ZoneInfo("Africa/Cairo")).lo) == "2023-04-27T22:00:00Z"


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)))
def test_an_instant_needs_an_offset(naive):
    with pytest.raises(ValueError, match="offset"):
        at(naive)
    with pytest.raises(ValueError, match="offset"):
        read_time(naive.isoformat())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "23",
        "2023-2-3",
        "2023-13",
        "2023-02-29",
        "0000",
        "0000-01-01",
        "2023-07-26T25:00Z",
        "soon",
        "2023-07-26 ",
        "26.7.2023",
        "10000-01-01",
        "2023-07-26T10:00+25:00",
    ],
)
def test_what_is_no_time_is_refused_in_words(text):
    with pytest.raises(ValueError, match="`"):
        read_time(text)


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "", "../etc/passwd", "/etc/localtime", "Africa", "a\0b"]
)
def test_what_is_no_zone_is_refused_in_words(name):
    with pytest.raises(ValueError, match="is no IANA time zone"):
        read_zone(name)


# -------------------------------------------------------------------- the edges


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("text", ["0001", "0001-01", "0001-01-01", "9999", "9999-12", "9999-12-31"])
def test_the_first_and_last_years_are_said(text, zone):
    when = read_time(text, read_zone(zone))
    assert when.lo < when.hi
    for place in (UTC, read_zone(zone)):
        assert describe(when, place)
        assert describe(Interval(when.lo, NEVER), place)
        assert describe(Interval(when.lo, when.lo), place)
        assert describe(Interval(when.hi, when.hi), place)
    for end in when:
        assert iso(end)


@pytest.mark.parametrize("text", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"])
def test_an_instant_beyond_the_years_is_refused_or_said(text):
    try:
        when = read_time(text)
    except ValueError as error:
        assert text in str(error)
    else:
        assert describe(when)


@given(MOMENTS, LIMITS)
def test_what_ends_after_the_last_year_never_ends(start, limit):
    end = limit.after(at(start))
    assert end == NEVER or at(start) <= end <= at(datetime.max.replace(tzinfo=UTC))


def test_what_never_and_always_are_called():
    assert [describe(NOT_EVER), describe(ALWAYS), iso(NEVER)] == ["never", "from the start", None]
    assert describe(Interval(EVER, NEVER)) == "unknown"
    assert (
        describe(Interval(instant("2023-07-26T10:00Z"), NEVER))
        == "2023-07-26 10:00Z or later, if at all"
    )
