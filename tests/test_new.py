"""Files to begin with check clean, test clean and are laid out, whatever they begin from."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

import jsonschema
import pytest
import yaml
from terminal import run
from toy import VOCABULARY

from normrules.cli.new import write_all
from normrules.core.problem import NormrulesError
from normrules.drafting.example_words import words_of
from normrules.lang.checks import check_file
from normrules.lang.documents import KINDS
from normrules.lang.hints import HINTS
from normrules.lang.library import all_programs, load_program, load_vocabulary
from normrules.lang.reader import read_file
from normrules.lang.shelf import find_vocabulary
from normrules.lang.writer import dumps

ANTI_COUP = load_vocabulary(find_vocabulary("anti-coup", Path()))
ORGANISATIONS = sorted({body.of for body in ANTI_COUP.bodies.values() if body.of})
BOOKS = sorted(program.name for program in all_programs())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of a repository of its own, from which commands run."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def is_clean(*paths: str) -> None:
    checked = run("check", *paths)
    assert (checked.code, checked.err) == (0, ""), checked.out
    assert checked.out.startswith("no problems in ")
    laid_out = run("fmt", "--check", *paths)
    assert laid_out.code == 0, laid_out.out
    tested = run("test", *paths)
    assert tested.code == 0, tested.out
    assert re.search(r"[1-9]\d* passed, 0 failed$", tested.out.strip())


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# -------------------------------------------------------------------- from nothing


def test_a_rulebook_from_nothing(here):
    ran = run("new", "island-union")
    assert (ran.code, ran.err) == (0, "")
    assert set(everything(here)) == {
        "island-union.yaml", "island-union.cases.yaml", "schema/rulebook.json", "schema/cases.json"
    }  # fmt: skip
    is_clean(".")
    program = load_program(str(here / "island-union.yaml"))
    assert list(program.clauses) == ["example"]
    for line in ran.out.split("Next:\n")[1].splitlines()[1:]:
        assert run(*shlex.split(line)[1:]).code == 0


def test_every_key_has_its_hint(here):
    run("new", "island-union")
    text = (here / "island-union.yaml").read_text("utf-8")
    for model in ("Rulebook", "Instrument", "Rule", "DemandText"):
        for key in HINTS[model]:
            assert re.search(rf"\b{key}\b", text), (model, key)
    cases = (here / "island-union.cases.yaml").read_text("utf-8")
    assert {key for key in HINTS["TestText"] if not re.search(rf"\b{key}\b", cases)} == set()


def uncommented(text: str) -> list[tuple[str, str]]:
    """The text once for each key that stands in a comment, with that key and what belongs to it."""
    lines = text.splitlines()
    made = []
    for number, line in enumerate(lines):
        found = re.match(r"^( *)# ([a-z_]+):(?: |$)", line)
        if not found or not any(found[2] in keys for keys in HINTS.values()):
            continue
        end = number + 1
        deeper = re.compile(rf"^{found[1]}#  +\S")
        while end < len(lines) and deeper.match(lines[end]):
            end += 1
        bare = [re.sub(r"^( *)# ", r"\1", part) for part in lines[number:end]]
        made.append((found[2], "\n".join([*lines[:number], *bare, *lines[end:]]) + "\n"))
    return made


#: A commented key that names what the reader must choose.
TO_CHOOSE = {"unknown-rule", "unknown-attribute", "unknown-track", "unknown-register", "with",
             "unknown-instrument", "discretion", "instrument", "unknown-value", "unknown-reading"}  # fmt: skip


def test_every_hint_is_right_yaml_and_knows_its_place(here):
    run("new", "island-union", "--organisation", "african-union")
    for name in ("island-union.yaml", "island-union.cases.yaml"):
        path = here / name
        original = path.read_text("utf-8")
        tries = uncommented(original)
        assert len(tries) > 8
        for key, text in tries:
            path.write_text(text, "utf-8")
            problems = [p for p in check_file(path) if p.severity == "error"]
            assert {p.code for p in problems} <= TO_CHOOSE, (key, [p.message for p in problems])
        path.write_text(original, "utf-8")


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_with_the_bodies_of_any_organisation(here, organisation):
    assert run("new", "book", "--organisation", organisation).code == 0
    is_clean("book.yaml", "book.cases.yaml")
    (clause,) = load_program(str(here / "book.yaml")).clauses.values()
    assert clause.bearer is not None
    assert ANTI_COUP.bodies[clause.bearer.names[0]].of == organisation


def test_a_name_that_is_an_organisation_has_its_bodies(here):
    run("new", "oas")
    assert "organisation: oas" in (here / "oas.yaml").read_text("utf-8")
    assert "by: oas_permanent_council" in (here / "oas.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", ["2024", "true", "null", "A_b.c-1", "yes", "1e3"])
def test_any_name(here, name):
    assert run("new", name).code == 0
    assert read_file(here / f"{name}.yaml").data["rulebook"] == name
    is_clean(".")


def test_a_path_and_folders_that_are_not_there_yet(here):
    assert run("new", "law/of/islands.yaml").code == 0
    assert run("new", "more", "-o", "law").code == 0
    assert run("new", "-o", "law/third.yaml").code == 0
    assert (here / "law" / "more.yaml").is_file()
    is_clean("law")


def test_with_a_vocabulary_that_is_there(here):
    (here / "words").mkdir()
    (here / "words" / "toy.yaml").write_text(dumps(VOCABULARY), "utf-8")
    assert run("new", "law/book", "--vocabulary", "words/toy.yaml").code == 0
    assert read_file(here / "law" / "book.yaml").data["vocabulary"] == "../words/toy.yaml"
    is_clean(".")


def test_with_a_vocabulary_that_is_begun_as_well(here):
    ran = run("new", "law/book", "--vocabulary", "words/mine.yaml")
    assert "written: words/mine.yaml" in ran.out
    assert set(read_file(here / "words" / "mine.yaml").data) >= {"tracks", "actions", "bodies"}
    is_clean(".")
    data = everything(here)
    run("new", "law/other", "--vocabulary", "words/mine.yaml")
    assert {k: v for k, v in everything(here).items() if k in data} == data
    is_clean(".")


@pytest.mark.parametrize("lack", ["events", "actions"])
def test_a_vocabulary_without_the_words_for_a_rule(here, lack):
    data = VOCABULARY.model_dump(mode="json", by_alias=True, exclude_unset=True) | {lack: {}}
    if lack == "events":
        data["actions"] = {"act": {"title": "Act"}}
    (here / "toy.yaml").write_text(dumps(data), "utf-8")
    ran = run("new", "book", "--vocabulary", "toy.yaml")
    assert ran.code == 2
    assert "has no " in ran.err
    assert set(everything(here)) == {"toy.yaml"}


def test_words_are_those_of_the_top_rung():
    words = words_of(ANTI_COUP, None)
    assert (words.event, words.where) == ("power_seizure", "outcome: succeeded")
    action = ANTI_COUP.actions[words.action]
    assert action.track is not None
    assert action.level == ANTI_COUP.tracks[action.track][-1]


# -------------------------------------------------------------------- drafts


@pytest.mark.parametrize("base", BOOKS)
def test_a_draft_of_any_rulebook(here, base):
    assert run("new", "change", "--amends", base).code == 0
    is_clean(".")
    before, after = load_program(base), load_program(str(here / "change.yaml"))
    (new,) = set(after.clauses) - set(before.clauses)
    assert set(before.clauses) <= set(after.clauses)
    text = (here / "change.yaml").read_text("utf-8")
    for rule in before.clauses.values():
        if not rule.id.endswith(".otherwise"):
            assert f"# {rule.id}: " in text
    assert f"{new}: fulfilled" in (here / "change.cases.yaml").read_text("utf-8")


@pytest.mark.parametrize("base", ["un-secretariat@2009-10-31", "african-union", "oas@2001", "sica"])
def test_what_a_draft_shows_can_be_used(here, base):
    run("new", "change", "--amends", base)
    path = here / "change.yaml"
    tried = dict(uncommented(path.read_text("utf-8")))
    before = load_program(base)
    for key in ("replace", "remove"):
        path.write_text(tried[key], "utf-8")
        assert check_file(path) == [], key
    assert "remove: [" in tried["remove"]
    (removed,) = read_file(path).data["remove"]
    assert removed in before.clauses


def test_a_draft_of_an_edition_is_of_its_day(here):
    run("new", "change", "--amends", "un-secretariat@2009-10-31")
    data = read_file(here / "change.yaml").data
    assert data["amends"] == "un-secretariat@2009-10-31"
    assert data["instruments"]["proposal"]["adopted"] == "2009-10-31"
    run("new", "other", "--amends", "un-secretariat@2009")
    assert read_file(here / "other.yaml").data["instruments"]["proposal"]["adopted"] == "2009-01-01"
    is_clean(".")


def test_a_draft_of_a_rulebook_of_ones_own(here):
    run("new", "law/book", "--vocabulary", "words/mine.yaml")
    assert run("new", "drafts/change", "--amends", "law/book.yaml@2020-01-01").code == 0
    assert (
        read_file(here / "drafts" / "change.yaml").data["amends"] == "../law/book.yaml@2020-01-01"
    )
    is_clean(".")


# -------------------------------------------------------------------- schemas


def modeline(path: Path) -> Path:
    first = path.read_text("utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found, first
    return path.parent / found[1]


def fits(path: Path) -> bool:
    schema = json.loads(modeline(path).read_text("utf-8"))
    return not list(jsonschema.Draft202012Validator(schema).iter_errors(read_file(path).data))


def test_every_file_names_a_schema_that_it_fits(here):
    run("new", "law/book", "--vocabulary", "words/mine.yaml")
    run("new", "law/change", "--amends", "oas")
    files = sorted(here.rglob("*.yaml"))
    assert len(files) == 5
    assert all(fits(path) for path in files)


def test_schemas_that_are_near_are_used_and_completed(here):
    run("schema", "-o", "schema")
    before = everything(here)
    run("new", "law/book")
    assert set(everything(here)) - set(before) == {"law/book.yaml", "law/book.cases.yaml"}
    assert modeline(here / "law" / "book.yaml").resolve() == here / "schema" / "rulebook.json"
    (here / "schema" / "draft.json").unlink()
    run("new", "law/change", "--amends", "oas")
    assert modeline(here / "law" / "change.yaml").resolve() == here / "schema" / "draft.json"


def test_a_schema_with_other_words_or_of_another_program_is_not_used(here):
    run("schema", "-o", "schema", "--vocabulary", "anti-coup")
    run("new", "law/anti")
    assert modeline(here / "law" / "anti.yaml").resolve().parent == here / "schema"
    run("new", "law/book", "--vocabulary", "words/mine.yaml")
    assert modeline(here / "law" / "book.yaml").resolve().parent == here / "law" / "schema"
    (here / "other" / "schema").mkdir(parents=True)
    (here / "other" / "schema" / "rulebook.json").write_text('{"title": "Another"}', "utf-8")
    run("new", "other/book", "--vocabulary", "words/mine.yaml")
    assert "yaml-language-server" not in (here / "other" / "book.yaml").read_text("utf-8")


def test_schemas_are_not_looked_for_outside_the_repository(here):
    (here.parent.parent / "schema").mkdir(exist_ok=True)
    (here.parent.parent / "schema" / "rulebook.json").write_text(run("schema", "rulebook").out)
    run("new", "book")
    assert modeline(here / "book.yaml").resolve() == here / "schema" / "rulebook.json"


# -------------------------------------------------------------------- projects


def test_a_project_is_clean_as_it_is(here):
    ran = run("new", "--project", "rules", "island-union")
    assert (ran.code, ran.err) == (0, "")
    os.chdir(here / "rules")
    is_clean(".")
    is_clean("rulebooks")
    assert set(everything(here / "rules")) == {
        "README.md", ".pre-commit-config.yaml", ".github/workflows/rules.yaml",
        ".vscode/settings.json", ".vscode/extensions.json",
        "rulebooks/island-union.yaml", "rulebooks/island-union.cases.yaml",
        *(f"schema/{k}.json" for k in KINDS if k not in ("history", "completeness")),
    }  # fmt: skip
    for path in (here / "rules" / "rulebooks").glob("*.yaml"):
        assert fits(path)
    assert "$" not in (here / "rules" / "README.md").read_text("utf-8")


def test_a_project_completes_the_words_of_its_vocabulary(here):
    run("new", "--project", "rules", "island-union")
    text = (here / "rules" / "schema" / "rulebook.json").read_text("utf-8")
    assert "power_seizure" in text
    made = run("schema", "rulebook", "--vocabulary", "anti-coup").out
    assert json.loads(made) == json.loads(text)


def test_a_project_with_words_of_its_own(here):
    run("new", "--project", "rules", "island-union", "--vocabulary", "words.yaml")
    assert (here / "rules" / "rulebooks" / "vocabularies" / "words.yaml").is_file()
    assert not (here / "words.yaml").exists()
    (here / "toy.yaml").write_text(dumps(VOCABULARY), "utf-8")
    run("new", "--project", "more", "--vocabulary", "toy.yaml")
    copied = here / "more" / "rulebooks" / "vocabularies" / "toy.yaml"
    assert copied.read_text("utf-8") == (here / "toy.yaml").read_text("utf-8")
    for name in ("rules", "more"):
        os.chdir(here / name)
        is_clean(".")
        assert all(fits(p) for p in Path("rulebooks").glob("*.yaml"))


def test_a_project_for_a_draft(here):
    run("new", "--project", "rules", "change", "--amends", "un-secretariat@2009-10-31")
    os.chdir(here / "rules")
    is_clean(".")
    assert fits(Path("rulebooks/change.yaml"))


def test_the_commands_of_a_project_run(here):
    """Those of the workflow and of the hooks, with file names where hooks get them."""
    run("new", "--project", "rules", "island-union")
    os.chdir(here / "rules")
    workflow = yaml.safe_load(Path(".github/workflows/rules.yaml").read_text("utf-8"))
    steps = [step["run"] for step in workflow["jobs"]["rules"]["steps"] if "run" in step]
    commands = [shlex.split(step) for step in steps if step.startswith("normrules ")]
    assert {command[1] for command in commands} == {"check", "test", "fmt"}
    hooks = yaml.safe_load(Path(".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    files = [str(path) for path in Path().rglob("*") if path.is_file()]
    for hook in hooks:
        meant = [file for file in files if re.search(hook["files"], file)]
        assert "rulebooks/island-union.yaml" in meant
        assert not [file for file in meant if not file.startswith("rulebooks/")]
        passed = meant if hook.get("pass_filenames", True) else []
        commands.append([*shlex.split(hook["entry"]), *hook.get("args", []), *passed])
    for command in commands:
        assert run(*command[1:]).code == 0, command
    settings = json.loads(Path(".vscode/settings.json").read_text("utf-8"))
    assert all(Path(schema).is_file() for schema in settings["yaml.schemas"])


def test_the_settings_give_each_file_one_schema(here):
    settings = json.loads(
        (Path(__file__).parents[1] / "normrules/drafting/skeleton/settings.json.txt").read_text()
    )
    patterns = list(settings["yaml.schemas"].values())
    for name in ("rulebooks/a.cases.yaml", "rulebooks/registers/a.yaml", "scenarios/a.yaml"):
        assert sum(Path(name).match(p.replace("**/", "")) for p in patterns) == 1, name
    assert not any(Path("rulebooks/a.yaml").match(p.replace("**/", "")) for p in patterns)


def test_a_project_in_the_folder_where_one_is(here):
    assert run("new", "--project", ".").code == 0
    assert (here / "rulebooks" / "work.yaml").is_file()
    is_clean(".")


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say its name: normrules new NAME, or --project FOLDER for all"),
        (["a b"], "`a b` is no name"),
        (["a.yml"], "`a.yml` is no name of such a file: write NAME.yaml"),
        (["a.cases.yaml"], "`a.cases.yaml` is no name of such a file"),
        (["a", "-o", "b.yaml"], "a rulebook has the name of its file: `a` or `b`?"),
        (["a", "--vocabulary", "anti-coop"], "did you mean `anti-coup`?"),
        (["a", "--organisation", "ecowass"], "did you mean `ecowas`?"),
        (["a", "--amends", "ecowass"], "did you mean `ecowas`?"),
        (["a", "--amends", "ecowas@soon"], "`soon` is not a date"),
        (["a", "--amends", "ecowas", "--vocabulary", "x.yaml"], "a draft has the vocabulary of"),
        (["a", "--amends", "ecowas", "--organisation", "oas"], "a draft has the organisation of"),
        (["a", "--project", "p", "-o", "a.yaml"], "`--project` says where: leave out `-o`"),
        (["../a", "--project", "p"], "`../a` is no name"),
        (["file/a"], "can't write `file/a.yaml`: "),
    ],
)
def test_what_is_refused(here, arguments, said):
    (here / "file").write_text("", "utf-8")
    before = everything(here)
    ran = run("new", *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""
    assert everything(here) == before
    assert [p for p in here.iterdir() if p.is_dir()] == []


@pytest.mark.parametrize("there", ["book.yaml", "book.cases.yaml"])
def test_nothing_is_written_over_unless_asked(here, there):
    (here / there).write_text("mine\n", "utf-8")
    ran = run("new", "book")
    assert (ran.code, ran.err) == (
        2,
        f"normrules: `{there}` is there already; --force writes over it\n",
    )
    assert everything(here) == {there: b"mine\n"}
    assert run("new", "book", "--force").code == 0
    is_clean(".")
    assert not [name for name in everything(here) if ".before." in name]


def test_a_dangling_link_is_something_that_is_there(here):
    (here / "book.yaml").symlink_to(here / "nowhere.yaml")
    assert run("new", "book").code == 2
    assert not (here / "nowhere.yaml").exists()


def test_all_files_are_written_or_none(here, monkeypatch):
    (here / "old.yaml").write_text("old\n", "utf-8")
    before = everything(here)
    files = {here / "old.yaml": "new\n", here / "a" / "b" / "c.yaml": "x\n", here / "d.yaml": "y\n"}
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if Path(target).name == "d.yaml":
            raise OSError(28, "No space left on device", str(self))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(NormrulesError, match=r"can't write `.*d.yaml`: no space left on device"):
        write_all(files, force=True)
    assert everything(here) == before
    assert list(here.iterdir()) == [here / "old.yaml"]


def test_ctrl_c_leaves_nothing_behind(here, monkeypatch):
    def pressed(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", pressed)
    with pytest.raises(KeyboardInterrupt):
        write_all({here / "a" / "b.yaml": "x\n"})
    assert list(here.iterdir()) == []
