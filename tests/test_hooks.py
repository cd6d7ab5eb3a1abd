"""The hooks that other repositories run before each commit: their file, and what they run."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml
from terminal import run

ROOT = Path(__file__).parents[1]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
IDS = [hook["id"] for hook in HOOKS]
#: What pre-commit takes in a manifest, as far as these hooks go.
MANIFEST = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "name", "entry", "language", "files"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "pattern": "^[a-z-]+$"},
            "name": {"type": "string", "minLength": 1},
            "description": {"type": "string", "minLength": 1},
            "entry": {"type": "string", "minLength": 1},
            "language": {"const": "python"},
            "files": {"type": "string", "minLength": 1},
            "args": {"type": "array", "items": {"type": "string"}},
            "pass_filenames": {"type": "boolean"},
        },
    },
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of rulebooks as somebody else has one."""
    run("new", "--project", tmp_path / "rules", "island-union", "--vocabulary", "words.yaml")
    monkeypatch.chdir(tmp_path / "rules")
    return tmp_path / "rules"


def hooked(id: str) -> int:
    """The exit code of a hook, called as pre-commit would on all files."""
    hook = next(hook for hook in HOOKS if hook["id"] == id)
    files = sorted(path.as_posix() for path in Path().rglob("*") if path.is_file())
    meant = [file for file in files if re.search(hook["files"], file)]
    assert meant
    passed = meant if hook.get("pass_filenames", True) else []
    return run(*shlex.split(hook["entry"])[1:], *hook.get("args", []), *passed).code


def test_the_manifest_is_one():
    jsonschema.Draft202012Validator(MANIFEST).validate(HOOKS)
    assert IDS == ["normrules-fmt", "normrules-check", "normrules-test"]


def test_the_entries_are_what_an_installed_package_brings():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert {shlex.split(hook["entry"])[0] for hook in HOOKS} <= set(scripts)


def test_the_patterns_meet_files_of_rulebooks_only():
    met = ["rulebooks/a.yaml", "rulebooks/x/a.cases.yaml", "law/rulebooks/vocabularies/w.yml"]
    passed_over = [
        ".github/workflows/rules.yaml",
        "mkdocs.yml",
        "rulebooks/README.md",
        "books/a.yaml",
    ]
    for hook in HOOKS:
        assert all(re.search(hook["files"], file) for file in met)
        assert not any(re.search(hook["files"], file) for file in passed_over)
        tables = bool(re.search(hook["files"], "rulebooks/registers/r.csv"))
        assert tables == (hook["id"] != "normrules-fmt")


@pytest.mark.parametrize("id", IDS)
def test_a_clean_repository_passes(project, id):
    assert hooked(id) == 0


def test_check_finds_what_a_change_in_another_file_broke(project):
    words = Path("rulebooks/vocabularies/words.yaml")
    words.write_text(words.read_text("utf-8").replace("meet:", "gather:"), "utf-8")
    assert hooked("normrules-check") == 1
    assert hooked("normrules-test") == 2


def test_tests_that_fail_stop_the_commit(project):
    cases = Path("rulebooks/island-union.cases.yaml")
    cases.write_text(cases.read_text("utf-8").replace("fulfilled", "outstanding"), "utf-8")
    assert hooked("normrules-test") == 1


def test_fmt_mends_what_it_is_given(project):
    book = Path("rulebooks/island-union.yaml")
    before = book.read_text("utf-8")
    assert "\n      event: coup" in before
    book.write_text(before.replace("\n      event: coup", "\n      event:    coup"), "utf-8")
    assert hooked("normrules-fmt") == 0
    assert book.read_text("utf-8") == before
