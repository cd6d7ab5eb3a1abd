"""Starting is quick because nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

#: What takes long to import, and what only some commands need.
HEAVY = {
    "pydantic",
    "pydantic_core",
    "yaml",
    "rich",
    "pygments",
    "markdown_it",
    "durable",
    "numpy",
    "zoneinfo",
}
#: Newer typer reads the options of a command with pydantic, whatever the command is.
READS_OPTIONS = {"pydantic", "pydantic_core", "zoneinfo"}
LOADED = "import json, sys; print(json.dumps(sorted(m for m in sys.modules)))"


def loaded(code: str) -> set[str]:
    """The modules that are there after a piece of code has run in an interpreter of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], capture_output=True, text=True, check=True
    )
    return set(json.loads(ran.stdout.splitlines()[-1]))


def commanded(*args: str) -> set[str]:
    return loaded(
        "from normrules.cli.app import app\n"
        f"try:\n    app({list(args)!r})\nexcept SystemExit as ended:\n    assert not ended.code"
    )


def test_the_package_alone_loads_none_of_its_parts():
    found = loaded("import normrules")
    assert {name for name in found if name.startswith("normrules.")} == set()
    assert found & HEAVY == set()


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_loads_nothing_heavy(option):
    found = commanded(option)
    assert "normrules.cli.app" in found
    assert found & HEAVY == set()
    assert parts_besides_the_commands(found) == set()


@pytest.mark.parametrize("command", ["check", "evaluate", "diff", "list", "test", "fmt", "new"])
def test_help_of_a_command_loads_nothing_that_only_running_it_needs(command):
    found = commanded(command, "--help")
    assert found & (HEAVY - READS_OPTIONS) == set()
    assert parts_besides_the_commands(found) == set()


def parts_besides_the_commands(found: set[str]) -> set[str]:
    return {n for n in found if n.startswith("normrules.") and not n.startswith("normrules.cli")}


def test_what_is_heavy_is_seen_when_it_is_loaded():
    assert "pydantic" in loaded("import normrules\nnormrules.load")


def test_help_groups_the_commands():
    ran = subprocess.run(
        [sys.executable, "-m", "normrules", "--help"], capture_output=True, text=True, check=True
    )
    places = [
        ran.stdout.index(f"\n{heading}:\n") for heading in ("Cases", "Write", "Compare", "Library")
    ]
    assert places == sorted(places)
    assert ran.stdout.index("  evaluate ") > places[0]
    assert "\n  check " in ran.stdout[places[1] : places[2]]
