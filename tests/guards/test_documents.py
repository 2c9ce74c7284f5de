import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
SETTING = re.compile(r"\bARFOLLOW_[A-Z][A-Z_]+\b")


def headings(text: str) -> set[str]:
    """The names by which headings can be linked to."""
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).strip().replace(" ", "-") for line in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_of_a_page_lead_to_files_and_headings_that_there_are(page):
    links = [link.partition("#") for link in LINK.findall(page.read_text()) if "://" not in link]
    targets = [(page.parent / path if path else page, anchor) for path, _, anchor in links]

    assert [str(file) for file, _ in targets if not file.exists()] == []
    # Lines of other files are counted where they are written.
    in_pages = [(file, anchor) for file, anchor in targets if anchor and file.suffix == ".md"]
    assert [anchor for file, anchor in in_pages if anchor not in headings(file.read_text())] == []


def test_the_page_for_operators_names_every_setting():
    read = {name for file in (ROOT / "arfollow").rglob("*.py") for name in SETTING.findall(file.read_text())}

    assert sorted(read - set(SETTING.findall((ROOT / "docs" / "operating.md").read_text()))) == []
