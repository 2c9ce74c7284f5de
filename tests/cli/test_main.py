import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import click
import pytest
from click.testing import CliRunner

from arfollow.cli import COMMANDS, main, module_name


@pytest.mark.parametrize("command", COMMANDS)
def test_a_subcommand_is_in_the_module_of_its_name(command):
    name = module_name(command)

    assert find_spec(f"arfollow.cli.{name}"), f"arfollow/cli/{name}.py is missing"
    found = getattr(import_module(f"arfollow.cli.{name}"), name)
    assert isinstance(found, click.Command)
    assert found.name == command


def test_help_lists_every_subcommand():
    answer = CliRunner().invoke(main, ["--help"])

    assert answer.exit_code == 0
    assert all(command in answer.output for command in COMMANDS)


def test_an_unknown_subcommand_is_bad_input():
    answer = CliRunner().invoke(main, ["pay"])

    assert answer.exit_code == 2
    assert "No such command 'pay'" in answer.stderr


@pytest.mark.parametrize("module", ["flask", "weasyprint", "sqlalchemy"])
def test_help_and_simulate_load_no_web_application(module):
    code = f"import sys, arfollow.cli.simulate; sys.exit({module!r} in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
