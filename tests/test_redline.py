"""What a draft changes in its base, or an edition in another: rule by rule, word by word."""

from __future__ import annotations

import json

import pytest
from toy import program_of
from toy_books import ALWAYS, book

from normrules.analysis.redline import redline
from normrules.core.problem import NormrulesError
from normrules.lang.library import load_program
from normrules.show.redline import (
    lines,
    redline_data,
    redline_html,
    redline_json,
    redline_markdown,
    redline_text,
    summary,
)

DRAFT = "dpa-2009-submission"
ACT = {"must": "speak", "by": "council", "within": "P1D"}


def compared(old, new, **more):
    """Two toy books of rules, the older first."""
    programs = [program_of(book(*rules, **more)) for rules in (old, new)]
    return redline(programs[1], programs[0])


def one(old, new, **more):
    """The only change between two rules."""
    (change,) = compared((old,), (new,), **more).changes
    return change


def joined(change, line, *marks):
    """The words of a change with some marks."""
    return "\n".join(
        "".join(run.text for run in runs if run.mark in marks) for runs in lines(change, line)
    )


@pytest.fixture(scope="module")
def line():
    return redline(load_program(DRAFT))


# -------------------------------------------------------------------- what differs


def test_equal_books_have_no_redline():
    same = compared(({"when": ALWAYS},), ({"when": ALWAYS},))
    assert same.changes == ()
    assert same.kept == 1


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"title": "Another"}, ("title",)),
        ({"when": {"event": "seizure"}}, ("when",)),
        ({"unless": {"event": "protest"}}, ("unless",)),
        ({"upon": {"finding": "f0", "by": "chair"}}, ("once",)),
        ({"then": ACT | {"within": "P2D"}}, ("deadline",)),
        ({"then": {"should": "speak", "by": "council", "within": "P1D"}}, ("demand",)),
        ({"then": ACT | {"by": "chair"}}, ("demand",)),
        ({"then": ACT | {"with": {"form": {"at_least": "letter"}}}}, ("demand",)),
        ({"until": {"event": "restoration"}}, ("until",)),
        ({"decided_by": {"rule": "consensus"}}, ("decided by",)),
        ({"otherwise": {"may": "demand", "by": "chair"}}, ("if breached",)),
        ({"note": "A word"}, ("note",)),
        ({"source": {"instrument": "law", "at": "art. 2", "basis": "official"}}, ("source",)),
    ],
)
def test_each_part_of_a_rule_is_told(change, parts):
    rule = {"when": ALWAYS, "then": ACT}
    told = one(rule, rule | change)
    assert (told.kind, told.subject, told.name) == ("changed", "rule", "r0")
    assert told.parts == parts


def test_terms_and_definitions_are_compared_too():
    seized = {"counts_as": "f1", "when": {"event": "seizure"}}
    won = {"counts_as": "f1", "when": {"event": "seizure", "where": {"outcome": "succeeded"}}}
    rule = {"when": {"fact": "f1"}}
    programs = [
        program_of(book(rule, definitions=(d,), terms={"soon": {"exactly": term}}))
        for d, term in ((seized, "P1D"), (won, "P2D"))
    ]
    changes = redline(programs[1], programs[0]).changes
    assert [(c.subject, c.name, c.parts) for c in changes] == [
        ("term", "soon", ("exactly",)),
        ("definition", "d0", ("when",)),
    ]


def test_a_rule_that_gives_way_to_a_new_one_is_changed():
    old = ({"when": ALWAYS},)
    new = ({"when": ALWAYS}, {"when": ALWAYS, "overrides": ["r0"]})
    told = {change.name: (change.kind, change.parts) for change in compared(old, new).changes}
    assert told == {"r0": ("changed", ("gives way to",)), "r1": ("added", ())}


def test_something_to_compare_with_is_needed():
    with pytest.raises(NormrulesError, match="`un-secretariat` is no draft"):
        redline(load_program("un-secretariat"))


# -------------------------------------------------------------------- the shipped draft


def test_the_submission_against_the_practice_before_it(line):
    assert line.old.name == "un-secretariat@2009-10-31"
    assert [c.name for c in line.of("rule", "removed")] == ["ad-hoc-coordination"]
    assert [c.name for c in line.of("rule", "changed")] == ["invitations"]
    assert len(line.of("rule", "added")) == 7
    assert line.kept == 5
    assert summary(line) == "Rules: 7 added, 1 removed, 1 changed, 5 as they were."


def test_what_became_of_the_submission():
    """The decision added the hours and dropped the sanctions."""
    line = redline(load_program("un-secretariat"), load_program(DRAFT))
    (convene,) = [c for c in line.of("rule", "changed") if c.name == "convene-working-group"]
    assert "deadline" in convene.parts
    assert "demand" not in convene.parts
    assert "within 24 hours" in joined(convene, line, "inserted")
    removed = {change.name for change in line.of("rule", "removed")}
    assert {"disapprove", "suspend-electoral-assistance", "review-troops"} <= removed


def test_two_editions():
    line = redline(
        load_program("un-secretariat@2012-01-01"), load_program("un-secretariat@2009-10-31")
    )
    assert "convene-working-group" in {change.name for change in line.of("rule", "added")}
    assert "ad-hoc-coordination" in {change.name for change in line.of("rule", "removed")}
    assert line.of("rule", "changed") == ()


# -------------------------------------------------------------------- words


def test_kept_and_deleted_words_give_the_old_text_and_kept_and_inserted_the_new(line):
    for other in (line, redline(load_program("un-secretariat"), load_program(DRAFT))):
        data = redline_data(other)
        for change, told in zip(other.changes, data["changes"], strict=True):
            old = [s for s in joined(change, other, "kept", "deleted").split("\n") if s]
            new = [s for s in joined(change, other, "kept", "inserted").split("\n") if s]
            assert old == told["old"], change.name
            assert new == told["new"], change.name


def test_only_what_changes_is_marked():
    rule = {"when": ALWAYS, "then": ACT}
    line = compared((rule,), (rule | {"then": ACT | {"within": "P2D"}},))
    text = redline_text(line)
    assert "within [-1 day-]{+2 days+}." in text
    assert text.count("[-") == text.count("{+") == 1


def test_the_marks_stand_without_colour_and_colour_adds_to_them(line):
    bare, coloured = redline_text(line), redline_text(line, colour=True)
    assert "\x1b" not in bare
    assert "\x1b" in coloured
    for mark in ("[-", "-]", "{+", "+}"):
        assert bare.count(mark) == coloured.count(mark) > 0
    assert all(len(row) <= 80 for row in bare.split("\n"))


def test_markdown_and_html_mark_the_same(line):
    markdown, html = redline_markdown(line), redline_html(line)
    assert html.count("<ins>") == html.count("</ins>") == redline_text(line).count("{+")
    assert html.count("<del>") == redline_text(line).count("[-")
    assert "~~has discretion to~~**may**" in markdown
    assert "<del>has discretion to</del><ins>may</ins>" in html


def test_html_takes_nothing_for_markup():
    old, new = ({"when": ALWAYS, "title": f"<i>{n}"} for n in "ab")
    assert "<i>" not in redline_html(compared((old,), (new,)))


def test_json_holds_all(line):
    data = json.loads(redline_json(line))
    assert (data["kind"], data["old"], data["new"]) == (
        "redline",
        "un-secretariat@2009-10-31",
        DRAFT,
    )
    assert {change["kind"] for change in data["changes"]} == {"added", "removed", "changed"}
