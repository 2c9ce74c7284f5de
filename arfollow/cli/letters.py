"""`arfollow letters`: the letters that are due, as PDF files in a folder, and all of them in one for the printer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import click

from arfollow.chatter.operations import SYSTEM
from arfollow.cli.bar import Bar
from arfollow.cli.days import day_option
from arfollow.cli.ledger import Ledger, company_option, open_ledger
from arfollow.cli.letter_run import LetterRun, Written, write_whole
from arfollow.cli.stopping import stopping
from arfollow.companies.queries import find_company
from arfollow.followup.jobs import bring_up_to_date
from arfollow.followup.queries.customer import Gap, company_terms
from arfollow.followup.queries.due_letters import DueLetter, count_listed, due_letters
from arfollow.followup.queries.unprintable import of_ours
from arfollow.statements.cover import Enclosed, cover_facts, render_cover
from arfollow.statements.pile import Pile
from arfollow.statements.rendering import Renderers, RenderersEndedError, cores

_GAPS = {
    Gap.ADDRESS: "your postal address",
    Gap.BANK: "a bank account",
    Gap.SENDER: "an e-mail address",
}


@click.command()
@day_option("--on", "Another day: drafts, and nothing is recorded.")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder for the PDFs."
)
@click.option(
    "--merged",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file that holds all of them for the printer (default: letters.pdf in the folder).",
)
@click.option("--duplex", is_flag=True, help="In it, have each letter begin on a front side.")
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    default=cores,
    help="How many letters are rendered at once (default: one for each core).",
)
@company_option
def letters(
    *, day: date | None, out: Path, merged: Path | None, duplex: bool, processes: int, company: str | None
) -> None:
    """Write the letters that are due into a folder, and record them as printed.

    A letter that was printed before in its follow-up is written again as it was stored; running it twice prints nothing
    twice, and a run that was stopped goes on. The file for the printer begins with a cover sheet, and is sorted by country
    and postal code.
    """
    with open_ledger(company) as ledger:
        wanted = day or ledger.today
        bring_up_to_date(ledger.session, waits=True)
        for folder in (out, (merged or out).parent):
            _make(folder)
        written = _write(ledger, wanted, out, processes)
        if written:
            _merge(ledger, wanted, written, file=merged or out / "letters.pdf", duplex=duplex)
    click.echo(_summary(written, out) + ("" if wanted == ledger.today else ", as drafts"))


def _summary(written: Sequence[Written], out: Path) -> str:
    """How many letters there are, and how many of them were not printed before."""
    count = "1 letter" if len(written) == 1 else f"{len(written)} letters"
    new = sum(each.is_new for each in written)
    if new == len(written):
        return f"{count} in {out}"
    before = "none of them new" if new == 0 else f"{new} of them new"
    return f"{count} in {out}, {before}: what was printed before is there as it was"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder}: {error.strerror}") from None


def _write(ledger: Ledger, day: date, out: Path, processes: int) -> Sequence[Written]:
    due = due_letters(ledger.session, company_id=ledger.company_id, day=day, today=ledger.today, who=SYSTEM)
    if not due:
        _say_who_is_listed(ledger, day)
        return ()
    _warn(ledger, due)
    # They end before this one does, whatever happens.
    with Bar("Printing", every=1) as bar, stopping() as stop, Renderers(processes=processes) as renderers:
        bar.begin(len(due))
        run = LetterRun(ledger=ledger, day=day, out=out, renderers=renderers, stop=stop, advance=bar.advance)
        try:
            run.run(due)
        except RenderersEndedError as problem:
            raise click.ClickException(str(problem)) from None
    if stop.is_set():
        raise click.ClickException(
            f"Stopped: {len(run.written)} of {len(due)} letters are in {out}. The same command goes on with the others."
        )
    return run.written


def _warn(ledger: Ledger, due: Sequence[DueLetter]) -> None:
    """Say what the letters lack, before they are stored: what was printed stays as it is."""
    terms = company_terms(ledger.session, company_id=ledger.company_id)
    ours = of_ours(ledger.session, company_id=ledger.company_id)
    ledger.session.rollback()
    missing = [_GAPS[gap] for gap in terms.gaps]
    unpayable = terms.unpayable(currency for letter in due for currency in letter.currencies)
    if unpayable:
        missing.append(f"a bank account for {', '.join(unpayable)}")
    if missing:
        click.echo(f"Letters lack what is not entered under Settings yet: {', '.join(missing)}.", err=True)
    if ours:
        click.echo(f"No font has {ours} of your letterhead or words: the letters show boxes there.", err=True)
    for letter in due:
        if not letter.can_be_posted:
            click.echo(f"{letter.number} {letter.name}: no postal address with street and town.", err=True)
        if letter.unprintable:
            click.echo(
                f"{letter.number} {letter.name}: no font has {letter.unprintable}, and the letter shows boxes there.",
                err=True,
            )


def _say_who_is_listed(ledger: Ledger, day: date) -> None:
    count = count_listed(ledger.session, company_id=ledger.company_id, day=day, today=ledger.today)
    others = f"{count} customers are" if count != 1 else "1 customer is"
    click.echo(
        f"{others} on the list, and no level there asks for a letter: arfollow follow-ups shows what is due.",
        err=True,
    )


def _merge(ledger: Ledger, day: date, written: Sequence[Written], *, file: Path, duplex: bool) -> None:
    """Put the letters into one file, as the post wants them: by country and postal code."""
    pile = Pile(duplex=duplex)
    enclosed = []
    with Bar("Merging", every=10) as bar:
        bar.begin(len(written))
        for each in sorted(written, key=_place):
            pages = pile.add(each.path.read_bytes())
            enclosed.append(
                Enclosed(
                    number=each.letter.number,
                    name=each.letter.name,
                    level=each.letter.level,
                    country=each.letter.country,
                    pages=pages,
                )
            )
            bar.advance(1)
    company = find_company(ledger.session, company_id=ledger.company_id)
    facts = cover_facts(company, letters=tuple(enclosed), dated=day, who=SYSTEM, draft=day != ledger.today)
    content = BytesIO()
    pile.write(content, cover=render_cover(facts))
    write_whole(file, content.getvalue())


def _place(written: Written) -> tuple[str, str, str]:
    return written.letter.country, written.letter.postal_code, written.letter.number
