"""YAML 1.2 as a writer means it, every value with its place, and nothing that harms."""

from __future__ import annotations

from pathlib import Path

import pytest
from placed import shown

from normrules.core.problem import NormrulesError, Span
from normrules.lang.reader import MAX_BYTES, MAX_DEPTH, half, plain, read, read_file

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def refusals(text: str) -> list[tuple[str, int, int]]:
    return [
        (problem.code, problem.span.line, problem.span.column) for problem in read(text).problems
    ]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"), ("no", "no"), ("yes", "yes"), ("on", "on"), ("true", True), ("False", False), ("null", None), ("~", None),
        ("", None), ("010", 10), ("0o10", 8), ("0x1F", 31), ("1_000", "1_000"), ("12:30", "12:30"), ("2023-07-26", "2023-07-26"),
        ("2023-07-26T10:00Z", "2023-07-26T10:00Z"), ("2/3", "2/3"), ("1.5", 1.5), ("1e3", 1000.0), (".inf", float("inf")),
        ("'010'", "010"), ('"NO"', "NO"), ("=", "="), ("P6M", "P6M"), ("+4", 4), ("-0", 0),
    ],
)  # fmt: skip
def test_a_word_is_what_it_looks_like(written, value):
    source = read(f"a: {written}\n")
    assert source.problems == []
    assert source.data == {"a": value}
    assert type(source.data["a"]) is type(value)


def test_every_key_and_value_knows_its_place():
    source = read("rules:\n  - id: one\n    then: {must: act}\n")
    assert source.data == {"rules": [{"id": "one", "then": {"must": "act"}}]}
    assert source.keys["rules", 0, "then", "must"] == Span(3, 12, 3, 16)
    assert source.values["rules", 0, "then", "must"] == Span(3, 18, 3, 21)
    assert source.place(("rules", 0, "then", "by")) == source.values["rules", 0, "then"], (
        "the nearest that is there"
    )
    assert source.place(("rules", 0, "id"), on_key=True) == Span(2, 5, 2, 7)


def test_places_count_lines_as_the_parser_does():
    source = read('title: "a\u2028b"\nx: 1\nx: 2\n')
    (problem,) = source.problems
    assert (problem.span.line, shown(problem)) == (4, "x")
    assert problem.excerpt == "x: 2"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb: 2\na: 3\n", [("repeated-key", 3, 1)]),
        ("a: {b: 1, b: 2}\n", [("repeated-key", 1, 11)]),
        ("? [1, 2]\n: 3\n", [("key", 1, 3)]),
        ("a: !!python/object/apply:os.system ['x']\n", [("tag", 1, 4)]),
        ("a: !mine x\n", [("tag", 1, 4)]),
        ("a: !!set {x, y}\n", [("tag", 1, 4)]),
        ("a: !!binary aGk=\n", [("tag", 1, 4)]),
        ("a: 1234567890123456789\n", [("number", 1, 4)]),
        ("a: [1\n", [("yaml", 1, 6)]),
        ("a\n\tb: 1\n", [("yaml", 2, 3)]),
        ("a: b: c\n", [("yaml", 1, 5)]),
        ("a: *b\n", [("yaml", 1, 4)]),
        ("a: 1\n---\nb: 2\n", [("yaml", 2, 1)]),
        (LAUGHS, [("yaml", 1, 1)]),
        ("a: " + "[" * 500, [("yaml", 1, 1)]),
        ("- " * 500, [("yaml", 1, 1)]),
        ("".join(" " * depth + "a:\n" for depth in range(MAX_DEPTH + 2)), [("yaml", 1, 1)]),
    ],
)  # fmt: skip
def test_what_is_refused_and_where(text, found):
    assert refusals(text) == found


@pytest.mark.parametrize(
    ("text", "helped"),
    [
        ("a: 1\na: 2\n", "first given on line 1"),
        ("a: b: c\n", "put text that holds `: ` in quotes"),
        ("a:\n\t- b\n", "indent with spaces"),
        ("a: 1\n---\nb: 2\n", "one file holds one document"),
    ],
)
def test_what_was_probably_meant(text, helped):
    assert helped in (read(text).problems[0].help or "")


def test_aliases_are_values_written_once():
    source = read("a: &x {b: 1}\nc: *x\n")
    assert source.data == {"a": {"b": 1}, "c": {"b": 1}}
    assert source.place(("c", "b")) == Span(1, 11, 1, 12)


def test_half_a_character_is_no_text():
    found = read('a: "\\ud800"\n')
    assert len(found.problems) == 1
    assert half("\ud800 and more") == "half a character is no text: U+D800"


def test_a_file_is_read_without_its_mark(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbfa: \xc3\xa9\r\nb: 1\r\n")
    assert read_file(tmp_path / "x.yaml").data == {"a": "é", "b": 1}


@pytest.mark.parametrize(
    ("name", "said"), [("none.yaml", "no such file"), (".", "is a folder"), ("a\0b", "null byte"), ("x" * 300, "name too long")]
)  # fmt: skip
def test_what_can_not_be_read_is_said(name, said, tmp_path):
    with pytest.raises(NormrulesError, match=said):
        read_file(tmp_path / name)


def test_a_large_file_is_not_read(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(NormrulesError, match="larger than 8 MB"):
        read_file(tmp_path / "x.yaml")
    assert read("#" * (MAX_BYTES + 1)).problems[0].code == "too-large"


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "is empty"), ("- 1\n", "is not a mapping"), ("a: 1\na: 2\n", "can't be read")],
)
def test_data_must_be_a_mapping(text, said):
    with pytest.raises(NormrulesError, match=said) as refused:
        plain(read(text))
    assert refused.value.problems


def test_the_shipped_files_read_without_a_problem():
    for path in (Path(__file__).parents[1] / "rulebooks").rglob("*.yaml"):
        assert read_file(path).problems == [], path
