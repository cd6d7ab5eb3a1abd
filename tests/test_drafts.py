"""Drafts: what a proposal changes in a rulebook, loaded as the amended rulebook."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest
import yaml
from terminal import run
from toy_books import book
from yaml import safe_dump

from normrules.core.problem import NormrulesError
from normrules.lang.checks import check_paths
from normrules.lang.documents import kind_of
from normrules.lang.formatting import format_files
from normrules.lang.library import all_programs, load_program, read_program
from normrules.show.book import excerpt
from normrules.show.catalogue import entries

SHIPPED = "dpa-2009-submission"
LAW = {"title": "A law", "form": "treaty", "force": "binding", "adopted": "2000-01-01"}


@pytest.fixture
def folder(tmp_path):
    """A folder with the toy vocabulary and a rulebook `base` of three rules and a definition."""
    from toy import VOCABULARY

    words = VOCABULARY.model_dump(mode="json", by_alias=True, exclude_unset=True)
    (tmp_path / "toy.yaml").write_text(safe_dump(words, sort_keys=False))
    rules = (
        {"when": {"fact": "f1"}},
        {"when": {"triggered": "r0"}, "then": {"may": "speak", "by": "council"}},
        {"when": {"always": True}, "overrides": ["r1"]},
    )
    seized = {"counts_as": "f1", "when": {"event": "seizure"}}
    text = book(*rules, definitions=(seized,), vocabulary="toy.yaml")
    text |= {"rulebook": "base", "instruments": {"law": LAW}}
    write(tmp_path, "base", text)
    return tmp_path


def write(folder, name, data):
    path = folder / f"{name}.yaml"
    path.write_text(safe_dump(data, sort_keys=False))
    return path


def draft(folder, name="plan", amends="base", **more):
    return write(folder, name, {"rulebook": name, "title": "A plan", "amends": amends, **more})


def rule(id, **more):
    source = {"instrument": "law", "at": "art. 9", "basis": "official"}
    act = {"should": "speak", "by": "council"}
    return {"id": id, "title": id, "source": source, "when": {"always": True}, "then": act} | more


def problems(path):
    program, found = read_program(path)
    assert (program is None) == any(problem.severity == "error" for problem in found)
    return found


def only(path):
    (problem,) = problems(path)
    return problem


# -------------------------------------------------------------------- what it amounts to


def test_a_draft_is_the_amended_rulebook(folder):
    path = draft(
        folder, add=[rule("new")], replace=[rule("r0", when={"fact": "f1"})], remove=["r2"]
    )
    program = load_program(str(path))
    assert list(program.clauses) == ["r0", "r1", "new"]
    assert [c.modality for c in program.clauses.values()] == ["should", "may", "should"]
    assert program.name == "plan"
    assert program.base is not None
    assert program.base.name == "base"
    assert list(program.base.clauses) == ["r0", "r1", "r2"]
    assert program.rulebook.organisation == "org"
    assert program.rulebook.rules == tuple(
        r for r in program.rulebook.rules if r.id in program.clauses
    )


def test_a_path_amends_as_a_name_does(folder):
    (folder / "plans").mkdir()
    path = draft(folder / "plans", amends="../base.yaml", add=[rule("new")])
    assert list(load_program(str(path)).clauses) == ["r0", "r1", "r2", "new"]


def test_a_draft_of_a_draft(folder):
    draft(folder, add=[rule("new")])
    path = draft(folder, "second", amends="plan", remove=["new"])
    program = load_program(str(path))
    assert list(program.clauses) == ["r0", "r1", "r2"]
    assert program.base.base.name == "base"


def test_a_removed_definition_can_be_given_anew(folder):
    source = {"instrument": "law", "at": "art. 9", "basis": "official"}
    when = {"event": "seizure", "where": {"outcome": "succeeded"}}
    again = {"id": "d0", "counts_as": "f1", "source": source, "when": when}
    program = load_program(str(draft(folder, definitions=[again], remove=["d0"])))
    (definition,) = program.facts["f1"]
    assert definition.when.pattern.tests


def test_a_term_of_the_same_name_takes_the_place_of_the_one_there(folder):
    base = yaml.safe_load((folder / "base.yaml").read_text())
    base["rules"][0]["then"]["within"] = "soon"
    write(folder, "base", base)
    program = load_program(str(draft(folder, terms={"soon": {"exactly": "P1D"}})))
    assert program.clauses["r0"].deadline.said == "within 1 day"
    assert program.base.clauses["r0"].deadline.said == "soon (at once to 2 days)"


def test_the_draft_prevails_over_a_reading_of_its_base(folder):
    base = yaml.safe_load((folder / "base.yaml").read_text())
    replaced = rule("r0", then={"must_not": "speak", "by": "council"})
    options = [{"id": "a", "says": "A"}, {"id": "b", "says": "B", "replace": [replaced]}]
    base["readings"] = {"q": {"question": "Q?", "options": options}}
    write(folder, "base", base)
    path = str(draft(folder, replace=[rule("r0")]))
    assert load_program(path, {"q": "b"}).clauses["r0"].modality == "should"
    other = str(draft(folder, "other", replace=[rule("r2", overrides=["r1"])]))
    assert load_program(other, {"q": "b"}).clauses["r0"].modality == "must_not"


def test_another_base_is_another_version(folder):
    path = draft(folder, add=[rule("new")])
    before = read_program(path)[0].version
    (folder / "base.yaml").write_text((folder / "base.yaml").read_text() + "\n# a word\n")
    from normrules.lang import library

    library._load.cache_clear()
    assert read_program(path)[0].version != before


# -------------------------------------------------------------------- editions


def test_an_edition_holds_as_if_it_still_did():
    program = load_program(SHIPPED)
    assert program.base.name == "un-secretariat@2009-10-31"
    assert "pc-2009-24" not in program.laws
    assert program.laws["ad-hoc-practice"].force.covers(program.laws["un-charter"].force.start)


def test_an_edition_of_a_day_before_a_later_text_can_be_amended_by_the_same_id():
    later = load_program("un-secretariat").clauses["convene-working-group"]
    ours = load_program(SHIPPED).clauses["convene-working-group"]
    assert later.deadline is not None
    assert ours.deadline is None
    assert ours.source.instrument == "dpa-submission-2009"


def test_every_edition_of_a_shipped_book_can_be_amended(tmp_path):
    for name, date in (("us-foreign-assistance", "2003-06-01"), ("eu-partners", "2004-06-01")):
        program = load_program(str(draft(tmp_path, amends=f"{name}@{date}")))
        assert set(program.clauses) <= set(program.base.clauses)
        unlike = [c.id for c in program.base.clauses.values() if c.id not in program.clauses]
        assert not unlike, name


def test_an_edition_of_a_draft_over_an_edition(tmp_path):
    program = load_program(str(draft(tmp_path, amends=f"{SHIPPED}@2012-01-01")))
    assert set(program.clauses) == set(program.base.clauses) == set(load_program(SHIPPED).clauses)
    earlier = load_program(str(draft(tmp_path, "early", amends=f"{SHIPPED}@2008-01-01")))
    assert "disapprove" not in earlier.clauses
    assert set(earlier.clauses) == set(earlier.base.clauses)


def test_what_hangs_on_a_rule_of_another_day_alone_never_comes_true(folder):
    base = yaml.safe_load((folder / "base.yaml").read_text())
    old = {
        "title": "Old",
        "form": "treaty",
        "force": "binding",
        "adopted": "1990-01-01",
        "ended": "1995-01-01",
    }
    base["instruments"] = {"law": LAW, "old": old}
    base["rules"][0]["source"] = {"instrument": "old", "at": "art. 1", "basis": "official"}
    base["rules"].append(rule("either", when={"any": [{"triggered": "r0"}, {"event": "seizure"}]}))
    write(folder, "base", base)
    program = load_program(str(draft(folder, amends="base@2005-01-01")))
    assert list(program.clauses) == ["r2", "either"]
    assert program.clauses["r2"].overrides == ()


# -------------------------------------------------------------------- what is refused


def test_an_unknown_base_is_told_with_near_names(folder):
    problem = only(draft(folder, amends="un-secretariatt@2009-10-31"))
    assert "did you mean `un-secretariat`?" in problem.message
    assert (problem.path, problem.span.line) == (("amends",), 3)


def test_a_file_that_is_not_there(folder):
    assert "no file `../b.yaml`" in only(draft(folder, amends="../b.yaml")).message


def test_a_day_that_is_none(folder):
    assert "`2009-13`" in only(draft(folder, amends="base@2009-13")).message


@pytest.mark.parametrize(
    ("changes", "code", "path", "help"),
    [
        ({"replace": [rule("r00")]}, "unknown-rule", ("replace", 0, "id"), "did you mean `r"),
        ({"remove": ["r00"]}, "unknown-rule", ("remove", 0), "did you mean `r"),
        ({"remove": ["nothing"]}, "unknown-rule", ("remove", 0), "it has: d0, r0, r1, r2"),
        ({"add": [rule("r1")]}, "repeated-id", ("add", 0, "id"), "under `replace`"),
        ({"add": [rule("d0")]}, "repeated-id", ("add", 0, "id"), "under `replace`"),
        ({"remove": ["r2", "r2"]}, "repeated-id", ("remove", 1), None),
        ({"instruments": {"law": LAW}}, "repeated-id", ("instruments", "law"), "another name"),
    ],
)
def test_changes_that_do_not_fit(folder, changes, code, path, help):
    problem = only(draft(folder, **changes))
    assert (problem.code, problem.path) == (code, path)
    assert problem.file.endswith("plan.yaml")
    assert problem.excerpt
    assert help is None or help in problem.help


def test_a_removed_rule_that_others_need(folder):
    problem = next(p for p in problems(draft(folder, remove=["r2", "r0"])) if p.severity == "error")
    assert problem.message == "`r0` is removed, and `r1` of the amended rulebook refers to it"
    assert (problem.code, problem.path) == ("removed-rule", ("remove", 1))
    assert problem.help == "replace or remove `r1` as well"


def test_a_removed_definition_that_a_rule_needs(folder):
    problem = only(draft(folder, remove=["d0"]))
    assert problem.message == "`d0` is removed, and `r0` of the amended rulebook refers to it"


def test_a_rule_of_the_draft_with_an_unknown_word_has_its_place_in_the_draft(folder):
    problem = only(draft(folder, add=[rule("new", then={"must": "speek", "by": "council"})]))
    assert problem.file.endswith("plan.yaml")
    assert problem.path == ("add", 0, "then", "must")
    assert "speek" in problem.excerpt


def test_a_circle_of_drafts(folder):
    first = draft(folder, "first", amends="second")
    draft(folder, "second", amends="first")
    assert only(first).message == "a circle of drafts: `first` amends `second` amends `first`"
    assert "a circle of drafts" in only(draft(folder, "itself", amends="itself")).message


def test_a_base_with_problems_shows_them_where_they_are(folder):
    base = yaml.safe_load((folder / "base.yaml").read_text())
    base["rules"][0]["then"]["must"] = "speek"
    write(folder, "base", base)
    problem = problems(draft(folder))[0]
    assert problem.file.endswith("base.yaml")
    with pytest.raises(NormrulesError):
        load_program(str(folder / "plan.yaml"))


# -------------------------------------------------------------------- the commands


def test_every_command_takes_a_draft(tmp_path):
    assert kind_of({"rulebook": "x", "amends": "y"}) == "draft"
    assert check_paths([load_path()])[0] == []
    assert not [file for file in format_files([load_path()]) if file.changed]
    told = json.loads(run("show", SHIPPED, "-f", "json").out)
    assert told["amends"] == "un-secretariat@2009-10-31"
    assert "amends un-secretariat@2009-10-31" in run("show", SHIPPED).out
    assert "amends" in json.loads(run("schema", "draft").out)["required"]


def load_path():
    from pathlib import Path

    return Path(load_program(SHIPPED).file)


def test_a_draft_is_shown_with_the_text_of_whichever_file_has_it():
    program = load_program(SHIPPED)
    assert excerpt(program, "disapprove").startswith("id: disapprove")
    assert excerpt(program, "good-offices").startswith("id: good-offices")
    assert "text at fn 66" in excerpt(program, "invitations")
    assert "should: withhold_invitation" in excerpt(
        load_program(SHIPPED, {"sanctions": "recommended"}), "invitations"
    )


def test_list_marks_a_draft_and_nobody_is_bound_by_one():
    (entry,) = [entry for entry in entries() if entry.name == SHIPPED]
    assert entry.amends == "un-secretariat@2009-10-31"
    listed = run("list").out
    assert "Drafts" in listed
    assert "draft: amends" in " ".join(listed.split())
    assert SHIPPED not in {program.name for program in all_programs()}


def test_fmt_puts_the_keys_of_a_draft_in_order(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(
        dedent("""\
        remove: [a]
        amends: b
        title: T
        rulebook: plan
    """)
    )
    (file,) = format_files([path])
    assert list(yaml.safe_load(file.after)) == ["rulebook", "title", "amends", "remove"]


# -------------------------------------------------------------------- the shipped draft


def test_the_submission_asked_for_more_than_the_decision_gave():
    """Tansey 2018, text at fns 65-69: what was proposed, and what became of it."""
    proposed, decided = load_program(SHIPPED).clauses, load_program("un-secretariat").clauses
    assert (
        proposed["convene-working-group"].modality
        == decided["convene-working-group"].modality
        == "must"
    )
    assert proposed["disapprove"].modality == "should"
    assert proposed["review-troops"].modality == "should"
    asked = {a for c in proposed.values() if c.modality != "discretion" for a in c.actions}
    assert {"suspend_aid", "withhold_invitation", "review_troop_contribution"} <= asked
    given = {a for c in decided.values() if c.modality != "discretion" for a in c.actions}
    assert (
        not {"suspend_aid", "withhold_invitation", "review_troop_contribution", "condemn"} & given
    )


def test_each_rule_of_the_submission_names_its_lines():
    ours = [
        c
        for c in load_program(SHIPPED).clauses.values()
        if c.source.instrument == "dpa-submission-2009"
    ]
    assert len(ours) == 8
    assert all("l. 27" in c.source.at and c.source.via == "Tansey 2018" for c in ours)
