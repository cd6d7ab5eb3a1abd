"""What tests expect of positions: statuses, times, levels and words, against a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from pydantic import Field

from normrules.core.demand import Modality
from normrules.core.evaluation import STATUSES, Status
from normrules.core.problem import Path as Place
from normrules.core.problem import Problem, did_you_mean
from normrules.core.program import Clause, Program
from normrules.core.time import NOT_EVER, Interval, read_time
from normrules.core.vocabulary import Vocabulary
from normrules.core.written import Word, Written
from normrules.lang.loader import load
from normrules.lang.reader import Source

TimeField = Literal["triggered", "due", "done", "ended", "breach"]
TIME_FIELDS: tuple[TimeField, ...] = get_args(TimeField)
WordField = Literal["awaits", "defeated_by", "needs"]
WORD_FIELDS: tuple[WordField, ...] = get_args(WordField)


#: Written for a position that there is none of.
ABSENT = "none"


class ExpectedText(Written):
    """What is expected of one position: its status, and what else matters."""

    status: str | None = None
    modality: Modality | None = None
    possible: tuple[str, ...] | None = None
    triggered: Word | None = None
    due: Word | None = None
    done: Word | None = None
    ended: Word | None = None
    breach: Word | None = None
    level: str | None = Field(default=None, description="the highest rung reached by its acts")
    awaits: str | None = Field(default=None, description="words that stand in what it awaits")
    defeated_by: str | None = Field(default=None, description="words that stand in the defeater")
    needs: str | None = Field(default=None, description="words that stand in what would settle it")


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one position. Times are intervals that must hold what came.

    `absent`: there is no such position, as of a body that the rule does not bear on.
    """

    rule: str
    status: Status | None = None
    modality: Modality | None = None
    absent: bool = False
    possible: tuple[str, ...] | None = None
    times: Mapping[TimeField, Interval] = field(default_factory=dict)
    level: str | None = None
    words: Mapping[WordField, str] = field(default_factory=dict)


_ANY: tuple[Status, ...] = (
    "not_triggered",
    "awaiting",
    "defeated",
    "not_in_force",
    "not_bound",
    "undetermined",
)


def statuses_of(clause: Clause) -> tuple[Status, ...]:
    """The statuses that a rule can have, by its modality. Section 5 of the language."""
    if clause.effect is not None:
        return ("in_effect", "ended", *_ANY)
    if clause.permits:
        return ("exercised", "expired", "open", *_ANY)
    if clause.forbids:
        return ("breached", "ended", "observed", *_ANY)
    if clause.continuing or clause.every is not None:
        return ("breached", "ended", "standing", *_ANY)
    waiting: Status = "outstanding" if clause.deadline is None else "pending"
    met: tuple[Status, ...] = ("fulfilled", "lapsed", waiting)
    return (*met, *(("breached", "fulfilled_late") if clause.deadline else ()), *_ANY)


class Expectations:
    """Reads what is expected of the rules of a program, noting what is wrong with it."""

    def __init__(self, source: Source, place: Place) -> None:
        self.source, self.place = source, place
        self.problems: list[Problem] = []

    def complain(self, code: str, message: str, path: Place, help: str | None = None) -> None:
        """Note an error at a place below the test's."""
        on_key = code == "unknown-rule"
        problem = Problem(code, message, (*self.place, *path), help, on_key=on_key)
        self.problems.append(self.source.placed(problem))

    def read(self, written: Any, path: Place) -> str | ExpectedText | None:
        """What is written of one rule; None and its problems if it can't be understood."""
        if isinstance(written, str):
            return written
        here = (*self.place, *path)
        part = self.source.part(here, written)
        text, problems = load(ExpectedText, part)
        self.problems += [replace(p, path=(*here, *p.path)) for p in problems]
        return text

    def expected(
        self, written: Mapping[str, str | ExpectedText], program: Program, path: Place
    ) -> tuple[Expected, ...]:
        """What is expected of each rule that is named."""
        found = []
        for rule, said in written.items():
            clause = program.clauses.get(rule.partition("[")[0])
            if clause is None:
                helped = did_you_mean(rule, program.clauses)
                self.complain("unknown-rule", f"unknown rule `{rule}`", (*path, rule), helped)
            elif said == ABSENT:
                found.append(Expected(rule, absent=True))
            elif isinstance(said, str):
                status = self._status(said, clause, (*path, rule))
                found.append(Expected(rule, status))
            else:
                found.append(self._one(rule, said, clause, program.vocabulary, (*path, rule)))
        return tuple(found)

    def _one(
        self, rule: str, text: ExpectedText, clause: Clause, vocabulary: Vocabulary, path: Place
    ) -> Expected:
        if not text.model_fields_set:
            helped = "give its status, or more of it"
            self.complain("expect", f"this expects nothing of `{rule}`", path, helped)
        status = self._status(text.status, clause, (*path, "status")) if text.status else None
        for index, possible in enumerate(text.possible or ()):
            self._status(possible, clause, (*path, "possible", index))
        times: dict[TimeField, Interval] = {}
        for name in TIME_FIELDS:
            said = getattr(text, name)
            when = self.time(said, (*path, name)) if said is not None else None
            if when is not None:
                times[name] = when
        if text.level is not None:
            self._check_level(text.level, vocabulary, (*path, "level"))
        words = {key: getattr(text, key) for key in WORD_FIELDS if getattr(text, key) is not None}
        return Expected(
            rule, status, text.modality, possible=text.possible, times=times,
            level=text.level, words=words,
        )  # fmt: skip

    def _status(self, status: str, clause: Clause, path: Place) -> Status | None:
        if status not in STATUSES:
            helped = did_you_mean(status, STATUSES)
            self.complain("unknown-status", f"unknown status `{status}`", path, helped)
            return None
        if status not in statuses_of(clause):
            helped = "of this one: " + ", ".join(statuses_of(clause))
            message = f"a rule that says `{clause.modality}` is never `{status}`"
            self.complain("impossible-status", message, path, helped)
        return next(known for known in STATUSES if known == status)

    def _check_level(self, level: str, vocabulary: Vocabulary, path: Place) -> None:
        known = {rung for rungs in vocabulary.tracks.values() for rung in rungs} | {ABSENT}
        if level not in known:
            helped = did_you_mean(level, known)
            self.complain("unknown-level", f"unknown level `{level}`", path, helped)

    def time(self, text: str, path: Place) -> Interval | None:
        """A time as written, `never` included; None and a problem if it is none."""
        if text == "never":
            return NOT_EVER
        try:
            return read_time(text)
        except ValueError as error:
            self.complain("time", str(error), path)
            return None
