"""The `arfollow` command. A subcommand is imported when it is used, so that each starts fast.

A subcommand lives in the module of its name, under that name: `follow-ups` is `follow_ups` in `follow_ups.py`; a Python
keyword gets an underscore (`import_` in `import_.py`). Bad input ends with exit code 2 (`click.UsageError`), a failure
with 1 (`click.ClickException`), both in words on stderr.
"""

from __future__ import annotations

import gc
from importlib import import_module
from keyword import iskeyword

import click

COMMANDS = {
    "init": "Create or upgrade the database, and make the first company and its administrator.",
    "demo": "Play six months of a made-up company into an empty ledger.",
    "serve": "Serve the web application.",
    "worker": "Send what is queued, and refresh the list.",
    "import": "Read customers, invoices and payments from files.",
    "follow-ups": "Whom to contact.",
    "statement": "What a customer owes.",
    "aging": "What all customers owe, by days past due.",
    "letters": "Write the letters that are due into a folder.",
    "check": "Compare the stored list with the rules, and put right what differs.",
    "simulate": "Play a scenario by the rules of the list.",
    "plan": "Read and write plans as files.",
    "workflow": "Check, draw and play workflows in files.",
    "chatter": "Verify and export the log.",
    "customers": "Erase what is known of a customer.",
    "backup": "Write everything into one file, while all goes on.",
    "restore": "Load a backup into an empty database.",
    "db": "Move the ledger to another database.",
    "fence": "Whether messages are sent from here; say so after a restore.",
    "users": "Add users, and change their roles and passwords.",
}


def module_name(command: str) -> str:
    """The name of a subcommand's module, and of the subcommand in it."""
    name = command.replace("-", "_")
    return f"{name}_" if iskeyword(name) else name


class LazyGroup(click.Group):
    """A group whose subcommands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand; None when there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        name = module_name(cmd_name)
        # There is no garbage yet, and to look for it takes a sixth of the time.
        gc.disable()
        try:
            command: click.Command = getattr(import_module(f"{__name__}.{name}"), name)
        finally:
            gc.enable()
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the subcommand; what a server's owner can put right is said in words."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            # Imported here, because `--help` and `simulate` know no database.
            words = import_module(f"{__name__}.failures").in_words(error)
            if words is None:
                raise
            raise click.ClickException(words) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup)
def main() -> None:
    """Follow up money owed: the daily list, letters, e-mails, and a log that an auditor can trust.

    ARFOLLOW_DATABASE_URL picks the database (default: SQLite in ARFOLLOW_DATA_DIR, default ./data).
    """
