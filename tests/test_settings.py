"""The environment: safe defaults at home, one clear line and no start where production would be unsafe."""

import subprocess
import sys

import pytest

from campaign.settings import UnsafeSettings, from_environment

GOOD = {"APP_ENV": "production", "TRUSTED_HOSTS": "kb.example.go.id", "DPO_CONTACT": "Pejabat PDP"}


def test_at_home_nothing_needs_to_be_said(tmp_path):
    settings = from_environment({"DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/campaign.db"
    assert (settings.bind, settings.port, settings.is_production) == ("127.0.0.1", 8000, False)
    again = from_environment({"DATA_DIR": str(tmp_path)})
    assert again.secret_key == settings.secret_key and len(settings.secret_key) == 64, "made once and kept"
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert settings.key_file.parent != tmp_path, "not beside the database"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"TRUSTED_HOSTS": ""}, "TRUSTED_HOSTS is missing"),
        ({"DPO_CONTACT": ""}, "DPO_CONTACT is missing"),
        ({"SECRET_KEY": "short"}, "shorter than 32"),
        ({"BIND": "0.0.0.0"}, "plain HTTP"),  # noqa: S104
        ({"PORT": "eighty"}, "PORT=eighty is not a number"),
    ],
)
def test_an_unsafe_production_does_not_start(tmp_path, change, said):
    with pytest.raises(UnsafeSettings, match=said):
        from_environment(GOOD | {"DATA_DIR": str(tmp_path)} | change)


def test_a_good_production_starts_and_finds_its_postgresql(tmp_path):
    settings = from_environment(GOOD | {"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgresql://kb@/kampanye"})
    assert settings.is_production and settings.database_url == "postgresql+psycopg://kb@/kampanye"


def test_the_server_says_one_line_and_leaves(tmp_path):
    environment = {"APP_ENV": "production", "DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "app:create_app()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "TRUSTED_HOSTS is missing" in done.stderr and "Traceback" not in done.stderr
