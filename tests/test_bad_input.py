"""Whatever is given to the command line, it answers with a message: never a traceback, never late."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import terminal

OPENING = "  - {type: power_seizure, time: 2023-07-26, country: NER}\n"
SCENARIO = f"scenario: x\nevents:\n{OPENING}"
BOOK = ["-r", "un-secretariat"]
#: A reading of any input ends within this; the program itself starts in one.
SECONDS = 10
TWO_OPEN = """\
scenario: x
country: NER
events:
  - {type: power_seizure, time: 2023-07}
  - {type: power_seizure, time: 2023-07, case: b}
  - {type: condemn, by: au_psc, time: 2023-07-20}
"""
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
)


@dataclass(frozen=True)
class Ran:
    """What one run of the program came to."""

    code: int
    out: str
    err: str
    seconds: float


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the program in an empty folder; `apart`: in a process of its own."""
    monkeypatch.chdir(tmp_path)

    def ran(*args: object, given: bytes = b"", apart: bool = False) -> Ran:
        before = time.monotonic()
        if apart:
            there = subprocess.run(
                [sys.executable, "-m", "normrules", *map(str, args)], check=False, input=given,
                capture_output=True, timeout=60, env={**os.environ, "NO_COLOR": "1", "COLUMNS": "80"},
            )  # fmt: skip
            found = there.returncode, there.stdout.decode("utf-8"), there.stderr.decode("utf-8")
        else:
            here = terminal.run(*args, stdin=given)
            found = here.code, here.out, here.err
        return Ran(*found, time.monotonic() - before)

    return ran


def is_refused(ran: Ran, *said: str, code: int = 2) -> None:
    """A clear end: the code, the words, nothing else on standard output, no traceback, no wait."""
    assert ran.code == code, (ran.out, ran.err)
    shown = ran.err if code == 2 else ran.out
    for word in said:
        assert word in shown, (word, shown)
    assert "Traceback" not in ran.err
    assert "defect" not in ran.err
    if code == 2:
        assert ran.out == ""
        ends = [line for line in ran.err.splitlines() if line.startswith("normrules: ")]
        assert len(ends) == 1, "one last word"
        assert ran.err.rstrip().splitlines()[-1] == ends[0]
    assert ran.seconds < SECONDS


