"""The help teaches: every command says what it does, every option and argument what it is for."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner
from person import kliping

from kliping.cli import main

COMMANDS = sorted(main.commands)


def test_the_first_help_shows_every_command_and_how_to_begin() -> None:
    done = kliping("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)
    for first in ("kliping annotate page.txt", "kliping build crawl/ --out corpus", "load_dataset"):
        assert first in done.stdout
    assert "..." not in done.stdout.partition("Commands:")[2], "a line of the list of commands is cut short"


def test_kliping_alone_shows_its_help() -> None:
    assert kliping().stderr + kliping().stdout == kliping("--help").stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_explains_itself_and_each_option(name: str) -> None:
    command = main.commands[name]
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0
    assert command.help
    assert command.help.strip()[0].isupper()
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[0]} has no help"
            assert parameter.help.endswith((".", ")")), f"{name} {parameter.opts[0]}: {parameter.help}"
        else:
            word = parameter.make_metavar(click.Context(command)).strip("[]")
            assert word.removesuffix("...").split("|")[0].rstrip(".]") in command.help, (
                f"{name} does not say what {word} is"
            )


@pytest.mark.parametrize("name", COMMANDS)
def test_h_is_help_too(name: str) -> None:
    assert CliRunner().invoke(main, [name, "-h"]).output == CliRunner().invoke(main, [name, "--help"]).output


def test_it_says_its_version() -> None:
    from importlib.metadata import version

    assert kliping("--version").stdout == f"kliping, version {version('kliping')}\n"
