"""The command line as a user runs it, in this process: exit code, output, messages."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from unittest import mock

from normrules.cli.app import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def run(*arguments: object, columns: int = 80, stdin: str | bytes = "") -> Ran:
    """Run `normrules ...` in a terminal of so many columns."""
    out, err = io.StringIO(), io.StringIO()
    piped = io.TextIOWrapper(
        io.BytesIO(stdin.encode() if isinstance(stdin, str) else stdin), encoding="utf-8"
    )
    with (
        mock.patch.object(sys, "argv", ["normrules", *map(str, arguments)]),
        mock.patch.object(sys, "stdin", piped),
        mock.patch.dict(os.environ, {"COLUMNS": str(columns), "NO_COLOR": "1"}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
            code = 0
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else int(stopped.code is not None)
    return Ran(code, out.getvalue(), err.getvalue())
