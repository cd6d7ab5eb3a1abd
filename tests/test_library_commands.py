"""`list`, `show` and `cite`: what stands on the shelves, in words."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from terminal import run

from normrules.core.problem import NormrulesError
from normrules.lang.library import load_program
from normrules.lang.reader import read
from normrules.lang.shelf import catalogue
from normrules.show.book import excerpt
from normrules.show.citations import bibtex, entries, latex
from normrules.show.rules import all_rule_words, rule_words, sentences
from normrules.show.shelf import pages, split

BOOK = """\
rulebook: made-up
title: {en: Made-up Union - a regime for tests, fr: Union inventée}
version: "0.1"
review: invented
vocabulary: words
members: made-up
instruments:
  pact:
    title: The Pact of 100% & more_{less}
    form: treaty
    force: binding
    adopted: 2000-01-01
    in_force: 2001-01-01
    url: https://example.org/pact#1
  guide: {title: Guide, form: policy, force: none, adopted: 2010, ended: 2015-01-01, replaced_by: pact, note: "Soft | law"}
terms:
  promptly: {between: [P1D, P3D], note: No text says how long.}
definitions:
  - id: coup
    title: Soldiers take power
    counts_as: breach
    source: {instrument: pact, at: art. 1, basis: official}
    when: {event: seizure, where: {by_whom: soldiers}}
rules:
  # the main thing
  - id: suspend
    title: Suspend the state
    source: {instrument: pact, at: art. 2(1), basis: official, note: Read in English.}
    when: {fact: breach, under: pact}
    upon: {finding: breach, by: council}
    unless: {event: restoration}
    then: {must: suspend, by: council, with: {scope: {at_least: most}}, within: promptly}
    decided_by: {share: 2/3, of: members, without: state_concerned}
    until: {event: restoration}
    otherwise: {may: report, by: chair}
  - id: forgive
    title: Let the state off
    source: {instrument: pact, at: art. 3, basis: secondary, via: Somebody 2018}
    when: {event: seizure, where: {by_whom: civilians}}
    then: {may: report, by: [council, chair]}
    overrides: [suspend]
  - id: complain
    title: Complain when the council fails
    source: {instrument: guide, at: point 1, basis: memory}
    when: {breached: suspend}
    then: {should: report, by: {each: made-up, except: state_concerned}, no_later_than: 2020-12-31}
readings:
  gate:
    question: Is a finding needed?
    options:
      - {id: needed, says: the council, default: true}
      - id: not-needed
        says: the words
        remove: [complain]
silences:
  - {on: [report], source: {instrument: guide, at: throughout, basis: official}, note: Nothing found.}
notes: [An invented regime.]
"""
WORDS = """\
vocabulary: words
title: Words for tests
tracks: {membership: [part, whole]}
events:
  seizure: {title: A seizure of power, opens_case: true, attributes: {by_whom: {one_of: [soldiers, civilians]}, dead: {integer: {at_least: 0}}}}
  restoration: {title: Order is back}
actions:
  suspend: {title: Suspend the state, track: membership, level: whole, attributes: {scope: {ordered: [some, most]}}, forbears: admit}
  admit: {title: Admit the state, continuing: true, broken_by: suspend}
  report: {title: Report on the case, observable: internal}
bodies:
  council: {title: Council, of: made-up, role: executive}
  chair: {title: Chair, of: made-up}
  either: {title: Council or Chair, any_of: [council, chair]}
facts:
  breach: {title: Counts as a breach of the Pact, note: As each regime defines it.}
