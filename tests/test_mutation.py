"""Rulebooks changed one thing at a time: what is noticed, what is proved to be no change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from terminal import run
from test_coverage import ALIVE, BOOK, COUP, DONE, FAILED, FOUND, act, case

from normrules.analysis.sameness import same_meaning
from normrules.core.problem import NormrulesError
from normrules.drafting.mutation import BookScore, mutants, mutated, score_paths
from normrules.drafting.mutators import DROPPED, at, edited
from normrules.drafting.suggestions import killers
from normrules.drafting.testing import read_tests, run_paths
from normrules.lang.library import load_program

LATE = case("A day too late", COUP % "succeeded", FOUND, act("2010-01-13"), at="2010-02-01",
            expect="fulfilled_late")  # fmt: skip
STRONG = case("How strong", COUP % "succeeded", FOUND,
              expect="{status: pending, modality: must}")  # fmt: skip


def scored(folder: Path, *cases: str, book: str = BOOK, **more) -> BookScore:
    (folder / "pact.yaml").write_text(book, "utf-8")
    path = folder / "pact.cases.yaml"
    path.write_text("cases: pact\ntests:\n" + "".join(cases), "utf-8")
    (found,) = score_paths([str(path)], workers=1, **more)
    return found


def survived(score: BookScore) -> set[str]:
    return {outcome.mutant.says for outcome in score.of("survived")}


def test_a_deadline_that_no_case_tries_is_reported(tmp_path) -> None:
    longer = "suspend: within P10D -> P11D"
    assert longer in survived(scored(tmp_path, ALIVE, FAILED, DONE))
    assert longer not in survived(scored(tmp_path, ALIVE, LATE))


def test_a_modality_is_noticed_where_it_is_expected(tmp_path) -> None:
    assert "suspend: must -> should" in survived(scored(tmp_path, ALIVE))
    assert "suspend: must -> should" not in survived(scored(tmp_path, ALIVE, STRONG))


def test_cases_taken_away_never_raise_the_score(tmp_path) -> None:
    whole = scored(tmp_path, ALIVE, FAILED, DONE, LATE, STRONG)
    for left in ([ALIVE, FAILED], [DONE, LATE], [ALIVE]):
        less = scored(tmp_path, *left)
        assert less.score <= whole.score
        assert len(less.outcomes) == len(whole.outcomes)


IMPLIED = BOOK.replace(
    "    when: {event: power_seizure, where: {outcome: succeeded}}",
    "    when:\n      all:\n        - {event: power_seizure, where: {outcome: succeeded}}\n"
    "        - {event: power_seizure}",
)


def test_a_condition_that_another_implies_is_proved_to_change_nothing(tmp_path) -> None:
    score = scored(tmp_path, ALIVE, FAILED, book=IMPLIED)
    same = {outcome.mutant.says: outcome.by for outcome in score.of("equivalent")}
    told = {says: why for says, why in same.items() if "without the condition" in says}
    assert len(told) == 1
    assert set(told.values()) == {"the same in every situation (proved)"}
    assert any("whatever `outcome`" in o.mutant.says for o in score.of("killed"))


def test_a_mutant_is_another_text_or_said_to_be_the_same() -> None:
    program = load_program("ecowas")
    for mutant in mutants(program)[::5]:
        changed = mutated(program, mutant)
        assert changed is not program
        if changed is not None and same_meaning(program, changed) is None:
            assert [repr(c) for c in changed.clauses.values()] != [
                repr(c) for c in program.clauses.values()
            ] or changed.facts != program.facts or changed.laws != program.laws  # fmt: skip


def test_a_text_means_the_same_as_itself_and_not_as_another_edition() -> None:
    now, before = load_program("un-secretariat"), load_program("un-secretariat@2009-10-31")
    assert same_meaning(now, now) == "as written"
    assert same_meaning(now, before) is None


def test_the_same_seed_draws_the_same_mutants(tmp_path) -> None:
    one, two = (scored(tmp_path, ALIVE, sample=5, seed=7) for _ in range(2))
    other = scored(tmp_path, ALIVE, sample=5, seed=8)
    drawn = [[o.mutant.says for o in score.outcomes] for score in (one, two, other)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(drawn[0]) == 5


def test_workers_give_what_one_gives(tmp_path) -> None:
    single = scored(tmp_path, ALIVE, FAILED, DONE)
    (several,) = score_paths([str(tmp_path / "pact.cases.yaml")], workers=2)
    assert [(o.mutant.says, o.fate) for o in several.outcomes] == [
        (o.mutant.says, o.fate) for o in single.outcomes
    ]


def test_of_a_draft_only_what_it_changes_is_changed() -> None:
    draft = load_program("dpa-2009-submission")
    names = {mutant.name for mutant in mutants(draft)}
    assert "convene-working-group" in names
    assert "good-offices" not in names


def test_cases_that_fail_anyway_judge_nothing(tmp_path) -> None:
    wrong = case("Wrong", COUP % "failed", expect="pending")
    with pytest.raises(NormrulesError, match="1 cases fail without any change"):
        scored(tmp_path, wrong)


def test_a_suggested_case_notices_the_change(tmp_path) -> None:
    score = scored(tmp_path, ALIVE, FAILED)
    tests = read_tests([str(tmp_path / "pact.cases.yaml")])
    found = list(killers([o.mutant for o in score.of("survived")], tests))
    assert sum(s.data is not None for s in found) > len(found) / 2


def test_edits_share_what_they_do_not_touch() -> None:
    data = {"a": {"b": [1, 2]}, "c": {}}
    assert edited(data, ("a", "b", 1), 9) == {"a": {"b": [1, 9]}, "c": {}}
    assert edited(data, ("a",), DROPPED) == {"c": {}}
    assert at(data, ("a", "b", 0)) == 1
    assert data == {"a": {"b": [1, 2]}, "c": {}}


def test_the_command(tmp_path) -> None:
    scored(tmp_path, ALIVE, FAILED, DONE)
    path = tmp_path / "pact.cases.yaml"
    said = run("test", path, "--mutate")
    assert said.code == 0, said.err
    assert "mutation score" in said.out
    assert "- suspend: within P10D -> P11D  [then.within]" in said.out
    assert run("test", path, "--mutate", "--fail-under", "99").code == 1
    data = json.loads(run("test", path, "--mutate", "-f", "json").out)
    assert {m["fate"] for m in data["mutation"][0]["mutants"]} >= {"killed", "survived"}
    more = tmp_path / "more.cases.yaml"
    more.write_text(run("test", path, "--mutate", "--suggest").out, "utf-8")
    assert run_paths([str(more)]).clean
