"""The documentation is true: commands run as shown, links lead somewhere, pages are current.

In a fenced `console` block every line that starts with `$ ` is a command, and what follows is
what it prints, in a terminal of 80 columns without colour, from the top of the repository. What
stands behind a pipe goes to the shell. A block `yaml file=NAME` is a file that the page's later
commands find. A `pycon` block is a Python session. `pytest tests/test_docs.py --accept` (or
`make accept`) writes what comes out now into the files.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree as ET

import pytest
from terminal import run
from typer.main import get_command

from normrules.cli.app import app
from normrules.engine.durable.firing import installed
from normrules.lang.library import load_program
from normrules.lang.shelf import catalogue
from normrules.show.pages import main as pages_main
from normrules.show.pages import write_pages
from normrules.show.pictures import main as pictures_main
from normrules.show.pictures import of_scenario
from normrules.show.shelf import pages
from normrules.show.sureness import sureness_markdown

ROOT = Path(__file__).resolve().parents[1]
MADE = ROOT / "docs" / "rulebooks"
SURENESS = ROOT / "docs" / "how-sure-are-we.md"
FENCE = re.compile(r"^```(\w+)([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"(?<=<!-- counted -->\n\n).*?(?=\n\n<!-- end -->)", re.DOTALL)


def written() -> list[Path]:
    """The pages that people wrote; those made from the rulebooks have a test of their own."""
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    docs = [page for page in sorted((ROOT / "docs").rglob("*.md")) if MADE not in page.parents]
    return [*top, *docs, *sorted((ROOT / "examples").glob("*/README.md"))]


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


# ------------------------------------------------------------------ commands and sessions


@dataclass
class Room:
    """Where a page's commands run: a copy of what a reader of the repository has."""

    folder: Path
    code: int = 0
    names: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def block(self, language: str, info: str, body: str) -> str:
        """What a block should hold."""
        if "--trace" in body and not installed():
            return body  # it is the second engine that is shown
        if language == "console":
            return self.console(body)
        if language == "pycon":
            return "".join(self.session(body))
        name = re.search(r"file=(\S+)", info)
        if name:
            target = self.folder / name[1]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body, encoding="utf-8")
        return body

    def console(self, body: str) -> str:
        shown = []
        for command in commands(body):
            if self.code and command != "echo $?":
                self.faults.append(f"before `{command}` a command failed, and the page hides it")
            said = self.command(command.replace("\\\n", " "))
            shown.append(f"$ {command}\n{said}")
        return "\n".join(part.rstrip("\n") for part in shown) + "\n"

    def command(self, command: str) -> str:
        if command == "echo $?":
            said, self.code = f"{self.code}\n", 0
            return said
        first, pipe, rest = command.partition(" | ")
        words = shlex.split(first)
        if words[0] == "cat":
            return "".join((self.folder / name).read_text(encoding="utf-8") for name in words[1:])
        if words[0] != "normrules":
            self.faults.append(f"`{command}` is no command that can be tested")
            return ""
        ran = run(*words[1:])
        out, self.code = ran.out, ran.code
        if pipe:  # as in a shell with pipefail: a failure on either side is one
            piped = subprocess.run(
                rest, shell=True, input=out, stdout=-1, text=True, cwd=self.folder, check=False
            )
            out, self.code = piped.stdout, ran.code or piped.returncode
        said = out + ran.err
        return re.sub(r"[ \t]+$", "", said.replace(str(self.folder), "."), flags=re.MULTILINE)

    def session(self, body: str) -> Iterator[str]:
        for source in inputs(body):
            yield from (f"{'...' if i else '>>>'} {line}\n" for i, line in enumerate(source))
            out = io.StringIO()
            code = compile("\n".join(source) + "\n", "<session>", "single", dont_inherit=True)
            with contextlib.redirect_stdout(out):
                exec(code, self.names)
            yield out.getvalue()


def commands(body: str) -> list[str]:
    joined = re.findall(r"^\$ ((?:.*\\\n)*.*)$", body, re.MULTILINE)
    assert joined, "a console block without a command"
    return joined


def inputs(body: str) -> Iterator[list[str]]:
    source: list[str] = []
    for line in [*body.splitlines(), ""]:
        if source and not line.startswith("... "):
            yield source
            source = []
        if line.startswith((">>> ", "... ")):
            source.append(line[4:])


