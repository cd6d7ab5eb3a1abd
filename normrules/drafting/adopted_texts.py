"""The texts that venues would adopt as drafts that load, and the venues ranked by them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from normrules.analysis.legalization import LEVELS, Profile, legalization
from normrules.core.draft import Draft
from normrules.core.problem import NormrulesError
from normrules.core.rulebook import Force, Rule
from normrules.drafting.adoption import Adopted, Placed, adopt, rules_of
from normrules.lang.adoption import (
    PositionsText,
    Silent,
    Venue,
    check_together,
    read_positions,
    read_venues,
)
from normrules.lang.drafts import is_draft
from normrules.lang.library import load_program
from normrules.lang.loader import load
from normrules.lang.reader import read_file
from normrules.lang.shelf import find_book, is_file
from normrules.lang.writer import dumps


@dataclass(frozen=True, slots=True)
class Ranked:
    """A venue with what it would adopt, as drafts, and how far the first of them is legalized.

    `profile` is None where nothing is adopted.
    """

    title: str
    force: Force
    adopted: Adopted
    drafts: tuple[Mapping[str, Any], ...]
    profile: Profile | None


@dataclass(frozen=True, slots=True)
class Question:
    """A draft with the venues and the positions that were read for it."""

    draft: Draft
    venues: Mapping[str, Venue]
    positions: PositionsText


def read_question(
    draft: str, venues: Path, positions: Path, silent: Silent | None = None
) -> Question:
    """A draft by name or path, with the files of venues and positions.

    With `silent`, this is supposed of who has no stance, whatever the file supposes.

    Raises NormrulesError with everything that is wrong with them or does not fit.
    """
    path = find_book(draft)
    source = read_file(path)
    if not is_draft(source.data):
        raise NormrulesError(f"`{draft}` is no draft: it amends nothing")
    load_program(draft)  # its problems, if it has some
    text, _ = load(Draft, source)
    assert text is not None
    found, stands = read_venues(venues), read_positions(positions)
    stands = stands if silent is None else stands.model_copy(update={"silent": silent})
    rules = [rule.id for rule in (*text.add, *text.replace)]
    problems = check_together(stands, found, rules, read_file(positions), read_file(venues))
    if problems:
        raise NormrulesError("draft, venues and positions do not fit together", problems)
    return Question(text.model_copy(update={"amends": _amended(text, path)}), found.bodies, stands)


def _amended(text: Draft, path: Path) -> str:
    """What a draft amends, so that it is found from any folder."""
    name, at, date = text.amends.partition("@")
    beside = path.parent / (name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    return f"{beside.resolve()}{at}{date}" if is_file(beside) else text.amends


def ranked(question: Question) -> list[Ranked]:
    """The venues, the most legalized text first; of equals, in the order of the file.

    Obligation counts before precision, precision before delegation. Raises NormrulesError
    without the extra `proof`.
    """
    found = [
        _one(question, name, one)
        for name, one in zip(
            question.venues, adopt(question.venues, question.positions), strict=True
        )
    ]
    return sorted(found, key=_rank, reverse=True)


def _rank(one: Ranked) -> tuple[int, ...]:
    if one.profile is None:
        return (-1, 0, 0)
    dimensions = (one.profile.obligation, one.profile.precision, one.profile.delegation)
    return tuple(LEVELS.index(d.level) if d.level is not None else -1 for d in dimensions)


def _one(question: Question, name: str, adopted: Adopted) -> Ranked:
    venue = question.venues[name]
    drafts = tuple(
        draft_of(question, name, number, text)
        for number, text in enumerate(adopted.texts, 1)
        if any(placed.fate != "lost" for placed in text)
    )
    profile = _profile(drafts[0]) if drafts else None
    return Ranked(venue.title, venue.force, adopted, drafts, profile)


def draft_of(
    question: Question, venue: str, number: int, text: Sequence[Placed]
) -> Mapping[str, Any]:
    """A text that a venue would adopt as the data of a draft: rules that fell are gone from it."""
    kept, own = rules_of(text, question.positions)
    draft, force = question.draft, question.venues[venue].force
    mine = {rule.id: rule for rule in own}
    parts = {
        key: [_data(mine.pop(rule.id, rule)) for rule in getattr(draft, key)
              if rule.id in kept or rule.id in mine]
        for key in ("add", "replace")
    }  # fmt: skip
    parts["add"] += [_data(rule) for rule in mine.values()]
    data = draft.model_dump(mode="json", by_alias=True, exclude_unset=True)
    suffix = f"-{number}" if number > 1 else ""
    data |= {"rulebook": f"{draft.rulebook}-in-{venue}{suffix}"}
    data |= {key: rules for key, rules in parts.items() if rules}
    for key in ("add", "replace"):
        if not parts[key]:
            data.pop(key, None)
    for instrument in data.get("instruments", {}).values():
        instrument["force"] = force
    data.pop("readings", None)
    return data


def _data(rule: Rule) -> dict[str, Any]:
    return rule.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _profile(draft: Mapping[str, Any]) -> Profile:
    """How far the rules of a text are legalized."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{draft['rulebook']}.yaml"
        path.write_text(dumps(dict(draft)), encoding="utf-8")
        program = load_program(str(path))
    changed = {rule["id"] for key in ("add", "replace") for rule in draft.get(key, ())}
    return legalization(program, [c for c in program.clauses.values() if c.id in changed])
