"""Formatting: the same data, the same comments, one layout."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import generators
import pytest
import toy
from careless import FILES, careless
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from terminal import run
from yaml.composer import Composer
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from normrules.core.problem import NormrulesError
from normrules.core.rulebook import Rulebook
from normrules.lang.comments import all_comments
from normrules.lang.documents import KINDS, MODELS, kind_of
from normrules.lang.reader import Source, _Builder, _CoreSchema, read
from normrules.lang.scenarios import ScenarioText
from normrules.lang.writer import WIDTH, dumps, format_text, same

ROOT = Path(__file__).parents[1]
SHIPPED = sorted([*ROOT.glob("rulebooks/**/*.yaml"), *ROOT.glob("examples/**/*.yaml")])


class _PurePython(Reader, Scanner, Parser, Composer, _CoreSchema):
    """The other parser that may read what we write."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        _CoreSchema.__init__(self)


def read_otherwise(text: str):
    return _Builder(Source("x", text)).build(_PurePython(text).get_single_node(), (), 0)


def formatted(text: str) -> str:
    return format_text(dedent(text))


def is_kept(text: str) -> None:
    """The text is canonical already."""
    text = dedent(text).lstrip("\n")
    assert format_text(text) == text


# -------------------------------------------------------------------- laws


@given(FILES)
@settings(max_examples=100, deadline=None)
def test_what_is_written_reads_back(data):
    text = dumps(data)
    assert same(read(text).data, data)
    assert same(read_otherwise(text), data)
    assert format_text(text) == text


@given(st.data())
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_formatting_keeps_data_and_comments_and_is_idempotent(data):
    wanted = data.draw(FILES)
    text = data.draw(careless(wanted))
    assert same(read(text).data, wanted), text
    once = format_text(text)
    assert same(read(once).data, wanted)
    assert same(read_otherwise(once), wanted)
    assert sorted(all_comments(once)) == sorted(all_comments(text))
    assert format_text(once) == once


@given(generators.books())
@settings(max_examples=30, deadline=None)
def test_a_rulebook_reads_back_as_itself(data):
    book = Rulebook.model_validate(data)
    again = Rulebook.model_validate(read(dumps(book)).data)
    assert again == book
    assert (
        toy.program_of(read(dumps(data)).data).clauses.keys() == toy.program_of(data).clauses.keys()
    )


@given(generators.scenarios())
@settings(max_examples=20, deadline=None)
def test_a_scenario_reads_back_as_itself(data):
    scenario = ScenarioText.model_validate(data)
    assert ScenarioText.model_validate(read(dumps(scenario)).data) == scenario


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_shipped_file_can_be_formatted(path):
    text = path.read_text(encoding="utf-8")
    if kind_of(read(text).data) is None:
        pytest.skip("a file of another kind")
    once = format_text(text)
    assert same(read(once).data, read(text).data)
    assert sorted(all_comments(once)) == sorted(all_comments(text))
    assert format_text(once) == once
    assert once.splitlines()[0] == text.splitlines()[0]  # the modeline, or the first key
    long = [line for line in once.splitlines() if len(line.split("#")[0].rstrip()) > WIDTH]
    assert all(" " not in line.split(": ", 1)[-1].strip() for line in long), long


# -------------------------------------------------------------------- order


def test_keys_stand_in_the_order_of_the_model():
    assert formatted("""\
        rules:
          - then: {by: au_psc, must: condemn}
            when: {always: true}
            source: {basis: official, at: art. 1, instrument: a}
            title: T
            id: r
        title: X
        rulebook: x
        vocabulary: anti-coup
        """) == dedent("""\
        rulebook: x
        title: X
        vocabulary: anti-coup
        rules:
          - id: r
            title: T
            source: {instrument: a, at: art. 1, basis: official}
            when: {always: true}
            then: {must: condemn, by: au_psc}
        """)


def test_names_that_the_writer_chose_keep_their_order():
    is_kept("""
        rulebook: x
        instruments:
          zz: {title: Z}
          aa: {title: A}
        """)


def test_unknown_keys_stand_last_as_they_stood():
    assert formatted("rulebook: x\nzeta: 1\nalpha: 2\ntitle: T\n").split() == [
        "rulebook:", "x", "title:", "T", "zeta:", "1", "alpha:", "2"
    ]  # fmt: skip


def test_an_event_says_who_did_what_when_first_and_its_source_last():
    text = formatted("""\
        scenario: s
        events:
          - {source: x, note: n, scope: all_bodies, for: 9, time: 2020-01-01, by: au_psc, type: condemn, id: e}
        """)
    assert list(read(text).data["events"][0]) == [
        "id", "type", "by", "time", "scope", "for", "source", "note",
    ]  # fmt: skip