def comparable(text: str) -> str:
    """The text, without what says that the second engine is missing, where it is missing."""
    if installed():
        return text
    engine = r'Engine: |durable-rules is not installed|only$|\s*"(engine|checked_twice|unchecked)"'
    return "\n".join(line for line in text.splitlines() if not re.match(engine, line))


def redone(text: str, room: Room) -> str:
    """The page with what its commands print now."""

    def block(found: re.Match[str]) -> str:
        language, info, body = found.groups()
        return f"```{language}{info}\n{room.block(language, info, body)}```"

    return FENCE.sub(block, text)


@pytest.mark.parametrize("page", written(), ids=named)
def test_commands_print_what_the_page_shows(page, tmp_path, monkeypatch, accept):
    text = page.read_text(encoding="utf-8")
    if not any(language in ("console", "pycon") for language, _, _ in FENCE.findall(text)):
        return
    for folder in ("examples", "rulebooks", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    room = Room(tmp_path)
    with mock.patch.dict(os.environ, {"COLUMNS": "80", "NO_COLOR": "1", "TZ": "UTC"}):
        now = redone(text, room)
    if room.code:
        room.faults.append("the last command failed, and the page hides it")
    assert not room.faults, "\n".join(room.faults)
    if accept:
        assert installed(), "install durable-rules first: the pages show what it checked"
        page.write_text(now, encoding="utf-8", newline="\n")
    else:
        assert comparable(now) == comparable(text), "run `make accept` if this is right"


def test_a_hidden_failure_is_found(tmp_path):
    room = Room(tmp_path)
    room.console("$ normrules show no-such-book\n$ normrules --version\n")
    assert room.faults
    shown = Room(tmp_path)
    assert "$ echo $?\n2\n" in shown.console("$ normrules show no-such-book\n$ echo $?\n")
    assert not shown.faults
    stray = Room(tmp_path)
    stray.console("$ rm -rf x\n")
    assert stray.faults


def test_wrong_output_is_found(tmp_path):
    page = "```console\n$ normrules --version\nnormrules 9.9\n```\n"
    assert redone(page, Room(tmp_path)) != page
    session = "```pycon\n>>> for x in (1, 2):\n...     print(x)\n1\n3\n```\n"
    assert redone(session, Room(tmp_path)) == session.replace("3", "2")


# ------------------------------------------------------------------ links


@cache
def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def links(text: str) -> list[str]:
    bare = re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))
    inline = re.findall(r"\]\(<?([^)>\s]+)>?\)", bare)
    return [*inline, *re.findall(r'(?:src|href)="([^"]+)"', bare)]


def broken(page: Path, target: str) -> bool:
    if re.match(r"[a-z]+:", target):
        return False
    name, _, anchor = target.partition("#")
    file = (page.parent / name).resolve() if name else page
    if not file.exists() or ROOT not in (file, *file.parents):
        return True
    return bool(anchor) and (file.suffix != ".md" or anchor not in anchors(file))


@pytest.mark.parametrize("page", [*written(), *sorted(MADE.glob("*.md"))], ids=named)
def test_relative_links_lead_somewhere(page):
    wrong = [link for link in links(page.read_text(encoding="utf-8")) if broken(page, link)]
    assert not wrong


def test_a_broken_link_is_found():
    readme = ROOT / "README.md"
    assert links('[a](x.md) `[b](y.md)` <img src="z.svg">') == ["x.md", "z.svg"]
    assert broken(readme, "docs/no-such-page.md")
    assert broken(readme, "docs/language.md#no-such-heading")
    assert not broken(readme, "docs/language.md")


def test_every_page_is_reached_from_the_index():
    index = ROOT / "docs" / "index.md"
    reached = {
        (index.parent / link.partition("#")[0]).resolve()
        for link in links(index.read_text(encoding="utf-8"))
    }
    docs = [page for page in written() if page.is_relative_to(ROOT / "docs") and page != index]
    assert not [named(page) for page in docs if page not in reached]


# ------------------------------------------------------------------ what is made


def test_pages_of_rulebooks_are_current(accept):
    if accept:
        write_pages(MADE)
    now = {path.name: path.read_text(encoding="utf-8") for path in MADE.glob("*.md")}
    made = pages()
    assert sorted(now) == sorted(made)
    stale = [name for name, text in made.items() if now[name] != text]
    assert not stale, "run `make docs`"


