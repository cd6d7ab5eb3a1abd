"""What code hosts read: SARIF, workflow commands, JUnit; each held to the rules of its format."""

from __future__ import annotations

import ast
import json
import re
import urllib.parse
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from terminal import run

from normrules.core.problem import Problem, Span
from normrules.show.codes import CODES, meaning
from normrules.show.github import command
from normrules.show.places import from_here, uri
from normrules.show.sarif import sarif

ROOT = Path(__file__).parents[1]
BROKEN = """\
rulebook: broken
title: A rulebook with two problems
vocabulary: anti-coup
instruments:
  act: {title: Act, form: treaty, force: binding, adopted: 2001}
rules:
  - id: convene
    title: The Council meets
    source: {instrument: act, at: art. 1, basis: official}
    when: {event: power_seizure, where: {outcom: failed}}
    then: {may: convene_meeting, by: au_psc, with: {form: physical}, within: 3 days}
"""
TORN = """\
rulebook: torn
title: A rulebook that contradicts itself
vocabulary: anti-coup
organisation: african-union
instruments:
  act: {title: Act, form: treaty, force: binding, adopted: 2001}
rules:
  - id: talk
    title: The Council talks to those in power
    source: {instrument: act, at: art. 1, basis: official}
    when: {event: power_seizure, where: {force_used: true}}
    then: {must: make_contact, by: au_psc}
  - id: no-talk
    title: The Council talks to nobody who came by force
    source: {instrument: act, at: art. 2, basis: official}
    when: {event: power_seizure, where: {force_used: true}}
    then: {must_not: make_contact, by: au_psc}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


# -------------------------------------------------------------------- SARIF


def closed(required: list[str], **properties: object) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}  # fmt: skip


TEXT = closed(["text"], text={"type": "string", "minLength": 1})
NUMBER = {"type": "integer", "minimum": 1}
#: What SARIF 2.1.0 demands of the parts that we write, and what GitHub demands besides.
SARIF = closed(
    ["version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "items": closed(
            ["tool", "results"],
            tool=closed(
                ["driver"],
                driver=closed(
                    ["name", "rules"],
                    name={"type": "string", "minLength": 1},
                    version={"type": "string"},
                    rules={
                        "type": "array",
                        "uniqueItems": True,
                        "items": closed(
                            ["id", "shortDescription", "fullDescription", "help"],
                            id={"type": "string", "minLength": 1},
                            shortDescription=TEXT,
                            fullDescription=TEXT,
                            help=TEXT,
                        ),
                    },
                ),
            ),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            results={
                "type": "array",
                "items": closed(
                    ["message", "ruleId", "ruleIndex", "level"],
                    ruleId={"type": "string"},
                    ruleIndex={"type": "integer", "minimum": 0},
                    level={"enum": ["none", "note", "warning", "error"]},
                    message=TEXT,
                    locations={
                        "type": "array",
                        "minItems": 1,
                        "items": closed(
                            ["physicalLocation"],
                            physicalLocation=closed(
                                ["artifactLocation", "region"],
                                artifactLocation=closed(["uri"], uri={"type": "string"}),
                                region=closed(
                                    ["startLine", "startColumn"],
                                    startLine=NUMBER,
                                    startColumn=NUMBER,
                                    endLine=NUMBER,
                                    endColumn=NUMBER,
                                ),
                            ),
                        ),
                    },
                ),
            },
        ),
    },
)


def results_of(text: str) -> list[dict[str, object]]:
    """The results of a log that keeps all rules of the format."""
    log = json.loads(text)
    jsonschema.Draft202012Validator(SARIF).validate(log)
    (made,) = log["runs"]
    ids = [rule["id"] for rule in made["tool"]["driver"]["rules"]]
    assert len(set(ids)) == len(ids)
    for result in made["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        for location in result.get("locations", []):
            region = location["physicalLocation"]["region"]
            start = region["startLine"], region["startColumn"]
            assert start <= (region["endLine"], region["endColumn"])
            assert re.fullmatch(r"[A-Za-z0-9/_.~:%-]+", location["physicalLocation"]["artifactLocation"]["uri"])  # fmt: skip
    return made["results"]


def test_problems_as_sarif(here):
    put(here, "law/broken.yaml", BROKEN)
    ran = run("check", "law", "-f", "sarif")
    assert ran.code == 1
    first, *rest = results_of(ran.out)
    assert {"ruleId": first["ruleId"], "level": first["level"]} == {
        "ruleId": "unknown-attribute",
        "level": "error",
    }
    assert first["message"] == {"text": "unknown attribute `outcom`; did you mean `outcome`?"}
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "law/broken.yaml"},
                "region": {"startLine": 10, "startColumn": 42, "endLine": 10, "endColumn": 48},
            }
        }
    ]
    assert rest


def test_a_clean_folder_has_no_results(here):
    put(here, "torn.yaml", TORN)
    ran = run("check", ".", "-f", "sarif", "-o", "out.sarif")
    assert (ran.code, ran.out) == (0, "")
    assert results_of((here / "out.sarif").read_text("utf-8")) == []


def test_what_is_unsound_as_sarif_at_its_rule(here):
    put(here, "torn.yaml", TORN)
    ran = run("check", "--sound", "torn.yaml", "-f", "sarif")
    (result,) = (r for r in results_of(ran.out) if r["ruleId"] == "conflict")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "torn.yaml"
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (8, 9)
    assert "for example: " in result["message"]["text"]
    assert ran.code == 1


def test_what_a_draft_takes_over_is_placed_in_the_rulebook_that_it_amends(here):
    put(here, "torn.yaml", TORN)
    put(here, "draft.yaml", "rulebook: draft\ntitle: D\namends: torn.yaml\n")
    found = results_of(run("check", "--sound", "draft.yaml", "-f", "sarif").out)
    (result,) = (r for r in found if r["ruleId"] == "conflict")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "torn.yaml"


def test_of_two_rulebooks_the_first_rule_is_the_place(here):
    bearer = TORN.replace("by: au_psc", "by: state_concerned")
    head, talk, no_talk = re.split("(?=  - id: )", bearer)
    for name, rule in (("one", talk), ("two", no_talk)):
        named = head.replace("rulebook: torn", f"rulebook: {name}\nmembers: african-union")
        put(here, f"{name}.yaml", named + rule)
    ran = run("check", "--sound", "one.yaml", "two.yaml", "-f", "sarif")
    (result,) = (r for r in results_of(ran.out) if r["ruleId"] == "torn-state")
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("one.yaml", 9)


def test_a_problem_without_a_file_has_no_location():
    (result,) = results_of(sarif([Problem("yaml", "x")], "1"))
    assert "locations" not in result


@given(
    st.text(
        alphabet=st.characters(exclude_characters="/\\\0", exclude_categories=["Cs"]), min_size=1
    )
)
def test_a_path_becomes_a_uri_and_back(name):
    if name in (".", ".."):
        return
    assert urllib.parse.unquote(uri(f"law/{name}")) == f"law/{name}"


def test_a_path_inside_the_folder_is_relative_and_one_outside_is_whole(here):
    assert from_here(str(here / "law" / "x.yaml")) == "law/x.yaml"
    assert from_here("law/x.yaml") == "law/x.yaml"
    assert uri(str(here.parent / "y.yaml")) == (here.parent / "y.yaml").as_uri()
    assert uri("../y.yaml") == (here.parent / "y.yaml").resolve().as_uri()


# -------------------------------------------------------------------- codes


def used_codes() -> set[str]:
    """The codes that stand in the program, as literals where a problem is made."""
    makers = {
        "Problem",
        "complain",
        "warn",
        "PydanticCustomError",
        "_problem",
        "_complain",
        "Unsound",
    }
    found = set()
    for path in (ROOT / "normrules").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in makers:
                    at = 1 if name == "_complain" and "rows" in path.name else 0
                    for argument in node.args[at : at + 1]:
                        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                            found.add(argument.value)
    return found


def test_every_code_is_explained():
    used = used_codes()
    assert len(used) > 50
    unexplained = {code for code in used if code not in CODES and not code.startswith("unknown-")}
    assert unexplained == set()


def test_no_explanation_is_left_over():
    source = "".join(
        path.read_text("utf-8")
        for path in (ROOT / "normrules").rglob("*.py")
        if path.name != "codes.py"
    )
    left = {c for c in CODES if f'"{c}"' not in source and c != "undefined-fact"}
    assert left == set()


def test_the_page_lists_every_code():
    page = (ROOT / "docs" / "problems.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \| (.*) \|$", page, re.MULTILINE)
    assert {code: (says, advice) for code, says, advice in rows} == dict(CODES)
    assert len(rows) == len(CODES)


def test_an_unknown_word_is_explained_by_its_kind():
    assert meaning("unknown-event")[0] == "An unknown event."
    assert meaning("unknown-level")[0] == "An unknown level."


# -------------------------------------------------------------------- GitHub


def unescaped(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command, read as the runner of GitHub reads it."""
    found = re.fullmatch(r"::([a-z]+)(?: ([^:]*))?::(.*)", line)
    assert found, line

    def data(text: str) -> str:
        return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")

    def property(text: str) -> str:
        return data(text.replace("%3A", ":").replace("%2C", ","))

    pairs = [pair.split("=", 1) for pair in (found[2] or "").split(",") if pair]
    return found[1], {key: property(value) for key, value in pairs}, data(found[3])