def test_every_model_has_an_order_and_its_first_key_names_the_kind():
    named = {kind: kind for kind in KINDS} | {"draft": "rulebook", "completeness": "history"}
    firsts = {kind: next(iter(MODELS[kind].model_json_schema()["properties"])) for kind in KINDS}
    assert firsts == named


# -------------------------------------------------------------------- comments


def test_comments_stay_with_what_they_are_about():
    is_kept("""
        # yaml-language-server: $schema=../schema/rulebook.json
        # A regime that is made up.

        rulebook: x  # the name
        title: X
        rules:  # in order of gravity
          # first the mild ones
          - id: a
            title: A  # plain
            # why so
            when: {always: true}

          # then the grave ones

          # (two of them)
          - id: b
            title: B
            # closes b
          # closes the rules
        # closes the book
        """)


def test_a_comment_moves_with_its_key():
    assert formatted("""\
        rulebook: x
        # about the rules
        rules: []  # none
        # about the title
        title: X  # short
        """) == dedent("""\
        rulebook: x
        # about the title
        title: X  # short
        # about the rules
        rules: []  # none
        """)


def test_what_stands_above_all_stays_above_all():
    text = formatted("# modeline\n# licence\n\ntitle: X\nrulebook: x\n")
    assert text == "# modeline\n# licence\n\nrulebook: x\ntitle: X\n"


def test_aligned_comments_stay_aligned():
    is_kept("""
        vocabulary: v
        title: V
        tracks:                # each an ordered ladder
          speech: [a, b]       # words
          deeds: [c]           # acts
        """)


def test_comments_in_brackets_open_the_brackets():
    text = formatted("rulebook: x\ncompetence: [speech,  # words\n  coercion]  # deeds\n")
    assert all_comments(text) == ["# deeds", "# words"]
    assert "competence:  # deeds\n  - speech" in text


def test_a_comment_beside_a_dash_or_a_block_mark_is_kept():
    text = formatted("""\
        rulebook: x
        notes:
          -  # beside the dash
            # below it
            one
          - >-  # beside the mark
            two
        """)
    assert text == dedent("""\
        rulebook: x
        notes:
          # below it
          - one  # beside the dash
          - two  # beside the mark
        """)


def test_empty_lines_are_kept_one_at_a_time():
    assert formatted("rulebook: x\n\n\n\ntitle: X\nrules:\n\n  - id: a\n\n\n  - id: b\n") == (
        "rulebook: x\n\ntitle: X\nrules:\n  - id: a\n\n  - id: b\n"
    )


# -------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("NO", "NO"), ("no", '"no"'), ("yes", '"yes"'), ("On", '"On"'), ("2023-07-26", "2023-07-26"),
        ("2/3", "2/3"), ("art. 25(1)", "art. 25(1)"), ("1.0", '"1.0"'), ("010", '"010"'),
        ("null", '"null"'), ("", '""'), ("a: b", '"a: b"'), ("a #b", '"a #b"'), ("- a", '"- a"'),
        ("it's", "it's"), ("it's: so", '"it\'s: so"'), ('say "a": b', "'say \"a\": b'"), ("[a]", '"[a]"'),
        ("Côte d'Ivoire", "Côte d'Ivoire"), ("tab\there", '"tab\\there"'), (None, "null"), (True, "true"),
        (7, "7"), (1.5, "1.5"), ("https://example.org/a?b=c", "https://example.org/a?b=c"),
    ],
)  # fmt: skip
def test_quotes_stand_only_where_they_are_needed(value, written):
    assert dumps({"rulebook": "x", "title": value}) == f"rulebook: x\ntitle: {written}\n"


def test_brackets_are_kept_while_they_fit_the_line():
    is_kept("rulebook: x\nterms: {a: {exactly: PT24H}}\n")
    long = ", ".join(f"word_number_{i}" for i in range(12))
    text = formatted(f"rulebook: x\ncompetence: [{long}]\n")
    assert text.startswith("rulebook: x\ncompetence:\n  - word_number_0\n")


def test_a_block_is_kept_though_it_would_fit_the_line():
    is_kept("""
        rulebook: x
        terms:
          a:
            exactly: PT24H
        """)


def test_long_text_is_folded_and_short_folded_text_is_not():
    words = "a word that stands here " * 9
    text = formatted(f'rulebook: x\nnotes:\n  - "{words.strip()}: so"\n  - >-\n    short\n')
    assert "  - >-\n    a word" in text
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "  - short\n" in text


def test_text_with_line_breaks_stands_in_a_block():
    assert dumps({"rulebook": "x", "notes": ["one\ntwo\n", "three\nfour"]}) == dedent("""\
        rulebook: x

        notes:
          - |
            one
            two
          - |-
            three
            four
        """)


