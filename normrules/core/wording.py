"""Conditions, demands and sources in plain English, with the vocabulary's own titles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, tzinfo

from normrules.core.condition import (
    AllOf,
    Always,
    AnyOf,
    Bearer,
    Condition,
    Counted,
    Deadline,
    EventPattern,
    FactHolds,
    Found,
    Later,
    Occurs,
    RuleState,
    Standing,
    StateIs,
    Test,
)
from normrules.core.event import Event
from normrules.core.program import Clause, Program
from normrules.core.rulebook import Citation, Decision, english
from normrules.core.time import TimeLimit, describe
from normrules.core.vocabulary import Vocabulary

#: A modality as it is read out.
VERBS = {
    "must": "must",
    "should": "should",
    "may": "may",
    "must_not": "must not",
    "should_not": "should not",
    "discretion": "has discretion to",
    "effect": "takes effect:",
}


def plain(word: str) -> str:
    """A word of the vocabulary in plain letters.

    >>> plain("not_triggered")
    'not triggered'
    """
    return word.replace("_", " ")


def lowered(title: str) -> str:
    """A title inside a sentence: its first letter small, unless it is a name.

    >>> lowered("Condemn publicly"), lowered("OAS council")
    ('condemn publicly', 'OAS council')
    """
    second_small = len(title) > 1 and (title[1].islower() or title[1] == " ")
    return title[:1].lower() + title[1:] if second_small else title


def condition_words(condition: Condition, vocabulary: Vocabulary) -> str:
    """Say a condition."""
    match condition:
        case Always():
            return "in every case"
        case Occurs(pattern=pattern):
            return pattern_words(pattern, vocabulary)
        case Found(fact=fact, said=said):
            return f"{bodies_words(said, vocabulary)} finds: {fact_words(fact, vocabulary)}"
        case FactHolds(fact=fact, under=under):
            where = f" under {under}" if under else ""
            return f"{fact_words(fact, vocabulary)}{where}"
        case AllOf(parts=parts, barring=barring):
            said = " and ".join(_bracketed(part, vocabulary) for part in parts)
            kept = "".join(f", but not if {_bracketed(part, vocabulary)}" for part in barring)
            return said + kept
        case AnyOf(parts=parts):
            return " or ".join(_bracketed(part, vocabulary) for part in parts)
        case Later(part=part, limit=limit, rounding=rounding):
            rounded = {
                "month_start": ", on the first of that month",
                "next_month": ", on the first of the next month",
            }
            start = _bracketed(part, vocabulary)
            return f"{limits_words(limit)} after {start}{rounded.get(rounding or '', '')}"
        case Counted(pattern=pattern, distinct=distinct, n=n):
            kinds = f" with different {plain(distinct)}" if distinct else ""
            return f"at least {n} times: {pattern_words(pattern, vocabulary)}{kinds}"
        case RuleState(state=state, rule=rule):
            return f"the rule {rule} is {state}"
        case Standing(register=register, relation=relation):
            return f"the state is a {relation} ({register})"
        case StateIs(test=test):
            return f"{plain(test.attribute)} of the state: {test.said}"


def fact_words(fact: str, vocabulary: Vocabulary) -> str:
    """Say a fact, inside a sentence: "it counts as ...", "a military coup"."""
    title = lowered(vocabulary.title_of(fact))
    return f"it {title}" if title.startswith("counts as ") else title


def _bracketed(condition: Condition, vocabulary: Vocabulary) -> str:
    words = condition_words(condition, vocabulary)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) else words


def pattern_words(pattern: EventPattern, vocabulary: Vocabulary) -> str:
    """Say which events match.

    The bearer comes first: "Peace and Security Council: suspend a state (scope: ...)".
    """
    titles = " or ".join(lowered(vocabulary.title_of(name)) for name in pattern.types)
    by = next((test for test in pattern.tests if test.attribute == "by"), None)
    rest = [test for test in pattern.tests if test.attribute != "by"]
    said = f"{titles} ({tests_words(rest)})" if rest else titles
    return f"{bodies_words(by.said, vocabulary)}: {said}" if by is not None and by.said else said


def event_words(
    event: Event, vocabulary: Vocabulary, zone: tzinfo = UTC, *, timed: bool = True
) -> str:
    """Name one event by what it is, whose it is, when it was (if `timed`), and its id."""
    by = " or ".join(vocabulary.title_of(name) for name in sorted(event.by))
    who = f" by {by}" if by else ""
    when = f", {describe(event.time, zone)}" if timed else ""
    return f"{plain(event.type)}{who}{when} (event {event.id})"


def tests_words(tests: Iterable[Test]) -> str:
    """Say what attributes must be."""
    return "; ".join(f"{plain(test.attribute)}: {test.said}" for test in tests)


def bodies_words(said: str, vocabulary: Vocabulary) -> str:
    """Say the bodies that a pattern names, joined by "or"."""
    names = said.split(" or ")
    return " or ".join(vocabulary.title_of(name.replace(" ", "_")) for name in names)


def bearer_words(bearer: Bearer | None, vocabulary: Vocabulary) -> str:
    """Say who bears a demand."""
    if bearer is None:
        return ""
    if bearer.kind == "each":
        others = " other than the state concerned" if bearer.except_concerned else ""
        return f"each party in {bearer.names[0]}{others}"
    joined = " and " if bearer.kind == "jointly" else " or "
    return joined.join(vocabulary.title_of(name) for name in bearer.names)


def limits_words(limit: tuple[TimeLimit, TimeLimit]) -> str:
    """Say a time limit, with both ends if it is vague."""
    lo, hi = limit
    return hi.words() if lo == hi else f"{lo.words()} to {hi.words()}"


def demand_words(clause: Clause, vocabulary: Vocabulary) -> str:
    """Say what is demanded, of whom, how, by when."""
    if clause.effect is not None:
        return f"this takes effect: {lowered(vocabulary.title_of(clause.effect))}"
    who = bearer_words(clause.bearer, vocabulary)
    manner = f" ({tests_words(clause.manner)})" if clause.manner else ""
    by_when = deadline_words(clause.deadline, vocabulary) if clause.deadline else ""
    when = f", {by_when}" if by_when else ""
    every = f", every {limits_words(clause.every)}" if clause.every else ""
    return f"{who} {VERBS[clause.modality]} {action_words(clause, vocabulary)}{manner}{when}{every}"


def deadline_words(deadline: Deadline, vocabulary: Vocabulary) -> str:
    """Say by when: the time limit and where it starts, the last day, what must not come first."""
    said = deadline.said
    if said and deadline.counted_from is not None:
        said += f" counted from when {condition_words(deadline.counted_from, vocabulary)}"
    last = f"no later than {describe(deadline.no_later_than)}" if deadline.no_later_than else ""
    before = f"before {condition_words(deadline.before, vocabulary)}" if deadline.before else ""
    return ", ".join(part for part in (said, last, before) if part)


def action_words(clause: Clause, vocabulary: Vocabulary) -> str:
    """Say the action, or the range of a discretion."""
    if clause.effect is not None:
        return vocabulary.title_of(clause.effect)
    if clause.tracks:
        return f"choose among measures of {', '.join(clause.tracks)}"
    return " or ".join(lowered(vocabulary.title_of(action)) for action in clause.actions)


def decision_words(decision: Decision) -> str:
    """Say how a body decides.

    >>> decision_words(Decision(at_least=9, of="members", veto="permanent_five"))
    'at least 9 of the members; veto: permanent five'
    """
    if decision.rule is not None:
        said: str = decision.rule
        if decision.rule == "majority":
            said += _of(decision)
    elif decision.share is not None:
        said = f"{decision.share}{_of(decision)}"
    else:
        said = f"at least {decision.at_least}{_of(decision)}"
    if decision.without:
        said += " without the state concerned"
    if decision.veto:
        said += f"; veto: {plain(decision.veto)}"
    if decision.quorum:
        said += f"; quorum {decision.quorum}"
    return said + (f"; else {decision_words(decision.else_)}" if decision.else_ else "")


def _of(decision: Decision) -> str:
    return {
        "members": " of the members",
        "voting": " of the votes",
        "present": " of those present",
    }[decision.of]


def source_words(source: Citation, program: Program) -> str:
    """Say where a rule stands, and how that is known."""
    instrument = program.laws[source.instrument].instrument
    via = f", via {source.via}" if source.via else ""
    return f"{english(instrument.title)}, {source.at} ({source.basis}{via})"


def short_source(source: Citation) -> str:
    """The instrument's short name, the pinpoint and the basis."""
    return f"{source.instrument} {source.at} ({source.basis})"
