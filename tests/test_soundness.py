"""Soundness of one rulebook: what is planted is found, and what is sound is left alone."""

from __future__ import annotations

import pytest
from toy import program_of
from toy_books import ALWAYS, book
from typer.testing import CliRunner

from normrules.analysis.soundness import soundness
from normrules.cli.app import app

COUP = {"event": "seizure", "where": {"outcome": "succeeded"}}
FAILED = {"event": "seizure", "where": {"outcome": "failed"}}
SUSPEND = {"must": "suspend", "by": "council"}


def found(*rules: dict) -> list[tuple[str, tuple[str, ...]]]:
    return [(item.code, item.rules) for item in soundness(program_of(book(*rules)))]


def test_a_sound_book() -> None:
    assert found({"when": ALWAYS, "then": SUSPEND}) == []


PLANTED = {
    "a dead rule": (
        [{"when": {"all": [COUP, {"not": {"event": "seizure"}}]}, "then": SUSPEND}],
        ("dead-rule", ("r0",)),
    ),
    "an exception that never matters": (
        [{"when": COUP, "unless": FAILED, "then": SUSPEND}],
        ("idle-exception", ("r0",)),
    ),
    "an override that never matters": (
        [
            {"when": COUP, "then": SUSPEND},
            {"when": FAILED, "then": {"may": "suspend", "by": "council"}, "overrides": ["r0"]},
        ],
        ("idle-override", ("r1", "r0")),
    ),
    "the same twice": (
        [{"when": COUP, "then": SUSPEND}, {"when": COUP, "then": SUSPEND}],
        ("duplicate-rule", ("r0", "r1")),
    ),
    "a conflict": (
        [
            {"when": COUP, "then": SUSPEND},
            {"when": ALWAYS, "then": {"must_not": "suspend", "by": "council"}},
        ],
        ("conflict", ("r0", "r1")),
    ),
    "a gap": ([{"when": COUP, "then": SUSPEND}], ("gap", ())),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_found(name: str) -> None:
    rules, wanted = PLANTED[name]
    assert wanted in found(*rules)


def test_a_conflict_and_a_gap_come_with_a_case_that_shows_them() -> None:
    rules = [
        {"when": COUP, "then": SUSPEND},
        {"when": COUP, "then": {"must_not": "suspend", "by": "council"}},
    ]
    shown = {item.code: item.witness for item in soundness(program_of(book(*rules)))}
    assert shown["conflict"].data["events"][0]["outcome"] == "succeeded"
    assert shown["gap"].data["events"][0]["outcome"] == "failed"


@pytest.mark.parametrize("name", ["african-union", "oas", "un-secretariat", "ecowas"])
def test_shipped_books_are_sound(name: str) -> None:
    came = CliRunner().invoke(app, ["check", "--sound", name])
    assert came.exit_code == 0, came.output
