import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`script/bench` without its preparations, in a process of its own: it waits for the disk, unlike other tests."""
    command = [sys.executable, "-m", "tests.bench", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)


def test_a_ledger_can_be_written_for_other_systems(tmp_path):
    folder = tmp_path / "made" / "ledger"

    answer = bench("--ledger", str(folder), "--customers", "3", "--items", "2", "--day", "2026-11-20")

    assert sorted(path.name for path in folder.iterdir()) == ["customers.csv", "invoices.csv", "payments.csv"]
    assert len((folder / "customers.csv").read_text().splitlines()) == 4
    assert "arfollow init --country IE --currency EUR" in answer.stderr


def test_rows_of_json_are_what_a_later_run_is_compared_with(tmp_path):
    small = [
        "--engine",
        "sqlite",
        "--customers",
        "5",
        "--only",
        "aging",
        "--times",
        "1",
        "--keep",
        str(tmp_path),
    ]
    earlier = tmp_path / "earlier.json"

    rows = bench(*small, "--json").stdout
    earlier.write_text(rows)
    table = bench(*small, "--budget", "--compare", str(earlier)).stdout

    row, _ = [json.loads(line) for line in rows.splitlines()]
    assert (row["name"], row["customers"], row["runs"]) == ("aging of the company", 5, 1)
    assert "p50 ≤ 300" in table
    assert "sqlite 5 × 10  aging of the company, ms" in table