case: {large: {boolean: true}}
"""
REGISTER = "register,member,from,to,basis,source\nmade-up,AAA,2000-01-01,,official,x\nmade-up,BBB,2000-01-01,2010-01-01,official,x\n"


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A shelf of its own with one made-up regime; the shipped ones stand behind it."""
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "made-up.csv").write_text(REGISTER)
    (tmp_path / "registers" / "states.csv").write_text("iso3,cow\nAAA,\nBBB,\n")
    (tmp_path / "registers" / "made-up.yaml").write_text(
        "register: made-up\ntitle: Members of the Made-up Union (since 2000)\ncomplete: {from: 2000-01-01, to: 2020-01-01}\n"
    )
    (tmp_path / "vocabularies").mkdir()
    (tmp_path / "vocabularies" / "words.yaml").write_text(WORDS)
    (tmp_path / "made-up.yaml").write_text(BOOK)
    monkeypatch.setenv("NORMRULES_PATH", str(tmp_path))
    return tmp_path


def book(shelf: Path):
    return load_program(str(shelf / "made-up.yaml"))


# -------------------------------------------------------------------- list


def test_list_counts_what_a_book_holds(shelf):
    listed = json.loads(run("list", "-f", "json", "--at", "2005-06-01").out)
    made_up = next(entry for entry in listed["rulebooks"] if entry["name"] == "made-up")
    assert made_up["members"] == {"register": "made-up", "least": 2, "most": 2, "at": "2005-06-01"}
    assert made_up["title"] == "Made-up Union - a regime for tests"
    assert (made_up["rules"], made_up["definitions"], made_up["instruments"]) == (3, 1, 2)
    assert (made_up["since"], made_up["has_rules"], made_up["review"]) == (
        "2001-01-01",
        True,
        "invented",
    )
    assert "words" in listed["vocabularies"]


def test_members_are_never_counted_after_the_register_is_complete(shelf):
    listed = json.loads(run("list", "-f", "json", "--at", "2025-06-01").out)
    made_up = next(entry for entry in listed["rulebooks"] if entry["name"] == "made-up")
    assert made_up["members"] == {"register": "made-up", "least": 1, "most": 1, "at": "2020-01-01"}


def test_regimes_without_a_rule_are_counted_apart(shelf):
    text = BOOK[: BOOK.index("terms:")].replace("made-up\n", "quiet\n", 1) + "rules: []\n"
    (shelf / "quiet.yaml").write_text(text)
    out = run("list").out
    below = out[out.index("Without a rule on the matter") :]
    assert "quiet" in below
    assert "made-up  " not in below
    total = len(catalogue())
    assert re.search(rf"^{total} rulebooks: \d+ with rules, \d+ without a rule", out, re.MULTILINE)


def test_a_broken_book_does_not_hide_the_others(shelf):
    (shelf / "broken.yaml").write_text("rulebook: broken\n")
    ran = run("list")
    assert ran.code == 0
    assert "made-up" in ran.out
    assert re.search(r"broken: the rulebook `broken.yaml` has problems", ran.out)
    assert "1 with problems" in " ".join(ran.out.split())


@pytest.mark.parametrize("columns", [80, 120])
def test_list_fits_the_terminal(shelf, columns):
    out = run("list", columns=columns).out
    assert max(map(len, out.splitlines())) <= columns
    assert all(name in out for name in catalogue())


def test_list_of_one_kind(shelf):
    listed = json.loads(run("list", "--kind", "universal", "-f", "json").out)
    assert {entry["kind"] for entry in listed["rulebooks"]} <= {"universal"}
    wrong = run("list", "--kind", "univresal")
    assert (wrong.code, "did you mean `universal`?" in wrong.err) == (2, True)
    assert run("list", "--at", "2001-13").code == 2


# -------------------------------------------------------------------- show


