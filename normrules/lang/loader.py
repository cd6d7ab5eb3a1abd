"""Plain data to models, with every complaint of pydantic turned into a placed problem."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from normrules.core.problem import MOST_PROBLEMS, Path, Problem, add, did_you_mean, nearest
from normrules.lang.reader import Source

Model = TypeVar("Model", bound=BaseModel)

_WORDS = {
    "string_type": "this must be text",
    "dict_type": "this must be a mapping of keys to values",
    "model_type": "this must be a mapping of keys to values",
    "model_attributes_type": "this must be a mapping of keys to values",
    "tuple_type": "this must be a list",
    "bool_type": "this must be true or false",
    "bool_parsing": "this must be true or false",
    "int_type": "this must be a whole number",
    "int_parsing": "this must be a whole number",
}


def load(model: type[Model], source: Source) -> tuple[Model | None, list[Problem]]:
    """Validate a source's data; the model is None if there is an error."""
    problems = list(source.problems)
    if not isinstance(source.data, dict):
        if not problems:
            what = "is empty" if source.data is None else "is not a mapping of keys to values"
            problems.append(source.placed(Problem("shape", f"this file {what}")))
        return None, problems
    try:
        loaded = model.model_validate(source.data)
    except ValidationError as error:
        problems += _placed(error, source, model)
        return None, problems
    return (None if problems else loaded), problems


def _placed(error: ValidationError, source: Source, model: type[BaseModel]) -> list[Problem]:
    """The complaints as problems, each once, without those of union branches not meant."""
    found: dict[tuple[Path, str], Problem] = {}
    for path, complaints in _outermost_dropped(_by_place(error, source)).items():
        if len(found) > MOST_PROBLEMS:
            break
        for complaint in _meant(path, complaints, source):
            problem = _problem(complaint, path, source, model)
            found.setdefault((problem.path, problem.message), problem)
    kept: list[Problem] = []
    for problem in found.values():
        add(kept, problem)
    return sorted(map(source.placed, kept), key=lambda p: p.span)


def _by_place(error: ValidationError, source: Source) -> dict[Path, list[Any]]:
    places: dict[Path, list[Any]] = {}
    for complaint in error.errors(include_url=False):
        path = _yaml_path(complaint, source)
        places.setdefault(path, []).append(complaint)
    return places


def _outermost_dropped(places: dict[Path, list[Any]]) -> dict[Path, list[Any]]:
    """Without what only follows from a complaint further inside.

    A list whose one entry is wrong is not empty, and a mapping with a wrong value not mistyped.
    """
    above = {path[:depth] for path in places for depth in range(len(path))}
    kept = {
        path: [c for c in complaints if not c["type"].endswith(("_type", "too_short"))]
        if path in above
        else complaints
        for path, complaints in places.items()
    }
    return {path: complaints for path, complaints in kept.items() if complaints}


def _yaml_path(complaint: Any, source: Source) -> Path:
    """The steps of a complaint that are steps of the text: union tags fall away."""
    path: Path = ()
    extra = complaint.get("ctx", {}).get("at", ())
    for part in (*complaint["loc"], *extra):
        if (*path, part) in source.values:
            path = (*path, part)
    return path


def _meant(path: Path, complaints: list[Any], source: Source) -> list[Any]:
    """Of a union's complaints at one place, those of the branch that the writer meant."""
    if len(complaints) == 1:
        return complaints
    value = _value(source.data, path)
    shape = {dict: ("model", "dict"), list: ("tuple",), str: ("string", "literal", "str")}
    kinds = next((k for t, k in shape.items() if isinstance(value, t)), ("int", "bool", "string"))
    mistyped = [c for c in complaints if c["type"].endswith("_type")]
    rest = [c for c in complaints if c not in mistyped]
    if rest:
        return [c for c in rest if c["type"] == "missing"][:3] or rest[:2]
    return [c for c in mistyped if c["type"].startswith(kinds)][:1] or mistyped[:1]


def _value(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _problem(complaint: Any, path: Path, source: Source, model: type[BaseModel]) -> Problem:
    kind, context = complaint["type"], complaint.get("ctx", {})
    if kind == "missing":
        return _missing(str(complaint["loc"][-1]), path, source, model)
    if kind == "extra_forbidden":
        word = str(path[-1]) if path else str(complaint["loc"][-1])
        known = fields_at(model, path[:-1])
        helped = did_you_mean(word, known, "keys here")
        return Problem("unknown-key", f"unknown key `{word}`", path, helped, on_key=True)
    if kind in ("literal_error", "enum"):
        options = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        helped = did_you_mean(str(complaint["input"]), options, "one of")
        return Problem("value", f"`{complaint['input']}` is not one of these words", path, helped)
    if kind == "string_pattern_mismatch":
        message = f"`{complaint['input']}` is no name: letters, digits, `-`, `_` and `.`"
        return Problem("name", message, path)
    if kind == "too_short":
        return Problem("empty", "this needs at least " + _entries(context["min_length"]), path)
    message = _WORDS.get(kind) or re.sub(r"^(Value|Assertion) error, ", "", complaint["msg"])
    if kind in _WORDS and isinstance(complaint["input"], (str, int, float, bool)):
        message += f", not `{complaint['input']}`"
    message = message[:1].lower() + message[1:] if kind not in _WORDS else message
    code = kind if re.fullmatch(r"[a-z-]+", kind) and "_" not in kind else "value"
    return Problem("value" if code == "value_error" else code, message, path, context.get("help"))


def _entries(number: int) -> str:
    return "one entry" if number == 1 else f"{number} entries"


def _missing(name: str, path: Path, source: Source, model: type[BaseModel]) -> Problem:
    value = _value(source.data, path)
    have = [str(key) for key in value] if isinstance(value, dict) else []
    known = set(fields_at(model, path))
    near = nearest(name, [key for key in have if key not in known])
    helped = f"is it meant by `{near}`?" if near else f"add `{name}: ...` here"
    message = f"the key `{name}` is missing"
    return Problem("missing-key", message, path, helped, on_key=True)


def fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys allowed at a place, following the model's own annotations."""
    here: list[Any] = [model]
    for part in path:
        here = [inner for annotation in here for inner in step(annotation, part)]
    names = {
        field.alias or name
        for annotation in here
        if isinstance(annotation, type) and issubclass(annotation, BaseModel)
        for name, field in annotation.model_fields.items()
    }
    return sorted(names)


def step(annotation: Any, part: str | int) -> list[Any]:
    """The annotations one step further down."""
    origin = typing.get_origin(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if part in (field.alias, name):
                return list(branches(field.annotation))
        return []
    if origin is dict:
        return list(branches(typing.get_args(annotation)[1]))
    if origin in (tuple, list) and isinstance(part, int):
        return list(branches(typing.get_args(annotation)[0]))
    return []


def branches(annotation: Any) -> Iterable[Any]:
    """The alternatives of an annotation, unwrapped."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        yield from branches(typing.get_args(annotation)[0])
    elif origin is typing.Union or origin is types.UnionType:
        for part in typing.get_args(annotation):
            yield from branches(part)
    else:
        yield annotation
