"""The words of a vocabulary put into a JSON Schema, so that editors complete them."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from normrules.core.vocabulary import ROLES, Attribute, Vocabulary

_ACTION_KEYS = ("must", "should", "may", "must_not", "should_not")
#: Which words stand at which key of which model.
_PLACES: Mapping[tuple[str, str], str] = {
    ("Rulebook", "competence"): "tracks",
    ("Definition", "counts_as"): "facts",
    ("ConditionText", "event"): "events",
    ("ConditionText", "finding"): "facts",
    ("ConditionText", "fact"): "facts",
    ("ConditionText", "by"): "bodies",
    ("CountText", "event"): "events",
    ("CountText", "distinct"): "attributes",
    **{("DemandText", key): "actions" for key in (*_ACTION_KEYS, "discretion", "for_example")},
    **{("ReparationText", key): "actions" for key in (*_ACTION_KEYS, "discretion", "for_example")},
    **{(name, "in"): "tracks" for name in ("DemandText", "ReparationText")},
    **{(name, "by"): "bodies" for name in ("DemandText", "ReparationText")},
    **{(name, "effect"): "facts" for name in ("DemandText", "ReparationText")},
    ("Jointly", "jointly"): "bodies",
    ("SetBy", "set_by"): "bodies",
    ("Decision", "veto"): "bodies",
    ("Rule", "weighs"): "attributes",
    ("Silence", "on"): "actions",
    ("ScenarioText", "complete"): "events",
    ("TestText", "complete"): "events",
    ("CompleteText", "types"): "events",
    ("SilenceText", "by"): "bodies",
    ("SilenceText", "no"): "actions",
    ("Event", "type"): "events",
    ("Event", "by"): "bodies",
}


def with_words(
    models: Mapping[str, dict[str, Any]], definitions: dict[str, Any], vocabulary: Vocabulary
) -> None:
    """Replace texts by the words that may stand there; attributes follow their event's type."""
    words = _words(vocabulary)
    everything = {**models, **definitions}
    for (name, key), kind in _PLACES.items():
        if name in everything and key in everything[name]["properties"]:
            properties = everything[name]["properties"]
            properties[key] = _narrowed(properties[key], words[kind])
    _attributes(everything, definitions, vocabulary)


def _words(vocabulary: Vocabulary) -> dict[str, dict[str, Any]]:
    events = {name: vocabulary.title_of(name) for name in vocabulary.attributes}
    actions = {name: action.title for name, action in vocabulary.all_actions.items()}
    bodies = {name: body.title for name, body in vocabulary.bodies.items()} | dict(ROLES)
    facts = {name: fact.title for name, fact in vocabulary.facts.items()}
    state = {"anyOf": [_enumeration(bodies), {"type": "string", "pattern": "^[A-Z]{3}$"}]}
    return {
        "tracks": _enumeration(
            {name: ", ".join(rungs) for name, rungs in vocabulary.tracks.items()}
        ),
        "events": _enumeration(events),
        "actions": _enumeration(actions),
        "facts": _enumeration(facts),
        "attributes": _enumeration(_attribute_names(vocabulary)),
        "bodies": state,
    }


def _attribute_names(vocabulary: Vocabulary) -> dict[str, str]:
    domains = [*vocabulary.attributes.values(), vocabulary.case]
    return {
        name: attribute.title or name.replace("_", " ")
        for domain in domains
        for name, attribute in domain.items()
    } | {"by": "the body that acts"}


def _enumeration(words: Mapping[str, str]) -> dict[str, Any]:
    """Words with what they mean; editors show the meaning beside each."""
    return {"type": "string", "enum": list(words), "enumDescriptions": list(words.values())}


