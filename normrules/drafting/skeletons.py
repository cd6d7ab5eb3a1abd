"""Files to begin with: a rulebook, a draft, a vocabulary, and cases, each key with its hint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from normrules.core.program import Program
from normrules.core.rulebook import BOOK_KINDS
from normrules.core.vocabulary import Vocabulary
from normrules.drafting.example_words import Words, example_of, words_of, words_of_base
from normrules.drafting.hinted_parts import (
    bodies,
    commented_definitions,
    commented_end,
    commented_terms,
    instrument,
    listed,
    rows,
    rule,
)
from normrules.lang.dependencies import dependencies
from normrules.lang.scalars import scalar
from normrules.lang.writer import dumps, format_text

#: What stands at the top of a file with an example.
EXAMPLE = (
    "# The rule here is an example: put your own in its place.",
    "# A line that begins with # is a hint; hints and all can go.",
)


# -------------------------------------------------------------------- rulebooks


def rulebook_text(
    name: str,
    vocabulary: Vocabulary,
    *,
    called: str,
    organisation: str | None = None,
    modeline: str = "",
) -> str:
    """A rulebook with one example rule; `called` is how it names its vocabulary.

    Raises NormrulesError if the vocabulary has no words for an example.
    """
    words = words_of(vocabulary, organisation)
    lines = [
        *_first(modeline),
        "# A rulebook: who must, should, may or must not do what, when, and by when.",
        *EXAMPLE,
        "",
        *rows(
            "Rulebook",
            "",
            ("rulebook", scalar(name), True),
            ("title", _titled(name), True),
            ("version", '"0.1"', False),
            ("licence", "CC-BY-4.0", False),
            ("authors", "[Your name]", False),
            ("review", "encoded", False),
            ("organisation", scalar(organisation or name), True),
            ("kind", "membership", False),
        ),
        f"# Of kind: {', '.join(BOOK_KINDS)}.",
        *rows(
            "Rulebook",
            "",
            ("vocabulary", scalar(called), True),
            ("members", scalar(organisation or name), False),
            ("competence", listed(vocabulary.tracks), False),
        ),
        *bodies(vocabulary, organisation),
        "",
        *rows("Rulebook", "", ("instruments", "", True)),
        *instrument("act", "The text that the rules come from", "treaty", "binding", "2001-01-01"),
        "",
        *commented_terms("Rulebook"),
        *commented_definitions("Rulebook", words, "act"),
        *rows("Rulebook", "", ("rules", "", True)),
        *rule(words, "example", "act"),
        "",
        *commented_end("Rulebook", words, "act"),
    ]
    return _laid_out(lines)


def _first(modeline: str) -> list[str]:
    """The line by which an editor finds the schema of the file."""
    return [f"# yaml-language-server: $schema={modeline}"] if modeline else []


def _titled(name: str) -> str:
    """A name as a title.

    >>> _titled("island-union")
    'Island union - say here what it is about'
    """
    words = name.replace("-", " ").replace("_", " ").strip()
    return scalar(f"{words[:1].upper()}{words[1:]} - say here what it is about")


def _laid_out(lines: Iterable[str]) -> str:
    return format_text("\n".join(lines) + "\n")


# -------------------------------------------------------------------- drafts


def draft_text(name: str, base: Program, *, amends: str, day: str, modeline: str = "") -> str:
    """A draft that changes a rulebook by one example rule; `amends` is how it names the rulebook.

    `day` is when the draft would be adopted.
    """
    words = words_of_base(base)
    lines = [
        *_first(modeline),
        f"# A draft: what it changes in `{amends}`. It loads as the amended rulebook.",
        *EXAMPLE,
        "",
        *rows(
            "Draft",
            "",
            ("rulebook", scalar(name), True),
            ("title", _titled(name), True),
            ("version", '"0.1"', False),
            ("licence", "CC-BY-4.0", False),
            ("authors", "[Your name]", False),
            ("review", "encoded", False),
            ("amends", scalar(amends), True),
        ),
        "# Its rules:",
        *(f"# {id}: {' '.join(base.clauses[id].title.split())}" for id in _rules(base)),
        "",
        *rows("Draft", "", ("instruments", "", True)),
        *instrument("proposal", "The text that is proposed", "decision", "internal", day),
        "",
        *commented_terms("Draft"),
        *commented_definitions("Draft", words, "proposal"),
        *rows("Draft", "", ("add", "", True)),
        *rule(words, example_of(base), "proposal"),
        "",
        *rows("Draft", "", ("replace", "", False)),
        *_replaced(base),
        "",
        *rows("Draft", "", ("remove", listed(_removable(base)), False)),
        "",
        *commented_end("Draft", words, "proposal"),
    ]
    return _laid_out(lines)


def _rules(base: Program) -> list[str]:
    return [id for id in base.clauses if not id.endswith(".otherwise")]


def _replaced(base: Program) -> Iterator[str]:
    """The first rule as it is now, to be changed."""
    rules = [rule for rule in base.rulebook.rules if rule.id in base.clauses]
    if not rules:
        return
    rule = rules[0].model_dump(mode="json", by_alias=True, exclude_unset=True)
    written = dumps({"rulebook": "x", "amends": "y", "replace": [rule]})
    yield from (f"# {line}" for line in written.partition("replace:\n")[2].splitlines())


def _removable(base: Program) -> list[str]:
    """The last rule that no other one refers to."""
    needed = {
        id
        for node, needs in dependencies(base.clauses, base.facts).items()
        for kind, id in needs
        if kind != "fact" and id != node[1]
    }
    free = [id for id in _rules(base) if id not in needed and not base.clauses[id].overrides]
    return free[-1:] or _rules(base)[-1:]


# -------------------------------------------------------------------- vocabularies and cases


def vocabulary_text(name: str, organisation: str, *, modeline: str = "") -> str:
    """A small vocabulary: one opening event, a few actions, two bodies, one fact."""
    owner = scalar(organisation, flow=True)
    lines = [
        *_first(modeline),
        "# A vocabulary: what can happen, what can be done, and by whom. Nothing else may be used.",
        "",
        *rows(
            "Vocabulary",
            "",
            ("vocabulary", scalar(name), True),
            ("title", _titled(name), True),
        ),
        *rows("Vocabulary", "", ("tracks", "", True)),
        "  procedure: [meeting]",
        "  speech: [concern, condemnation]",
        "  participation: [exclusion]",
        *rows("Vocabulary", "", ("events", "", True)),
        "  coup:",
        "    title: A seizure of power",
        "    opens_case: true",
        "    attributes:",
        "      outcome: {one_of: [failed, succeeded]}",
        "  elections: {title: Free elections}",
        *rows("Vocabulary", "", ("actions", "", True)),
        "  meet: {title: Meet on the case, track: procedure, level: meeting}",
        "  condemn: {title: Condemn publicly, track: speech, level: condemnation}",
        "  suspend:",
        "    title: Suspend the member",
        "    track: participation",
        "    level: exclusion",
        "    attributes:",
        "      scope: {ordered: [some_organs, all_organs]}",
        *rows("Vocabulary", "", ("bodies", "", True)),
        f"  council: {{title: The Council, of: {owner}, role: executive}}",
        f"  secretary: {{title: The Secretary, of: {owner}, role: secretariat}}",
        *rows("Vocabulary", "", ("facts", "", True)),
        "  order_broken: {title: The constitutional order is broken}",
        *rows("Vocabulary", "", ("case", "", False)),
        "#   peacekeepers: {boolean: true}",
        *rows("Vocabulary", "", ("notes", "[What a reader should know.]", False)),
    ]
    return _laid_out(lines)


def cases_text(
    name: str, words: Words, rule: str, *, day: str, bound: bool = False, modeline: str = ""
) -> str:
    """One case that passes: what happens on a day, and that the body acts two days later.

    `bound` says that the regime binds the state, whichever it is.
    """
    where = f", {words.where}" if words.where else ""
    start, third = day, _later(day, 2)
    lines = [
        *_first(modeline),
        f"# Cases of {name}: what is given, and what is expected of its rules.",
        "",
        *rows("CasesText", "", ("cases", scalar(name), True)),
        *rows("CasesText", "", ("notes", "[What a reader should know.]", False)),
        *rows("CasesText", "", ("tests", "", True)),
        "  - note: The organ acts on the third day, and that is in time",
        *rows(
            "TestText",
            "    ",
            ("kind", "historical", False),
            ("complete", "all", False),
            ("country", "NER", False),
            ("zone", "Africa/Niamey", False),
            ("state", "{an_attribute: a_value}", False),
            ("at", _later(day, 30), False),
            ("law", day, False),
            ("assume_bound", "true", bound),
            ("readings", "{a-question: an-option}", False),
            ("given", "", True),
        ),
        f"      - {{type: {words.event}, time: {start}{where}}}",
        f"      - {{type: {words.action}, by: {words.body}, time: {third}}}",
        "    # Instead of given: scenario, its file or a coup of the history; of several, case.",
        *rows("TestText", "    ", ("expect", "", True)),
        f"      {rule}: fulfilled",
        "    # Instead of expect: problem, the code of the problem that the events must raise.",
    ]
    return _laid_out(lines)


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
