"""Watching: a command runs again for what was saved, and Ctrl-C is its end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from terminal import run
from toy import VOCABULARY

from normrules.cli import watch as watching
from normrules.cli.watch import forget, saves, watch, watch_paths
from normrules.lang.library import load_program
from normrules.lang.writer import dumps

BOOK = """\
rulebook: book
title: A rulebook
vocabulary: ../words.yaml
instruments:
  act: {title: Act, form: treaty, force: binding, adopted: 2001}
rules:
  - id: speak
    title: The Council speaks
    source: {instrument: act, at: art. 1, basis: official}
    when: {event: seizure}
    then: {must: speak, by: council}
"""
CASES = """\
cases: book
tests:
  - note: A seizure
    given: [{type: seizure, time: 2020-01-01}]
    expect: {speak: outstanding}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A rulebook whose vocabulary stands elsewhere."""
    (tmp_path / "words.yaml").write_text(dumps(VOCABULARY), "utf-8")
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "book.yaml").write_text(BOOK, "utf-8")
    (tmp_path / "books" / "book.cases.yaml").write_text(CASES, "utf-8")
    return tmp_path / "books"


class Hands:
    """Somebody who saves files one after another, each between two looks, then presses Ctrl-C."""

    def __init__(self, *acts: Callable[[], object]) -> None:
        self.acts, self.ticks = list(acts), 0

    def wait(self) -> None:
        """One look later; a second look finds the files at rest."""
        self.ticks += 1
        assert self.ticks < 100, "nothing was noticed"
        if self.ticks % 3 == 1:
            if not self.acts:
                raise KeyboardInterrupt
            self.acts.pop(0)()


def replaced(path: Path, old: str, new: str) -> Callable[[], object]:
    """Save a file with other words, as an editor does: another file is put in its place."""

    def act() -> None:
        text = path.read_text("utf-8")
        assert old in text
        beside = path.with_suffix(".part")
        beside.write_text(text.replace(old, new), "utf-8")
        beside.replace(path)

    return act


def watched(
    paths: list[Path | str], *acts: Callable[[], object], once: Callable[[], object]
) -> int:
    runs = []
    watch_paths(paths, lambda: runs.append(once()), Hands(*acts).wait)
    return len(runs)


# -------------------------------------------------------------------- the loop


def test_it_runs_once_and_then_for_each_change(capsys):
    runs: list[int] = []
    watch(lambda: runs.append(1), [[Path("a.yaml")], [Path("b.yaml"), Path("c.yaml")]])
    assert len(runs) == 3
    said = capsys.readouterr().err
    assert "  a.yaml changed\n" in said
    assert "  b.yaml and 1 more changed\n" in said
    assert "\x1b" not in said, "a file or a pipe is no screen"


@pytest.mark.parametrize("where", ["in the run", "between runs"])
def test_ctrl_c_is_an_end_and_no_error(where):
    def pressed() -> None:
        raise KeyboardInterrupt

    def changes() -> Iterator[list[Path]]:
        pressed()
        yield []

    watch(pressed if where == "in the run" else lambda: None, changes())


def test_the_screen_is_cleared_on_a_terminal_only(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    watch(lambda: None, [[Path("a.yaml")]])
    assert capsys.readouterr().out.startswith("\x1b[2J")


# -------------------------------------------------------------------- what is a change


def test_a_save_a_new_file_and_a_removed_one_are_changes(tmp_path):
    a, b = tmp_path / "a.yaml", tmp_path / "b.yaml"
    a.write_text("1", "utf-8")
    hands = Hands(replaced(a, "1", "22"), lambda: b.write_text("1", "utf-8"), b.unlink)
    found = saves(lambda: [*tmp_path.glob("*.yaml")], hands.wait)
    assert [next(found), next(found), next(found)] == [[a], [b], [b]]
    with pytest.raises(KeyboardInterrupt):
        next(found)


def test_a_save_of_the_same_size_is_a_change(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("1", "utf-8")

    def again() -> None:
        stamp = path.stat().st_mtime_ns + 1
        path.write_text("2", "utf-8")
        os.utime(path, ns=(stamp, stamp))

    assert next(saves(lambda: [path], Hands(again).wait)) == [path]


def test_a_file_that_is_read_for_the_first_time_is_no_change(tmp_path):
    a, b = tmp_path / "a.yaml", tmp_path / "b.yaml"
    a.write_text("1", "utf-8")
    b.write_text("1", "utf-8")
    files = [a]
    hands = Hands(replaced(a, "1", "22"), lambda: None, replaced(b, "1", "22"))
    found = saves(lambda: files, hands.wait)
    assert next(found) == [a]
    files.append(b)
    assert next(found) == [b]
    assert not hands.acts


def test_what_is_saved_while_it_runs_is_seen_afterwards(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("1", "utf-8")
    found = saves(lambda: [path], Hands(replaced(path, "1", "22"), lambda: None).wait)
    assert next(found) == [path]
    replaced(path, "22", "333")()  # the run goes on meanwhile
    assert next(found) == [path]


# -------------------------------------------------------------------- what is watched


def test_a_rulebook_is_watched_with_its_vocabulary(folder):
    said: list[int] = []
    runs = watched(
        [folder / "book.yaml"],
        replaced(folder.parent / "words.yaml", "speak:", "spoken:"),
        replaced(folder.parent / "words.yaml", "spoken:", "speak:"),
        once=lambda: said.append(run("check", folder / "book.yaml").code),
    )
    assert runs == 3
    assert said == [0, 1, 0], "what was read before is forgotten"


def test_a_folder_is_watched_with_files_that_come(folder):
    said: list[str] = []
    runs = watched(
        [folder],
        lambda: (folder / "more.yaml").write_text("rulebook: more\n", "utf-8"),
        lambda: (folder / "notes.md").write_text("no rules", "utf-8"),
        (folder / "more.yaml").unlink,
        once=lambda: said.append(run("check", folder).out.splitlines()[-1]),
    )
    assert runs == 3
    assert said == ["no problems in 2 files", "2 errors in 3 files", "no problems in 2 files"]


def test_the_command_watches_tests(folder, monkeypatch):
    hands = Hands(replaced(folder / "book.cases.yaml", "outstanding", "fulfilled"))
    monkeypatch.setattr(watching.time, "sleep", lambda _: hands.wait())
    ran = run("test", folder / "book.yaml", "--watch")
    assert ran.code == 0
    assert ran.out.startswith("1 passed, 0 failed\n")
    assert ran.out.endswith("0 passed, 1 failed\n")
    assert ran.err.count("Watching 3 files. Ctrl-C ends.") == 2
    assert "book.cases.yaml changed" in ran.err


def test_what_stops_a_run_is_said_and_the_watch_goes_on(folder, monkeypatch):
    missing = folder / "missing.yaml"
    hands = Hands(lambda: missing.write_text(BOOK, "utf-8"))
    monkeypatch.setattr(watching.time, "sleep", lambda _: hands.wait())
    ran = run("check", missing, "--watch")
    assert (ran.code, ran.out) == (0, "no problems in 1 file\n")
    assert "missing.yaml`: no such file or directory" in ran.err


def test_nothing_to_watch_is_an_error():
    ran = run("test", "no-such-book", "--watch")
    assert ran.code == 2
    assert "there is no rulebook `no-such-book`" in ran.err
    assert "there is no file to watch" in ran.err


def test_every_cache_is_forgotten(folder):
    before = load_program(str(folder / "book.yaml"))
    assert load_program(str(folder / "book.yaml")) is before
    forget()
    assert load_program(str(folder / "book.yaml")) is not before
