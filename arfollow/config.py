"""Settings, read from the environment once."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

_TRIES, _PAUSE = 20, 0.05
_SHORTEST_SECRET = 16


class BadSettingError(ValueError):
    """A setting of the environment cannot be used; says which, and why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


@dataclass(frozen=True, kw_only=True)
class Connections:
    """How a web process talks to PostgreSQL: connections at hand, and for how long one statement, lock or pause may last.

    Seconds; 0: no limit. `pool_overflow`: further connections when all are busy. `prepares`: whether frequent statements are
    prepared. `slow_ms`: from how many milliseconds on a statement is logged, on SQLite too; 0: never.
    """

    pool_size: int = 5
    pool_overflow: int = 5
    recycle_seconds: int = 1800
    statement_seconds: int = 60
    lock_seconds: int = 30
    idle_seconds: int = 300
    prepares: bool = True
    slow_ms: int = 500

    def unlimited(self) -> Connections:
        """The same for commands and workers: an import or a verification takes as long as it takes."""
        return replace(self, statement_seconds=0, lock_seconds=0, idle_seconds=0)


@dataclass(frozen=True, kw_only=True)
class TextGateway:
    """Where text messages go; an empty `url`: nowhere. `secret` signs requests both ways, `number` is the sender."""

    url: str = ""
    secret: str = field(default="", repr=False)
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where data lives, where mail goes, and the key that signs sessions. `metrics_token` empty: no metrics are shown.

    `base_url`: where customers reach the pages, without a stroke at its end; `development`: the page of all components is there.
    """

    database_url: str
    data_dir: Path
    mail_url: str
    secret_key: str
    base_url: str = "http://127.0.0.1:5000"
    demo: bool = False
    development: bool = False
    secure_cookies: bool = False
    trusted_proxies: int = 0
    heads_dir: Path | None = None
    metrics_token: str = ""
    connections: Connections = Connections()
    texts: TextGateway = TextGateway()

    @property
    def heads_folder(self) -> Path:
        """Where the heads of the log go every day: best a share that somebody else keeps."""
        return self.heads_dir or self.data_dir / "heads"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of ARFOLLOW_*; makes the data folder and, at the first start, its secret key (readable by its owner only).

    A setting that is empty is not set. Raise BadSettingError.
    """
    env = {
        name: value for name, value in (os.environ if environment is None else environment).items() if value
    }
    data_dir = Path(env.get("ARFOLLOW_DATA_DIR", "./data")).resolve()
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = env.get("ARFOLLOW_SECRET_KEY") or _stored_key(data_dir / "secret.key")
    except OSError as error:
        raise BadSettingError("ARFOLLOW_DATA_DIR", f"{error.filename}: {error.strerror}.") from None
    is_demo = (data_dir / "demo").exists()
    return Settings(
        database_url=env.get("ARFOLLOW_DATABASE_URL", f"sqlite:///{data_dir / 'arfollow.sqlite3'}"),
        data_dir=data_dir,
        mail_url=env.get("ARFOLLOW_MAIL_URL", (data_dir / "outbox").as_uri()),
        secret_key=key,
        base_url=_base_url(env.get("ARFOLLOW_BASE_URL", f"http://127.0.0.1:{env.get('PORT', '5000')}")),
        demo=is_demo,
        development=env.get("ARFOLLOW_DEVELOPMENT", "") == "1",
        secure_cookies=env.get("ARFOLLOW_SECURE_COOKIES", "") == "1",
        heads_dir=Path(env["ARFOLLOW_HEADS_DIR"]).resolve() if "ARFOLLOW_HEADS_DIR" in env else None,
        trusted_proxies=_proxies(env.get("ARFOLLOW_TRUSTED_PROXIES", "0")),
        metrics_token=_secret("ARFOLLOW_METRICS_TOKEN", env.get("ARFOLLOW_METRICS_TOKEN", "")),
        connections=_connections(env),
        texts=TextGateway(
            # A demo writes them into files, like its mail.
            url=env.get("ARFOLLOW_SMS_URL", (data_dir / "texts").as_uri() if is_demo else ""),
            secret=_secret("ARFOLLOW_SMS_SECRET", env.get("ARFOLLOW_SMS_SECRET", "")),
            number=env.get("ARFOLLOW_SMS_NUMBER", ""),
        ),
    )


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or more:
        raise BadSettingError(
            "ARFOLLOW_BASE_URL", f"{text!r} is no address, such as https://pay.example.com."
        )
    return text.rstrip("/")


def _proxies(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadSettingError("ARFOLLOW_TRUSTED_PROXIES", f"{text!r} is no number of proxies, such as 1.")
    return int(text)


def _secret(name: str, text: str) -> str:
    if text and (len(text) < _SHORTEST_SECRET or not text.isascii()):
        raise BadSettingError(name, "It can be guessed: give 16 ASCII characters or more.")
    return text


def _connections(env: Mapping[str, str]) -> Connections:
    usual = Connections()

    def number(name: str, default: int, *, least: int = 0) -> int:
        text = env.get(name, str(default))
        if not (text.isascii() and text.isdigit()) or int(text) < least:
            raise BadSettingError(name, f"{text!r} is no whole number from {least} on, such as {default}.")
        return int(text)

    return Connections(
        pool_size=number("ARFOLLOW_POOL_SIZE", usual.pool_size, least=1),
        pool_overflow=number("ARFOLLOW_POOL_OVERFLOW", usual.pool_overflow),
        recycle_seconds=number("ARFOLLOW_POOL_RECYCLE", usual.recycle_seconds, least=1),
        statement_seconds=number("ARFOLLOW_STATEMENT_TIMEOUT", usual.statement_seconds),
        lock_seconds=number("ARFOLLOW_LOCK_TIMEOUT", usual.lock_seconds),
        idle_seconds=number("ARFOLLOW_IDLE_TIMEOUT", usual.idle_seconds),
        prepares=env.get("ARFOLLOW_PREPARED_STATEMENTS", "1") != "0",
        slow_ms=number("ARFOLLOW_SLOW_QUERY_MS", usual.slow_ms),
    )


def _stored_key(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _written_key(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _written_key(path: Path) -> str:
    """The key of a file that another process may be writing just now; an empty one would sign nothing."""
    for _try in range(_TRIES):
        if key := path.read_text(encoding="ascii").strip():
            return key
        time.sleep(_PAUSE)
    raise BadSettingError("ARFOLLOW_DATA_DIR", f"{path} is empty. Remove it, and a new key is made.")
