"""Events to cases: who joins which, what is known of each, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from placed import shown

from normrules.core.time import day, describe
from normrules.lang.reader import read
from normrules.lang.scenarios import read_scenario
from normrules.lang.streams import read_text_cases

OPENING = "{type: power_seizure, time: 2023-07-26, outcome: succeeded}"


def cases_of(events: str, head: str = "country: NER") -> tuple[dict, list]:
    """The ids of the events of each case, and the problems."""
    lines = "".join(f"  - {line.strip()}\n" for line in events.strip().splitlines())
    found, problems = read_scenario(
        read(f"scenario: x\n{head}\nevents:\n{lines}", "x.yaml"), Path()
    )
    return {case.id: case for case in found}, problems


def dealt(events: str, head: str = "country: NER") -> dict[str, list[str]]:
    cases, problems = cases_of(events, head)
    assert problems == []
    return {name: [event.id for event in case.events] for name, case in cases.items()}


def test_the_first_opening_takes_the_name_of_the_scenario():
    assert dealt(f"{OPENING}\n{{type: condemn, by: au_psc, time: 2023-07-27}}") == {"x": ["1", "2"]}


def test_a_case_is_open_until_the_next_opening_of_its_country():
    assert dealt("""
        {id: a, type: power_seizure, time: 2020-08-18}
        {id: b, type: condemn, by: au_psc, time: 2020-08-19}
        {id: c, type: power_seizure, time: 2021-05-24}
        {id: d, type: condemn, by: au_psc, time: 2021-05-25}
    """) == {"x": ["a", "b"], "x-c": ["c", "d"]}


def test_countries_do_not_close_each_others_cases():
    assert dealt("""
        {id: a, type: power_seizure, time: 2023-07-26, country: NER}
        {id: b, type: power_seizure, time: 2023-08-30, country: GAB}
        {id: c, type: condemn, by: au_psc, time: 2023-08-31, country: NER}
        {id: d, type: condemn, by: au_psc, time: 2023-08-31, country: GAB}
    """, "title: Two") == {"x": ["a", "c"], "x-b": ["b", "d"]}  # fmt: skip


def test_an_event_may_belong_to_several_cases():
    assert dealt("""
        {id: a, type: power_seizure, time: 2023-07-26, country: NER, case: niger}
        {id: b, type: power_seizure, time: 2023-08-30, country: GAB, case: gabon}
        {id: c, type: condemn, by: au_psc, time: 2023-08-31, case: [niger, gabon]}
    """) == {"niger": ["a", "c"], "gabon": ["b", "c"]}


def test_two_openings_may_be_one_case():
    assert dealt("""
        {id: a, type: power_seizure, time: 2023-07-26, case: c}
        {id: b, type: power_seizure, time: 2023-07-28, case: c}
    """) == {"c": ["a", "b"]}


def test_events_stand_in_order_of_time_however_they_are_written():
    assert dealt(f"{{id: z, type: condemn, by: au_psc, time: 2023-07-27}}\n{OPENING}") == {
        "x": ["2", "z"]
    }


def test_what_follows_is_not_before():
    cases, problems = cases_of("""
        {id: a, type: power_seizure, time: 2023-07-26T10:00Z}
        {id: b, type: condemn, by: au_psc, time: 2023-07-26, follows: a}
        {id: c, type: condemn, by: au_psc, time: 2023-07, follows: b}
    """)
    assert problems == []
    _, b, c = cases["x"].events
    assert b.time.lo == c.time.lo == cases["x"].opening.time.lo
    assert b.time.hi == day("2023-07-26").hi
    assert (b.follows, c.follows) == ({"a"}, {"a", "b"})


def test_a_date_is_a_day_of_the_zone():
    cases, _ = cases_of(OPENING, "country: NER\nzone: Africa/Niamey")
    assert describe(cases["x"].opening.time, cases["x"].zone) == "2023-07-26"
    assert cases["x"].opening.time.lo == day("2023-07-26").lo - 3_600_000_000


def test_what_is_known_of_an_attribute():
    cases, problems = cases_of(
        "{type: power_seizure, time: 2023-07-26, outcome: succeeded, perpetrator: [military, rebels], fatalities: {at_most: 3}}"
    )
    assert problems == []
    known = cases["x"].opening.known
    assert known["outcome"] == {"succeeded"}
    assert known["perpetrator"] == {"military", "rebels"}
    assert (known["fatalities"].lo, known["fatalities"].hi) == (None, 3)
    assert "ousted" not in known


def test_the_horizon_is_the_end_of_the_last_event_or_of_the_day_given():
    assert cases_of(OPENING)[0]["x"].horizon == day("2023-07-26").hi
    assert cases_of(OPENING, "country: NER\nat: 2023-08")[0]["x"].horizon == day("2023-08").hi


ACT = "{type: condemn, by: au_psc, time: 2023-07-27}"
#: Events (and a head), then the code, the marked text, words of the message and of the help.
REFUSED = {
    "no type": ("{time: 2023}", "event", "{time", "needs a `type`", ""),
    "no time": ("{type: power_seizure}", "event", "{type", "needs a `time`", ""),
    "an unknown type": ("{type: cuop, time: 2023}", "unknown-event", "cuop", "unknown event `cuop`", ""),
    "an unknown attribute": ("{type: power_seizure, time: 2023, outcom: failed}", "unknown-attribute", "outcom", "", "`outcome`"),
    "an unknown value": ("{type: power_seizure, time: 2023, outcome: won}", "unknown-value", "won", "", "succeeded"),
    "an unreadable range": ("{type: power_seizure, time: 2023, fatalities: {more: 3}}", "value", "{more: 3}", "can't be read", "at_least"),
    "an unknown body": (f"{OPENING}\n{{type: condemn, by: au_pcs, time: 2023-07-27}}", "unknown-body", "au_pcs", "", "`au_psc`"),
    "no day": ("{type: power_seizure, time: 2023-02-30}", "time", "2023-02-30", "no day of the calendar", ""),
    "a naive instant": ("{type: power_seizure, time: 2023-07-26T10:00}", "time", "2023-07-26T10:00", "no offset from UTC", ""),
    "no state": ("{type: power_seizure, time: 2023, country: Niger}", "country", "Niger", "no ISO 3166 alpha-3 code", ""),
    "votes that are none": (f"{OPENING}\n{{type: condemn, by: au_psc, time: 2023-07-27, for: many}}", "votes", "many", "no number of votes", ""),
    "two events of one id": (f"{OPENING}\n{{id: 1, type: condemn, by: au_psc, time: 2023-07-27}}", "repeated-id", "1", "two events are `1`", ""),
    "no opening": (ACT, "case", "- {type", "no event opens a case", "power_seizure"),
    "before the opening": (f"{OPENING}\n{ACT.replace('07-27', '07-01')}", "case", "{type: condemn", "no case is open for NER then", "put the opening"),
    "after the case was closed": (
        f"{OPENING}\n{{type: case_closed, time: 2023-08-01}}\n{ACT.replace('07-27', '08-02')}", "case", "{type: condemn", "no case is open", "",
    ),
    "another country": (f"{OPENING}\n{ACT.replace('}', ', country: GAB}')}", "case", "{type: condemn", "no case is open for GAB", ""),
    "an unknown case": (f"{OPENING}\n{ACT.replace('}', ', case: y}')}", "case", "y", "there is no case `y`", "x"),
    "an opening of two cases": ("{type: power_seizure, time: 2023, case: [a, b]}", "case", "[a, b]", "opens one case", ""),
    "following nothing": (f"{OPENING}\n{ACT.replace('}', ', follows: z}')}", "follows", "z", "there is no event `z` before it", ""),
    "following oneself": ("{id: a, type: power_seizure, time: 2023, follows: a}", "follows", "a", "there is no event `a`", ""),
    "following what is later": (
        "{id: a, type: power_seizure, time: 2023-07-26, follows: b}\n{id: b, type: condemn, by: au_psc, time: 2023-07-27}",
        "follows", "b", "it follows an event that is later", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_event_that_is_refused(name):
    events, code, marked, message, helped = REFUSED[name]
    cases, problems = cases_of(events)
    assert cases == {}
    assert [problem.code for problem in problems] == [code]
    assert marked in shown(problems[0])
    assert message in problems[0].message
    assert helped in (problems[0].help or "")


@pytest.mark.parametrize(
    ("head", "code", "message"),
    [
        ("country: Niger", "name", "`Niger`"),
        ("zone: Mars", "zone", "no IANA time zone"),
        ("country: NER\nat: soon", "time", "`soon` is no time"),
        ("country: NER\ncomplete: [condem]", "unknown-event", "`condem`"),
        ("country: NER\nstate: {troops: 3}", "unknown-attribute", "`troops`"),
        ("country: NER\nkind: fiction", "value", "`fiction` is not one of these words"),
        ("country: NER\nauthor: me", "unknown-key", "`author`"),
    ],
)
def test_a_head_that_is_refused(head, code, message):
    cases, problems = cases_of(OPENING, head)
    assert cases == {}
    assert (problems[0].code, len(problems)) == (code, 1)
    assert message in problems[0].message


# -------------------------------------------------------------------- one stream, three ways to write it

ROWS = [
    {
        "id": "a",
        "type": "power_seizure",
        "time": "2023-07-26",
        "country": "NER",
        "outcome": "succeeded",
    },
    {
        "id": "b",
        "type": "condemn",
        "time": "2023-07-28",
        "by": ["au_psc", "au_assembly"],
        "country": "NER",
    },
]


def as_csv() -> str:
    columns = ["id", "type", "time", "country", "outcome", "by"]
    cells = [
        [";".join(v) if isinstance(v := row.get(c, ""), list) else v for c in columns]
        for row in ROWS
    ]
    return "\n".join(",".join(line) for line in [columns, *cells]) + "\n"


def as_cloud_events() -> str:
    return "".join(
        json.dumps({
            "specversion": "1.0", "subject": "events", "data": {k: v for k, v in row.items() if k not in ("id", "type", "time")},
            **{k: row[k] for k in ("id", "type", "time")},
        }) + "\n" for row in ROWS
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "file"),
    [
        (json.dumps({"scenario": "events", "events": ROWS}), "events.yaml"),
        ("".join(json.dumps(row) + "\n" for row in ROWS), "events.jsonl"),
        (as_csv(), "events.csv"),
        (as_cloud_events(), "events.jsonl"),
        (as_csv(), "standard input"),
        ("".join(json.dumps(row) + "\n" for row in ROWS), "standard input"),
    ],
    ids=["yaml", "jsonl", "csv", "cloudevents", "csv by its looks", "jsonl by its looks"],
)
def test_three_ways_to_write_one_stream(text, file):
    (case,), problems = read_text_cases(text, file, Path())
    assert problems == []
    assert [(e.id, e.type, e.by, e.time) for e in case.events] == [
        ("a", "power_seizure", frozenset(), day("2023-07-26")),
        ("b", "condemn", {"au_psc", "au_assembly"}, day("2023-07-28")),
    ]


def test_a_line_separator_inside_json_text_is_text():
    row = json.dumps({**ROWS[0], "note": "a\u2028b"}, ensure_ascii=False)
    (case,), problems = read_text_cases(row + "\n", "x.jsonl", Path())
    assert problems == []
    assert case.opening.raw["note"] == "a\u2028b"


def test_a_large_stream_is_dealt_out_soon():
    rows = [
        {"type": "power_seizure" if n % 2 == 0 else "condemn", "by": "au_psc", "country": "NER", "time": f"{1000 + n}-01-01"}
        for n in range(8000)
    ]  # fmt: skip
    for row in rows[::2]:
        del row["by"]
    cases, problems = read_text_cases(
        "".join(json.dumps(row) + "\n" for row in rows), "x.jsonl", Path()
    )
    assert problems == []
    assert {len(case.events) for case in cases} == {2}
    assert len(cases) == 4000
