"""JSON Schemas (draft 2020-12) of our files, for editors: from the models that read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from normrules.core.evaluation import STATUSES
from normrules.core.vocabulary import Vocabulary
from normrules.lang.documents import MODELS, Kind
from normrules.lang.enumerations import with_words
from normrules.lang.hints import HINTS
from normrules.lang.record_hints import EVENT_HINTS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ORDER = (
    "$schema", "$comment", "title", "description", "type", "properties", "required", "allOf",
    "additionalProperties", "$defs",
)  # fmt: skip
#: What a model is called where an editor shows it; others by their own name in words.
_TITLES = {
    "ConditionText": "Condition",
    "CountText": "Count",
    "DemandText": "Demand",
    "ReparationText": "Reparation",
    "ScenarioText": "Scenario",
    "CasesText": "Cases of a rulebook",
    "TestText": "Test",
    "ExpectedText": "What is expected of a rule",
    "RegisterText": "Register",
    "VenuesText": "Venues",
    "PositionsText": "Positions on a draft",
    "Decides": "How a venue decides",
    "Weaker": "Fall-back",
    "TableText": "Table of the history",
    "CompletenessText": "What the history holds completely",
    "CompleteText": "A complete record",
    "SilenceText": "A silence",
    "_Complete": "Span of completeness",
    "EventType": "Type of event",
    "FactType": "Fact",
    "SetBy": "Time limit set by a body",
    "Each": "Each state of a register",
    "Jointly": "Joint bearers",
}


class _ForEditors(GenerateJsonSchema):
    """Without `null` for what is left out, and without defaults that say nothing."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if not made.get("default") and made.get("default") is not False:
            made.pop("default", None)
        return made

    def get_title_from_name(self, name: str) -> str:
        return name.strip("_").replace("_", " ").capitalize()


def json_schema(kind: Kind, vocabulary: Vocabulary | None = None) -> dict[str, Any]:
    """The JSON Schema of one kind of file; with a vocabulary its words are enumerations.

    >>> json_schema("rulebook")["required"]
    ['rulebook', 'title', 'vocabulary']
    """
    model = MODELS[kind]
    made = model.model_json_schema(by_alias=True, schema_generator=_ForEditors)
    models = {model.__name__: made} | made.setdefault("$defs", {})
    for name, part in models.items():
        _describe(name, part)
    _put_statuses(models)
    _put_events(models, made["$defs"])
    if vocabulary is not None:
        with_words(models, made["$defs"], vocabulary)
        made["$comment"] = f"With the words of the vocabulary {vocabulary.vocabulary}."
    made = {"$schema": DIALECT, **made}
    return {key: made[key] for key in _ORDER if made.get(key) not in (None, {})}


def _describe(name: str, part: dict[str, Any]) -> None:
    part["title"] = _TITLES.get(name, part.get("title", name))
    for key, field in part["properties"].items():
        hint = HINTS.get(name, {}).get(key)
        if hint:
            field["description"] = hint


def _put_statuses(models: Mapping[str, Any]) -> None:
    """The statuses that a test can expect."""
    status = {"enum": list(STATUSES), "type": "string"}
    if "TestText" in models:
        expected = {"anyOf": [status, {"$ref": "#/$defs/ExpectedText"}]}
        models["TestText"]["properties"]["expect"]["additionalProperties"] = expected
        models["ExpectedText"]["properties"]["status"] |= status
        models["ExpectedText"]["properties"]["possible"]["items"] = status
    if "ScenarioText" in models:
        expected = {"anyOf": [status, {"type": "object"}]}
        rules = {"type": "object", "additionalProperties": expected}
        models["ScenarioText"]["properties"]["expect"]["additionalProperties"] = rules


def _put_events(models: Mapping[str, Any], definitions: dict[str, Any]) -> None:
    """What every event may say; its own attributes are those of its type."""
    for name, key in (("ScenarioText", "events"), ("TestText", "given")):
        if name in models:
            models[name]["properties"][key]["items"] = {"$ref": "#/$defs/Event"}
            definitions["Event"] = _event()


def _event() -> dict[str, Any]:
    names: dict[str, Any] = {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
    }
    word = {"type": ["string", "integer"]}
    kinds: dict[str, dict[str, Any]] = {
        "id": word,
        "time": word,
        "country": {"type": "string", "pattern": "^[A-Z]{3}$"},
        **dict.fromkeys(("case", "by", "under", "vetoes", "follows"), names),
        **{key: {"type": "integer", "minimum": 0} for key in ("for", "against", "abstain")},
        "present": {"type": "integer", "minimum": 0},
    }
    properties = {
        key: {**kinds.get(key, {"type": "string"}), "description": hint}
        for key, hint in EVENT_HINTS.items()
    }
    return {
        "title": "Event",
        "description": "Something that happened, or that a body did.",
        "type": "object",
        "properties": properties,
        "required": ["type", "time"],
    }