#: Without `%`: a name such as `%2C` is read back wrongly by any reader that takes turns.
WORDS = st.text(alphabet=st.sampled_from("ab:,\n\r=;: é"), min_size=1)


@given(WORDS, WORDS, WORDS)
def test_a_command_is_one_line_and_says_what_it_was_given(message, file, title):
    line = command("error", message, file=f"x/{file}", line=3, col=4, title=title)
    assert "\n" not in line
    assert "\r" not in line
    kind, properties, said = unescaped(line)
    assert (kind, said) == ("error", message)
    assert properties == {"file": f"x/{file}", "line": "3", "col": "4", "title": title}


def test_per_cent_signs_are_escaped_first():
    line = command("warning", "100 %0A", file="a%2C.yaml", title="%3A")
    assert line == "::warning file=a%252C.yaml,title=%253A::100 %250A"


def test_problems_as_commands(here):
    put(here, "law, old/broken.yaml", BROKEN)
    ran = run("check", "law, old", "-f", "github")
    *lines, tally = ran.out.splitlines()
    kind, properties, said = unescaped(lines[0])
    assert (kind, said) == ("error", "unknown attribute `outcom`\ndid you mean `outcome`?")
    assert properties == {
        "file": "law, old/broken.yaml", "line": "10", "col": "42", "title": "unknown-attribute"
    }  # fmt: skip
    assert tally == f"{len(lines)} errors"
    assert ran.code == 1


