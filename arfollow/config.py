"""Settings, read from the environment once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


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


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of ARFOLLOW_*; makes the data folder and, at the first start, its secret key (readable by its owner only)."""
    env = os.environ if environment is None else environment
    data_dir = Path(env.get("ARFOLLOW_DATA_DIR", "./data")).resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    return Settings(
        database_url=env.get("ARFOLLOW_DATABASE_URL", f"sqlite:///{data_dir / 'arfollow.sqlite3'}"),
        data_dir=data_dir,
        mail_url=env.get("ARFOLLOW_MAIL_URL", (data_dir / "outbox").as_uri()),
        secret_key=env.get("ARFOLLOW_SECRET_KEY") or _stored_key(data_dir / "secret.key"),
        demo=(data_dir / "demo").exists(),
        secure_cookies=env.get("ARFOLLOW_SECURE_COOKIES", "") == "1",
        trusted_proxies=int(env.get("ARFOLLOW_TRUSTED_PROXIES", "0")),
    )


def _stored_key(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
