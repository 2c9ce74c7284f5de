"""A migration keeps nobody waiting who works meanwhile, and no SQL of ours knows in which schema it stands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))
STATEMENT = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|COPY|ANALYZE|TRUNCATE|SET)\b")
# On a table with rows each of these reads or writes all of them while it keeps writers out.
LOCKING = {
    "alter_column",
    "batch_alter_table",
    "bulk_insert",
    "create_check_constraint",
    "create_exclude_constraint",
    "create_foreign_key",
    "create_index",
    "create_primary_key",
    "create_unique_constraint",
    "drop_index",
    "execute",
}
ADVICE = (
    "Make or drop an index by arfollow.database.indexes, in a migration that does nothing else; add a constraint NOT VALID and "
    "validate it in a later migration; fill a column by the worker. If the table is small in every ledger, say so: "
    'locks_briefly = "why".'
)


def locking(source: str) -> Iterator[str]:
    """What the migration's way up does to tables that it has not made itself; nothing if it says why that is quick."""
    tree = ast.parse(source)
    if any(
        isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "locks_briefly" for each in tree.body
    ):
        return
    calls = [
        each
        for function in tree.body
        if isinstance(function, ast.FunctionDef) and function.name != "downgrade"
        for each in ast.walk(function)
        if isinstance(each, ast.Call)
    ]
    own = {table(each) for each in calls if ast.unparse(each.func) == "op.create_table"}
    for each in calls:
        name = ast.unparse(each.func).removeprefix("op.")
        if name in LOCKING and ast.unparse(each.func).startswith("op.") and not tables(each) & own:
            yield f"{name} in line {each.lineno}"
        if name == "add_column" and is_required_without_default(each) and not tables(each) & own:
            yield f"a column without a server_default in line {each.lineno}"


def table(call: ast.Call) -> str:
    return ast.unparse(call.args[0])


def tables(call: ast.Call) -> set[str]:
    """What may be the table's name: the first or the second argument."""
    return {ast.unparse(each) for each in call.args[:2]}


def is_required_without_default(call: ast.Call) -> bool:
    words = ast.unparse(call)
    return "nullable=False" in words and "server_default" not in words


def test_a_migration_keeps_nobody_waiting():
    # The first two make all the tables that there are: nobody works meanwhile.
    found = {path.stem: list(locking(path.read_text())) for path in MIGRATIONS[2:]}

    assert {name: problems for name, problems in found.items() if problems} == {}, ADVICE


@pytest.mark.parametrize(
    "body",
    [
        'op.create_index("ix", "customers", ["city"])',
        "op.execute(\"UPDATE customers SET city = ''\")",
        'op.add_column("customers", sa.Column("x", sa.Integer(), nullable=False))',
        'op.alter_column("customers", "x", nullable=False)',
        'op.create_foreign_key("fk", "customers", "plans", ["plan_id"], ["id"])',
    ],
)
def test_a_migration_that_would_is_found(body):
    assert list(locking(f"def upgrade():\n    {body}\n")) != []


@pytest.mark.parametrize(
    "body",
    [
        'op.create_table("new", sa.Column("x"))\n    op.create_index("ix", "new", ["x"])',
        'op.add_column("customers", sa.Column("x", sa.Integer(), nullable=False, server_default="0"))',
        'op.add_column("customers", sa.Column("x", sa.Integer(), nullable=True))',
        'create_index("ix", "customers", ["city"])',
    ],
)
def test_one_that_would_not_is_left_alone(body):
    assert list(locking(f"def upgrade():\n    {body}\n")) == []


def statements(path: Path) -> list[str]:
    """The SQL that the file writes out."""
    if path.suffix == ".sql":
        return [path.read_text()]
    texts = [each.value for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Constant)]
    return [each for each in texts if isinstance(each, str) and STATEMENT.search(each)]


@pytest.mark.parametrize("folder", ["arfollow", "migrations"])
def test_no_statement_says_in_which_schema_it_stands(folder):
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".sql"}]

    found = [path.name for path in files if any(re.search(r"\bpublic\b", each) for each in statements(path))]

    assert len(files) > 2
    assert found == []
