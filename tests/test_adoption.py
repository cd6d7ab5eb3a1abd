"""Which text each venue would adopt: the outcome of 2009, what changes it, and an oracle."""

from __future__ import annotations

import json
import sys
from copy import deepcopy
from itertools import product
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from terminal import run

from normrules.drafting.adopted_texts import ranked, read_question
from normrules.drafting.adoption import Adopted, adopt
from normrules.lang.adoption import PositionsText, Venue
from normrules.lang.reader import read_file

DRAFTS = Path(__file__).parents[1] / "rulebooks" / "drafts"
VENUES, POSITIONS = DRAFTS / "dpa-2009.venues.yaml", DRAFTS / "dpa-2009.positions.yaml"


def fates(adopted: Adopted, text: int = 0) -> dict[str, str]:
    return {placed.provision: placed.fate for placed in adopted.texts[text]}


def asked(folder: Path, change=None, venues=None) -> dict[str, Adopted]:
    """The answer to the shipped files, changed as data."""
    paths = []
    for source, edit in ((VENUES, venues), (POSITIONS, change)):
        data = deepcopy(read_file(source).data)
        if edit is not None:
            edit(data)
        target = folder / source.name
        target.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "utf-8")
        paths.append(target)
    question = read_question("dpa-2009-submission", *paths)
    return {one.adopted.venue: one.adopted for one in ranked(question)}


# ---------------------------------------------------------------- the outcome of 2009


def test_the_outcome_of_2009(tmp_path) -> None:
    found = asked(tmp_path)
    for venue in ("security-council", "general-assembly"):
        assert set(fates(found[venue]).values()) == {"lost"}
    assert fates(found["policy-committee"]) == {
        "working-group": "adopted",
        "time-limit": "adopted",
        "coordination": "adopted",
        "advice": "adopted",
        "disapproval": "adopted",
        "sanctions": "weakened",
        "troops": "weakened",
    }
    held = {p.provision: p.held_by for p in found["policy-committee"].texts[0] if p.held_by}
    assert held == {"sanctions": ("legal-affairs",), "troops": ("peacekeeping-operations",)}
    assert next(iter(found)) == "policy-committee"


def test_with_the_objections_withdrawn_the_sanctions_pass(tmp_path) -> None:
    def withdrawn(data):
        gone = ("legal-affairs", "peacekeeping-operations")
        data["stances"] = [s for s in data["stances"] if s["actor"] not in gone]

    assert set(fates(asked(tmp_path, withdrawn)["policy-committee"]).values()) == {"adopted"}


def test_without_the_vetoes_the_text_of_the_council_is_binding(tmp_path) -> None:
    def open_to_nine(data):
        del data["bodies"]["security-council"]["decides"]["veto"]

    found = asked(tmp_path, venues=open_to_nine)
    assert set(fates(found["security-council"]).values()) == {"adopted"}
    assert next(iter(found)) == "security-council"
    question = read_question(
        "dpa-2009-submission", tmp_path / VENUES.name, tmp_path / POSITIONS.name
    )
    council = ranked(question)[0]
    assert council.force == "binding"
    assert council.profile.obligation.rules["convene-working-group"] == "high"


def test_without_the_assumption_on_the_silent_it_is_not_known(tmp_path) -> None:
    def unknown(data):
        data["silent"] = "unknown"

    committee = asked(tmp_path, unknown)["policy-committee"]
    assert not committee.sure
    assert fates(committee)["working-group"] == "lost"
    assert {p.provision: p.fate for p in committee.hopeful[0]}["working-group"] == "adopted"


def test_what_would_let_the_sanctions_through(tmp_path) -> None:
    changes = {c.provision: c.flips for c in asked(tmp_path)["policy-committee"].changes}
    assert changes["sanctions"] == (("legal-affairs", "sanctions"),)


def test_what_a_venue_adopts_is_a_draft_that_loads(tmp_path) -> None:
    folder = tmp_path / "adopted"
    asked_ = (
        "actors",
        "adopt",
        "dpa-2009-submission",
        "--venues",
        VENUES,
        "--positions",
        POSITIONS,
    )
    assert run(*asked_, "--write", folder).code == 0
    (path,) = folder.iterdir()
    assert run("check", folder).code == 0
    came = json.loads(run("diff", "un-secretariat", path, "-f", "json",
                          "--action", "convene_working_group").out)  # fmt: skip
    assert came["pairs"][0]["verdict"] == "equal"


