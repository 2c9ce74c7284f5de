"""Settings, read from the environment once."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TRIES, _PAUSE = 20, 0.05


class BadSettingError(ValueError):
    """A setting of the environment cannot be used; says which, and why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where data lives, where mail goes, and the key that signs sessions."""

    database_url: str
    data_dir: Path
    mail_url: str
    secret_key: str
    demo: bool = False
    secure_cookies: bool = False
    trusted_proxies: int = 0
    heads_dir: Path | None = None

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
    return Settings(
        database_url=env.get("ARFOLLOW_DATABASE_URL", f"sqlite:///{data_dir / 'arfollow.sqlite3'}"),
        data_dir=data_dir,
        mail_url=env.get("ARFOLLOW_MAIL_URL", (data_dir / "outbox").as_uri()),
        secret_key=key,
        demo=(data_dir / "demo").exists(),
        secure_cookies=env.get("ARFOLLOW_SECURE_COOKIES", "") == "1",
        heads_dir=Path(env["ARFOLLOW_HEADS_DIR"]).resolve() if "ARFOLLOW_HEADS_DIR" in env else None,
        trusted_proxies=_proxies(env.get("ARFOLLOW_TRUSTED_PROXIES", "0")),
    )


def _proxies(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadSettingError("ARFOLLOW_TRUSTED_PROXIES", f"{text!r} is no number of proxies, such as 1.")
    return int(text)


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
