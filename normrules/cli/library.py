"""Placeholder while it is written."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