@pytest.mark.parametrize(
    ("votes", "silent", "fate"),
    [
        ([2, 5], "accepts", "adopted"),   # ten are left at the least, and nine are enough
        ([2, 7], "accepts", "lost"),      # perhaps only eight are left
        ([2, 7], "opposes", "lost"),
    ],
)  # fmt: skip
def test_votes_of_which_the_number_is_not_known_count_against_it(votes, silent, fate) -> None:
    venue = Venue.model_validate({"title": "v", "decides": {"at_least": 9}, "size": 15,
                                  "binds": ["staff"], "force": "binding"})  # fmt: skip
    positions = PositionsText.model_validate({
        "positions": "x", "title": "x", "silent": silent,
        "actors": {"some": {"title": "some", "votes": votes, "sits_in": ["v"]}},
        "provisions": {"p": {"title": "p", "rules": ["x"]}},
        "stances": [{"actor": "some", "on": ["p"], "stance": "opposes", "source": "invented"}],
    })  # fmt: skip
    (found,) = adopt({"v": venue}, positions)
    assert fates(found) == {"p": fate}
    assert found.sure == (votes == [2, 5] or silent == "opposes")


# ---------------------------------------------------------------- an oracle


NAMES = ("p", "q", "r")


@st.composite
def questions(draw: st.DrawFn) -> tuple[Venue, PositionsText]:
    """A venue and positions on three provisions, one with a fall-back, some hanging together."""
    actors = [f"a{n}" for n in range(draw(st.integers(1, 4)))]
    kinds = st.sampled_from(
        [
            {"rule": "unanimity"}, {"rule": "consensus_minus_one"}, {"rule": "majority"},
            {"rule": "two_thirds"}, {"at_least": 2}, {"at_least": 2, "veto": [actors[0]]},
            {"rule": "executive", "by": actors[0]},
            {"rule": "executive", "by": actors[0], "heeds": True},
        ]
    )  # fmt: skip
    rule = {"id": "x", "title": "x", "source": {"instrument": "i", "at": "1", "basis": "official"},
            "when": {"always": True}, "then": {"may": "condemn", "by": "oas"}}  # fmt: skip
    weak = {"q": [{"id": "less", "title": "less", "wording": [rule]}]}
    provisions = {
        name: {"title": name, "rules": ["x"], "weaker": weak.get(name, []),
               "requires": draw(st.sampled_from([[], ["p"]])) if name != "p" else []}
        for name in NAMES
    }  # fmt: skip
    stances = []
    for actor, name in product(actors, NAMES):
        stance = draw(st.sampled_from(["accepts", "opposes", None]))
        if stance is None:
            continue
        told = {"actor": actor, "on": [name], "stance": stance, "source": "invented"}
        if stance == "opposes" and name == "q" and draw(st.booleans()):
            told["accepts"] = "less"
        if stance == "accepts" and draw(st.integers(0, 3)) == 0:
            told["if"] = [draw(st.sampled_from(NAMES))]
        stances.append(told)
    stances = stances or [{"actor": actors[0], "on": ["p"], "stance": "accepts", "source": "x"}]
    positions = PositionsText.model_validate({
        "positions": "x", "title": "x", "silent": draw(st.sampled_from(["accepts", "opposes"])),
        "actors": {a: {"title": a, "sits_in": ["v"], "votes": draw(st.integers(1, 2))} for a in actors},
        "provisions": provisions, "stances": stances,
    })  # fmt: skip
    venue = Venue.model_validate(
        {"title": "v", "decides": draw(kinds), "binds": ["staff"], "force": "internal"}
    )
    return venue, positions


def admissible(venue: Venue, positions: PositionsText, text: dict[str, int]) -> bool:
    """Whether a text passes, by counting votes by hand."""

    def stands(name: str) -> bool:
        return text[name] <= len(positions.provisions[name].weaker)

    def accepts(actor: str, name: str) -> bool:
        found = [s for s in positions.stances if s.actor == actor and name in s.on]
        if not found:
            return positions.silent == "accepts"
        (stance,) = found
        ids = [w.id for w in positions.provisions[name].weaker]
        least = 0 if stance.stance != "opposes" else (
            ids.index(stance.accepts) + 1 if stance.accepts else len(ids) + 1)  # fmt: skip
        return text[name] >= least and all(stands(other) for other in stance.if_)

    for name, provision in positions.provisions.items():
        if not stands(name):
            continue
        if not all(stands(other) for other in provision.requires):
            return False
        said = {a: accepts(a, name) for a in positions.actors}
        for_ = sum(positions.actors[a].votes for a, yes in said.items() if yes)
        against = sum(positions.actors[a].votes for a, yes in said.items() if not yes)
        rule = venue.decides
        if any(not said[a] for a in rule.veto):
            return False
        passes = {
            "unanimity": against == 0,
            "consensus_minus_one": against <= 1,
            "majority": 2 * for_ > for_ + against,
            "two_thirds": 3 * for_ >= 2 * (for_ + against),
            "executive": said.get(rule.by, True) and (not rule.heeds or against == 0),
            None: rule.at_least is not None and for_ >= rule.at_least,
        }[rule.rule]
        if not passes:
            return False
    return True


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(questions())
def test_the_best_texts_are_those_that_counting_finds(question) -> None:
    venue, positions = question
    sizes = [range(len(positions.provisions[name].weaker) + 2) for name in NAMES]
    every = [dict(zip(NAMES, values, strict=True)) for values in product(*sizes)]
    passing = [text for text in every if admissible(venue, positions, text)]
    best = [
        text
        for text in passing
        if not any(other != text and all(other[n] <= text[n] for n in NAMES) for other in passing)
    ]
    (found,) = adopt({"v": venue}, positions)
    came = [{p.provision: p.version for p in text} for text in found.texts]
    assert sorted(came, key=str) == sorted(best, key=str)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(questions())
