"""The shipped rulebooks are held to what is asked of any: every rule shown, changes noticed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from normrules.drafting.coverage import Coverage, cover_paths
from normrules.drafting.mutation import BookScore, score_paths
from normrules.show.quality import quality_page

BOOKS = Path(__file__).parents[1] / "rulebooks"
#: In per cent: how much of its goals a book's cases show, how many of its mutants they notice.
LEAST_SHOWN, LEAST_NOTICED = 90, 90


@cache
def covered() -> list[Coverage]:
    return cover_paths([str(BOOKS)])


@cache
def scores() -> list[BookScore]:
    return score_paths([str(BOOKS)])


def test_every_rule_of_every_book_comes_alive_in_some_case() -> None:
    assert {one.book: one.percent("rule") for one in covered() if one.percent("rule") < 100} == {}


def test_cases_show_nine_tenths_of_every_book() -> None:
    assert {one.book: one.percent() for one in covered() if one.percent() < LEAST_SHOWN} == {}


@pytest.mark.slow
def test_cases_notice_nine_tenths_of_the_changes_of_every_book() -> None:
    low = {one.book: one.score for one in scores() if one.score < LEAST_NOTICED}
    assert low == {}
    assert len(scores()) >= 27


@pytest.mark.slow
def test_the_page_on_the_cases_is_what_they_reach() -> None:
    page = Path(__file__).parents[1] / "docs" / "quality.md"
    assert page.read_text("utf-8") == quality_page(covered(), scores()), "run `make docs`"
