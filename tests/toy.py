"""A small world for generated rulebooks: a vocabulary, registers, and how to build from data."""

from __future__ import annotations

from types import MappingProxyType

from normrules.core.case import Case
from normrules.core.program import Program
from normrules.core.register import Membership, Register, Span, edge
from normrules.core.rulebook import Rulebook
from normrules.core.vocabulary import Vocabulary
from normrules.lang.compiler import Shelf, compile_rulebook
from normrules.lang.scenarios import ScenarioReader, ScenarioText

VOCABULARY = Vocabulary.model_validate(
    {
        "vocabulary": "toy",
        "title": "A small world",
        "tracks": {"speech": ["concern", "demand"], "participation": ["exclusion"]},
        "events": {
            "seizure": {
                "title": "A seizure",
                "opens_case": True,
                "attributes": {
                    "outcome": {"one_of": ["failed", "succeeded"]},
                    "role": {"ordered": ["none", "some", "all"]},
                    "deaths": {"integer": {"at_least": 0}},
                    "elected": {"boolean": True},
                },
            },
            "protest": {"title": "A protest", "attributes": {"kind": {"one_of": ["a", "b"]}}},
            "restoration": {"title": "A restoration"},
        },
        "actions": {
            "speak": {
                "title": "Speak",
                "track": "speech",
                "level": "concern",
                "attributes": {"form": {"ordered": ["press", "letter", "resolution"]}},
            },
            "demand": {"title": "Demand", "track": "speech", "level": "demand"},
            "suspend": {
                "title": "Suspend",
                "track": "participation",
                "level": "exclusion",
                "attributes": {"scope": {"ordered": ["part", "whole"]}},
                "forbears": "admit",
            },
            "admit": {"title": "Admit", "track": "participation"},
            "talk": {"title": "Keep talking", "continuing": True, "broken_by": "stop_talking"},
            "stop_talking": {"title": "Stop talking"},
            "gather": {"title": "Gather", "observable": "internal"},
        },
        "bodies": {
            "council": {"title": "Council", "of": "org"},
            "chair": {"title": "Chair", "of": "org"},
            "office": {"title": "Office", "of": "elsewhere"},
            "leaders": {"title": "Leaders", "any_of": ["council", "chair"]},
        },
        "facts": {f"f{i}": {"title": f"Fact {i}"} for i in range(4)},
        "case": {
            "contributor": {"boolean": True},
            "size": {"ordered": ["small", "middle", "large"]},
        },
    }
)


def _register(name: str, rows: list[tuple[str, str, str]], complete: tuple[str, str]) -> Register:
    stays: dict[str, list[Membership]] = {}
    for member, start, end in rows:
        span = Span(edge(start), edge(end)) if end else Span(edge(start))
        stays.setdefault(member, []).append(Membership(member, span, "official", "toy"))
    span = Span(edge(complete[0]), edge(complete[1]))
    frozen = MappingProxyType({k: tuple(v) for k, v in stays.items()})
    return Register(name, name, span, frozen)


REGISTERS = {
    "members": _register(
        "members",
        [("AAA", "2000-01-01", ""), ("BBB", "2000-01-01", "2020-01-03"), ("CCC", "2020-01-02", "")],
        ("2000-01-01", "2021-01-01"),
    ),
    "parties": _register("parties", [("AAA", "2010-01-01", "")], ("2000-01-01", "2020-01-04")),
}
SHELF = Shelf(VOCABULARY, REGISTERS)


def program_of(data: dict) -> Program:
    """Compile a rulebook given as data; a problem is a failure of the test."""
    program, problems = compile_rulebook(Rulebook.model_validate(data), SHELF)
    assert program is not None, [f"{p.path}: {p.message}" for p in problems]
    return program


def case_of(data: dict) -> Case:
    """The one case of a scenario given as data."""
    reader = ScenarioReader(ScenarioText.model_validate(data), VOCABULARY, "toy")
    cases = reader.cases()
    assert not reader.words.problems, reader.words.problems
    assert len(cases) == 1
    return cases[0]
