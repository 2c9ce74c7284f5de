"""`arfollow letters`: the letters that are due, as PDF files in a folder."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click
from sqlalchemy.orm import Session

from arfollow.chatter import documents
from arfollow.chatter.operations import SYSTEM
from arfollow.cli.days import day_option
from arfollow.cli.ledger import Ledger, company_option, open_ledger
from arfollow.database import begin_write, commit
from arfollow.followup.actions.letter import (
    ChangedMeanwhileError,
    prepare_letter,
    print_letter,
    printed,
    render,
)
from arfollow.followup.clicks import Click, OutdatedError
from arfollow.followup.jobs import bring_up_to_date
from arfollow.followup.queries.due_letters import DueLetter, count_listed, due_letters
from arfollow.levels.queries import NoWordingError
from arfollow.levels.wording import WordingError
from arfollow.statements.rules import NothingToClaimError


@click.command()
@day_option("--on", "Another day: drafts, and nothing is recorded.")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder for the PDFs."
)
@company_option
def letters(*, day: date | None, out: Path, company: str | None) -> None:
    """Write the letters that are due into a folder, and record them as printed.

    A letter that was printed before in its follow-up is written again as it was stored; running it twice prints nothing twice.
    """
    with open_ledger(company) as ledger:
        wanted = day or ledger.today
        bring_up_to_date(ledger.session)
        _make(out)
        due = due_letters(
            ledger.session, company_id=ledger.company_id, day=wanted, today=ledger.today, who=SYSTEM
        )
        written = sum(_write(ledger, letter, wanted, out) for letter in due)
        listed = (
            0
            if due
            else count_listed(ledger.session, company_id=ledger.company_id, day=wanted, today=ledger.today)
        )
    letters_ = "1 letter" if written == 1 else f"{written} letters"
    click.echo(f"{letters_} in {out}" + ("" if wanted == ledger.today else ", as drafts"))
    if not due:
        others = f"{listed} customers are" if listed != 1 else "1 customer is"
        click.echo(
            f"{others} on the list, and no level there asks for a letter: arfollow follow-ups shows what is due.",
            err=True,
        )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder}: {error.strerror}") from None


def _write(ledger: Ledger, due: DueLetter, day: date, out: Path) -> bool:
    # The id keeps apart what differs only in characters that a file's name cannot hold.
    number = re.sub(r"[^\w.-]", "_", due.number)
    path = out / f"{number}-{due.click.customer_id}.pdf"
    try:
        pdf = _print(ledger.session, due.click) if day == ledger.today else _draft(ledger.session, due.click)
    except (
        NothingToClaimError,
        NoWordingError,
        WordingError,
        OutdatedError,
        ChangedMeanwhileError,
    ) as problem:
        ledger.session.rollback()
        click.echo(f"{due.number} {due.name}: no letter. {problem}", err=True)
        return False
    try:
        path.write_bytes(pdf)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
    return True


def _print(session: Session, who: Click) -> bytes:
    sha256 = printed(session, who)
    if sha256 is None:
        facts = prepare_letter(session, who)
        session.rollback()
        pdf = render(facts)
        begin_write(session)
        sha256 = print_letter(session, who, facts=facts, pdf=pdf)
        commit(session)
    content = documents.read(session, sha256=sha256).content
    session.rollback()
    return content


def _draft(session: Session, who: Click) -> bytes:
    return render(prepare_letter(session, who, draft=True))
