"""JSON Schemas: as strict as our models where an editor can tell, and right about every file."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, get_args

import generators
import jsonschema
import pytest
from hypothesis import given, settings
from pydantic import BaseModel
from terminal import run
from toy import VOCABULARY

from normrules.lang.documents import KINDS, MODELS, kind_of
from normrules.lang.events import COMMON
from normrules.lang.hints import HINTS
from normrules.lang.library import load_vocabulary
from normrules.lang.loader import branches
from normrules.lang.reader import read_file
from normrules.lang.record_hints import EVENT_HINTS
from normrules.lang.schema import DIALECT, json_schema
from normrules.lang.shelf import find_vocabulary

ROOT = Path(__file__).parents[1]
SHIPPED = sorted([*ROOT.glob("rulebooks/**/*.yaml"), *ROOT.glob("examples/**/*.yaml")])
FILES = [pytest.param(path, id=str(path.relative_to(ROOT))) for path in SHIPPED]


@cache
def validator(kind: str, words: str | None = None) -> jsonschema.Draft202012Validator:
    vocabulary = {None: None, "toy": VOCABULARY}.get(words) if words in (None, "toy") else load_vocabulary(
        find_vocabulary(words or "", Path())
    )  # fmt: skip
    schema = json_schema(kind, vocabulary)  # type: ignore[arg-type]
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def complaints(kind: str, data: Any, words: str | None = None) -> list[str]:
    return [error.message for error in validator(kind, words).iter_errors(data)]


def models() -> dict[str, type[BaseModel]]:
    found: dict[str, type[BaseModel]] = {}

    def walk(annotation: Any) -> None:
        for part in branches(annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                if part.__name__ not in found:
                    found[part.__name__] = part
                    for field in part.model_fields.values():
                        walk(field.annotation)
            else:
                for inner in get_args(part):
                    walk(inner)

    for model in MODELS.values():
        walk(model)
    return found


# -------------------------------------------------------------------- shipped


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_schema_is_that_of_the_code(kind):
    shipped = (ROOT / "rulebooks" / "schema" / f"{kind}.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == json_schema(kind), "run: normrules schema -o rulebooks/schema"


@pytest.mark.parametrize("path", FILES)
def test_every_shipped_file_fits_its_schema(path):
    data = read_file(path).data
    kind = kind_of(data)
    if kind is None:
        pytest.skip("a file of another kind")
    assert complaints(kind, data) == []
    words = data.get("vocabulary", "anti-coup") if kind in ("rulebook", "scenario") else "anti-coup"
    if kind in ("rulebook", "scenario", "cases"):
        assert complaints(kind, data, words) == []


@pytest.mark.parametrize("path", FILES)
def test_every_modeline_leads_to_a_schema_of_the_right_kind(path):
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    match = re.match(r"# yaml-language-server: \$schema=(\S+)$", first)
    if match is None:
        pytest.skip("without a modeline")
    target = path.parent / match[1]
    assert target.is_file(), f"{match[1]} leads nowhere"
    assert target.stem == kind_of(read_file(path).data)


# -------------------------------------------------------------------- what it says


def test_every_key_of_every_model_has_a_hint_and_no_other():
    for name, model in models().items():
        keys = {field.alias or key for key, field in model.model_fields.items()}
        assert keys == set(HINTS[name]), name
    assert set(HINTS) == set(models())
    assert set(EVENT_HINTS) == set(COMMON)


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_is_described_and_titled(kind):
    schema = json_schema(kind)
    assert schema["$schema"] == DIALECT
    for part in (schema, *schema.get("$defs", {}).values()):
        assert part["title"]
        for key, field in part["properties"].items():
            assert field.get("description"), (part["title"], key)


def test_titles_are_words_and_nothing_may_be_null():
    text = json.dumps({kind: json_schema(kind) for kind in KINDS})
    assert '"null"' not in text
    assert "Text" not in " ".join(re.findall(r'"title": "([^"]+)"', text)).replace("Texts", "")


# -------------------------------------------------------------------- what it refuses


def book(**changes: Any) -> dict[str, Any]:
    rule = {
        "id": "r",
        "title": "R",
        "source": {"instrument": "i", "at": "art. 1", "basis": "official"},
        "when": {
            "event": "seizure",
            "where": {"outcome": "succeeded", "role": {"at_least": "some"}},
        },
        "then": {
            "must": "suspend",
            "by": "council",
            "with": {"scope": "whole"},
            "within": "24 hours",
        },
    }
    instrument = {"title": "I", "form": "treaty", "force": "binding", "adopted": 2007}
    data = {"rulebook": "b", "title": "B", "vocabulary": "toy", "instruments": {"i": instrument}}
    return data | {"rules": [rule | changes]}


def test_a_right_rulebook_fits():
    assert complaints("rulebook", book()) == []
    assert complaints("rulebook", book(), "toy") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"titel": "R"},
        {"id": "no name!"},
        {"source": {"instrument": "i", "at": "1", "basis": "hearsay"}},
        {"decided_by": {"share": "2:3"}},
        {"decided_by": {"rule": "acclamation"}},
        {"then": {"must": "suspend", "by": "council", "no_later_than": "1 May 2020"}},
        {"when": {"all": []}},
        {"when": {"event": 7}},
    ],
)
def test_what_is_wrong_in_any_rulebook_is_refused(changes):
    assert complaints("rulebook", book(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"when": {"event": "seizur"}},
        {"when": {"event": "seizure", "where": {"outcom": "failed"}}},
        {"when": {"event": "seizure", "where": {"outcome": "succeded"}}},
        {"when": {"event": "seizure", "where": {"role": {"at_least": "most"}}}},
        {"when": {"event": "seizure", "where": {"role": {"at_least": "some", "at_most": "all"}}}},
        {"when": {"finding": "f0", "by": "counsel"}},
        {"when": {"fact": "f9"}},
        {"when": {"standing": {"size": "huge"}}},
        {"then": {"must": "suspended", "by": "council"}},
        {"then": {"must": "suspend", "by": "council", "with": {"scope": "some"}}},
        {"then": {"must": "suspend", "by": "council", "with": {"form": "press"}}},
        {"then": {"discretion": "any", "in": ["specch"], "by": "council"}},
        {"then": {"must": "suspend", "by": {"jointly": ["council", "char"]}}},
        {"weighs": ["rolle"]},
    ],
)
def test_a_word_that_the_vocabulary_lacks_is_refused_with_the_vocabulary(changes):
    assert complaints("rulebook", book(**changes)) == []
    assert complaints("rulebook", book(**changes), "toy")


@pytest.mark.parametrize(
    "event",
    [
        {"type": "seizur", "time": "2020"},
        {"type": "seizure", "time": "2020", "outcom": "failed"},
        {"type": "seizure", "time": "2020", "deaths": "many"},
        {"type": "suspend", "time": "2020", "by": "counsel"},
        {"type": "suspend", "time": "2020", "scope": "half"},
    ],
)
def test_an_event_is_told_from_the_vocabulary(event):
    scenario = {"scenario": "s", "events": [event]}
    assert complaints("scenario", scenario) == []
    assert complaints("scenario", scenario, "toy")
    cases = {"cases": "b", "tests": [{"note": "n", "given": [event], "expect": {"r": "pending"}}]}
    assert complaints("cases", cases) == []
    assert complaints("cases", cases, "toy")


def test_votes_and_statuses_are_told_without_a_vocabulary():
    event = {"type": "suspend", "time": 2020, "for": -1}
    assert complaints("scenario", {"scenario": "s", "events": [event]})
    test = {"note": "n", "given": [], "expect": {"r": "pendin"}}
    assert complaints("cases", {"cases": "b", "tests": [test]})


@given(generators.books(), generators.scenarios())
@settings(max_examples=25, deadline=None)
def test_what_the_models_take_fits_the_schema(data, scenario):
    """But for a key with nothing behind it, which an editor should point at."""
    data = {key: value for key, value in data.items() if value is not None}
    assert complaints("rulebook", data) == []
    assert complaints("rulebook", data, "toy") == []
    assert complaints("scenario", scenario) == []
    assert complaints("scenario", scenario, "toy") == []


# -------------------------------------------------------------------- the command


def test_schema_prints_one_and_writes_all(tmp_path):
    assert json.loads(run("schema", "cases").out) == json_schema("cases")
    assert run("schema", "-o", tmp_path / "new").code == 0
    assert {path.stem for path in (tmp_path / "new").iterdir()} == set(KINDS)
    assert run("schema", "register", "-o", tmp_path / "r.json").code == 0
    assert json.loads((tmp_path / "r.json").read_text()) == json_schema("register")
    assert run("schema", "scenario", "-o", tmp_path).code == 0
    assert (tmp_path / "scenario.json").is_file()


def test_schema_with_the_words_of_a_vocabulary():
    said = json.loads(run("schema", "scenario", "--vocabulary", "anti-coup").out)
    types = said["$defs"]["Event"]["properties"]["type"]
    assert "power_seizure" in types["enum"]
    assert len(types["enum"]) == len(types["enumDescriptions"])


def test_schema_says_what_it_needs():
    alone = run("schema")
    assert (alone.code, "say which kind" in alone.err) == (2, True)
    unknown = run("schema", "rulebook", "--vocabulary", "anti-coop")
    assert (unknown.code, "did you mean `anti-coup`?" in unknown.err) == (2, True)
