"""The kinds of YAML files, told by their first key, and the model of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from normrules.core.draft import Draft
from normrules.core.problem import NormrulesError
from normrules.core.rulebook import Rulebook
from normrules.core.vocabulary import Vocabulary
from normrules.core.written import Written
from normrules.lang.adoption import PositionsText, VenuesText
from normrules.lang.casebook import CasesText
from normrules.lang.drafts import is_draft
from normrules.lang.history import CompletenessText, TableText
from normrules.lang.registers import RegisterText
from normrules.lang.scenarios import ScenarioText

Kind = Literal[
    "rulebook",
    "draft",
    "scenario",
    "cases",
    "register",
    "history",
    "completeness",
    "venues",
    "positions",
    "vocabulary",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
MODELS: Mapping[Kind, type[Written]] = {
    "rulebook": Rulebook,
    "draft": Draft,
    "scenario": ScenarioText,
    "cases": CasesText,
    "register": RegisterText,
    "history": TableText,
    "completeness": CompletenessText,
    "venues": VenuesText,
    "positions": PositionsText,
    "vocabulary": Vocabulary,
}
#: What a file of the history says if it is not about a table but about its gaps.
_OF_COMPLETENESS = ("complete", "silences")
_WORDS = ("tracks", "events", "actions", "bodies", "facts")


def kind_of(data: Any) -> Kind | None:
    """What kind of file this is the data of; None if it is none of ours.

    Other files name their vocabulary: that key tells only if it stands first or beside words. A
    draft is a rulebook that amends another; of the history, one file is not about a table.

    >>> kind_of({"title": "Niger", "vocabulary": "anti-coup", "scenario": "niger-2023"})
    'scenario'
    """
    if not isinstance(data, Mapping):
        return None
    if is_draft(data):
        return "draft"
    if "history" in data and any(key in data for key in _OF_COMPLETENESS):
        return "completeness"
    for kind in KINDS:
        if kind in data and (kind != "vocabulary" or _is_vocabulary(data)):
            return kind
    return None


def _is_vocabulary(data: Mapping[str, Any]) -> bool:
    return next(iter(data)) == "vocabulary" or any(key in data for key in _WORDS)


def yaml_files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """The YAML files of files and folders, each with whether it was named itself.

    Hidden files and folders inside a folder are left out. Raises NormrulesError for a path that
    does not exist.
    """
    for path in paths:
        if not path.is_dir():
            if not path.exists():
                raise NormrulesError(f"there is no `{path}`")
            yield path, True
            continue
        for file in sorted(path.rglob("*.y*ml")):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.suffix in (".yaml", ".yml") and not hidden:
                yield file, False