#: Files that no scenario is: name, content, and words of the message.
FILES = {
    "malformed": ("x.yaml", "scenario: x\nevents: [\n", ["x.yaml:2:10", "error"]),
    "empty": ("x.yaml", "", ["this file is empty"]),
    "only a comment": ("x.yaml", "# nothing\n", ["this file is empty"]),
    "a list": ("x.yaml", "- 1\n- 2\n", ["not a mapping"]),
    "two documents": ("x.yaml", f"{SCENARIO}---\n{SCENARIO}", ["one file holds one document"]),
    "a tab": ("x.yaml", "scenario: x\n\ttitle: y\n", ["x.yaml:2:1"]),
    "no events": ("x.yaml", "scenario: x\nevents: []\n", ["x.yaml:2:9", "at least one entry"]),
    "an event without a case": (
        "x.yaml", "scenario: x\nevents:\n  - {type: condemn, by: au_psc, time: 2023-07-26}\n",
        ["no event opens a case", "power_seizure"],
    ),
    "an event before its case": (
        "x.yaml", f"{SCENARIO}  - {{type: condemn, by: au_psc, time: 2023-07-25, country: NER}}\n",
        ["x.yaml:4:5", "no case is open for NER then", "put the opening event before it"],
    ),
    "two open cases for one country": (
        "x.yaml",
        TWO_OPEN,
        ["x.yaml:6:5", "two cases are open for NER then: b, x", "name its `case`"],
    ),
    "an unknown case": (
        "x.yaml", f"{SCENARIO}  - {{type: condemn, by: au_psc, time: 2023-07-27, case: y}}\n",
        ["x.yaml:4:57", "there is no case `y`"],
    ),
    "an impossible date": ("x.yaml", SCENARIO.replace("07-26", "02-30"), ["x.yaml:3:33", "`2023-02-30` is no day"]),
    "an instant without offset": (
        "x.yaml", SCENARIO.replace("2023-07-26", "2023-07-26T10:00"), ["x.yaml:3:33", "has no offset", "T10:00Z"],
    ),
    "an unknown event": ("x.yaml", SCENARIO.replace("power_seizure", "powr_seizure"), ["did you mean `power_seizure`?"]),
    "an unknown vocabulary": ("x.yaml", f"vocabulary: anti-cup\n{SCENARIO}", ["did you mean `anti-coup`?"]),
    "no such vocabulary": ("x.yaml", f"vocabulary: no.yaml\n{SCENARIO}", ["can't read"]),
    "an unknown zone": ("x.yaml", f"zone: Mars/Olympus\n{SCENARIO}", ["no IANA time zone"]),
    "no state": ("x.yaml", SCENARIO.replace("NER", "Niger"), ["x.yaml:3:54", "no ISO 3166 alpha-3 code"]),
    "an alias bomb": ("x.yaml", BOMB, ["once its aliases are expanded"]),
    "an anchor in itself": ("x.yaml", "scenario: &a [*a]\n", ["x.yaml"]),
    "deep brackets": ("x.yaml", "a: " + "[" * 100_000, ["brackets nest more than"]),
    "deep mappings": ("x.yaml", "".join(" " * depth + "a:\n" for depth in range(3000)), ["nest"]),
    "deep lists": ("x.yaml", "- " * 100_000, ["lists nest more than"]),
    "a long key": ("x.yaml", "k" * 1_000_000 + ": 1\n", ["x.yaml"]),
    "a foreign tag": ("x.yaml", "scenario: !!python/object/apply:os.system ['true']\n", ["x.yaml:1:11"]),
    "NUL in YAML": ("x.yaml", "scenario: x\0y\n", ["control characters"]),
    "not UTF-8": ("x.yaml", "scenario: é".encode("latin-1"), ["not UTF-8 text: byte 10 is 0xe9"]),
    "UTF-16": ("x.yaml", SCENARIO.encode("utf-16"), ["not UTF-8 text"]),
    "half a character": ("x.yaml", "scenario: \ud800".encode("utf-8", "surrogatepass"), ["not UTF-8 text"]),
    "a broken JSON row": (
        "x.jsonl", '{"type": "power_seizure", "time": "2023", "country": "NER"}\n{"type":\n[1]\n',
        ["x.jsonl:2:1", "this line is no JSON", "x.jsonl:3:1", "a line is one JSON object"],
    ),
    "a key twice in JSON": ("x.jsonl", '{"type": "a", "type": "b"}\n', ["`type` is given twice"]),
    "half a character in JSON": ("x.jsonl", '{"type": "power_seizure", "note": "\\ud800"}\n', ["half a character"]),
    "NUL in JSON": ("x.jsonl", '{"type": "a\0"}\n', ["this line is no JSON"]),
    "no number in JSON": ("x.jsonl", '{"type": "power_seizure", "fatalities": NaN}\n', ["`NaN` is no number"]),
    "a number of 5000 digits": ("x.jsonl", '{"fatalities": ' + "9" * 5000 + "}\n", ["a number of 5000 digits"]),
    "deep JSON": ("x.jsonl", '{"a":' * 100_000 + "\n", ["nested more than"]),
    "empty JSON Lines": ("x.jsonl", "", ["there is no event in this file", "one JSON object a line"]),
    "a CSV row too long": ("x.csv", "type,time,country\npower_seizure,2023,NER,4\n", ["x.csv:2:1", "more cells than"]),
    "an open quote in CSV": ("x.csv", 'type,time\npower_seizure,"2023\n', ["this is no CSV"]),
    "a CSV without a header": ("x.csv", "power_seizure,2023,NER\n", ["a first line that names the columns"]),
    "a CSV column twice": ("x.csv", "type,type,time\nx,x,2023\n", ["x.csv:1:1", "two columns are called `type`"]),
    "NUL in CSV": ("x.csv", "type,time\npower_seizure,2023\0\n", ["x.csv:2:1", "is no time"]),
    "a thousand broken rows": ("x.jsonl", "{\n" * 1000, ["more than 500 problems: the rest is left out"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_scenario(name, run, tmp_path):
    file, content, said = FILES[name]
    written = content if isinstance(content, bytes) else content.encode()
    (tmp_path / file).write_bytes(written)
    apart = any(word in name for word in ("deep", "bomb", "itself"))
    is_refused(run("evaluate", file, *BOOK, "-o", "answer.txt", apart=apart), *said)
    assert [path.name for path in tmp_path.iterdir()] == [file], "nothing is written"
    assert (tmp_path / file).read_bytes() == written


@pytest.mark.parametrize(
    "name",
    ["malformed", "empty", "an alias bomb", "deep brackets", "not UTF-8", "an impossible date"],
)
def test_check_says_no(name, run, tmp_path):
    file, content, said = FILES[name]
    (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    is_refused(run("check", file), *said, code=1)


@pytest.mark.parametrize(
    "name", ["malformed", "empty", "an alias bomb", "deep brackets", "a foreign tag"]
)
def test_fmt_leaves_it_as_it_is(name, run, tmp_path):
    file, content, _ = FILES[name]
    (tmp_path / file).write_text(content)
    ran = run("fmt", file)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert "error" in ran.err
    assert (tmp_path / file).read_text() == content


@pytest.mark.parametrize(
    "command", [["evaluate"], ["check"], ["fmt", "--check"]], ids=lambda command: command[0]
)
def test_fifty_megabytes_are_not_read(command, run, tmp_path):
    (tmp_path / "big.yaml").write_bytes(b"# " + b"x" * 50_000_000)
    ran = run(*command, "big.yaml")
    assert ran.code == (1 if command == ["check"] else 2)
    assert "larger than 8 MB" in ran.out + ran.err
    assert "Traceback" not in ran.err
    assert ran.seconds < SECONDS


@pytest.mark.parametrize(
    ("path", "said"),
    [(os.devnull, "this file is empty"), (".", "is a folder"), ("none.yaml", "no such file"),
     ("/dev/zero", "larger than 8 MB"), ("a/b.yaml", "no such file"), ("x" * 5000 + ".yaml", "name too long"),
     ("nigr-2023", "did you mean `niger-2023`?")],
)  # fmt: skip
def test_a_path_that_is_no_scenario(path, said, run):
    is_refused(run("evaluate", path, *BOOK), said)


@pytest.mark.parametrize(
    "args",
    [["check", "none"], ["fmt", "none.yaml"], ["test", "none.cases.yaml"], ["show", "none.yaml"]],
    ids=" ".join,
)
def test_a_path_that_leads_nowhere(args, run):
    is_refused(run(*args), "none")


def test_check_of_nothing_at_all(run):
    is_refused(run("check", os.devnull), "this file is empty", code=1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-r", "african-unio"], "did you mean `african-union`?"),
        (["-r", "african-union@2020-13"], "`2020-13` is no day of the calendar"),
        (["-r", "african-union@yesterday"], "`yesterday` is not a date"),
        (["-r", "."], "there is no rulebook `.`"),
        (["-r", "./"], "is a folder"),
        (["-r", "no/such.yaml"], "no such file"),
        ([*BOOK, "--fail-on", "breeched"], "did you mean `breached`?"),
        (["-r", "african-union", "--reading", "ousted-government"], "write QUESTION=OPTION"),
        (["-r", "african-union", "--reading", "ousted-goverment=x"], "did you mean `ousted-government`?"),
        (["-r", "african-union", "--reading", "ousted-government=any-goverment"], "did you mean `any-government`?"),
        (["--reading", "no-such-question=x"], "no rulebook here asks `no-such-question`"),
        ([*BOOK, "--at", "2023-02-30"], "`2023-02-30` is no day of the calendar"),
        ([*BOOK, "--at", "2023-07-26T10:00"], "has no offset from UTC"),
        ([*BOOK, "--at", "soon"], "`soon` is no time"),
        ([*BOOK, "--law", "2023-07-26T10:00Z"], "is not a date"),
        ([*BOOK, "--law", "2023-99"], "`2023-99` is no day of the calendar"),
        ([*BOOK, "-o", "no/such/folder/answer.txt"], "can't write"),
        ([*BOOK, "-o", "."], "can't write `.`"),
        ([*BOOK, "-o", "/dev/full"], "no space left"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_an_option_that_says_nothing(options, said, run, tmp_path):
    if "/dev/full" in options and not Path("/dev/full").is_char_device():
        pytest.skip("there is no /dev/full here")
    is_refused(run("evaluate", "niger-2023", *options), said)
    assert list(tmp_path.iterdir()) == []


def test_a_device_stays_a_device(run):
    ran = run("evaluate", "niger-2023", *BOOK, "-o", os.devnull)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert Path(os.devnull).is_char_device()


def test_a_file_that_can_not_be_written_stays(run, tmp_path):
    kept = tmp_path / "folder"
    kept.mkdir()
    (kept / "answer.txt").write_text("as before\n")
    is_refused(
        run("evaluate", "niger-2023", "-r", "none", "-o", "folder/answer.txt"),
        "there is no rulebook",
    )
    assert (kept / "answer.txt").read_text() == "as before\n"
    assert [path.name for path in kept.iterdir()] == ["answer.txt"]


@pytest.mark.parametrize(
    ("given", "said"),
    [(b"", "this file is empty"), (b"\xff\xfe", "`standard input` is not UTF-8 text"),
     (b"scenario: [", "standard input:"), (b'{"type": 1}\n', "standard input:1:1"), (b"a,b\n1\n", "standard input:2:1"),
     (b"x" * 9_000_000, "larger than 8 MB")],
    ids=["empty", "bytes", "yaml", "jsonl", "csv", "large"],
)  # fmt: skip
def test_standard_input(given, said, run):
    is_refused(run("evaluate", "-", *BOOK, given=given), said)


def test_standard_input_is_read_like_a_file(run, tmp_path):
    (tmp_path / "x.yaml").write_text(SCENARIO)
    named, streamed = (
        run("evaluate", "x.yaml", *BOOK, "-f", "csv"),
        run("evaluate", "-", *BOOK, "-f", "csv", given=SCENARIO.encode()),
    )
    assert named.code == streamed.code == 0
    assert named.out == streamed.out


@pytest.mark.parametrize("text", ["\\e[2J\\e]0;title\\a", "\\0\\x9b31m"])
def test_a_file_does_not_command_the_terminal(text, run, tmp_path):
    (tmp_path / "x.yaml").write_text(f'title: "{text}"\n{SCENARIO}')
    ran = run("evaluate", "x.yaml", *BOOK)
    assert ran.code == 0
    (tmp_path / "y.yaml").write_text(f'scenario: y\nevents:\n  - {{type: "{text}", time: 2023}}\n')
    refused = run("evaluate", "y.yaml", *BOOK)
    is_refused(refused, "unknown event")
    assert {c for c in ran.out + refused.err if not c.isprintable()} == {"\n"}


@pytest.mark.parametrize(
    "args",
    [
        ["evaluat"],
        ["evaluate"],
        ["evaluate", "x", "--no-such"],
        ["evaluate", "x", "-f", "pdf"],
        ["check"],
    ],
    ids=" ".join,
)
def test_a_command_line_that_is_none(args, run):
    ran = run(*args)
    assert ran.code == 2
    assert "Error: " in ran.err
    assert "Traceback" not in ran.err


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    ran = subprocess.run(
        f"'{sys.executable}' -m normrules show african-union | head -1", shell=True, check=True, capture_output=True, text=True,
        cwd=tmp_path,
    )  # fmt: skip
    assert ran.stdout.count("\n") == 1
    assert ran.stderr == ""


def test_a_name_that_no_file_can_have_is_said_and_no_crash(run, tmp_path):
    name = "x" * 300
    cases = tmp_path / "one.cases.yaml"
    cases.write_text(f"cases: {name}\ntests: [{{note: x, given: [], expect: {{}}}}]\n", "utf-8")
    draft = tmp_path / "two.yaml"
    draft.write_text(f"rulebook: two\ntitle: x\namends: {name}\n", "utf-8")
    for arguments in (["check", cases, draft], ["test", name], ["show", name], ["evaluate", name]):
        said = run(*arguments)
        assert said.code in (1, 2)
        assert "Errno" not in said.out + said.err
        assert "unexpected" not in said.out + said.err