def test_an_objection_withdrawn_never_weakens_what_is_best(question) -> None:
    venue, positions = question
    opposing = [i for i, s in enumerate(positions.stances) if s.stance == "opposes"]
    if not opposing:
        return
    changed = [
        s.model_copy(update={"stance": "accepts", "accepts": None}) if i == opposing[0] else s
        for i, s in enumerate(positions.stances)
    ]
    (before,) = adopt({"v": venue}, positions)
    (after,) = adopt({"v": venue}, positions.model_copy(update={"stances": tuple(changed)}))
    for text in before.texts:
        assert any(
            all(new.version <= old.version for new, old in zip(other, text, strict=True))
            for other in after.texts
        )


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda d: d["stances"][1].update(actor="legal-affair"), "did you mean `legal-affairs`"),
        (lambda d: d["stances"][1].update(on=["sanction"]), "did you mean `sanctions`"),
        (lambda d: d["stances"][1].update(accepts="meeting"), "unknown fall-back `meeting`"),
        (lambda d: d["provisions"]["coordination"].update(rules=["coordinate"]), "unknown rule"),
        (lambda d: d["provisions"]["working-group"].update(requires=["advice"]), "requires itself"),
        (lambda d: d["provisions"]["sanctions"]["weaker"][0].update(id="sanctions"), "to itself"),
        (lambda d: d["stances"].append(dict(d["stances"][1])), "two stances on `sanctions`"),
        (lambda d: d["actors"]["membership"].update(sits_in=["assembly"]), "unknown venue"),
        (lambda d: d["stances"][1].update(on="all"), "is one of a provision"),
        (
            lambda d: d["provisions"].pop("disapproval"),
            "`disapprove` of the draft is in no provision",
        ),
    ],
)
def test_what_is_wrong_with_positions_is_said_with_its_place(tmp_path, change, complaint) -> None:
    data = deepcopy(read_file(POSITIONS).data)
    change(data)
    path = tmp_path / "bad.positions.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "utf-8")
    said = run("actors", "adopt", "dpa-2009-submission", "--venues", VENUES, "--positions", path)
    assert said.code == 2
    assert complaint in said.err
    assert "bad.positions.yaml:" in said.err


def test_a_venue_without_a_decision_rule(tmp_path) -> None:
    path = tmp_path / "bad.venues.yaml"
    text = VENUES.read_text("utf-8")
    path.write_text(text.replace("    decides: {rule: two_thirds}\n", ""), "utf-8")
    said = run("actors", "adopt", "dpa-2009-submission", "--venues", path, "--positions", POSITIONS)
    assert said.code == 2
    assert "decides" in said.err


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("veto: [key-permanent-members]", "veto: [key-members]", "unknown actor `key-members`"),
        ("veto: [key-permanent-members]", "veto: [membership]", "`membership` does not sit in"),
        ("by: secretary-general", "by: secretary-genral", "did you mean `secretary-general`"),
        ("{rule: two_thirds}", "{rule: two_thirds, heeds: true}", "`heeds` goes with"),
        ("{rule: two_thirds}\n    size: 192", "{rule: two_thirds, of: members}", "needs `size`"),
        ("bodies:\n", ("bodies:\n  empty: {title: E, decides: {rule: two_thirds}, binds: [staff], "
         "force: none}\n"), "nobody is known to sit in `empty`"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_venues_is_said(tmp_path, before, after, complaint) -> None:
    path = tmp_path / "bad.venues.yaml"
    text = VENUES.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    said = run("actors", "adopt", "dpa-2009-submission", "--venues", path, "--positions", POSITIONS)
    assert said.code == 2
    assert complaint in " ".join(said.err.split())
    assert "bad.venues.yaml:" in said.err


def test_a_rulebook_is_no_draft() -> None:
    said = run("actors", "adopt", "oas", "--venues", VENUES, "--positions", POSITIONS)
    assert said.code == 2
    assert "`oas` is no draft" in said.err


def test_without_the_solver(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    said = run(
        "actors", "adopt", "dpa-2009-submission", "--venues", VENUES, "--positions", POSITIONS
    )
    assert said.code == 2
    assert "normrules[proof]" in said.err
