"""What an editor says of the keys of records: scenarios, tests, registers, the history."""

from __future__ import annotations

from collections.abc import Mapping

_NOTE = "What a reader should know besides."
_LICENCE = "The licence of this file, as SPDX writes it."
_DATE = "A date: YYYY-MM-DD, YYYY-MM or YYYY."
_POSITION_TIME = "a time in which it must lie, or `never`."
_SCENARIO = {
    "kind": "Historical: records may have gaps. Hypothetical: all that happened is listed.",
    "complete": "Event types of which everything up to `at` is listed (of some bodies, with "
    "`{type, by}`): a list, or `all`.",
    "country": "The state concerned: ISO 3166 alpha-3.",
    "zone": "The IANA time zone in which dates are read; without it UTC.",
    "state": "Attributes of the state concerned on the day.",
    "at": "The horizon: facts until then. A date means its end.",
}

#: By model, what each of its keys is for.
RECORD_HINTS: Mapping[str, Mapping[str, str]] = {
    "ScenarioText": {
        "scenario": "The name of the scenario, and of its first case.",
        "title": "What it is called.",
        "vocabulary": "A shipped vocabulary, or a path relative to this file.",
        **_SCENARIO,
        "notes": "What a reader should know.",
        "events": "What happened: one opening event or more, and all that followed.",
        "expect": "By rulebook, the statuses that its rules should have.",
    },
    "CompleteOf": {
        "type": "The type of event.",
        "by": "The bodies whose events of this type are all listed.",
    },
    "CasesText": {
        "cases": "The rulebook beside this file, or NAME@DATE.",
        "notes": "What a reader should know.",
        "tests": "Each with what is given and what is expected.",
    },
    "TestText": {
        "note": "What the test shows; unique in the file.",
        "scenario": "A scenario file or name, in place of `given`.",
        "case": "Which case of the scenario, if it holds several.",
        **_SCENARIO,
        "law": f"What the law of this day would have said. {_DATE}",
        "assume_bound": "Suppose that the regime binds the state.",
        "readings": "The readings to take: question and option.",
        "given": "The events, as in a scenario.",
        "expect": "By rule, the status that it should have, or more of its position.",
        "problem": "The code of the problem that reading this should give.",
    },
    "ExpectedText": {
        "status": "The status that the position should have.",
        "modality": "How strong the rule is: `must`, `should`, `may` and so on.",
        "possible": "Of an undetermined position: the statuses that are possible.",
        "triggered": f"When it was triggered: {_POSITION_TIME}",
        "due": f"When it is due: {_POSITION_TIME}",
        "done": f"When it was done: {_POSITION_TIME}",
        "ended": f"When it ended: {_POSITION_TIME}",
        "breach": f"When it was breached: {_POSITION_TIME}",
        "level": "The highest rung that its acts reached.",
        "awaits": "Words that stand in what it awaits.",
        "defeated_by": "Words that stand in what defeats it.",
        "needs": "Words that stand in what would settle it.",
    },
    "RegisterText": {
        "register": "The name of the register: that of the CSV file beside this one.",
        "title": "Whom it lists.",
        "complete": "The span over which a state without a row did not belong.",
        "licence": _LICENCE,
        "sources": "Where the rows come from.",
        "notes": "What a reader should know.",
    },
    "_Complete": {
        "from": f"The first day of the span. {_DATE}",
        "to": f"Its last day; without it the span is open. {_DATE}",
    },
    "TableText": {
        "history": "The table that this is about: `coups.csv` or `responses.csv` beside it.",
        "title": "What the table holds.",
        "vocabulary": "The vocabulary of its events.",
        "until": f"The day until which the table was gathered. {_DATE}",
        "licence": _LICENCE,
        "sources": "Where the rows come from.",
        "notes": "What a reader should know.",
    },
    "CompletenessText": {
        "history": "Always `completeness`.",
        "title": "What the file says.",
        "licence": _LICENCE,
        "notes": "What a reader should know.",
        "complete": "By case, the types of event that are recorded completely.",
        "silences": "By case, what a body is known not to have done.",
    },
    "CompleteText": {
        "case": "The coup, by its id in `coups.csv`.",
        "types": "The types of event of which every one is recorded, by whatever body.",
        "basis": "How this is known: official, a secondary source, or memory.",
        "source": "Where it stands.",
    },
    "SilenceText": {
        "case": "The coup, by its id in `coups.csv`.",
        "by": "The body that kept silent.",
        "no": "The actions that it is known not to have taken.",
        "forms": "Only in these forms; without it, in any.",
        "basis": "How this is known: official, a secondary source, or memory.",
        "source": "Where it stands.",
        "note": _NOTE,
    },
}

#: The keys that every event may have.
EVENT_HINTS: Mapping[str, str] = {
    "id": "A name for it, to be followed by others; default: its number.",
    "type": "An event or action of the vocabulary.",
    "time": "An instant with offset, or a date, month or year.",
    "case": "The case, or cases, that it belongs to; default: the open case of its country.",
    "country": "The state concerned, if it is another than the scenario's.",
    "by": "The body that acts, or several.",
    "under": "The instruments on which the act rests; without it, all that fit.",
    "for": "Votes for it.",
    "against": "Votes against it.",
    "abstain": "Abstentions.",
    "present": "Members present.",
    "vetoes": "Members that cast a veto.",
    "follows": "Events that it is not before, by id.",
    "source": "Where it is recorded.",
    "note": _NOTE,
}
