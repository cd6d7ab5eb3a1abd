"""An evaluation in the terminal: tables that fit 80 columns and use more."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, tzinfo

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from normrules.analysis.commitment import CommonDenominator, denominator
from normrules.core.evaluation import Evaluation, Position, RegimeAnswer
from normrules.core.event import Event
from normrules.core.program import Program
from normrules.core.rulebook import english
from normrules.core.time import NEVER, Interval, describe
from normrules.core.wording import VERBS, action_words, bearer_words, lowered, plain, tests_words
from normrules.show.trace import trace_table

#: Colours of statuses: what is wrong, what is still open, what is done.
STYLES = {
    "breached": "bold red",
    "fulfilled_late": "yellow",
    "pending": "bold yellow",
    "outstanding": "bold yellow",
    "undetermined": "magenta",
    "fulfilled": "green",
    "observed": "green",
    "standing": "green",
    "exercised": "green",
    "open": "cyan",
    "in_effect": "cyan",
    "awaiting": "blue",
}
_HIDDEN = ("not_triggered", "not_in_force", "not_bound")


def render(renderable: RenderableType, width: int, *, colour: bool = False) -> str:
    """Anything of rich as text, trailing blanks removed."""
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        legacy_windows=False,
    )
    console.print(renderable)
    file = console.file
    assert isinstance(file, io.StringIO)
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip().split("\n"))


def evaluation_text(
    evaluation: Evaluation, width: int = 80, *, colour: bool = False, everything: bool = False
) -> str:
    """One evaluation: a table for each regime, and the lowest common denominator."""
    parts: list[RenderableType] = [*_header(evaluation)]
    for regime in evaluation.regimes:
        parts += ["", *_regime(regime, everything=everything)]
        if regime.firings:
            parts += ["", Text("How the events fired the rules", style="bold")]
            parts.append(trace_table(regime.firings, evaluation.case.zone))
    shared = Text.assemble(("\n", ""), *_denominator(denominator(evaluation.regimes), evaluation))
    return render(Group(*parts, shared), width, colour=colour)


def _header(evaluation: Evaluation) -> Iterator[RenderableType]:
    case = evaluation.case
    opening = case.opening
    place = f", {case.country}" if case.country else ""
    yield Text.assemble((case.title, "bold"), f"  ({case.id}{place})")
    said = _event_words(opening, case.zone)
    at = describe(Interval(evaluation.at, evaluation.at), case.zone)
    zone = "" if case.zone is UTC else f" (days of {case.zone})"
    yield Text(f"{said}; as known at {at}{zone}")
    for assumed in evaluation.assumed:
        yield Text(f"Supposed: {assumed}", style="bold magenta")
    checked = evaluation.checked_twice
    total = sum(len(regime.positions) for regime in evaluation.regimes)
    twice = f"; {checked} of {total} positions checked twice" if "+" in evaluation.engine else ""
    yield Text(f"Engine: {evaluation.engine}{twice}", style="dim")
    for note in evaluation.notes:
        yield Text(note, style="dim")


def _event_words(event: Event, zone: tzinfo) -> str:
    attributes = ", ".join(
        f"{plain(name)} {plain(str(value))}"
        for name, value in event.raw.items()
        if name in ("outcome", "perpetrator", "ousted")
    )
    said = f"{plain(event.type).capitalize()} {describe(event.time, zone)}"
    return f"{said} ({attributes})" if attributes else said


def _regime(regime: RegimeAnswer, *, everything: bool) -> Iterator[RenderableType]:
    program = regime.program
    yield Text.assemble((english(program.rulebook.title), "bold"), (f"  {program.name}", "dim"))
    shown = [p for p in regime.positions if everything or p.status not in _HIDDEN]
    if not program.clauses:
        yield Text("This regime has no rule on the matter.", style="italic")
    if shown:
        yield _table(shown, program)
    if not everything:
        yield from _unlisted(regime)


def _table(positions: Sequence[Position], program: Program) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    table.add_column("Status", width=14, no_wrap=True)
    table.add_column("Who, what", ratio=5)
    table.add_column("Times", ratio=3)
    table.add_column("Source", ratio=3, overflow="fold")
    for position in positions:
        table.add_row(
            Text(plain(position.status), style=STYLES.get(position.status, "")),
            _demand(position, program),
            _times(position),
            _source(position),
        )
    return table


def _demand(position: Position, program: Program) -> Text:
    clause, vocabulary = position.clause, program.vocabulary
    text = Text()
    if clause.effect is None:
        name = position.bearer or ""
        bearer = name if position.key != clause.id else bearer_words(clause.bearer, vocabulary)
        text.append(f"{bearer} ")
        text.append(VERBS[clause.modality], style="bold")
        text.append(f" {action_words(clause, vocabulary)}")
        if clause.manner:
            text.append(f" ({tests_words(clause.manner)})")
    else:
        text.append("takes effect: ", style="bold")
        text.append(lowered(vocabulary.title_of(clause.effect)))
    text.append(f"  {position.key}", style="dim")
    for line in remarks(position, program):
        text.append(f"\n{line}", style="italic")
    return text


def remarks(position: Position, program: Program) -> Iterator[str]:
    """What stands beside a position: what is open, awaited, done, attempted, refused."""
    if position.status == "undetermined":
        yield "may be: " + ", ".join(plain(status) for status in position.possible)
    if position.needs:
        yield (
            "needs: " + "; ".join(position.needs[:4]) + ("; ..." if len(position.needs) > 4 else "")
        )
    for awaited in position.awaits:
        yield f"awaits: {awaited}"
    if position.defeated_by:
        yield "defeated by: " + "; ".join(position.defeated_by)
    if position.clause.permits and len(position.acts) > 0:
        yield "done so far: " + "; ".join(
            _act_words(act, position.zone, program) for act in position.acts
        )
    if position.attempts:
        yield "attempted: " + "; ".join(
            _act_words(act, position.zone, program) for act in position.attempts
        )
    if position.refusals:
        yield "refused: " + "; ".join(
            _act_words(act, position.zone, program) for act in position.refusals
        )
    yield from position.notes
    for reading in position.differs_under:
        yield f"differs under the reading {reading}"


def _act_words(act: Event, zone: tzinfo, program: Program) -> str:
    return f"{lowered(program.vocabulary.title_of(act.type))} ({describe(act.time, zone)})"


def _times(position: Position) -> Text:
    said = [
        (label, value)
        for label, value in (
            ("from", position.triggered),
            ("due", position.due),
            ("broken" if position.clause.forbids else "done", position.done),
            ("ended", position.ended),
        )
        if value.lo < NEVER and not _merely_possible(label, value)
    ]
    return Text("\n".join(f"{label} {describe(value, position.zone)}" for label, value in said))


def _merely_possible(label: str, value: Interval) -> bool:
    """Whether a time only says that records have gaps: the status says so already."""
    return label in ("done", "broken", "ended") and value.hi >= NEVER


def _source(position: Position) -> Text:
    source = position.clause.source
    return Text.assemble(f"{source.instrument} {source.at}", (f"\n{source.basis}", "dim"))


def _unlisted(regime: RegimeAnswer) -> Iterator[RenderableType]:
    for status in _HIDDEN:
        names = [p.key for p in regime.positions if p.status == status]
        if names:
            said = f"{plain(status).capitalize()}: {len(names)} of {len(regime.positions)} rules"
            yield Padding(Text(said, style="dim"), (0, 0, 0, 0))


def _denominator(found: CommonDenominator, evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """The last line: what all regimes share, in one paragraph."""
    yield ("Lowest common denominator", "bold")
    if not found.regimes:
        yield (": no regime here binds the state.", "")
        return
    if len(found.regimes) == 1 and len(evaluation.regimes) == 1:
        yield (f" of one regime, {found.regimes[0]}: all that it says above.", "")
        return
    vocabulary = evaluation.regimes[0].program.vocabulary
    yield (f" of {', '.join(found.regimes)}: ", "")
    firm = [s for s in found.shared if s.commitment != "none"]
    said = [
        f"{VERBS.get(s.commitment, s.commitment)} {lowered(vocabulary.title_of(s.action))}"
        + (f" (without {', '.join(s.left_out)})" if s.left_out else "")
        for s in firm
    ]
    yield ("; ".join(said) if said else "nothing; no commitment is shared by all", "")
    open_ = [s for s in found.shared if s.undetermined]
    if open_:
        named = [f"{plain(s.action)} ({', '.join(s.undetermined)})" for s in open_]
        yield (f". Undetermined: {'; '.join(named)}", "")
    if found.not_bound:
        yield (f". Left out, not bound: {', '.join(found.not_bound)}", "")
    if found.without_rules:
        yield (f". Left out, without a rule: {', '.join(found.without_rules)}", "")
    yield (".", "")


def table_text(
    columns: Iterable[tuple[str, int]], rows: Iterable[Sequence[str]], width: int, *, colour: bool
) -> str:
    """A plain table; of each column its title and its share of the width."""
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    for title, ratio in columns:
        table.add_column(title, ratio=ratio)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return render(table, width, colour=colour)
