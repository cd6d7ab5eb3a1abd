"""Small changes to a rule, a definition, a term or an instrument, one at a time.

Each changes what the text demands: a modality, a deadline, a threshold, a listed value, or drops
a condition, a finding, an exception, an override. A change is a path into the written data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from normrules.core.vocabulary import Attribute, Vocabulary

Step = str | int
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: what stands at a path, what is put there (`DROPPED`: nothing), in words."""

    path: tuple[Step, ...]
    old: Any
    new: Any
    says: str


class _Dropped:
    def __repr__(self) -> str:
        return "DROPPED"

    def __reduce__(self) -> str:
        return "DROPPED"


#: Put in place of what is left out.
DROPPED = _Dropped()
_MODALITIES = {
    "must": ("should",),
    "should": ("must", "may"),
    "may": ("should",),
    "must_not": ("should_not",),
    "should_not": ("must_not",),
}
_NUMBER = re.compile(r"(P|PT)?(\d+)( |[YMWDH])")


def edited(data: Any, path: Sequence[Step], new: Any) -> Any:
    """The data with something else at a path; parts that are not on it are shared.

    >>> edited({"a": [1, 2]}, ("a", 0), DROPPED)
    {'a': [2]}
    """
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(data, Mapping):
        inner = edited(data[str(step)], rest, new)
        kept = {key: inner if key == step else value for key, value in data.items()}
        return {key: value for key, value in kept.items() if value is not DROPPED}
    changed = [edited(x, rest, new) if i == step else x for i, x in enumerate(data)]
    return [x for x in changed if x is not DROPPED]


def at(data: Any, path: Sequence[Step]) -> Any:
    """What stands at a path. Raises LookupError if nothing does."""
    for step in path:
        data = data[step]
    return data


def rule_edits(rule: Data, vocabulary: Vocabulary) -> Iterator[Edit]:
    """Every change of a rule as written."""
    yield from _demand_edits(rule["then"], ("then",), vocabulary)
    for key in ("when", "upon", "unless", "until"):
        if key in rule:
            yield from condition_edits(rule[key], (key,), vocabulary)
    for key, word in (
        ("upon", "the finding it waits for"),
        ("unless", "the exception"),
        ("until", "what ends it"),
        ("otherwise", "what follows a breach"),
        ("decided_by", "the decision rule"),
    ):
        if key in rule:
            yield Edit((key,), rule[key], DROPPED, f"without {word} (`{key}`)")
    for index, other in enumerate(rule.get("overrides", ())):
        yield Edit(("overrides", index), other, DROPPED, f"no longer overrides `{other}`")
    if "implied" in rule:
        yield _turned(rule, "implied", ())
    if "decided_by" in rule:
        yield from _decision_edits(rule["decided_by"], ("decided_by",))
    if "otherwise" in rule:
        yield from _demand_edits(rule["otherwise"], ("otherwise",), vocabulary)
        for key in ("when", "unless"):
            if key in rule["otherwise"]:
                inner = rule["otherwise"][key]
                yield from condition_edits(inner, ("otherwise", key), vocabulary)


def definition_edits(definition: Data, vocabulary: Vocabulary) -> Iterator[Edit]:
    """Every change of a definition as written."""
    for key in ("when", "unless"):
        if key in definition:
            yield from condition_edits(definition[key], (key,), vocabulary)
    if "unless" in definition:
        yield Edit(("unless",), definition["unless"], DROPPED, "without the exception (`unless`)")


def term_edits(term: Data) -> Iterator[Edit]:
    """Every change of a term for a time limit."""
    if "exactly" in term:
        yield from _limit_edits(term["exactly"], ("exactly",), "")
    for index, limit in enumerate(term.get("between", ())):
        yield from _limit_edits(limit, ("between", index), "")


def instrument_edits(instrument: Data) -> Iterator[Edit]:
    """An instrument that begins or ends a day later."""
    begins = "in_force" if "in_force" in instrument else "adopted"
    for key, word in ((begins, "begins"), ("ended", "ends")):
        with suppress(KeyError, ValueError):
            later = date.fromisoformat(str(instrument[key])) + timedelta(days=1)
            yield Edit((key,), instrument[key], later.isoformat(), f"{word} a day later")


