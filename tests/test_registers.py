"""Registers: dated rows, their span of completeness, and what is refused in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from normrules.core.problem import NormrulesError
from normrules.core.time import day
from normrules.lang.checks import check_file
from normrules.lang.registers import load_register, read_register

HEAD = "register,member,cow,from,to,basis,source\n"
NIGER = "toy,NER,436,2000-01-01,2010-01-01,official,a list\n"


@pytest.fixture
def register(tmp_path):
    """Writes a register called `toy`, and what is said about it."""
    folder = tmp_path / "registers"
    folder.mkdir()

    def written(rows: str, said: str = "") -> Path:
        (folder / "toy.csv").write_text(rows, encoding="utf-8")
        if said:
            (folder / "toy.yaml").write_text(f"register: toy\ntitle: Toy\n{said}", encoding="utf-8")
        return folder / "toy.csv"

    return written


@pytest.mark.parametrize(
    ("date", "bound"),
    [("1999-12-31", False), ("2000-01-01", True), ("2009-12-31", True), ("2010-01-01", False), ("2000", True), ("2005", True),
     ("1989", None), ("2021", None)],
)  # fmt: skip
def test_a_stay_is_half_open_and_known_inside_the_span(date, bound, register):
    path = register(HEAD + NIGER, "complete: {from: 1990-01-01, to: 2020-12-31}\n")
    found = load_register(path).bound("NER", day(date))
    assert found is bound


def test_without_a_span_only_the_rows_are_known(register):
    found = load_register(register(HEAD + NIGER))
    assert found.bound("NER", day("2005")) is True
    assert found.bound("NER", day("2015")) is None
    assert found.bound("MLI", day("2005")) is None


def test_the_last_day_of_the_span_is_inside(register):
    found = load_register(register(HEAD + NIGER, "complete: {from: 1990, to: 2020-12-31}\n"))
    assert found.bound("MLI", day("2020-12-31")) is False
    assert found.bound("MLI", day("2021-01-01")) is None


def test_an_end_that_is_not_known(register):
    row = NIGER.replace("2010-01-01", "2010-01-01/..")
    found = load_register(register(HEAD + row, "complete: {from: 1990-01-01}\n"))
    assert found.bound("NER", day("2005")) is True
    assert found.bound("NER", day("2015")) is None


def test_two_stays_one_after_the_other(register):
    later = "toy,NER,436,2012-01-01,,official,a list\n"
    for rows in (NIGER + later, later + NIGER):
        found = load_register(register(HEAD + rows, "complete: {from: 1990-01-01}\n"))
        assert [found.bound("NER", day(date)) for date in ("2005", "2011", "2015")] == [
            True,
            False,
            True,
        ]


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        (HEAD + NIGER + "toy,NER,436,2009-12-31,,official,x\n", 3, "two stays of NER overlap"),
        (HEAD + "toy,NER,436,2011-01-01,,official,x\n" + NIGER.replace("2010", "2012"), 3, "two stays of NER overlap"),
        (HEAD + "other,NER,436,2000,,official,x\n", 2, "`other` is not this file's register"),
        (HEAD + "toy,NGR,436,2000,,official,x\n", 2, "`NGR` is no ISO 3166 alpha-3 code"),
        (HEAD + "toy,,436,2000,,official,x\n", 2, "`` is no ISO 3166 alpha-3 code"),
        (HEAD + "toy,NER,999,2000,,official,x\n", 2, "Correlates of War code of NER is `436`, not `999`"),
        (HEAD + "toy,NER,436,2000-02-30,,official,x\n", 2, "`2000-02-30` is no day of the calendar"),
        (HEAD + "toy,NER,436,,,official,x\n", 2, "`` is not a date"),
        (HEAD + "toy,NER,436,2000-01-01T10:00Z,,official,x\n", 2, "is not a date"),
        (HEAD + "toy,NER,436,2010-01-01,2000-01-01,official,x\n", 2, "`to` 2000-01-01 is not after `from` 2010-01-01"),
        (HEAD + "toy,NER,436,2000,,hearsay,x\n", 2, "`hearsay` is no basis"),
        (HEAD + NIGER.rstrip() + ",more\n", 2, "more cells than columns"),
        (HEAD + 'toy,"NER,436\n', 2, "this is no CSV"),
        ("register,member,from\n", 1, "the column `to` is missing"),
        ("", 1, "the column `register` is missing"),
    ],
)  # fmt: skip
def test_what_is_refused_and_on_which_line(rows, line, message, register):
    path = register(rows)
    found, problems = read_register(path)
    assert found is None
    assert [(problem.code, problem.span.line, problem.file) for problem in problems] == [
        ("register", line, str(path))
    ]
    assert message in problems[0].message
    assert check_file(path) == problems
    with pytest.raises(NormrulesError) as refused:
        load_register(path)
    assert refused.value.problems == tuple(problems)


def test_a_state_that_was_probably_meant(register):
    _, (problem,) = read_register(register(HEAD + "toy,NGE,436,2000,,official,x\n"))
    assert "did you mean" in problem.help


def test_every_broken_row_is_named(register):
    _, problems = read_register(register(HEAD + "toy,XXX,1,2000,,official,x\n" * 3))
    assert [problem.span.line for problem in problems] == [2, 3, 4]


def test_what_is_said_of_a_register_is_checked(register):
    path = register(HEAD + NIGER, "complete: {from: 2000-02-30}\n")
    found, problems = read_register(path)
    assert found is None
    assert problems[0].file == str(path.with_suffix(".yaml"))
    assert "no day of the calendar" in problems[0].message


def test_the_shipped_registers_are_right():
    folder = Path(__file__).parents[1] / "rulebooks" / "registers"
    for path in folder.glob("*.csv"):
        assert check_file(path) == [], path
