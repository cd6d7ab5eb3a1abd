"""The provisions of a regime in words, feature by feature: who, what, when, how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import get_args

from normrules.analysis.legalization import parts
from normrules.analysis.triggers import covered, exceptions, standings, triggers
from normrules.core.condition import Condition, Later, RuleState
from normrules.core.program import Clause, Program
from normrules.core.rulebook import Citation, Force, english
from normrules.core.wording import (
    VERBS,
    action_words,
    bearer_words,
    condition_words,
    deadline_words,
    decision_words,
    demand_words,
    limits_words,
    lowered,
    tests_words,
)

#: What is said, the rule or definition that says it, and where that stands.
Made = Iterator[tuple[str, str, Citation]]
#: Tracks whose measures last until they are ended.
_LASTING = ("participation", "assistance", "coercion")


# -------------------------------------------------------------------- when


def _triggers(program: Program, rules: Sequence[Clause]) -> Made:
    for trigger in triggers(program, rules):
        if not trigger.is_act:
            yield trigger.text, trigger.name, trigger.source


def _follow_ups(program: Program, rules: Sequence[Clause]) -> Made:
    for trigger in triggers(program, rules):
        if trigger.is_act:
            yield trigger.text, trigger.name, trigger.source


def _covered(attribute: str) -> Callable[[Program, Sequence[Clause]], Made]:
    """What of an attribute of opening events is covered."""

    def made(program: Program, rules: Sequence[Clause]) -> Made:
        for trigger in triggers(program, rules):
            values = covered(program, trigger, attribute)
            if values is not None:
                yield values, trigger.name, trigger.source

    return made


# -------------------------------------------------------------------- who


def _bodies(program: Program, rules: Sequence[Clause]) -> Made:
    for clause in rules:
        if clause.bearer is not None:
            yield bearer_words(clause.bearer, program.vocabulary), clause.id, clause.source


def _decisions(program: Program, rules: Sequence[Clause]) -> Made:
    for clause in rules:
        if clause.decided_by is not None:
            who = bearer_words(clause.bearer, program.vocabulary)
            yield f"{who}: {decision_words(clause.decided_by)}", clause.id, clause.source


# -------------------------------------------------------------------- what, by when


def _demands(wanted: Callable[[Clause], bool]) -> Callable[[Program, Sequence[Clause]], Made]:
    def made(program: Program, rules: Sequence[Clause]) -> Made:
        for clause in rules:
            if wanted(clause):
                yield demand(program, clause), clause.id, clause.source

    return made


def demand(program: Program, clause: Clause) -> str:
    """Who must, should or may do what, and once whose finding; without the time."""
    vocabulary = program.vocabulary
    once = f", once {condition_words(clause.upon, vocabulary)}" if clause.upon else ""
    if clause.effect is not None:
        return f"{demand_words(clause, vocabulary)}{once}"
    who = bearer_words(clause.bearer, vocabulary)
    manner = f" ({tests_words(clause.manner)})" if clause.manner else ""
    return f"{who} {VERBS[clause.modality]} {action_words(clause, vocabulary)}{manner}{once}"


def _deadlines(program: Program, rules: Sequence[Clause]) -> Made:
    for clause in rules:
        if clause.deadline is not None or clause.every is not None:
            yield f"{_act(program, clause)}: {_timed(program, clause)}", clause.id, clause.source


def _timed(program: Program, clause: Clause) -> str:
    """The time limit, and what it runs from."""
    said = [f"every {limits_words(clause.every)}"] if clause.every is not None else []
    deadline = clause.deadline
    if deadline is not None:
        said.append(deadline_words(deadline, program.vocabulary))
    runs = clause.every is not None or (deadline is not None and deadline.within is not None)
    if runs and (deadline is None or deadline.counted_from is None):
        start = condition_words(clause.when, program.vocabulary)
        once = f" and {condition_words(clause.upon, program.vocabulary)}" if clause.upon else ""
        said.append(f"from when {start}{once}")
    return ", ".join(said)


def _act(program: Program, clause: Clause) -> str:
    if clause.effect is not None:
        return lowered(program.vocabulary.title_of(clause.effect))
    return action_words(clause, program.vocabulary)


def _scope(program: Program, rules: Sequence[Clause]) -> Made:
    for clause in rules:
        scoped = [
            action
            for action in clause.actions
            if "scope" in program.vocabulary.attributes.get(action, {})
        ]
        if scoped and _lasts(program, clause):
            said = next((t.said for t in clause.manner if t.attribute == "scope"), "not said")
            yield f"{VERBS[clause.modality]}: {said}", clause.id, clause.source


# -------------------------------------------------------------------- how long


def _duration(program: Program, rules: Sequence[Clause]) -> Made:
    for clause in rules:
        if _lasts(program, clause):
            yield f"{_act(program, clause)}: {_term(program, clause)}", clause.id, clause.source


def _lasts(program: Program, clause: Clause) -> bool:
    """Whether it brings about something that lasts: a measure that has a level on its ladder."""
    if clause.forbids or clause.tracks:
        return False
    kinds = [program.vocabulary.all_actions[action] for action in clause.actions]
    measure = any(kind.track in _LASTING and kind.level is not None for kind in kinds)
    return clause.effect is not None or clause.continuing or measure


def _term(program: Program, clause: Clause) -> str:
    if clause.until is None:
        return "no term and no end named"
    limits = [part for part in parts(clause.until) if isinstance(part, Later)]
    if not limits:
        return "no term; until it is ended"
    return "; ".join(condition_words(part, program.vocabulary) for part in limits)


def _ends(program: Program, rules: Sequence[Clause]) -> Made:
    for clause in rules:
        if clause.until is not None:
            when = condition_words(clause.until, program.vocabulary)
            yield f"{_act(program, clause)}: {when}", clause.id, clause.source


def _breach(program: Program, rules: Sequence[Clause]) -> Made:
    for clause in rules:
        reparation = program.clauses.get(f"{clause.id}.otherwise")
        others = [c for c in program.clauses.values() if c is not reparation and _after(c, clause)]
        for other in [reparation, *others] if reparation is not None else others:
            said = demand_words(other, program.vocabulary)
            yield f"{lowered(clause.title)}: {said}", clause.id, other.source


def _after(clause: Clause, breached: Clause) -> bool:
    """Whether a rule hangs on the breach of another."""
    conditions: list[Condition] = [c for c in (clause.when, clause.upon) if c is not None]
    return any(RuleState("breached", breached.id) in parts(c) for c in conditions)


# -------------------------------------------------------------------- how legal


def _force(program: Program, rules: Sequence[Clause]) -> Made:
    forces = {c.id: program.laws[c.source.instrument].instrument.force for c in rules}
    strongest = min(forces.values(), key=get_args(Force).index, default=None)
    for clause in rules:
        if forces[clause.id] == strongest:
            text = program.laws[clause.source.instrument].instrument
            said = "without legal force" if strongest == "none" else strongest
            yield f"{said}: {english(text.title)}", clause.id, clause.source


#: By feature, what says it.
CELLS: Mapping[str, Callable[[Program, Sequence[Clause]], Made]] = {
    "triggers": _triggers,
    **{name: _covered(name) for name in ("perpetrator", "outcome", "ousted")},
    "standing": standings,
    "follow_ups": _follow_ups,
    "exceptions": exceptions,
    "bodies": _bodies,
    "decision_rule": _decisions,
    "deadlines": _deadlines,
    "automatic": _demands(lambda c: c.modality in ("must", "effect") and c.upon is None),
    "by_decision": _demands(lambda c: c.modality in ("must", "effect") and c.upon is not None),
    "recommended": _demands(lambda c: c.modality in ("should", "should_not")),
    "discretionary": _demands(lambda c: c.permits),
    "forbidden": _demands(lambda c: c.modality == "must_not"),
    "scope": _scope,
    "duration": _duration,
    "ends": _ends,
    "breach": _breach,
    "force": _force,
}