def test_a_rule_in_the_sentences_that_an_officer_signs(shelf):
    program = book(shelf)
    assert sentences(program, program.clauses["suspend"]) == [
        "In this case: it counts as a breach of the Pact under the Pact of 100% & more_{less}.",
        "Not if this had come before: order is back.",
        "Only once this has come: Council finds: it counts as a breach of the Pact.",
        "The bearer's own act counts as a finding that is the bearer's to make.",
        "Then Council must suspend the state (scope: at least most), promptly (1 day to 3 days).",
        "It is decided by 2/3 of the members without the state concerned.",
        "It ends with this: order is back.",
        "It gives way to the rule forgive.",
        "If it is breached: Chair may report on the case.",
        "If it is breached: see the rule complain.",
        "Source: The Pact of 100% & more_{less}, art. 2(1) (official: the operative words were read).",
    ]
    assert sentences(program, program.clauses["complain"])[1] == (
        "Then each of the members of the Made-up Union, other than the state concerned, should report on the case, "
        "no later than 2020-12-31."
    )


def test_show_says_every_part_of_every_rule(shelf):
    program = book(shelf)
    for columns in (80, 120):
        out = " ".join(run("show", "made-up", columns=columns).out.split())
        for rule in all_rule_words(program):
            if columns == 80:
                for part in (rule.title, rule.when, rule.once, rule.unless, rule.demand, rule.until, rule.deadline,
                             rule.decided_by, rule.source, rule.basis, *rule.readings, *rule.breach, *rule.notes):  # fmt: skip
                    assert part in out, part
            assert rule.id in out
        for said in (
            "An invented regime.",
            "Is a finding needed?",
            "Nothing found.",
            "Soft | law",
            "replaced by pact",
        ):
            assert said in out


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_shipped_book_can_be_shown(name, columns):
    ran = run("show", name, columns=columns)
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= columns
    assert all(rule.id in ran.out for rule in all_rule_words(load_program(name)))


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_shipped_rule_has_its_sentences_and_its_text(name):
    program = load_program(name)
    for clause in program.clauses.values():
        said = sentences(program, clause)
        assert all(sentence.endswith((".", ".)")) and "  " not in sentence for sentence in said), (
            said
        )
        assert said[-1].startswith("Source: ")
        data = read(excerpt(program, clause.id)).data
        assert data["id"] == clause.id.removesuffix(".otherwise")
    for definition in program.rulebook.definitions:
        assert read(excerpt(program, definition.id)).data["id"] == definition.id


def test_one_rule_shows_its_sentences_and_its_text(shelf):
    out = run("show", "made-up:suspend").out
    assert out.startswith("made-up:suspend  Suspend the state\n")
    assert "Then Council must suspend the state" in out
    assert out.endswith("until: {event: restoration}\notherwise: {may: report, by: chair}\n"), out
    data = json.loads(run("show", "made-up:suspend", "-f", "json").out)
    assert data["overrides"] == []
    assert data["gives_way"] == ["forgive"]
    assert data["citation"] == {
        "instrument": "pact", "at": "art. 2(1)", "basis": "official", "note": "Read in English.", "rules": [],
    }  # fmt: skip
    page = run("show", "made-up:suspend", "-f", "markdown").out
    assert "```yaml\nid: suspend\n" in page


def test_the_text_of_a_rule_is_that_of_the_book_that_was_loaded(shelf):
    program = book(shelf)
    (shelf / "made-up.yaml").write_text("# new\n" + BOOK)
    with pytest.raises(NormrulesError, match="has changed since it was loaded"):
        excerpt(program, "suspend")


def test_a_definition_can_be_shown_too(shelf):
    out = run("show", "made-up:coup").out
    assert "it counts as a breach of the Pact" in out
    assert json.loads(run("show", "made-up:coup", "-f", "json").out)["counts_as"] == "breach"
    assert run("show", "made-up:coup", "-f", "markdown").code == 0


def test_an_edition_shows_the_law_of_its_day(shelf):
    data = json.loads(run("show", "made-up@2005-01-01", "-f", "json").out)
    assert [rule["id"] for rule in data["rules"]] == ["suspend", "forgive"]
    assert [text["id"] for text in data["instruments"]] == ["pact"]
    assert data["silences"] == []
    out = run("show", "made-up@2005-01-01").out
    assert "as of 2005-01-01" in out
    assert "made-up@2005-01-01:suspend" in run("show", "made-up@2005-01-01:suspend").out


