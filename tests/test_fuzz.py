"""No text breaks the program: it is read, or refused with problems, and always soon."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normrules.core.problem import NormrulesError, Problem
from normrules.lang.checks import check_file
from normrules.lang.reader import read
from normrules.lang.streams import read_text_cases
from normrules.lang.writer import format_text

ROOT = Path(__file__).parents[1]
EXAMPLES = int(os.environ.get("NORMRULES_EXAMPLES", "100"))
SECONDS = 20


def fuzz(examples: int):
    """Random texts; a text that takes long is a failure. The shared machine may be slow."""
    return settings(
        max_examples=examples,
        deadline=SECONDS * 1000,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


few = fuzz(EXAMPLES)
many = fuzz(max(10_000, EXAMPLES))


def shipped(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


BOOKS = shipped("rulebooks/*/*.yaml", "rulebooks/vocabularies/*.yaml", "rulebooks/registers/*.yaml")
SCENARIOS = shipped("examples/*/*.yaml")
TABLES = shipped("rulebooks/registers/*.csv", "rulebooks/history/*.csv")
STREAM = "\n".join(
    f'{{"id": "{kind}", "type": "{kind}", "time": "2023-07-2{day}", "country": "NER", "by": "au_psc"}}'
    for day, kind in enumerate(["power_seizure", "condemn", "suspend_participation"], 6)
)
#: What makes texts of ours, and what is left over from other languages.
TOKENS = (
    "rulebook", "scenario", "vocabulary", "register", "cases", "rules", "events", "when", "upon", "unless", "until",
    "then", "must", "should", "may", "must_not", "discretion", "effect", "all", "any", "not", "after", "plus", "count",
    "standing", "by", "with", "within", "each", "jointly", "otherwise", "overrides", "readings", "expect", "time",
    "follows", "power_seizure", "condemn", "au_psc", "2023-07-26", "2023-07-26T10:00Z", "9999-12-31", "0001", "0000",
    "P6M", "PT24H", "-P1D", "2/3", "0/0", "NER", "true", "null", "~", "-1", "1e999", "0x", "1_000", "never", "unknown",
    ":", "- ", "? ", "{", "}", "[", "]", ",", "\n", "\n  ", "\n- ", "&a ", "*a", "<<: ", "!!set ", "!x ", "|\n", ">-\n",
    "'", '"', "#", "%YAML 1.1\n", "---\n", "...\n", "\t", "\x00", "\x85", "\u2028", "\ufeff", "\ud7ff", "😀", "\x1b[2J",
)  # fmt: skip


@st.composite
def mutated(draw, texts: list[str], chars: int = 3000) -> str:
    """A text in which bytes are flipped, lines dropped, doubled and moved, and words exchanged."""
    text = draw(st.sampled_from(texts))
    lines = text.splitlines(keepends=True)
    if len(text) > chars:  # a beginning, whole at the line
        lines = lines[: max(3, len(lines) * chars // len(text))]
    for _ in range(draw(st.integers(1, 4))):
        if not lines:
            break
        place = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "move", "indent", "word", "cut", "flip"])):
            case "drop":
                del lines[place]
            case "double":
                lines.insert(place, lines[place])
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(place))
            case "indent":
                lines[place] = " " * draw(st.integers(0, 8)) + lines[place].lstrip(" ")
            case "word":
                words = lines[place].split(" ")
                words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(TOKENS))
                lines[place] = " ".join(words)
            case "cut":
                lines[place] = lines[place][: draw(st.integers(0, len(lines[place])))]
            case "flip":
                raw = bytearray(lines[place].encode())
                raw[draw(st.integers(0, len(raw) - 1)) if raw else 0 :][:1] = b""
                at = draw(st.integers(0, max(0, len(raw) - 1)))
                raw[at : at + 1] = bytes([draw(st.integers(0, 255))])
                lines[place] = raw.decode("utf-8", "replace")
    return "".join(lines)


def texts_of(paths: list[Path]) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in paths]


JUMBLES = st.lists(st.sampled_from(TOKENS) | st.text(max_size=5), max_size=60).map("".join)


def are_problems(problems: list[Problem], text: str) -> None:
    """Each is about the file, at a place in it, in words."""
    lines = (
        text.count("\n")
        + text.count("\r")
        + text.count("\x85")
        + text.count("\u2028")
        + text.count("\u2029")
    )
    for problem in problems:
        assert problem.code
        assert problem.message
        assert problem.file
        assert 1 <= problem.span.line <= lines + 1, (problem, lines)
        assert problem.span.column >= 1


def checked(text: str, name: str, folder: str = "") -> None:
    """A file with this text is right, or has problems, or is refused in words."""
    with tempfile.TemporaryDirectory() as kept:
        path = Path(kept) / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        try:
            own = [problem for problem in check_file(path) if problem.file == str(path)]
        except NormrulesError as error:
            assert str(error)
        else:
            are_problems(own, text)


def formats(text: str) -> None:
    """A text in its canonical form stays as it is; another is refused in words."""
    try:
        once = format_text(text)
    except NormrulesError as error:
        assert str(error)
    else:
        assert format_text(once) == once


def reads(text: str) -> None:
    source = read(text, "x.yaml")
    are_problems(source.problems, text)
    assert set(source.values) >= set(source.keys)


def evaluates(text: str, name: str) -> None:
    try:
        cases, problems = read_text_cases(text, name, ROOT)
    except NormrulesError as error:
        assert str(error)
    else:
        assert cases or problems
        are_problems(problems, text)


# -------------------------------------------------------------------- any text


@few
@given(JUMBLES)
def test_any_text_is_read_or_refused(text):
    reads(text)
    formats(text)


@few
@given(JUMBLES, st.sampled_from(["x.yaml", "x.csv", "x.jsonl", "x"]))
def test_any_text_is_cases_or_problems(text, name):
    evaluates(text, name)


@few
@given(
    st.sampled_from(["rulebook", "scenario", "vocabulary", "register", "cases", "history"]), JUMBLES
)
def test_any_file_of_a_kind_is_checked(kind, text):
    checked(f"{kind}: x\n{text}", "x.yaml")


@few
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_checked(raw):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("x.yaml", "x.csv", "x.jsonl"):
            path = Path(folder) / name
            path.write_bytes(raw)
            try:
                assert check_file(path)
            except NormrulesError as error:
                assert str(error)


# -------------------------------------------------------------------- files of ours, a little changed


@few
@given(mutated(texts_of(BOOKS)))
def test_a_changed_book_is_checked(text):
    checked(text, "x.yaml")


@few
@given(mutated(texts_of(BOOKS + SCENARIOS), chars=1500))
def test_a_changed_file_is_formatted_or_refused(text):
    reads(text)
    formats(text)


@few
@given(mutated(texts_of(SCENARIOS)))
def test_a_changed_scenario_is_read(text):
    evaluates(text, "x.yaml")
    checked(text, "x.yaml")


@few
@given(mutated([STREAM]), st.sampled_from(["x.jsonl", "x"]))
def test_changed_json_lines_are_read(text, name):
    evaluates(text, name)


@few
@given(mutated(texts_of(TABLES)))
def test_a_changed_table_is_read(text):
    evaluates(text, "x.csv")
    checked(text, "x.csv", folder="registers")


@pytest.mark.slow
@many
@given(st.data())
def test_many_changed_files(data):
    text = data.draw(mutated(texts_of(BOOKS + SCENARIOS)))
    checked(text, "x.yaml")
    evaluates(text, "x.yaml")
    formats(text)


# -------------------------------------------------------------------- what these tests can see


def test_the_files_of_ours_are_there():
    assert len(BOOKS) > 20
    assert len(SCENARIOS) > 5
    assert TABLES


def test_the_stream_is_a_case_before_it_is_changed():
    cases, problems = read_text_cases(STREAM, "x.jsonl", ROOT)
    assert (len(cases), problems) == (1, [])


def test_a_row_of_a_table_is_an_event_before_it_is_changed():
    row = next(csv.DictReader(io.StringIO((ROOT / "rulebooks/history/coups.csv").read_text())))
    assert row["type"] == "power_seizure"
