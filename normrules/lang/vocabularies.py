"""What a vocabulary must keep: words that it uses in itself must be declared."""

from __future__ import annotations

from collections.abc import Iterator

from normrules.core.problem import Path, Problem, did_you_mean
from normrules.core.vocabulary import ROLES, Action, Vocabulary

_BUILT_IN = ("determine", "set_deadline", "case_closed", "ratified", "left")


def check_vocabulary(vocabulary: Vocabulary) -> list[Problem]:
    """Every problem of a vocabulary that its shape does not show."""
    return [
        *_check_actions(vocabulary),
        *_check_bodies(vocabulary),
        *_check_names(vocabulary),
    ]


def _check_actions(vocabulary: Vocabulary) -> Iterator[Problem]:
    types = [*vocabulary.actions, *vocabulary.events]
    for name, action in vocabulary.actions.items():
        path: Path = ("actions", name)
        yield from _check_rung(action, vocabulary, path)
        for key in ("forbears", "broken_by"):
            other = getattr(action, key)
            if other is not None and other not in types:
                helped = did_you_mean(other, types)
                yield Problem("unknown-action", f"unknown action `{other}`", (*path, key), helped)


def _check_rung(action: Action, vocabulary: Vocabulary, path: Path) -> Iterator[Problem]:
    if action.track is None:
        if action.level is not None:
            yield Problem("ladder", "a level stands on a track: add `track`", (*path, "level"))
        return
    if action.track not in vocabulary.tracks:
        helped = did_you_mean(action.track, vocabulary.tracks)
        yield Problem("unknown-track", f"unknown track `{action.track}`", (*path, "track"), helped)
    elif action.level is not None and action.level not in vocabulary.tracks[action.track]:
        helped = did_you_mean(action.level, vocabulary.tracks[action.track])
        yield Problem("unknown-level", f"unknown level `{action.level}`", (*path, "level"), helped)


def _check_bodies(vocabulary: Vocabulary) -> Iterator[Problem]:
    for name, body in vocabulary.bodies.items():
        for index, member in enumerate(body.any_of or ()):
            path: Path = ("bodies", name, "any_of", index)
            if member not in vocabulary.bodies:
                helped = did_you_mean(member, vocabulary.bodies)
                yield Problem("unknown-body", f"unknown body `{member}`", path, helped)
            elif vocabulary.bodies[member].any_of is not None:
                yield Problem("group", f"`{member}` is a group itself: list its bodies", path)


def _check_names(vocabulary: Vocabulary) -> Iterator[Problem]:
    for name in vocabulary.events:
        if name in vocabulary.actions:
            yield Problem("repeated-name", f"`{name}` is an event and an action", ("actions", name))
    for kind in ("events", "actions"):
        for name in getattr(vocabulary, kind):
            if name in _BUILT_IN:
                yield Problem("repeated-name", f"`{name}` is built in", (kind, name), on_key=True)
    for name in vocabulary.bodies:
        if name in ROLES:
            yield Problem("repeated-name", f"`{name}` is built in", ("bodies", name), on_key=True)
