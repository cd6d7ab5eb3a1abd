"""What the loader refuses: each with its code, its place, what is wrong and what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from placed import shown

from normrules.core.rulebook import Rulebook
from normrules.lang.checks import check_file
from normrules.lang.library import load_program, read_program
from normrules.lang.loader import load
from normrules.lang.reader import read

BOOK = """\
rulebook: x
title: X
organisation: african-union
vocabulary: anti-coup
members: african-union
instruments:
  charter: {title: Charter, form: treaty, force: binding, adopted: 2000-01-01}
terms:
  soon: {between: [PT0H, P8D]}
definitions:
  - id: coup
    counts_as: unconstitutional_change
    source: {instrument: charter, at: art. 1, basis: official}
    when: {event: power_seizure}
rules:
  - id: condemn
    title: Condemn
    source: {instrument: charter, at: art. 2, basis: official}
    when: {fact: unconstitutional_change}
    then: {must: condemn, by: au_psc, within: P8D}
  - id: suspend
    title: Suspend
    source: {instrument: charter, at: art. 3, basis: official}
    when: {event: power_seizure, where: {outcome: succeeded}}
    then: {must: suspend_participation, by: au_psc}
  - id: hear
    title: Hear
    source: {instrument: charter, at: art. 4, basis: official}
    when: {event: power_seizure}
    then: {may: condemn, by: au_psc}
