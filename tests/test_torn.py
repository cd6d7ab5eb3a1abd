"""States torn between two organisations that bind them."""

from __future__ import annotations

import pytest
from toy import program_of
from toy_books import ALWAYS, book
from typer.testing import CliRunner

from normrules.analysis.torn import torn
from normrules.cli.app import app
from normrules.core.program import Program
from normrules.core.time import day

DAY = day("2020-02-01")
MEMBERS, PARTIES = {"each": "members"}, {"each": "parties"}


def regime(name: str, then: dict, **more) -> Program:
    return program_of(
        book({"when": ALWAYS, "then": then}, rulebook=name, members="members", **more)
    )


def torn_between(first: dict, second: dict) -> list[str]:
    return [item.says for item in torn([regime("a", first), regime("b", second)], DAY)]


def test_a_state_of_both_must_and_must_not() -> None:
    (says,) = torn_between({"must": "speak", "by": MEMBERS}, {"must_not": "speak", "by": PARTIES})
    assert says == "`a:r0` and `b:r0` demand and forbid one act of AAA"


def test_to_suspend_is_not_to_admit() -> None:
    demands = {"must": "suspend", "by": MEMBERS}, {"should": "admit", "by": PARTIES}
    assert len(torn_between(*demands)) == 1


def test_the_state_concerned_is_torn_where_both_bind_it() -> None:
    demands = {"must": "speak", "by": "state_concerned"}, {
        "should_not": "speak", "by": "state_concerned"
    }  # fmt: skip
    (says,) = torn_between(*demands)
    assert says.endswith("one act of AAA, CCC")


@pytest.mark.parametrize(
    "demands",
    [
        ({"must": "speak", "by": MEMBERS}, {"must": "speak", "by": PARTIES}),
        ({"may": "speak", "by": MEMBERS}, {"must_not": "speak", "by": PARTIES}),
        ({"must": "speak", "by": MEMBERS}, {"must_not": "demand", "by": PARTIES}),
        ({"must": "speak", "by": "council"}, {"must_not": "speak", "by": PARTIES}),
        ({"must": "speak", "by": "state_concerned"}, {"must_not": "speak", "by": PARTIES}),
    ],
)
def test_who_is_not_torn(demands) -> None:
    assert torn_between(*demands) == []


def test_rules_that_are_never_alive_together_tear_nobody() -> None:
    def one(name: str, outcome: str, then: dict) -> Program:
        when = {"event": "seizure", "where": {"outcome": outcome}}
        return program_of(book({"when": when, "then": then}, rulebook=name, members="members"))

    first = one("a", "failed", {"must": "speak", "by": MEMBERS})
    second = one("b", "succeeded", {"must_not": "speak", "by": PARTIES})
    assert torn([first, second], DAY) == []


def test_the_command_looks_at_rulebooks_together() -> None:
    came = CliRunner().invoke(app, ["check", "--sound", "sica", "saarc"])
    assert came.exit_code == 0, came.output
