"""Instruments as written to laws: when each is in force, and whom it binds."""

from __future__ import annotations

from collections.abc import Mapping

from normrules.core.problem import Path
from normrules.core.program import Law
from normrules.core.register import UNBOUNDED_END, Span, edge
from normrules.core.rulebook import Instrument, Rulebook
from normrules.core.time import DAY, NEVER, Interval
from normrules.lang.conditions import Resolver


def laws_of(book: Rulebook) -> Mapping[str, Law]:
    """The instruments of a book, each with its span and the register of those it binds."""
    return {
        name: Law(name, text, span_of(text), text.ended == "unknown", text.parties or book.members)
        for name, text in book.instruments.items()
    }


def span_of(text: Instrument) -> Span:
    """When an instrument is in force, provisional application included."""
    start = edge(text.in_force or text.adopted)
    if text.provisional is not None:
        start = min(start, edge(text.provisional))
    end = UNBOUNDED_END
    if text.ended == "unknown":
        known = edge(text.known_until).lo + DAY if text.known_until else start.lo
        end = Interval(known, NEVER)
    elif text.ended != "never":
        end = edge(text.ended)
    return Span(start, end)


def check_instrument(text: Instrument, words: Resolver, path: Path) -> None:
    """Note what is wrong with an instrument's names and dates."""
    if text.parties is not None:
        words.known("register", text.parties, words.registers, (*path, "parties"))
    if text.replaced_by is not None:
        words.known("instrument", text.replaced_by, words.instruments, (*path, "replaced_by"))
    if text.known_until is not None and text.ended != "unknown":
        message = "`known_until` goes with `ended: unknown`"
        words.complain("instrument", message, (*path, "known_until"), on_key=True)
    dated = text.ended not in ("never", "unknown")
    if dated and edge(text.ended).hi <= edge(text.in_force or text.adopted).lo:
        message = f"it ended {text.ended} before it was in force"
        words.complain("instrument", message, (*path, "ended"))