# ---------------------------------------------------------------- demands


def _demand_edits(demand: Data, path: tuple[Step, ...], vocabulary: Vocabulary) -> Iterator[Edit]:
    action = next((demand[m] for m in _MODALITIES if m in demand), None)
    for modality, others in _MODALITIES.items():
        for other in others if modality in demand else ():
            turned = {other if k == modality else k: v for k, v in demand.items()}
            yield Edit(path, demand, turned, f"{modality} -> {other}".replace("_", " "))
    if isinstance(demand.get("discretion"), list):
        yield from _list_edits(demand["discretion"], (*path, "discretion"), "the choice of")
    if isinstance(demand.get("by"), list):
        yield from _list_edits(demand["by"], (*path, "by"), "bearer")
    if isinstance(demand.get("within"), str):
        yield from _limit_edits(demand["within"], (*path, "within"), "within ")
    if isinstance(demand.get("every"), str):
        yield from _limit_edits(demand["every"], (*path, "every"), "every ")
    for key in ("within", "no_later_than", "before", "counted_from", "every"):
        if key in demand:
            yield Edit((*path, key), demand[key], DROPPED, f"without `{key}`")
    for key in ("counted_from", "before"):
        if key in demand:
            yield from condition_edits(demand[key], (*path, key), vocabulary)
    if "anew" in demand:
        yield _turned(demand, "anew", path)
    kinds = vocabulary.attributes.get(str(action), {})
    for name, pattern in demand.get("with", {}).items():
        yield Edit((*path, "with", name), pattern, DROPPED, f"without `{name}` of the act")
        yield from _pattern_edits(pattern, (*path, "with", name), name, kinds.get(name))


def _turned(data: Data, key: str, path: tuple[Step, ...]) -> Edit:
    new = not data[key]
    return Edit((*path, key), data[key], new, f"`{key}`: {str(new).lower()}")


def _limit_edits(limit: str, path: tuple[Step, ...], word: str) -> Iterator[Edit]:
    """A time limit longer and shorter by one of its units; a term is changed where it is said."""
    found = _NUMBER.match(limit)
    if found is None:
        return
    for number in (int(found[2]) + 1, int(found[2]) - 1):
        if number > 0:
            new = f"{found[1] or ''}{number}{limit[found.end(2) :]}"
            yield Edit(path, limit, new, f"{word}{limit} -> {new}")


def _decision_edits(decision: Data, path: tuple[Step, ...]) -> Iterator[Edit]:
    if "share" in decision:
        other = "1/2" if str(decision["share"]) != "1/2" else "2/3"
        words = f"a share of {decision['share']} -> {other}"
        yield Edit((*path, "share"), decision["share"], other, words)
    if "at_least" in decision:
        yield from _shifted(decision["at_least"], (*path, "at_least"), "votes", least=1)
    counted = decision.get("of") == "members" and ("share" in decision or _majority(decision))
    for key in ("veto", "quorum", "else", *(("without",) if counted else ())):
        if key in decision:
            yield Edit((*path, key), decision[key], DROPPED, f"decided without `{key}`")
    if counted:
        yield Edit((*path, "of"), "members", "voting", "a share of the votes, not of the members")


def _majority(decision: Data) -> bool:
    return decision.get("rule") == "majority"


# ---------------------------------------------------------------- conditions