def test_warnings_are_warnings(here):
    text = BROKEN.replace("outcom:", "outcome:").replace(", within: 3 days", "")
    scope = "{may: suspend_participation, by: au_psc, with: {scope: all_bodies}}"
    put(here, "broken.yaml", re.sub(r"then: .*", f"then: {scope}", text))
    ran = run("check", ".", "-f", "github")
    assert ran.out.startswith("::warning file=broken.yaml,line=11,")
    assert ran.code == 0


def test_what_is_unsound_as_commands(here):
    put(here, "torn.yaml", TORN)
    ran = run("check", "--sound", "torn.yaml", "-f", "github")
    commands = [unescaped(line) for line in ran.out.splitlines() if line.startswith("::")]
    assert ("error", {"file": "torn.yaml", "line": "8", "col": "9", "title": "conflict"}) in [
        (kind, properties) for kind, properties, _ in commands
    ]


CASES = """\
cases: torn
tests:
  - note: "100 % of it,\\nin two lines"
    given: [{type: power_seizure, time: 2020-01-01, force_used: true}]
    expect: {talk: fulfilled, no-talk: breached}
  - note: As it is
    given: [{type: power_seizure, time: 2020-01-01, force_used: true}]
    expect: {talk: outstanding}
"""


def test_failing_tests_as_commands(here):
    put(here, "torn.yaml", TORN)
    put(here, "torn.cases.yaml", CASES)
    ran = run("test", ".", "-f", "github")
    line, tally = ran.out.splitlines()
    kind, properties, said = unescaped(line)
    assert (kind, tally, ran.code) == ("error", "1 passed, 1 failed", 1)
    assert properties == {"file": "torn.cases.yaml", "line": "3", "title": "test failed"}
    assert said.splitlines() == [
        "100 % of it,", "in two lines", "talk status: expected fulfilled, came outstanding",
        "no-talk status: expected breached, came observed",
    ]  # fmt: skip


