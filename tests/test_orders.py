"""The order of commitments as a file of the user's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from toy import program_of
from toy_books import book
from typer.testing import CliRunner

from normrules.analysis.comparison import compare
from normrules.analysis.orders import read_order
from normrules.analysis.scale import Scale
from normrules.cli.app import app
from normrules.core.problem import NormrulesError

RUN = CliRunner()
SEIZED = {"event": "seizure"}
TURNED = """\
order: a choice among measures counts for more than one permission
commanding: [none, may, discretion, should_upon, should, must_upon, must]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "order.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_verdict_follows_the_order(tmp_path):
    free = program_of(
        book({"when": SEIZED, "then": {"discretion": ["speak"], "by": "council"}}, rulebook="free")
    )
    named = program_of(
        book({"when": SEIZED, "then": {"may": "speak", "by": "council"}}, rulebook="named")
    )
    (by_default,) = compare([free, named]).pairs
    (turned,) = compare([free, named], scale=read_order(written(tmp_path, TURNED))).pairs
    assert by_default.verdict == "less strict"
    assert turned.verdict == "at least as strict"
    assert by_default.hangs_on_order


def test_a_ladder_that_is_left_out_stays(tmp_path):
    assert read_order(written(tmp_path, "order: as it is\n")) == Scale()


def test_the_command_says_the_order(tmp_path):
    path = written(tmp_path, TURNED)
    said = RUN.invoke(app, ["diff", "sica", "saarc", "--order", str(path), "-f", "json"])
    assert json.loads(said.output)["order"][:3] == ["none", "may", "discretion"]


@pytest.mark.parametrize(
    ("ladder", "complaint"),
    [
        ("[none, may, mai]", "`mai` is no commitment"),
        ("[none, may, may, discretion, should_upon, should, must_upon, must]", "stands twice"),
        ("[none, may]", "discretion, should_upon, should, must_upon, must is missing"),
        ("[may, none, discretion, should_upon, should, must_upon, must]", "write it first"),
    ],
)
def test_what_is_no_order_is_said_with_its_place(tmp_path, ladder, complaint):
    with pytest.raises(NormrulesError) as caught:
        read_order(written(tmp_path, f"order: x\ncommanding: {ladder}\n"))
    assert any(complaint in problem.message for problem in caught.value.problems)
    assert all(p.span is not None and p.span.line == 2 for p in caught.value.problems)
