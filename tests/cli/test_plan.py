import pytest
from click.testing import CliRunner

from arfollow.cli import main
from arfollow.levels.file import read_plan
from arfollow.levels.operations import create_default_plan


@pytest.fixture
def run(sqlite_site, sqlite_url, tmp_path, monkeypatch):
    """Runs `arfollow plan` over a site with the default plan alone."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path))
    return lambda *words: CliRunner().invoke(main, ["plan", *map(str, words)])


@pytest.fixture
def standard(sqlite_site) -> str:
    """The name of the company's plan, made where there is none yet."""
    with sqlite_site.writing() as session:
        create_default_plan(session, company_id=sqlite_site.company_id, language="en", who="system")
    return "Standard"


def test_an_exported_plan_is_imported_changed(run, sqlite_site, standard, tmp_path):
    file = tmp_path / "plan.toml"
    run("export", standard, "--out", file)
    file.write_text(file.read_text().replace("days = 40", "days = 45"))

    answer = run("import", file)

    assert answer.exit_code == 0, answer.output
    assert [level.days for level in read_plan(run("export").stdout).levels] == [15, 30, 45]
    assert "level:changed" in dict(sqlite_site.entries("level"))


def test_importing_the_same_again_records_nothing(run, sqlite_site, standard, tmp_path):
    file = tmp_path / "plan.toml"
    run("export", "--out", file)
    before = len(sqlite_site.entries("level")), len(sqlite_site.entries("wording"))

    run("import", file)

    assert (len(sqlite_site.entries("level")), len(sqlite_site.entries("wording"))) == before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("days = 30", "days = x", "no TOML"),
        ("{{ deadline }}", "{{ dead_line }}", "There is no variable “dead_line”"),
        ('timing = "after_due"', 'timing = "after_previous"', "is the first level"),
        ('actions = ["email"]', 'actions = ["pigeon"]', "no action “pigeon”"),
    ],
)
def test_a_file_with_a_mistake_changes_nothing_and_says_where(
    run, sqlite_site, standard, tmp_path, old, new, words
):
    file = tmp_path / "plan.toml"
    text = run("export").stdout
    file.write_text(text.replace(old, new))

    answer = run("import", file)

    assert answer.exit_code == 2
    assert words in answer.stderr
    assert run("export").stdout == text


def test_an_unknown_plan_and_a_missing_file_are_named(run, standard):
    assert "There is no plan 'VIP'. Plans: Standard." in run("export", "VIP").stderr
    assert run("import", "/nowhere.toml").exit_code == 2
