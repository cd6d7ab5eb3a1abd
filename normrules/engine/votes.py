"""Whether a recorded vote carries a decision."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Literal

from normrules.core.event import Event, Votes
from normrules.core.rulebook import Decision

Verdict = Literal["valid", "failed", "undecided", "presumed"]


def verdict(decision: Decision, event: Event, members: int | None) -> Verdict:
    """Whether an act's votes satisfy a decision rule.

    Without recorded votes an act is presumed valid; votes that do not decide are undecided.
    `members` is how many members the body's organisation had that day, if known.
    """
    if not event.votes.recorded:
        return "presumed"
    answer = carries(decision, event.votes, members)
    if answer is None:
        return "undecided"
    return "valid" if answer else "failed"


def carries(decision: Decision, votes: Votes, members: int | None) -> bool | None:
    """Whether votes carry; None where what is recorded does not say.

    >>> nine = Decision(at_least=9, veto="permanent_five")
    >>> carries(nine, Votes(in_favour=12, against=1, vetoes=("RUS",)), 15)
    False
    >>> carries(nine, Votes(in_favour=12, against=3), 15)
    True
    """
    whole = None if members is None else members - (decision.without is not None)
    answers = [_counts(decision, votes, whole), _quorate(decision, votes, whole)]
    if decision.veto is not None and votes.vetoes:
        answers.append(False)
    answer = _all(answers)
    if answer is not True and decision.else_ is not None:
        fallback = carries(decision.else_, votes, members)
        return fallback if answer is False or fallback is True else None
    return answer


def _all(answers: list[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _counts(decision: Decision, votes: Votes, members: int | None) -> bool | None:
    if decision.rule == "executive":
        return True
    if decision.rule in ("consensus", "unanimity"):
        return _without_dissent(decision, votes)
    if votes.in_favour is None:
        return None
    if decision.at_least is not None:
        return votes.in_favour >= decision.at_least
    total = _denominator(decision, votes, members)
    if total is None:
        return None
    if decision.rule == "majority":
        return votes.in_favour * 2 > total
    assert decision.share is not None
    return votes.in_favour >= math.ceil(decision.share * total)


def _without_dissent(decision: Decision, votes: Votes) -> bool | None:
    silent = [votes.against]
    if decision.rule == "unanimity":
        silent.append(votes.abstaining)
    return _all([None if number is None else number == 0 for number in silent])


def _denominator(decision: Decision, votes: Votes, members: int | None) -> int | None:
    if decision.of == "members":
        return members
    if decision.of == "present":
        return votes.present
    if votes.in_favour is None or votes.against is None:
        return None
    return votes.in_favour + votes.against


def _quorate(decision: Decision, votes: Votes, members: int | None) -> bool | None:
    quorum = decision.quorum
    if quorum is None or votes.present is None:
        return True
    if isinstance(quorum, Fraction):
        return None if members is None else votes.present >= math.ceil(quorum * members)
    return votes.present >= quorum
