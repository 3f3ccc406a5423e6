"""The environment, read once; nobody else reads os.environ."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


class UnsafeSettings(Exception):
    """A production server with this setting missing or unsafe must not start."""


@dataclass(frozen=True)
class Settings:
    database_url: str
    data_dir: Path
    key_file: Path
    secret_key: str
    is_production: bool = False
    bind: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxy: bool = False
    dpo_contact: str = ""
    backup_target: str = ""
    has_service_worker: bool = True  # the switch: off, phones give up what they kept of pages; their outbox stays
    is_durable: bool = True  # tests run PostgreSQL without fsync; nothing else may

    @property
    def accounts_file(self) -> Path:
        """Where the demonstration's passwords are kept, 0600."""
        return self.data_dir / "akun-contoh.txt"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def from_environment(env=os.environ) -> Settings:
    """Read the settings of contract.md. Raises UnsafeSettings with one clear line."""
    os.umask(0o077)  # whatever this install writes is for its own user
    data_dir = Path(env.get("DATA_DIR") or "instance").resolve()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = Settings(
        database_url=_database_url(env.get("DATABASE_URL"), data_dir),
        data_dir=data_dir,
        key_file=Path(env.get("KEY_FILE") or data_dir / "kunci" / "master.key").resolve(),
        secret_key=env.get("SECRET_KEY") or _kept_secret(data_dir / "secret_key"),
        is_production=env.get("APP_ENV") == "production",
        bind=env.get("BIND") or "127.0.0.1",
        port=_number(env, "PORT", 8000),
        workers=_number(env, "WEB_CONCURRENCY", 2),
        trusted_hosts=tuple(host for host in (env.get("TRUSTED_HOSTS") or "").replace(",", " ").split() if host),
        trusted_proxy=env.get("TRUSTED_PROXY") == "1",
        dpo_contact=env.get("DPO_CONTACT") or "",
        backup_target=env.get("BACKUP_TARGET") or "",
        has_service_worker=env.get("SERVICE_WORKER") != "off",
    )
    if settings.is_production:
        _refuse_unsafe(settings)
    return settings


def _refuse_unsafe(settings: Settings):
    if not settings.trusted_hosts:
        raise UnsafeSettings("TRUSTED_HOSTS is missing: name the host names people type, separated by spaces.")
    if len(settings.secret_key) < 32:
        raise UnsafeSettings("SECRET_KEY is shorter than 32 characters; leave it out and one is made and kept.")
    if settings.bind not in ("127.0.0.1", "::1", "localhost") and not settings.trusted_proxy:
        raise UnsafeSettings(
            f"BIND={settings.bind} would serve names over plain HTTP: put a TLS proxy in front and set TRUSTED_PROXY=1."
        )
    if not settings.dpo_contact:
        raise UnsafeSettings("DPO_CONTACT is missing: UU 27/2022 Ps 53 asks a public service to name its DPO.")


def _database_url(url: str | None, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'campaign.db'}"
    return url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)


def _number(env, name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit():
        raise UnsafeSettings(f"{name}={text} is not a number.")
    return int(text)


def _kept_secret(path: Path) -> str:
    """The cookie-signing secret of this install, made on the first start and kept beside the database, 0600."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()
