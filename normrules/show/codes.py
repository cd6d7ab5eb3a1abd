"""What each code of a problem means, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

#: By code: what is wrong, and what to do. An unknown word has the code `unknown-` and its kind.
CODES: Mapping[str, tuple[str, str]] = {
    # the text
    "yaml": ("The text is no YAML.", "Mend the line; indent with spaces."),
    "json": ("A line is no JSON object.", "Write one object a line."),
    "csv": ("A table is no CSV.", "Name the columns on the first line, a row for each event."),
    "text": ("A text holds half a character.", "Write the character whole."),
    "tag": ("A YAML tag is not understood.", "Remove the tag."),
    "key": ("A key is no plain text.", "Write a word before the colon."),
    "anchor": ("A key with an anchor or alias can't be formatted.", "Write the key out."),
    "number": ("A number has more digits than anybody means.", "Write it shorter, or in quotes."),
    "too-large": ("The file is larger than any that people write.", "Split it."),
    "too-many": ("There are more problems than anybody mends at once.", "Mend these first."),
    "lossy": ("The file can't be formatted without loss.", "It stays as it is."),
    "unreadable": ("The file can't be read.", "Save it as UTF-8 text."),
    "unusable": ("Something that the file needs can't be read.", "Mend what the message names."),
    "unknown-file": ("The file is none of the known kinds.", "Its first key tells its kind."),
    # its shape
    "shape": ("The file is empty, or no mapping of keys to values.", "Begin with its first key."),
    "empty": ("A list is empty where something is needed.", "Add an entry."),
    "missing-key": ("A key is missing.", "Add it."),
    "repeated-key": ("A key is given twice.", "Keep one of them."),
    "value": ("A value is outside what its key can hold.", "Choose one of those listed."),
    "name": ("A name has signs that names don't have.", "Use letters, digits, `-`, `_` and `.`."),
    "time": ("This is no time.", "Write 2023-07-26, or 2023-07-26T10:00:00Z."),
    "time-limit": ("This is no time limit.", "Write P10D, PT24H, or `10 days`, `24 hours`."),
    # names
    "repeated-id": ("Two things have one id.", "Rename one of them."),
    "repeated-name": ("A word is declared twice, or built in.", "Rename one of them."),
    "undefined-fact": ("No definition says what counts as this.", "Add one to `definitions`."),
    # conditions and demands
    "condition-form": ("A condition has not exactly one form.", "Join several by `all` or `any`."),
    "pattern": ("A pattern can't be read.", "Write a value, a list, or one comparison."),
    "lone-not": ("`not` stands alone.", "Put a positive condition beside it in an `all`."),
    "done-of-permission": ("Who may has nothing to be done.", "Wait for the event instead."),
    "cycle": ("Rules or facts hang on each other in a circle.", "Let one hang on an event."),
    "modality": ("A demand has not exactly one modality.", "Write one rule for each."),
    "bearer": ("It is not clear who bears it.", "Say it under `by`."),
    "discretion": ("A discretion is not limited.", "Name the tracks under `in`."),
    "with": ("Something is asked of an action that has no such attribute.", "See the vocabulary."),
    "exact-level": ("Exactly one rung of a ladder is asked for.", "`at_least` is usually meant."),
    "deadline": ("A deadline does not fit together.", "Say `within`, and from when."),
    "deadline-on-permission": ("A permission has a deadline.", "Say when it ends: `until`."),
    "reparation": ("Only a duty or a prohibition can be breached.", "Remove `otherwise`."),
    "decision": (
        "A decision rule has not exactly one form.",
        "Keep `rule`, `share` or `at_least`.",
    ),
    "term": ("A term has not exactly one meaning.", "Keep `exactly` or `between`."),
    "instrument": ("What is said of an instrument does not fit.", "Look at its dates."),
    "reading": ("A question has two defaults.", "Keep one."),
    "order": ("An order of commitments can't be right.", "Name each once, the weakest first."),
    # drafts
    "amends": ("What the draft amends can't be found.", "Give a name, a path, or NAME@DATE."),
    "removed-rule": ("A removed rule is still referred to.", "Replace what refers to it."),
    # vocabularies and registers
    "domain": ("An attribute has not exactly one domain.", "Keep one of the five kinds."),
    "ladder": ("A level stands on no track.", "Add `track`."),
    "group": ("A group has a group in it.", "List its bodies."),
    "register": ("A row of a register can't be right.", "Compare it with its source."),
    "history": ("A row of the history can't be right.", "Compare it with its source."),
    # events and tests
    "event": ("An event lacks its type or time.", "Add it."),
    "country": ("This is no country.", "Write its ISO 3166 alpha-3 code."),
    "zone": ("This is no time zone.", "Write its IANA name."),
    "case": ("An event belongs to no case, or to several.", "Name the case under `case`."),
    "follows": ("The order of events does not fit.", "Compare `follows` with the times."),
    "votes": ("This is no number of votes.", "Write a whole number."),
    "given": ("A test has not exactly one of `given` and `scenario`.", "Keep one."),
    "scenario": ("A scenario can't be used as the test says.", "Mend what the message names."),
    "expect": ("A test expects nothing, or what can't be.", "Say what a rule's status should be."),
    "impossible-status": ("No rule of this modality has this status.", "See the list."),
    "repeated-note": ("Two tests have the same note.", "Say what this one is about."),
    # venues and positions
    "provision": ("A provision has not exactly one form.", "Keep `rules` or `wording`."),
    "circle": ("A provision or fall-back leads back to itself.", "Break the circle."),
    "stance": ("A stance has a fall-back that it can't have.", "Only who opposes says `accepts`."),
    "repeated-stance": ("An actor takes two stances on one provision.", "Keep one."),
    # soundness
    "dead-rule": ("A rule never comes alive.", "Look at its conditions."),
    "idle-exception": ("An exception never matters.", "Look at its `unless`."),
    "idle-override": ("A rule overrides one that is never alive with it.", "Remove it."),
    "duplicate-rule": ("Two rules say the same.", "Keep one."),
    "conflict": ("Two rules demand and forbid one act.", "Let one give way: `overrides`."),
    "torn-state": ("One regime demands of a state what another forbids.", "See the case."),
    "gap": ("No rule answers a situation.", "It may be meant so."),
}


def meaning(code: str) -> tuple[str, str]:
    """What a code means, and what to do about it.

    >>> meaning("unknown-body")
    ('An unknown body.', 'Correct its spelling, or declare it.')
    """
    if code in CODES:
        return CODES[code]
    kind = code.removeprefix("unknown-").replace("-", " ")
    article = "An" if kind[0] in "aeiou" else "A"
    known = ("An unknown " + kind + ".", "Correct its spelling, or declare it.")
    return (
        known if code.startswith("unknown-") else (f"{article} {kind} that can't be.", "Mend it.")
    )