def test_problems_of_cases_as_commands(here):
    put(here, "torn.yaml", TORN)
    put(here, "torn.cases.yaml", CASES.replace("outstanding", "outstandin"))
    ran = run("test", ".", "-f", "github")
    assert "title=unknown-status::unknown status `outstandin`" in ran.out
    assert ran.code == 1


# -------------------------------------------------------------------- JUnit


def checked_junit(text: str) -> ET.Element:
    """A report that keeps the rules by which JUnit readers go."""
    root = ET.fromstring(text)
    assert root.tag == "testsuites"
    counted = dict.fromkeys(("tests", "failures", "errors"), 0)
    for suite in root:
        assert suite.tag == "testsuite"
        assert suite.get("name")
        cases = suite.findall("testcase")
        assert list(suite) == cases
        own = {"tests": len(cases)}
        for case in cases:
            assert set(case.attrib) == {"name", "classname"}
            assert [child.tag for child in case] in ([], ["failure"], ["error"])
            assert all(child.get("message") and child.get("type") for child in case)
        for name, tag in (("failures", "failure"), ("errors", "error")):
            own[name] = sum(case.find(tag) is not None for case in cases)
        assert {key: int(suite.attrib[key]) for key in own} == own
        counted = {key: counted[key] + own[key] for key in counted}
    assert {key: int(root.attrib[key]) for key in counted} == counted
    return root


def test_junit_counts_tests_and_not_differences(here):
    put(here, "torn.yaml", TORN)
    put(here, "torn.cases.yaml", CASES)
    assert run("test", ".", "--junit", "junit.xml").code == 1
    root = checked_junit((here / "junit.xml").read_text("utf-8"))
    assert root.attrib == {"name": "normrules", "tests": "2", "failures": "1", "errors": "0"}
    (failure,) = root.iter("failure")
    assert (
        failure.get("message") == "talk status: expected fulfilled, came outstanding (and 1 more)"
    )
    assert (failure.text or "").splitlines()[0] == "torn.cases.yaml:3"


def test_junit_holds_problems_as_errors(here):
    put(here, "torn.yaml", TORN)
    put(here, "torn.cases.yaml", CASES.replace("outstanding", "outstandin"))
    run("test", ".", "--junit", "junit.xml")
    root = checked_junit((here / "junit.xml").read_text("utf-8"))
    assert root.get("errors") == "1"


@pytest.mark.parametrize("sign", ["\\u0001", "\\u001b", "\\uFFFE", "\\u0085", "<&>", "\\U0001F600"])
def test_junit_is_xml_whatever_a_note_holds(here, sign):
    put(here, "torn.yaml", TORN)
    put(here, "torn.cases.yaml", CASES.replace("As it is", f'"As it {sign} is"').replace("outstanding", "observed").replace("talk: observed", "no-talk: breached"))  # fmt: skip
    run("test", ".", "--junit", "junit.xml")
    root = checked_junit((here / "junit.xml").read_text("utf-8"))
    assert any((case.get("name") or "").startswith("As it ") for case in root.iter("testcase"))


def test_a_span_of_one_place_is_a_region():
    problem = Problem("yaml", "x", file="a.yaml", span=Span(3, 5, 3, 5))
    (result,) = results_of(sarif([problem], "1"))
    assert result["locations"][0]["physicalLocation"]["region"]["endColumn"] == 5