"""
CONDEMN = "then: {must: condemn, by: au_psc, within: P8D}"
SUSPEND = "then: {must: suspend_participation, by: au_psc}"
HEAR = "then: {may: condemn, by: au_psc}"
FACT = "when: {fact: unconstitutional_change}"
SEIZURE = "when: {event: power_seizure, where: {outcome: succeeded}}"

#: What is written instead of what, then the code, the marked text, words of message and help.
REFUSED = {
    "an unknown key": ("title: Condemn", "notte: y\n    title: Condemn", "unknown-key", "notte", "unknown key `notte`", "`note`"),
    "no title": ("    title: Suspend\n", "", "missing-key", "", "the key `title` is missing", "add `title"),
    "no source": (
        "    source: {instrument: charter, at: art. 3, basis: official}\n", "", "missing-key", "", "`source` is missing", "add",
    ),
    "a repeated key": ("title: X", "title: X\ntitle: Y", "repeated-key", "title", "`title` is given twice", "on line 2"),
    "two rules with one id": ("id: suspend", "id: condemn", "repeated-id", "condemn", "`condemn` names two things", ""),
    "a rule named as a reparation": (
        SUSPEND, SUSPEND + "\n    otherwise: {may: condemn, by: au_psc}\n  - id: suspend.otherwise\n    title: Y\n"
        "    source: {instrument: charter, at: art. 3, basis: official}\n    when: {always: true}\n"
        "    then: {must: condemn, by: au_psc}",
        "repeated-id", "suspend.otherwise", "`suspend.otherwise` names two things", "",
    ),
    "an id that is no name": ("id: suspend", "id: sus pend", "name", "sus pend", "`sus pend` is no name", ""),
    "an unknown event": ("{event: power_seizure, where", "{event: power_siezure, where", "unknown-event", "power_siezure", "", "`power_seizure`"),
    "an unknown action": ("must: condemn", "must: condem", "unknown-action", "condem", "unknown action `condem`", "`condemn`"),
    "an unknown body": (CONDEMN, CONDEMN.replace("au_psc", "au_pcs"), "unknown-body", "au_pcs", "", "`au_psc`"),
    "an unknown fact": (FACT, "when: {fact: unconstitutional}", "unknown-fact", "unconstitutional", "", "did you mean"),
    "an unknown attribute": ("{outcome: succeeded}", "{outcom: succeeded}", "unknown-attribute", "outcom", "`outcom`", "`outcome`"),
    "an unknown instrument": ("{instrument: charter, at: art. 3", "{instrument: chartre, at: art. 3", "unknown-instrument", "chartre", "", "`charter`"),
    "an unknown register": ("members: african-union", "members: african-unon", "unknown-register", "african-unon", "", "`african-union`"),
    "an unknown rule": (HEAR, HEAR + "\n    overrides: [suspnd]", "unknown-rule", "suspnd", "unknown rule `suspnd`", "`suspend`"),
    "a value outside its domain": ("outcome: succeeded", "outcome: won", "unknown-value", "won", "unknown value `won`", "succeeded"),
    "a word outside its list": ("form: treaty", "form: treatise", "value", "treatise", "is not one of these words", "`treaty`"),
    "text for a number": (SEIZURE, "when: {event: power_seizure, where: {fatalities: many}}", "value", "many", "whole number", ""),
    "two forms of one condition": (FACT, "when: {fact: unconstitutional_change, always: true}", "condition-form", "", "exactly one form", "forms: always"),
    "a condition of no form": (FACT, "when: {}", "condition-form", "{}", "exactly one form; this has none", ""),
    "a companion of another form": (FACT, "when: {event: power_seizure, plus: P1D}", "condition-form", "P1D", "`plus` does not go with `event`", "where"),
    "a `not` alone": (FACT, "when: {not: {event: power_seizure}}", "lone-not", "{", "needs a positive condition beside it", ""),
    "a `not` without a positive": (FACT, "when: {all: [{not: {event: power_seizure}}]}", "lone-not", "{", "needs a positive condition beside it", ""),
    "a circle": (SEIZURE, "when: {triggered: suspend}", "cycle", "", "a circle: `suspend` needs `suspend`", "break the circle"),
    "a circle of facts": (
        "when: {event: power_seizure}\nrules:", "when: {fact: unconstitutional_change}\nrules:", "cycle", "",
        "a circle: `unconstitutional_change` needs `unconstitutional_change`", "",
    ),
    "a permission with a deadline": (HEAR, "then: {may: condemn, by: au_psc, within: P1D}", "deadline-on-permission", "within", "a permission has none", "`until`"),
    "a negative duration": ("within: P8D", "within: -P8D", "time-limit", "-P8D", "`-P8D` is a negative time limit", ""),
    "no duration": ("within: P8D", "within: soonish", "time-limit", "soonish", "", ""),
    "`done` of a permission": (SEIZURE, "when: {done: hear}", "done-of-permission", "hear", "a choice is not `done`", ""),
    "an effect with a bearer": (HEAR, "then: {effect: unconstitutional_change, by: au_psc}", "bearer", "by", "an effect has no bearer", ""),
    "nobody to bear it": (HEAR, "then: {may: condemn}", "bearer", "", "add `by`", ""),
    "two modalities": (HEAR, "then: {may: condemn, must: condemn, by: au_psc}", "modality", "", "this has must and may", "one of must"),
    "an open discretion without tracks": (HEAR, "then: {discretion: any, by: au_psc}", "discretion", "", "add `in: [...]`", ""),
    "tracks without discretion": (HEAR, "then: {may: condemn, in: [speech], by: au_psc}", "discretion", "in", "goes with `discretion: any`", ""),
    "a start without a limit": (SUSPEND, "then: {must: condemn, by: au_psc, counted_from: {always: true}}", "deadline", "counted_from", "add `within`", ""),
    "a pattern that compares what has no order": ("outcome: succeeded", "outcome: {at_least: failed}", "pattern", "", "only ordered attributes", ""),
    "a duty of no time every time": ("within: P8D", "every: PT0H", "time-limit", "PT0H", "`every` needs some time", ""),
    "no day": ("adopted: 2000-01-01", "adopted: 2000-02-30", "value", "2000-02-30", "`2000-02-30` is no day", ""),
    "an instrument that ended before it began": ("adopted: 2000-01-01", "adopted: 2000-01-01, ended: 1999", "instrument", "1999", "before it was in force", ""),
    "a share that is none": (SUSPEND, SUSPEND + "\n    decided_by: {share: 3/2}", "value", "3/2", "`3/2` is no share", ""),
    "a reparation of a permission": (HEAR, HEAR + "\n    otherwise: {may: condemn, by: au_psc}", "reparation", "otherwise", "can be breached", ""),
}  # fmt: skip


def problems_of(text: str, folder: Path) -> list:
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8")
    return check_file(path)


def test_the_book_is_right_as_it_stands(tmp_path):
    assert problems_of(BOOK, tmp_path) == []


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(name, tmp_path):
    before, after, code, marked, message, helped = REFUSED[name]
    assert BOOK.count(before) >= 1
    text = BOOK.replace(before, after, 1)
    found = [problem for problem in problems_of(text, tmp_path) if problem.severity == "error"]
    assert [problem.code for problem in found] == [code], [(p.code, p.message) for p in found]
    problem = found[0]
    assert message in problem.message
    assert helped in (problem.help or "")
    assert marked in shown(problem)
    changed = text.index(after) if after else BOOK.index(before)
    assert abs(problem.span.line - 1 - text[:changed].count("\n")) <= 9, (
        "the place is near the change"
    )
    assert read_program(tmp_path / "x.yaml")[0] is None


def test_a_bare_value_on_a_ladder_is_a_warning(tmp_path):
    text = BOOK.replace(
        SUSPEND, "then: {must: suspend_participation, by: au_psc, with: {scope: all_bodies}}"
    )
    (problem,) = problems_of(text, tmp_path)
    assert (problem.severity, problem.code, problem.help) == (
        "warning",
        "exact-level",
        "is {at_least: all_bodies} meant?",
    )
    assert shown(problem) == "all_bodies"
    assert load_program(str(tmp_path / "x.yaml")).clauses["suspend"].manner


def test_all_problems_come_at_once(tmp_path):
    text = (
        BOOK.replace("must: condemn", "must: condem")
        .replace("outcome: succeeded", "outcome: won")
        .replace("at: art. 4", "at: art. 4, page: 2")
    )
    assert [p.code for p in problems_of(text, tmp_path)] == ["unknown-key"], "shape comes first"
    text = text.replace(", page: 2", "")
    assert [(p.code, p.span.line) for p in problems_of(text, tmp_path)] == [
        ("unknown-action", 20),
        ("unknown-value", 24),
    ]


def test_a_problem_says_its_file_line_column_and_excerpt(tmp_path):
    (problem,) = problems_of(BOOK.replace("must: condemn", "must: condem"), tmp_path)
    assert problem.plain() == {
        "code": "unknown-action", "severity": "error", "message": "unknown action `condem`", "help": "did you mean `condemn`?",
        "file": str(tmp_path / "x.yaml"), "line": 20, "column": 18, "path": "rules.0.then.must",
    }  # fmt: skip
    assert problem.excerpt == "    then: {must: condem, by: au_psc, within: P8D}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this file is empty"),
        ("- 1\n", "this file is not a mapping of keys to values"),
        ("3\n", "not a mapping"),
    ],
)
def test_a_file_of_another_shape(text, message):
    loaded, problems = load(Rulebook, read(text))
    assert loaded is None
    assert message in problems[0].message


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("title: Suspend", "title: [a]", "this must be text"),
        ("rules:", "silences: 3\nrules:", "this must be a list, not `3`"),
        ("title: Suspend", "implied: maybe\n    title: Suspend", "this must be true or false, not `maybe`"),
        (FACT, "when: soon", "this must be a mapping of keys to values, not `soon`"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind(before, after, message, tmp_path):
    assert message in [
        problem.message for problem in problems_of(BOOK.replace(before, after, 1), tmp_path)
    ]


def test_of_very_many_problems_the_rest_is_left_out(tmp_path):
    text = BOOK + "".join(f"key{n}: 1\n" for n in range(2000))
    found = problems_of(text, tmp_path)
    assert len(found) == 501
    assert {problem.code for problem in found} == {"unknown-key", "too-many"}