def test_pages_are_written_whole(tmp_path, capsys):
    (tmp_path / "gone.md").write_text("a rulebook that is no more")
    assert pages_main([str(tmp_path)]) == 0
    assert not (tmp_path / "gone.md").exists()
    assert {path.name for path in tmp_path.iterdir()} == set(pages())
    assert write_pages(tmp_path) == []
    assert pages_main([]) == 2
    assert "usage" in capsys.readouterr().err


def programs():
    every = [load_program(name) for name in sorted(catalogue())]
    return [program for program in every if program.base is None]


def test_the_table_of_bases_is_current(accept):
    text = SURENESS.read_text(encoding="utf-8")
    table = sureness_markdown(programs())
    if accept:
        SURENESS.write_text(TABLE.sub(lambda _: table, text), encoding="utf-8", newline="\n")
        text = SURENESS.read_text(encoding="utf-8")
    assert TABLE.findall(text) == [table], "run `make accept`"


def test_the_table_counts_every_rule_and_definition():
    book = load_program("un-secretariat")
    last = sureness_markdown([book]).splitlines()[-1]
    counts = [int(n) for n in re.findall(r"\d+", last)]
    read = [o for r in book.rulebook.readings.values() for o in r.options]
    rules = len(book.rulebook.rules) + sum(len(o.add) + len(o.replace) for o in read)
    assert sum(counts[:3]) == rules
    assert sum(counts[3:]) == len(book.rulebook.definitions)


PICTURE = ("examples/01-niger-2023/scenario.yaml", ["african-union"], 50)


@pytest.mark.skipif(not installed(), reason="the picture shows what the second engine checked")
def test_the_picture_is_current(accept, monkeypatch):
    monkeypatch.chdir(ROOT)
    scenario, books, lines = PICTURE
    file = ROOT / "docs" / "pictures" / "niger.svg"
    if accept:
        named_ = [option for book in books for option in ("-r", book)]
        assert pictures_main([scenario, *named_, "-n", str(lines), "-o", str(file)]) == 0
    drawn = file.read_text(encoding="utf-8")
    assert drawn == of_scenario(scenario, books, lines), "run `make accept`"
    assert ET.fromstring(drawn).tag.endswith("svg")
    assert "@font-face" not in drawn


def test_the_notice_names_every_table():
    text = (ROOT / "NOTICE").read_text(encoding="utf-8")
    folders = ("vocabularies", "anti-coup", "drafts", "registers", "history")
    tables = [p for f in folders for p in (ROOT / "rulebooks" / f).iterdir() if p.is_file()]
    listed = {word.rstrip(":") for word in text.split()}
    missing = [
        named(table)
        for table in tables
        if not listed
        & {
            named(table),
            f"{named(table).partition('.')[0]}.yaml",
            f"{named(table).partition('.')[0]}.csv",
        }
    ]
    assert tables
    assert not missing
    gone = [word for word in listed if word.startswith("rulebooks/") and not (ROOT / word).exists()]
    assert not gone


def test_the_numbers_of_the_readme_are_right():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    made = programs()
    ruled = [program for program in made if program.clauses]
    rules = sum(len(program.rulebook.rules) for program in made)
    assert f"{len(made)} regimes" in text
    assert f"{len(ruled)} of them with rules" in text
    assert f"{rules} rules" in text


def test_every_key_of_the_schema_is_documented():
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    quoted = " ".join(re.findall(r"`([^`\n]+)`", FENCE.sub("", text)))
    assert not sorted(schema_keys() - set(re.findall(r"[a-z_]+", quoted)))


def schema_keys() -> set[str]:
    """Every key that a rulebook, draft, vocabulary, scenario or cases file can have."""
    found: set[str] = set()
    for kind in ("rulebook", "draft", "vocabulary", "scenario", "cases"):
        schema = json.loads((ROOT / "rulebooks" / "schema" / f"{kind}.json").read_text("utf-8"))
        for part in (schema, *schema.get("$defs", {}).values()):
            found |= set(part.get("properties", {}))
    return {key for key in found if re.fullmatch(r"[a-z_]+", key)}


def test_every_status_and_modality_is_documented():
    from normrules.core.demand import MODALITIES
    from normrules.core.evaluation import STATUSES

    semantics = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    language = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    assert not [status for status in STATUSES if f"`{status}`" not in semantics]
    assert not [modality for modality in MODALITIES if f"`{modality}`" not in language]


def test_every_command_has_a_page():
    pages_ = {page.stem for page in (ROOT / "docs" / "commands").glob("*.md")}
    assert pages_ == set(get_command(app).commands)
