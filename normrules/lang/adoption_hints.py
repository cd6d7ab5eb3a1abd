"""What an editor says of the keys of venues and positions."""

from __future__ import annotations

from collections.abc import Mapping

_NOTE = "What a reader should know besides."
_SOURCE = "Where that stands."

#: By model, what each of its keys is for.
ADOPTION_HINTS: Mapping[str, Mapping[str, str]] = {
    "VenuesText": {
        "venues": "The name of the file: that of the draft they are for, or any.",
        "title": "What it is called.",
        "bodies": "By name, each body that could adopt the draft.",
        "notes": "What a reader should know.",
    },
    "Venue": {
        "title": "What it is called.",
        "decides": "How it decides.",
        "size": "How many votes there are.",
        "binds": "Whom its texts can address: `states`, `staff`.",
        "force": "The legal force of what it adopts.",
        "source": _SOURCE,
        "note": _NOTE,
    },
    "Decides": {
        "rule": "Unanimity, consensus, a majority, or one who decides.",
        "at_least": "So many votes in favour, in place of `rule`.",
        "of": "Shares are of those voting, or of all members (`size`).",
        "veto": "Actors each of whom can stop it alone.",
        "by": "Who decides by `rule: executive`.",
        "heeds": "Whoever decides overrules no objection.",
    },
    "PositionsText": {
        "positions": "The name of the file: that of the draft they are on, or any.",
        "title": "What it is called.",
        "silent": "What is supposed of whoever has no recorded stance.",
        "actors": "By name, who takes positions.",
        "provisions": "By name, the parts of the draft that are adopted or not.",
        "stances": "Who thinks what of which provisions.",
        "notes": "What a reader should know.",
    },
    "Actor": {
        "title": "What it is called.",
        "votes": "How many votes it has: a number, or from how many to how many.",
        "sits_in": "The venues in which it has a say.",
        "source": _SOURCE,
        "note": _NOTE,
    },
    "Provision": {
        "title": "What it provides.",
        "rules": "Its rules, by their ids in the draft.",
        "wording": "Its rules, if they do not stand in the draft.",
        "asks": "Whom it addresses: `staff` or `states`.",
        "requires": "Provisions without which it makes no sense.",
        "weaker": "Its fall-backs, the strongest first.",
        "note": _NOTE,
    },
    "Weaker": {
        "id": "Its name.",
        "title": "What it provides.",
        "wording": "Its rules.",
    },
    "Stance": {
        "actor": "Who.",
        "on": "Which provisions, or `all`.",
        "stance": "Supports, accepts or opposes them.",
        "accepts": "The strongest fall-back that who opposes would accept.",
        "in": "Only in these venues.",
        "if": "Accepted only if these provisions are in the text.",
        "source": _SOURCE,
        "note": _NOTE,
    },
}