def condition_edits(
    condition: Data, path: tuple[Step, ...], vocabulary: Vocabulary
) -> Iterator[Edit]:
    """Every change of a condition."""
    for key, word in (("all", "condition"), ("any", "alternative")):
        parts = condition.get(key, ())
        for index, part in enumerate(parts):
            if len(parts) > 1:
                yield Edit((*path, key, index), part, DROPPED, f"without the {word} {_short(part)}")
            yield from condition_edits(part, (*path, key, index), vocabulary)
    for key in ("not", "after"):
        if key in condition:
            yield from condition_edits(condition[key], (*path, key), vocabulary)
    for words in (condition, condition.get("count", {})):
        inner = path if words is condition else (*path, "count")
        if isinstance(words.get("event"), str):
            kinds = vocabulary.attributes.get(words["event"], {})
            yield from _where_edits(words.get("where", {}), (*inner, "where"), kinds)
        if "distinct" in words:
            yield Edit(
                (*inner, "distinct"), words["distinct"], DROPPED, "counts without `distinct`"
            )
    if isinstance(condition.get("by"), list):
        yield from _list_edits(condition["by"], (*path, "by"), "finding by")
    elif "by" in condition:
        yield Edit((*path, "by"), condition["by"], DROPPED, "found by any body of its own")
    if "under" in condition:
        yield Edit((*path, "under"), condition["under"], DROPPED, "a fact under any instrument")
    if "count" in condition:
        yield from _shifted(condition["at_least"], (*path, "at_least"), "times", least=1)
    if "plus" in condition:
        yield from _limit_edits(condition["plus"], (*path, "plus"), "after ")
    if "to" in condition:
        yield Edit((*path, "to"), condition["to"], DROPPED, "not rounded")
    if "standing" in condition:
        yield from _where_edits(condition["standing"], (*path, "standing"), vocabulary.case)


def _short(part: Data) -> str:
    """A condition in a few words."""
    form = next(iter(part))
    inner = part[form]
    return f"`{form}: {inner}`" if isinstance(inner, str) else f"`{form}`"


def _where_edits(
    where: Data, path: tuple[Step, ...], kinds: Mapping[str, Attribute]
) -> Iterator[Edit]:
    for name, pattern in where.items():
        if len(where) > 1 or path[-1] == "where":
            yield Edit((*path, name), pattern, DROPPED, f"whatever `{name}`")
        yield from _pattern_edits(pattern, (*path, name), name, kinds.get(name))


def _pattern_edits(
    pattern: Any, path: tuple[Step, ...], name: str, kind: Attribute | None
) -> Iterator[Edit]:
    values = list(kind.values or ()) if kind is not None else []
    if isinstance(pattern, list):
        yield from _list_edits(pattern, path, f"`{name}`", values)
    elif isinstance(pattern, Mapping):
        yield from _comparison_edits(pattern, path, name, kind)
    elif pattern in values and len(values) > 1:
        other = values[(values.index(pattern) + 1) % len(values)]
        yield Edit(path, pattern, other, f"`{name}` {pattern} -> {other}")


def _comparison_edits(
    pattern: Data, path: tuple[Step, ...], name: str, kind: Attribute | None
) -> Iterator[Edit]:
    """A threshold a rung up and down; one value fewer that is left out."""
    moved: Callable[[Any], list[Any]] = lambda value: _neighbours(value, kind)  # noqa: E731
    for key in ("at_least", "at_most"):
        for other in moved(pattern[key]) if key in pattern else ():
            words = f"`{name}` {key.replace('_', ' ')} {pattern[key]} -> {other}"
            yield Edit((*path, key), pattern[key], other, words)
    for index, value in enumerate(pattern.get("between", ())):
        for other in moved(value):
            words = f"`{name}` between: {value} -> {other}"
            yield Edit((*path, "between", index), value, other, words)
    if isinstance(pattern.get("not"), list):
        yield from _list_edits(pattern["not"], (*path, "not"), f"`{name}` not")


def _neighbours(value: Any, kind: Attribute | None) -> list[Any]:
    if kind is not None and kind.ordered:
        ladder = [str(rung) for rung in kind.ordered]
        if str(value) not in ladder:
            return []
        place = ladder.index(str(value))
        return [kind.ordered[i] for i in (place - 1, place + 1) if 0 <= i < len(ladder)]
    return [value - 1, value + 1] if isinstance(value, int) else []


def _list_edits(
    listed: Sequence[Any], path: tuple[Step, ...], word: str, values: Sequence[Any] = ()
) -> Iterator[Edit]:
    """A listed value less, and one more."""
    if len(listed) > 1:
        for index, value in enumerate(listed):
            yield Edit((*path, index), value, DROPPED, f"{word} without {value}")
    for value in [v for v in values if v not in listed][:1]:
        yield Edit(path, list(listed), [*listed, value], f"{word} also {value}")


def _shifted(number: int, path: tuple[Step, ...], word: str, *, least: int) -> Iterator[Edit]:
    for other in (number - 1, number + 1):
        if other >= least:
            yield Edit(path, number, other, f"at least {number} {word} -> {other}")
