"""The program's own commands, as processes of their own: what they take in time and memory is theirs alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from arfollow.config import Settings
from tests.bench import usage

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-c", "import sys; from arfollow.cli import main; sys.exit(main())")
_PATIENCE = 30


@dataclass(frozen=True)
class Usage:
    """What a command took: seconds by the clock and of processors; the most memory that one of its processes held, in MiB."""

    seconds: float
    cpu: float
    peak: float


class CommandFailedError(RuntimeError):
    """A command of the program ended with an error."""

    def __init__(self, arguments: tuple[str, ...], words: str) -> None:
        super().__init__(f"arfollow {' '.join(arguments)} failed:\n{words}")


def run(settings: Settings, *arguments: str) -> Usage:
    """Run `arfollow` with these arguments to its end; raise CommandFailedError with what it said."""
    command = [sys.executable, "-I", usage.__file__, *_COMMAND, *arguments]
    answer = subprocess.run(command, env=_environment(settings), capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise CommandFailedError(arguments, answer.stderr)
    return Usage(**json.loads(answer.stdout))


@contextmanager
def running(settings: Settings, *arguments: str) -> Iterator[int]:
    """The command as long as the block lives; gives its process id. It is asked to end, then made to."""
    log = settings.data_dir / f"{arguments[0]}-{time.monotonic_ns()}.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [*_COMMAND, *arguments], env=_environment(settings), stdout=file, stderr=file
        )
    try:
        yield process.pid
        if process.poll() is not None:
            raise CommandFailedError(arguments, log.read_text())
    finally:
        process.terminate()
        try:
            process.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def processor_seconds(pid: int) -> float:
    """What a running command has taken of processors so far, without its children."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in threads) / 1e9


def _environment(settings: Settings) -> Mapping[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("ARFOLLOW_")}
    return others | {
        "PYTHONPATH": str(_ROOT),
        "ARFOLLOW_DATABASE_URL": settings.database_url,
        "ARFOLLOW_DATA_DIR": str(settings.data_dir),
        "ARFOLLOW_MAIL_URL": settings.mail_url,
        "ARFOLLOW_SECRET_KEY": settings.secret_key,
    }
