"""What a new repository for rulebooks consists of: rules, hooks, a workflow, editor settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

from normrules.core.problem import NormrulesError
from normrules.core.vocabulary import Vocabulary
from normrules.drafting.beginnings import Files, Place, Wish, begin, named_words
from normrules.drafting.editor_schemas import schema_text
from normrules.lang.documents import KINDS, Kind
from normrules.lang.library import load_program, load_vocabulary
from normrules.lang.shelf import find_vocabulary

#: Where the templates beside this module go.
_TEMPLATES: Mapping[str, str] = {
    "README.md": "README.md",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "rules.yaml": ".github/workflows/rules.yaml",
    "settings.json": ".vscode/settings.json",
    "extensions.json": ".vscode/extensions.json",
}
#: Of the kinds of files, those of the shipped history are nobody's own.
_KINDS: tuple[Kind, ...] = tuple(k for k in KINDS if k not in ("history", "completeness"))


def begin_project(folder: Path, name: str, wish: Wish, version: str) -> Files:
    """The files of a repository for rulebooks, none of them written yet.

    `version` is that of the program, which hooks and workflow install. Raises NormrulesError as
    `begin` does.
    """
    if Path(name).name != name:
        raise NormrulesError(f"`{name}` is no name: a rulebook of a project stands in `rulebooks`")
    books, schemas = folder / "rulebooks", folder / "schema"
    place = Place(books, schemas, books / "vocabularies")
    files = dict(begin(books / f"{name}.yaml", wish, place))
    words = _words(wish)
    files |= {schemas / f"{kind}.json": schema_text(kind, words) for kind in _KINDS}
    said = {
        "name": name,
        "kind": "rulebook" if wish.amends is None else f"draft; it amends {wish.amends}",
        "version": version,
        "schemas": "normrules schema -o schema"
        + (f" --vocabulary {words.vocabulary}" if words else ""),
    }
    return files | {folder / path: _filled(template, said) for template, path in _TEMPLATES.items()}


def _words(wish: Wish) -> Vocabulary | None:
    """The words that editors complete; those of a vocabulary of one's own may yet change."""
    if wish.amends is not None:
        return named_words(load_program(wish.amends))
    return None if wish.own_words else load_vocabulary(find_vocabulary(wish.vocabulary, Path()))


def _filled(template: str, said: Mapping[str, str]) -> str:
    file = Path(__file__).with_name("skeleton") / f"{template}.txt"
    return Template(file.read_text(encoding="utf-8")).substitute(said)