def test_show_as_data(shelf):
    data = json.loads(run("show", "made-up", "-f", "json").out)
    assert data["title"] == {"en": "Made-up Union - a regime for tests", "fr": "Union inventée"}
    assert data["terms"] == [
        {"term": "promptly", "means": "1 day to 3 days", "note": "No text says how long."}
    ]
    assert data["definitions"][0]["counts_as"] == "breach"
    suspend = data["rules"][0]
    assert suspend["actions"] == ["suspend"]
    assert suspend["deadline"] == "promptly (1 day to 3 days)"
    assert data["readings"]["gate"]["options"][1]["remove"] == ["complain"]


def test_a_page_in_markdown_has_whole_tables_and_links(shelf):
    page = run("show", "made-up", "-f", "markdown").out
    assert page.startswith("# Made-up Union - a regime for tests\n")
    assert "[The Pact of 100% & more\\_{less}](<https://example.org/pact#1>)" in page
    assert "Soft \\| law" in page
    for block in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1, block
    anchors = {line[4:] for line in page.splitlines() if line.startswith("### ")}
    assert {anchor for _, anchor in re.findall(r"\[([^]]+)\]\(#([^)]+)\)", page)} <= anchors


def test_the_pages_of_the_documentation_name_every_book_and_no_day_of_today(shelf):
    made = pages()
    assert {f"{name}.md" for name in catalogue()} <= set(made)
    assert "vocabulary-words.md" in made
    assert all(f"({name}.md)" in made["index.md"] for name in catalogue())
    assert pages() == made


def test_a_vocabulary_shows_every_word(shelf):
    out = " ".join(run("show", "words").out.split())
    for said in (
        "membership part < whole", "by_whom (soldiers, civilians)", "dead (a whole number from 0)", "Opens a case.",
        "A ban on admit compares as this.", "Goes on until suspend.", "Not seen from outside.",
        "Council or Chair: any of council, chair", "As each regime defines it.", "large yes or no",
        "state_concerned The state in which it happened",
    ):  # fmt: skip
        assert said in out, said
    assert json.loads(run("show", "words", "-f", "json").out)["kind"] == "vocabulary"
    assert "| `breach` |" in run("show", "words", "-f", "markdown").out
    assert run("show", shelf / "vocabularies" / "words.yaml").out == run("show", "words").out
    assert "Report on the case" in run("show", "words:report").out


@pytest.mark.parametrize("columns", [80, 120])
def test_the_shipped_vocabulary_fits_the_terminal(columns):
    out = run("show", "anti-coup", columns=columns).out
    assert max(map(len, out.splitlines())) <= columns


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("made-upp", "did you mean `made-up`?"),
        ("wordz", "did you mean `words`?"),
        ("made-up:suspnd", "has no rule `suspnd`: did you mean `suspend`?"),
        ("made-up@2005-01-01:complain", "has no rule `complain`"),
        ("words:reprot", "has no word `reprot`: did you mean `report`?"),
        ("made-up@2005-99", "is no day of the calendar"),
        ("nowhere/x.yaml", "no such file"),
    ],
)
def test_unknown_names_are_told_with_near_ones(shelf, what, said):
    ran = run("show", what)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_name_and_a_rule_are_told_apart(tmp_path):
    assert split("a:b") == ("a", "b")
    assert split("a") == ("a", None)
    odd = tmp_path / "odd:name.yaml"
    odd.write_text("")
    assert split(str(odd)) == (str(odd), None)


def test_readings_are_told_at_the_rules_that_they_touch(shelf):
    program = load_program(str(shelf / "made-up.yaml"), {"gate": "not-needed"})
    assert "complain" not in program.clauses
    standard = book(shelf)
    assert rule_words(standard, standard.clauses["complain"]).readings == (
        "absent under the reading gate=not-needed",
    )