def test_anchors_are_kept_and_so_is_the_order_then():
    text = "title: &t\n  en: X\nrulebook: x\nnotes: [*t]\n"
    assert format_text(text) == text


def test_a_model_is_written_with_what_was_given_to_it():
    book = Rulebook.model_validate({"rulebook": "x", "title": "X", "vocabulary": "anti-coup"})
    assert dumps(book, comments=["made by hand"]) == (
        "# made by hand\nrulebook: x\ntitle: X\nvocabulary: anti-coup\n"
    )


@pytest.mark.parametrize("data", [{"a": object()}, {1: "a"}, {"a": 10**20}, {"k" * 2000: 1}])
def test_what_has_no_place_in_a_file_is_refused(data):
    with pytest.raises((TypeError, ValueError)):
        dumps(data)


def test_line_ends_of_another_system_become_ours():
    assert format_text("rulebook: x\r\n# why\r\ntitle: |-\r\n  a\r\n  b\r\n") == (
        "rulebook: x\n# why\ntitle: |-\n  a\n  b\n"
    )


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    "text",
    ["rulebook: [", "rulebook: a\nrulebook: b\n", "- a\n", "", "colour: red\n", "rulebook: !!python/x 1\n",
     "&a rulebook: x\n"],
)  # fmt: skip
def test_what_can_not_be_read_is_refused_with_its_problem(text):
    with pytest.raises(NormrulesError) as refused:
        format_text(text, "x.yaml")
    assert refused.value.problems


def test_a_key_longer_than_yaml_looks_for_is_refused():
    with pytest.raises(NormrulesError, match="too long"):
        format_text(f"rulebook: x\n{'k' * 1010}: 1\n")


# -------------------------------------------------------------------- the command

UNTIDY, TIDY = "title: 'X'\nrulebook: x\n", "rulebook: x\ntitle: X\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "untidy.yaml").write_text(UNTIDY)
    (tmp_path / "tidy.yaml").write_text(TIDY)
    (tmp_path / "other.yaml").write_text("on: push\n")
    (tmp_path / ".hidden.yaml").write_text(UNTIDY)
    return tmp_path


def test_fmt_writes_what_changes_and_names_it(folder):
    ran = run("fmt", folder)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"formatted: {folder / 'untidy.yaml'}\n1 of 2 files formatted\n"
    assert (folder / "untidy.yaml").read_text() == TIDY
    assert (folder / "other.yaml").read_text() == "on: push\n"
    assert (folder / ".hidden.yaml").read_text() == UNTIDY
    assert run("fmt", folder).out == "0 of 2 files formatted\n"


def test_fmt_check_writes_nothing_and_exits_1(folder):
    ran = run("fmt", "--check", folder)
    assert ran.code == 1
    assert ran.out.startswith("would change:")
    assert (folder / "untidy.yaml").read_text() == UNTIDY
    assert run("fmt", "--check", folder / "tidy.yaml").code == 0


def test_fmt_leaves_a_broken_file_alone_and_exits_2(folder):
    broken = folder / "broken.yaml"
    broken.write_text("rulebook: 'x\n")
    ran = run("fmt", folder)
    assert ran.code == 2
    assert "broken.yaml:1:13: error: found unexpected end of stream" in ran.err
    assert broken.read_text() == "rulebook: 'x\n"
    assert (folder / "untidy.yaml").read_text() == TIDY


def test_fmt_refuses_a_named_file_of_another_kind_and_a_missing_one(folder):
    other = run("fmt", folder / "other.yaml")
    assert (other.code, "this file is no rulebook" in other.err) == (2, True)
    missing = run("fmt", folder / "missing.yaml")
    assert (missing.code, "there is no" in missing.err) == (2, True)


def test_fmt_formats_standard_input(folder):
    assert run("fmt", "-", stdin=UNTIDY).out == TIDY
    assert run("fmt", "--check", "-", stdin=UNTIDY).code == 1
    assert run("fmt", "--check", "-", stdin=TIDY).code == 0
    assert run("fmt", "-", folder, stdin=TIDY).code == 2
    assert run("fmt", "-", stdin="rulebook: [").code == 2


def test_fmt_keeps_the_mode_of_a_file_and_what_a_link_leads_to(folder):
    target = folder / "untidy.yaml"
    target.chmod(0o600)
    link = folder / "link.yaml"
    link.symlink_to(target)
    assert run("fmt", link).code == 0
    assert link.is_symlink()
    assert target.read_text() == TIDY
    assert target.stat().st_mode & 0o777 == 0o600


def test_fmt_as_json(folder):
    said = json.loads(run("fmt", "--check", "-f", "json", folder).out)
    assert {Path(f["file"]).name: f["status"] for f in said["files"]} == {
        "tidy.yaml": "unchanged",
        "untidy.yaml": "changed",
    }