def _narrowed(schema: Any, word: Mapping[str, Any]) -> Any:
    """A schema in which every free text is one of some words."""
    if isinstance(schema, list):
        return [_narrowed(part, word) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "string" and not {"const", "enum"} & set(schema):
        return {**copy.deepcopy(dict(word)), **{k: v for k, v in schema.items() if k != "type"}}
    inside = ("anyOf", "items", "prefixItems")
    return {k: _narrowed(v, word) if k in inside else v for k, v in schema.items()}


# -------------------------------------------------------------------- attributes


def _attributes(
    models: Mapping[str, dict[str, Any]], definitions: dict[str, Any], vocabulary: Vocabulary
) -> None:
    """What `where`, `with`, `standing`, `state` and an event's own keys may be."""
    domains = vocabulary.attributes
    for keys, inside, words, names in (
        (("event",), "where", domains, ("ConditionText", "CountText")),
        (_ACTION_KEYS, "with", vocabulary.all_actions, ("DemandText", "ReparationText")),
    ):
        for name in names:
            if name in models:
                models[name]["allOf"] = [
                    _given(keys, word, {inside: {"$ref": f"#/$defs/{inside}.{word}"}})
                    for word in words
                ]
                for word in words:
                    made = _patterns(domains[word], by=inside == "where")
                    definitions[f"{inside}.{word}"] = made
    if "ConditionText" in models:
        standing = _patterns(vocabulary.case, by=False)
        standing["properties"] |= {"party": {"type": "string"}, "member": {"type": "string"}}
        models["ConditionText"]["properties"]["standing"] |= standing
    for name in ("ScenarioText", "TestText"):
        if name in models:
            models[name]["properties"]["state"] |= _closed(_known(vocabulary.case))
    if "Event" in models:
        _event_attributes(models["Event"], domains)


def _event_attributes(
    event: dict[str, Any], domains: Mapping[str, Mapping[str, Attribute]]
) -> None:
    common = dict.fromkeys(event["properties"], True)
    event["allOf"] = [
        _given(("type",), name, {**common, **extra, **_known(domain)}, closed=True)
        for name, domain in domains.items()
        for extra in [{"register": True} if name in ("ratified", "left") else {}]
    ]


def _given(
    keys: Sequence[str], word: str, properties: Mapping[str, Any], *, closed: bool = False
) -> dict[str, Any]:
    """If one of the keys has this word, then these are the properties."""
    tests = [{"properties": {key: {"const": word}}, "required": [key]} for key in keys]
    then: dict[str, Any] = {"properties": dict(properties)}
    if closed:
        then["additionalProperties"] = False
    return {"if": tests[0] if len(tests) == 1 else {"anyOf": tests}, "then": then}


def _closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _patterns(domain: Mapping[str, Attribute], *, by: bool) -> dict[str, Any]:
    """The patterns of a `where` or `with`: a value, several, or a comparison."""
    properties = {name: _either(_value(attribute)) for name, attribute in domain.items()}
    return _closed(properties | ({"by": True} if by else {}))


def _known(domain: Mapping[str, Attribute]) -> dict[str, Any]:
    """What may be known of an attribute: a value, several candidates, or a range."""
    return {name: _either(_value(attribute)) for name, attribute in domain.items()}


def _either(value: dict[str, Any]) -> dict[str, Any]:
    several = {"type": "array", "items": value}
    comparison = _closed(
        {
            "not": {"anyOf": [value, several]},
            "at_least": value,
            "at_most": value,
            "between": {"type": "array", "items": value, "minItems": 2, "maxItems": 2},
        }
    )
    return {"anyOf": [value, several, {**comparison, "minProperties": 1, "maxProperties": 1}]}


def _value(attribute: Attribute) -> dict[str, Any]:
    if attribute.boolean:
        return {"type": "boolean"}
    if attribute.integer is not None:
        bounds = {"minimum": attribute.integer.at_least, "maximum": attribute.integer.at_most}
        return {"type": "integer", **{k: v for k, v in bounds.items() if v is not None}}
    if attribute.time:
        return {"type": ["string", "integer"]}
    return {"enum": [*_spellings(attribute.values or ())]}


def _spellings(values: Iterable[str]) -> Iterable[Any]:
    """A word, and where it looks like a number or a truth value, that too."""
    for value in values:
        yield value
        if value.isdigit():
            yield int(value)
        elif value in ("yes", "no"):
            yield value == "yes"
