"""A draft: a rulebook written as what it changes in another."""

from __future__ import annotations

from pydantic import Field

from normrules.core.rulebook import Definition, Instrument, Reading, Rule, Silence, Term
from normrules.core.written import Identifier, Title, Word, Written


class Draft(Written):
    """What a proposal changes in a rulebook: rules added, replaced and removed by id.

    Organisation, kind, vocabulary, members and competence are those of the amended rulebook. A
    term of the same name takes the place of the one there; a definition is replaced by removing
    it and giving another of the same id.
    """

    rulebook: Identifier
    title: Title
    version: Word | None = None
    licence: str | None = None
    authors: tuple[str, ...] = ()
    review: str | None = None
    amends: str
    instruments: dict[str, Instrument] = Field(default_factory=dict)
    terms: dict[str, Term] = Field(default_factory=dict)
    definitions: tuple[Definition, ...] = ()
    add: tuple[Rule, ...] = ()
    replace: tuple[Rule, ...] = ()
    remove: tuple[str, ...] = ()
    readings: dict[str, Reading] = Field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    notes: tuple[str, ...] = ()
