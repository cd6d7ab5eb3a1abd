"""A page of `normrules evaluate` as a picture (SVG), as a terminal shows it.

`python -m normrules.show.pictures niger-2023 -r african-union -o niger.svg`
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from normrules.analysis.readings import with_readings
from normrules.core.evaluation import Evaluation
from normrules.core.problem import NormrulesError
from normrules.engine.agreement import evaluate_with
from normrules.engine.caselaw import NO_ASSUMPTIONS
from normrules.lang.library import load_program
from normrules.lang.streams import load_many
from normrules.show.text import evaluation_text

#: How wide the terminal in the picture is, in columns.
WIDTH = 100


def picture(evaluations: Sequence[Evaluation], command: str, lines: int) -> str:
    """The first lines of some evaluations as SVG, under the command that prints them.

    Equal answers give equal pictures.
    """
    console = Console(width=WIDTH, record=True, file=io.StringIO(), legacy_windows=False)
    pages = [evaluation_text(answer, WIDTH, colour=True) for answer in evaluations]
    shown = "\n\n".join(pages).splitlines()[:lines]
    console.print(Text.from_ansi("\n".join([f"$ {command}", *shown])))
    drawn = console.export_svg(title="normrules")
    # The picture fetches nothing: a reader's own monospaced font will do.
    bare = re.sub(r"\s*@font-face \{.*?\}\n|<!--.*?-->", "\n", drawn, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in bare.splitlines() if line.strip()) + "\n"


def of_scenario(scenario: str, books: Sequence[str], lines: int) -> str:
    """The picture of a scenario against rulebooks, cut to some lines. Raises NormrulesError."""
    programs = [load_program(book) for book in books]
    answers = [
        with_readings(evaluate_with(case, programs), NO_ASSUMPTIONS)
        for case in load_many([scenario])
    ]
    named = " ".join(f"-r {book}" for book in books)
    return picture(answers, f"normrules evaluate {scenario} {named} | head -n {lines}", lines)


def main(arguments: Sequence[str]) -> int:
    """Write the picture asked for. Gives 0, or 2 if that could not be done."""
    parser = argparse.ArgumentParser(prog="python -m normrules.show.pictures")
    parser.add_argument("scenario", help="a scenario file, or a coup by name")
    parser.add_argument("-r", "--rulebook", action="append", required=True, help="repeats")
    parser.add_argument("-n", "--lines", type=int, default=50, help="how many lines (50)")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the SVG to write")
    asked = parser.parse_args(arguments)
    try:
        drawn = of_scenario(asked.scenario, asked.rulebook, asked.lines)
        asked.output.write_text(drawn, encoding="utf-8", newline="\n")
    except (NormrulesError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