# -------------------------------------------------------------------- cite


def parsed(text: str) -> dict[str, dict[str, str]]:
    """BibTeX entries, read by balanced braces: what a reader of BibTeX relies on."""
    found: dict[str, dict[str, str]] = {}
    for entry in re.finditer(r"@(\w+)\{([^,\s]+),\n(.*?)\n\}(?=\n|$)", text, re.DOTALL):
        fields = {}
        for line in entry[3].split("\n"):
            field = re.fullmatch(r"  (\w+) = \{(.*)\},", line)
            assert field, line
            value = re.sub(r"\\[{}]", "", field[2])
            assert _balanced(value), line
            fields[field[1]] = field[2]
        found[entry[2]] = fields
    return found


def _balanced(value: str) -> bool:
    depth = 0
    for character in value:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def test_bibtex_is_escaped_and_whole(shelf):
    found = parsed(run("cite", "made-up", "-f", "bibtex").out)
    assert list(found) == ["made-up-pact", "made-up-guide"]
    pact = found["made-up-pact"]
    assert pact["title"] == r"{The Pact of 100\% \& more\_\{less\}}"
    assert pact["author"] == "{Made-up Union}"
    assert (pact["year"], pact["date"]) == ("2000", "2000-01-01")
    assert pact["note"] == "treaty, binding; in force 2001-01-01; cited: art. 2(1); art. 3; art. 1"
    assert pact["url"] == "https://example.org/pact#1"


def test_every_shipped_instrument_is_cited_once():
    names = sorted(catalogue())
    programs = [load_program(name) for name in names]
    found = entries(programs)
    assert len({entry.key for entry in found}) == sum(len(program.laws) for program in programs)
    assert len(parsed("\n\n".join(map(bibtex, found)) + "\n")) == len(found)


def test_no_mark_of_latex_is_left_bare():
    text = latex(r"\ { } $ & # % _ ~ ^ é")
    bare = re.sub(r"\\(text\w+\{\}|[&%$#_{}])", "", text)
    assert not re.search(r"[\\{}$&#%_~^]", bare)
    assert "é" in text


def test_csl_json_has_the_shape_of_csl(shelf):
    found = json.loads(run("cite", "made-up", "-f", "csl-json").out)
    pact, guide = found
    assert pact["type"] == "treaty"
    assert pact["issued"] == {"date-parts": [[2000, 1, 1]]}
    assert guide["type"] == "document"
    assert guide["issued"] == {"date-parts": [[2010]]}
    assert guide["note"].startswith("policy, no legal force; ended 2015-01-01")
    assert {"id", "type", "title", "author", "issued", "note"} <= pact.keys()


def test_cite_as_text_of_several_books_and_of_an_edition(shelf):
    out = run("cite", "made-up", "made-up").out
    assert out == dedent("""\
        Made-up Union: The Pact of 100% & more_{less} (treaty), adopted 2000-01-01, in force 2001-01-01. https://example.org/pact#1 Cited: art. 2(1); art. 3; art. 1.

        Made-up Union: Guide (policy), adopted 2010, ended 2015-01-01. Cited: point 1.
        """)  # fmt: skip
    assert "Guide" not in run("cite", "made-up@2005-01-01").out
    unknown = run("cite", "made-upp")
    assert (unknown.code, "did you mean `made-up`?" in unknown.err) == (2, True)


def test_answers_go_to_a_file(shelf, tmp_path):
    target = tmp_path / "page.md"
    assert run("show", "made-up", "-f", "markdown", "-o", target).out == ""
    assert target.read_text().startswith("# Made-up Union")


def test_the_commands_import_nothing_heavy_before_they_run():
    code = (
        "import sys, normrules.cli.app\n"
        "heavy = ('pydantic', 'yaml', 'rich', 'normrules.lang', 'normrules.core.rulebook', 'normrules.show.book')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
