"""Takes the pictures: `script/pictures`, or only those whose name holds a word: `script/pictures --only letter`."""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from arfollow.web.locale import TRANSLATIONS
from tests.fixtures.browsers import ARGUMENTS
from tests.pictures.documents import pages_of, shoot_documents
from tests.pictures.ledger import opened, played
from tests.pictures.pages import found_places, printed_letter, shoot, slug
from tests.pictures.sheet import Picture, write_sheet

_TALLEST = 1300
ROOT = Path(__file__).resolve().parents[2]
# What README and guides show, as far as a screen reaches: these are committed, under the names that they have there.
USED = {
    "list.png": "followup-follow-ups-wide-light-en.png",
    "customer.png": "followup-customer-wide-light-en.png",
    "letter.png": "letter-as-printed-1-en.png",
    "card.png": "followup-card-wide-light-en.png",
    "preflight.png": "followup-run-preflight-wide-light-en.png",
    "chatter.png": "chatter-log-wide-light-en.png",
    "levels.png": "levels-overview-wide-light-en.png",
    "level.png": "levels-level-wide-light-en.png",
    "letterhead.png": "letterheads-letterhead-wide-light-en.png",
    "responsibility.png": "followup-responsibility-wide-light-en.png",
    "first-run.png": "setup-overview-wide-light-en.png",
    "import.png": "exchange-import-wide-light-en.png",
    "workflows.png": "workflows-overview-wide-light-en.png",
    "workflow.png": "workflows-workflow-shown-wide-light-en.png",
    "enrolled.png": "inspector-enrolled-shown-wide-light-en.png",
    "enrolment.png": "inspector-enrolment-shown-wide-light-en.png",
    "dry-run.png": "dry-run-rehearse-shown-wide-light-en.png",
    "survey.png": "portal-survey-narrow-light-en.png",
    "survey-results.png": "surveys-result-wide-light-en.png",
    "pay.png": "portal-pay-narrow-light-en.png",
    "profile.png": "followup-profile-shown-wide-light-en.png",
}


def main() -> None:
    """Take the pictures that were asked for, and write the sheet."""
    arguments = _arguments().parse_args()
    folder: Path = arguments.out
    folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with _browser() as browser:
        pictures = [*_pages(browser, arguments), *_documents(browser, arguments)]
    _keep_used(folder)
    _tell(f"{len(pictures)} pictures: {write_sheet(pictures, folder)}")


def _arguments() -> argparse.ArgumentParser:
    catalogues = sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir())
    parser = argparse.ArgumentParser(prog="script/pictures", description=__doc__)
    parser.add_argument(
        "--ledger", type=Path, default=ROOT / "data", help="data folder of a demo ledger; it is copied"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--only", default="", help="those whose name holds this")
    parser.add_argument("--language", action="append", choices=["en", *catalogues])
    parser.set_defaults(languages=["en", *catalogues])
    return parser


def _pages(browser: Browser, arguments: argparse.Namespace) -> Iterator[Picture]:
    with tempfile.TemporaryDirectory(prefix="arfollow-pictures-") as copy:
        demo = opened(played(arguments.ledger), Path(copy))
        places, missed = found_places(demo)
        for rule in missed:
            _tell(f"no picture of {rule}: no link leads there")
        wanted = [place for place in places if arguments.only in slug(place.name)]
        for language in arguments.language or arguments.languages if wanted else ():
            _tell(f"{len(wanted)} pages, {language}")
            yield from shoot(demo, browser, wanted, language, arguments.out)
        if arguments.only in "letter-as-printed":
            yield from pages_of(printed_letter(demo), "letter-as-printed", "en", arguments.out)


def _documents(browser: Browser, arguments: argparse.Namespace) -> Iterator[Picture]:
    for language in arguments.language or arguments.languages:
        _tell(f"documents, {language}")
        yield from shoot_documents(browser, language, arguments.out, only=arguments.only)


@contextmanager
def _browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        sys.exit("Chromium is missing. As root: apt-get install chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=ARGUMENTS)


def _keep_used(folder: Path) -> None:
    used = folder / "used"
    used.mkdir(exist_ok=True)
    for name, source in USED.items():
        if (folder / source).exists():
            picture = Image.open(folder / source)
            picture.crop((0, 0, picture.width, min(picture.height, _TALLEST))).save(used / name)


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    main()
